/** Judges who take their time over a response: asks them what the gate asks, and brings the answers when they are due. */
import type { Gate } from '../../src/gate/gate.ts'
import type { Inquiry } from '../../src/terms/judge.ts'
import { answerOf } from '../generators/judges.ts'
import type { Answered } from '../oracle/judges.ts'
import type { OraclePolicy } from '../oracle/policy.ts'

interface Open {
  readonly inquiry: Inquiry
  readonly due: number
}

const nameOf = (judge: string, text: string, context: string): string => JSON.stringify([judge, text, context])

/** Time is counted in turns; nothing looks at a clock. Who is asked the same again answers at once. */
export class Judged {
  readonly #policy: OraclePolicy
  readonly #delays: readonly number[]
  readonly #known = new Set<string>()
  #open: Open[] = []
  #now = 0
  readonly asked: Inquiry[] = []
  readonly settled: Inquiry[] = []

  constructor(policy: OraclePolicy, delays: readonly number[]) {
    this.#policy = policy
    this.#delays = delays
  }

  readonly answered: Answered = (judge, text, context) => this.#known.has(nameOf(judge, text, context))

  /** Some answer has to come yet. */
  get waits(): boolean {
    return this.#open.length > 0
  }

  /** Answers what was asked before. */
  repeat(gate: Gate): void {
    for (let turns = 0; turns < 10_000; turns++) {
      this.#ask(gate)
      const next = this.#open.find(({ inquiry }) => this.#isKnown(inquiry))
      if (next === undefined) return
      this.#answer(gate, next)
    }
    throw new Error('questions without end')
  }

  /** Puts what has come up, and answers what is due. @param all whatever its time. @param told after each answer. */
  turn(gate: Gate, told: () => void, all = false): void {
    this.#now++
    for (let turns = 0; turns < 10_000; turns++) {
      this.repeat(gate)
      const next = this.#open.find(({ due }) => all || due <= this.#now)
      if (next === undefined) return
      this.#answer(gate, next)
      this.repeat(gate)
      told()
    }
    throw new Error('questions without end')
  }

  #ask(gate: Gate): void {
    for (const inquiry of gate.inquiries()) {
      const delay = this.#delays[this.asked.length % this.#delays.length] as number
      this.asked.push(inquiry)
      this.#open.push({ inquiry, due: this.#now + delay })
    }
    // The latest first, so that answers come in no order.
    this.#open.sort((one, other) => other.due - one.due)
  }

  #isKnown({ judge, text, context }: Inquiry): boolean {
    return this.answered(judge, text, context)
  }

  /** Everybody who was asked the same. */
  #answer(gate: Gate, { inquiry: { judge, text, context } }: Open): void {
    this.#known.add(nameOf(judge, text, context))
    const same = this.#open.filter(({ inquiry }) => this.#isKnown(inquiry))
    this.#open = this.#open.filter((one) => !same.includes(one))
    for (const { inquiry } of same) {
      const said = this.#policy.judges?.find(({ name }) => name === inquiry.judge)?.says(inquiry.text, inquiry.context) ?? []
      this.settled.push(inquiry)
      if (!gate.over) gate.settle(inquiry.id, answerOf(said))
    }
  }
}
