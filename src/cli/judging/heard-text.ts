/** Pushes a text through the gate and brings it what the judges say, so that texts go the way recordings go. */
import { Asking } from '../../flow/asking.ts'
import { Desk } from '../../flow/desk.ts'
import { defaultLimits } from '../../flow/limits.ts'
import { TextGate } from '../../gate/text-gate.ts'
import type { Channel } from '../../terms/channel.ts'
import type { JudgeAskers } from '../../terms/judge.ts'
import type { Plan } from '../../terms/plan.ts'

export class HeardText {
  readonly gate: TextGate
  readonly #asking: Asking
  readonly #desk = new Desk(defaultLimits.most_inquiries)
  readonly #hasJudges: boolean

  constructor(plan: Plan, askers: JudgeAskers, channel?: Channel) {
    this.gate = new TextGate(plan, channel, 'hear')
    this.#asking = new Asking({ plan, judges: askers }, this.#desk, {})
    this.#hasJudges = plan.judges.length > 0
  }

  get inquiries(): number {
    return this.#desk.bill.total.inquiries
  }

  /** @returns what may leave once all that could be asked has been answered. */
  push(text: string): string | Promise<string> {
    const released = this.gate.push(text)
    return this.#hasJudges ? this.#answers().then((more) => released + more) : released
  }

  /** The text is over. */
  async end(): Promise<string> {
    const released = this.gate.end() + (await this.#answers())
    this.#asking.stop()
    return released
  }

  async #answers(): Promise<string> {
    let released = ''
    this.#ask()
    while (!this.#asking.isIdle) {
      await this.#asking.answered()
      for (const { id, answer } of this.#asking.take()) released += this.gate.settle(id, answer)
      this.#ask()
    }
    return released
  }

  #ask(): void {
    this.#asking.ask(this.gate.inquiries())
    if (this.gate.isCut) this.#asking.keep((inquiry) => this.gate.needs(inquiry))
  }
}
