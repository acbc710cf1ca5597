/** The gate for plain text: one channel, no frames; what is pushed in comes out as soon as it is clear. */
import { SluiceError } from '../errors.ts'
import type { Channel } from '../terms/channel.ts'
import type { Plan } from '../terms/plan.ts'
import { Watch } from './watch.ts'

const answer: Channel = { name: 'answer', scope: '0', kind: 'answer' }

export class TextGate {
  /** The channel's watch: findings, cut, clear line. */
  readonly watch: Watch
  /** Clear text is taken from here: what was pushed and has not been released. */
  #waiting = ''
  #released = 0

  /** @throws SluiceError `configuration` where the plan has judges for the channel: nobody could wait for them here. */
  constructor(plan: Plan, channel: Channel = answer) {
    const judges = plan.seats[channel.kind].filter(({ holds }) => holds).map(({ judge }) => judge.name)
    if (judges.length > 0)
      throw new SluiceError(
        'configuration',
        `a plain text stream cannot wait for a judge (${judges.join(', ')}); guard a response`,
      )
    this.watch = new Watch(plan, channel)
  }

  /** Text was cut: nothing more is read or released. */
  get isCut(): boolean {
    return this.watch.cut !== undefined
  }

  /** UTF-16 units read that are not free to be sent. */
  get held(): number {
    return this.watch.held
  }

  /** @returns what is free to be sent now, masks applied. */
  push(text: string): string {
    if (this.isCut) return ''
    this.#waiting += text
    this.watch.read(text)
    return this.#release()
  }

  /** The text is over. @returns the rest that is free to be sent. */
  end(): string {
    this.watch.end()
    return this.#release()
  }

  #release(): string {
    const units = this.watch.clear - this.#released
    if (units === 0) return ''
    const all = units === this.#waiting.length
    const text = this.watch.masks.apply(this.#released, all ? this.#waiting : this.#waiting.slice(0, units))
    this.#waiting = all ? '' : this.#waiting.slice(units)
    this.#released = this.watch.clear
    this.watch.left(this.#released, units, text)
    return text
  }
}
