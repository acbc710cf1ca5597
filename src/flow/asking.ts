/** Puts the gate's questions to the judges and brings back what they say: in time, or as a fault. */
import { failureDetail } from '../errors.ts'
import type { Answer, AskJudge, Inquiry } from '../terms/judge.ts'
import type { Desk } from './desk.ts'
import type { GuardOptions } from './limits.ts'
import { soundAnswer } from './sound-answer.ts'
import { questionOf, type Topic } from './topic.ts'

export interface Answered {
  readonly id: number
  readonly answer: Answer
}

/** Milliseconds; a longer timer fires at once. */
const mostTimer = 2 ** 31 - 1

/** A question from when it came up until its answer, its time or its end has come. */
interface Open {
  readonly inquiry: Inquiry
  readonly since: number
  /** Tells the judge that nobody waits any more. */
  readonly controller: AbortController
  timer: ReturnType<typeof setTimeout> | undefined
  /** The judge has been asked. */
  put: boolean
  /** Lets others ask in its place. */
  leave: () => void
}

export class Asking {
  readonly #options: GuardOptions
  readonly #desk: Desk
  readonly #topic: Topic
  readonly #open = new Map<number, Open>()
  #answers: Answered[] = []
  #wake: (() => void) | undefined
  #stopped = false

  /** @param topic what the exchange is about. */
  constructor(options: GuardOptions, desk: Desk, topic: Topic) {
    this.#options = options
    this.#desk = desk
    this.#topic = topic
  }

  /** Nothing is being asked, and no answer is there to take. */
  get isIdle(): boolean {
    return this.#open.size === 0 && this.#answers.length === 0
  }

  ask(inquiries: readonly Inquiry[]): void {
    if (this.#stopped) return
    const { most_ms } = this.#options.plan.settings.hold
    for (const inquiry of inquiries) {
      const { id, judge, text } = inquiry
      if (!this.#desk.bill.ask(judge, text.length)) this.#answers.push({ id, answer: overdrawn })
      else {
        const timer = this.#timer(inquiry, most_ms, `nobody could be asked within ${most_ms} ms`)
        const open: Open = { inquiry, since: this.#now(), controller: new AbortController(), timer, put: false, leave: () => {} }
        this.#open.set(id, open)
        open.leave = this.#desk.enter(() => this.#put(open))
      }
    }
    if (this.#answers.length > 0) this.#awaken()
  }

  /** Resolves once there is an answer to take, or nobody asks any more. */
  answered(): Promise<void> {
    if (this.#answers.length > 0 || this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  take(): readonly Answered[] {
    const answers = this.#answers
    if (answers.length > 0) this.#answers = []
    return answers
  }

  /** Nobody needs the other answers any more. */
  keep(needs: (inquiry: Inquiry) => boolean): void {
    const needless = [...this.#open.values()].filter(({ inquiry }) => !needs(inquiry))
    for (const { inquiry, since, controller, timer, put } of needless) {
      clearTimeout(timer)
      this.#open.delete(inquiry.id)
      this.#desk.bill.dropped(inquiry.judge, put, this.#now() - since)
      controller.abort(new DOMException('nobody needs the answer', 'AbortError'))
    }
    // Those that wait first, so that none of them is asked in another's place.
    for (const { leave } of needless.sort((one, other) => Number(one.put) - Number(other.put))) leave()
  }

  /** Nobody needs any answer any more. */
  stop(): void {
    this.#stopped = true
    this.keep(() => false)
    this.#awaken()
  }

  #put(open: Open): void {
    const { inquiry, since, controller } = open
    const { plan, judges = {} } = this.#options
    const timeout_ms = plan.judges.find(({ name }) => name === inquiry.judge)?.timeout_ms ?? Number.POSITIVE_INFINITY
    // The text has waited since its question came up.
    const left = Math.max(0, plan.settings.hold.most_ms - (this.#now() - since))
    const most_ms = Math.min(timeout_ms, left)
    clearTimeout(open.timer)
    open.put = true
    open.timer = this.#timer(inquiry, most_ms, `no answer within ${most_ms} ms`)
    const asker = Object.hasOwn(judges, inquiry.judge) ? (judges[inquiry.judge] as AskJudge) : nobody
    // In a function of its own, so that an asker that throws at once is one that rejects.
    const asked = async (): Promise<unknown> => asker(questionOf(inquiry, this.#topic), controller.signal)
    asked().then(
      (given) => this.#settle(inquiry.id, soundAnswer(given, inquiry.text.length)),
      (error: unknown) => this.#settle(inquiry.id, failureOf(error)),
    )
  }

  #timer({ id }: Inquiry, ms: number, detail: string): Open['timer'] {
    return setTimeout(
      () => {
        const controller = this.#open.get(id)?.controller
        this.#settle(id, { kind: 'fault', fault: 'timeout', detail })
        controller?.abort(new DOMException('the time is over', 'TimeoutError'))
      },
      Math.min(ms, mostTimer),
    )
  }

  /** The first answer counts: what comes after the time was over does not. */
  #settle(id: number, answer: Answer): void {
    const open = this.#open.get(id)
    if (open === undefined) return
    clearTimeout(open.timer)
    this.#open.delete(id)
    const { inquiry, since, put, leave } = open
    this.#desk.bill.answered(inquiry.judge, put ? answer : { ...answer, calls: 0 }, this.#now() - since)
    this.#answers.push({ id, answer })
    leave()
    this.#awaken()
  }

  #awaken(): void {
    this.#wake?.()
    this.#wake = undefined
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }
}

const overdrawn: Answer = { kind: 'fault', fault: 'busy', detail: 'the exchange has asked as often as it may', calls: 0 }

const nobody: AskJudge = async ({ judge }) => ({
  kind: 'fault',
  fault: 'refused',
  detail: `nobody knows how to ask the judge "${judge}"`,
  calls: 0,
})

function failureOf(error: unknown): Answer {
  const fault = error instanceof SyntaxError ? 'unreadable' : 'busy'
  return { kind: 'fault', fault, detail: failureDetail(error) }
}
