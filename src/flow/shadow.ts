/** A plan that looks on: it reads what the ruling plan reads, decides for itself and touches nothing, whatever becomes of it. */
import { wholeTextCaps } from '../gate/caps.ts'
import { Gate } from '../gate/gate.ts'
import type { Lens, RequestReading } from '../terms/dialect.ts'
import type { Frame, Reading } from '../terms/frame.ts'
import type { Answer } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'
import type { Exit, Trail, TrailShadow } from '../terms/trail.ts'
import { Asking } from './asking.ts'
import type { Counsel } from './choice.ts'
import { Desk } from './desk.ts'
import { asSluiceError } from './failure.ts'
import { Ledger } from './ledger.ts'
import { type GuardOptions, limitsOf } from './limits.ts'
import { PromptCheck, refuseUnread } from './prompts.ts'
import { type Topic, topicOf } from './topic.ts'

/** Milliseconds the record waits for judges that a plan has which only looks on. */
const patience = 10_000

const nothing = new Uint8Array(0)

/** The frames as the ruling plan's lens has read them; what is written is nobody's. */
class Reread implements Lens {
  reading: Reading = { steps: [], mentions: [], describes: [], terminal: false }
  read = (): Reading => this.reading
  write = (): Uint8Array => nothing
  cut = (): Uint8Array => nothing
  close = (): Uint8Array => nothing
  keepAlive = (): Uint8Array => nothing
  fail = (): Uint8Array => nothing
}

export class Shadow {
  readonly #options: GuardOptions
  /** Bytes of frames that may wait. */
  readonly #mostHeld: number
  readonly #plan: Plan
  readonly #ledger: Ledger
  readonly #lens = new Reread()
  #asking: Asking | undefined
  #topic: Topic = {}
  #trail: Trail | undefined
  #gate: Gate | undefined
  #prompts: Promise<void> | undefined
  #listening: Promise<void> | undefined
  /** Nothing more is looked at: a prompt it would have blocked, or a failure of its own. */
  #over = false
  #blocked = false
  #whole = false
  #isClosed = false

  constructor(options: GuardOptions, { plan, judges = options.judges }: Counsel) {
    this.#plan = plan
    this.#options = { ...options, plan, ...(judges && { judges }) }
    this.#mostHeld = limitsOf(options).most_held_bytes
    const onEnd = (trail: Trail): void => {
      this.#trail = trail
    }
    this.#ledger = new Ledger({ id: '', onEnd }, Desk.onlookers(limitsOf(options).most_inquiries))
    this.#ledger.chose({ plan })
  }

  /** Reads what is asked as well. Nothing waits for that. */
  prompts(reading: RequestReading): void {
    this.#prompts ??= this.#readPrompts(reading)
  }

  async #readPrompts(reading: RequestReading): Promise<void> {
    try {
      refuseUnread(this.#plan, reading)
      const topic = topicOf(reading, this.#plan)
      this.#topic = topic
      const { blocked } = await new PromptCheck(this.#options, reading, topic, this.#ledger).judged()
      this.#blocked = blocked
      this.#over ||= blocked
    } catch (error) {
      this.#fail(error)
    }
  }

  /** A response begins. @param whole it is one body, which has come whole. */
  open(scopes: number, whole: boolean): void {
    if (this.#over) return
    if (this.#plan.judges.length > 0) this.#asking = new Asking(this.#options, this.#ledger.desk, this.#topic)
    this.#gate = new Gate(this.#plan, this.#lens, scopes, {}, whole ? wholeTextCaps : this.#plan.settings.hold)
  }

  /** What the ruling plan's lens has read. */
  take(reading: Reading, frame: Frame): void {
    this.#look((gate) => {
      if (gate.over) return
      this.#lens.reading = reading
      gate.read(frame)
    })
  }

  /** The text of the response is over. */
  end(): void {
    this.#look((gate) => {
      if (!gate.terminal && !gate.over) gate.end()
      this.#whole = true
    })
  }

  /**
   * Waits for what is still open, in bounds.
   *
   * @param exit how the exchange ended: where the text had not come to its end, what was seen of it until then counts.
   */
  finish(exit: Exit): Promise<void> | undefined {
    if (exit === 'done' || exit === 'unterminated') this.end()
    this.#hearLater()
    const open = [this.#prompts, this.#listening, this.#ledger.heard].filter((each) => each !== undefined)
    return open.length > 0 ? this.#hearOut(open) : undefined
  }

  /** What it would have done, as far as it is decided. */
  record(): TrailShadow {
    const undecided = this.#gate?.waits === true
    this.#isClosed = true
    this.#asking?.stop()
    this.#ledger.hush()
    // A request it would have blocked has no response, however much of one was read until that was decided.
    if (this.#blocked) this.#ledger.close('blocked')
    else this.#ledger.close('done', this.#gate)
    const { policy, verdict, findings, findings_dropped, cuts, faults, units, leaked, held, judges } = this.#trail as Trail
    const whole = this.#blocked || this.#gate?.over === true || (this.#whole && !undecided && !this.#over)
    return { policy, verdict, findings, findings_dropped, cuts, faults, units, leaked, held, judges, whole }
  }

  #look(step: (gate: Gate) => void): void {
    const gate = this.#gate
    if (gate === undefined || this.#over) return
    try {
      for (const { id, answer } of this.#asking?.take() ?? []) gate.settle(id, answer)
      step(gate)
      // What leaves is nobody's, but it has to leave: that is how it is accounted for.
      gate.flush()
      if (gate.heldBytes > this.#mostHeld) this.#stop('hold_too_large', `more than ${this.#mostHeld} bytes of frames had to wait`)
      this.#ask(gate)
    } catch (error) {
      this.#fail(error)
    }
  }

  #ask(gate: Gate): void {
    const asking = this.#asking
    if (asking === undefined) return
    asking.ask(gate.inquiries())
    if (!asking.isIdle && gate.scopes.some(({ isCut }) => isCut)) asking.keep((inquiry) => gate.needs(inquiry))
    if (gate.waits) this.#listening ??= this.#listen(asking, gate)
  }

  async #listen(asking: Asking, gate: Gate): Promise<void> {
    while (gate.waits && !this.#over && !this.#isClosed) {
      await asking.answered()
      this.#look(() => {})
    }
    this.#listening = undefined
  }

  /** Judges whose answers nothing waits for are heard for the record. */
  #hearLater(): void {
    const gate = this.#gate
    if (this.#asking === undefined || gate === undefined || gate.waits || this.#over) return
    const settle = (id: number, answer: Answer): void => this.#look(() => gate.settle(id, answer))
    this.#ledger.hearLater(this.#asking, { settle, waits: () => false })
  }

  async #hearOut(open: readonly Promise<unknown>[]): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience)
    })
    await Promise.race([Promise.all(open), late])
    clearTimeout(timer)
  }

  #fail(error: unknown): void {
    const { code, message } = asSluiceError(error)
    this.#stop(code, message)
  }

  #stop(code: string, detail: string): void {
    if (this.#over) return
    this.#over = true
    this.#ledger.fault(code, detail)
    this.#asking?.stop()
  }
}
