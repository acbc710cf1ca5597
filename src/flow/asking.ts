/** Puts the gate's questions to the judges and brings back what they say: in time, or as a fault. */
import type { Answer, Inquiry, JudgeAskers } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'

export interface Answered {
  readonly id: number
  readonly answer: Answer
}

/** Questions of one exchange that are open at a time: platforms allow a request few connections. */
const mostAtOnce = 4

export class Asking {
  readonly #plan: Plan
  readonly #askers: JudgeAskers
  readonly #waiting: Inquiry[] = []
  readonly #open = new Map<number, AbortController>()
  #answers: Answered[] = []
  #wake: (() => void) | undefined
  #stopped = false
  /** For the trail: inquiries put, and UTF-16 units of text they were about. */
  readonly cost = { inquiries: 0, units: 0 }

  constructor(plan: Plan, askers: JudgeAskers = {}) {
    this.#plan = plan
    this.#askers = askers
  }

  ask(inquiries: readonly Inquiry[]): void {
    this.#waiting.push(...inquiries)
    while (!this.#stopped && this.#open.size < mostAtOnce && this.#waiting.length > 0) this.#put(this.#waiting.shift() as Inquiry)
  }

  /** Resolves once there is an answer to take. */
  answered(): Promise<void> {
    if (this.#answers.length > 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  take(): readonly Answered[] {
    const answers = this.#answers
    if (answers.length > 0) this.#answers = []
    return answers
  }

  /** Nobody needs the answers any more. */
  stop(): void {
    this.#stopped = true
    for (const controller of this.#open.values()) controller.abort('nobody needs the answer')
    this.#open.clear()
    this.#wake?.()
  }

  #put(inquiry: Inquiry): void {
    const judge = this.#plan.judges.find(({ name }) => name === inquiry.judge)
    const asker = this.#askers[inquiry.judge]
    const most_ms = Math.min(judge?.timeout_ms ?? Number.POSITIVE_INFINITY, this.#plan.settings.hold.most_ms)
    const controller = new AbortController()
    this.#open.set(inquiry.id, controller)
    this.cost.inquiries++
    this.cost.units += inquiry.text.length
    const timer = setTimeout(() => {
      this.#settle(inquiry, { kind: 'fault', fault: 'timeout', detail: `no answer within ${most_ms} ms` })
      controller.abort('the time is over')
    }, most_ms)
    const answer = asker === undefined ? Promise.resolve(nobody(inquiry)) : asker(inquiry, controller.signal)
    answer
      .catch(
        (error: unknown): Answer => ({
          kind: 'fault',
          fault: 'busy',
          detail: error instanceof Error ? error.message : String(error),
        }),
      )
      .then((given) => {
        clearTimeout(timer)
        this.#settle(inquiry, given)
      })
  }

  /** The first answer counts: what comes after the time was over does not. */
  #settle({ id }: Inquiry, answer: Answer): void {
    if (!this.#open.delete(id)) return
    this.#answers.push({ id, answer })
    this.ask([])
    this.#wake?.()
    this.#wake = undefined
  }
}

function nobody({ judge }: Inquiry): Answer {
  return { kind: 'fault', fault: 'refused', detail: `nobody knows how to ask the judge "${judge}"` }
}
