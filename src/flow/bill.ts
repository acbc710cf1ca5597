/** What judges cost one exchange, and the bound on how often they are asked for it. */
import type { Answer } from '../terms/judge.ts'
import type { JudgeCost, Trail } from '../terms/trail.ts'

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

export class Bill {
  readonly #most: number
  readonly #each = new Map<string, Writable<JudgeCost>>()
  #inquiries = 0

  /** @param most inquiries of the exchange, its prompts' and its answers' together. */
  constructor(most: number) {
    this.#most = most
  }

  /** Notes an inquiry about so many UTF-16 units. @returns false where the exchange may make no more of them. */
  ask(judge: string, units: number): boolean {
    if (this.#inquiries >= this.#most) return false
    this.#inquiries++
    const cost = this.#of(judge)
    cost.inquiries++
    cost.units += units
    return true
  }

  /** @param ms from the question to this. */
  answered(judge: string, answer: Answer, ms: number): void {
    const cost = this.#of(judge)
    cost.calls += answer.calls ?? 1
    cost.waited_ms += ms
    if (answer.tokens !== undefined) cost.tokens = (cost.tokens ?? 0) + answer.tokens
    if (answer.kind === 'fault') cost.faults++
  }

  /** Nobody needed the answer any more. @param called it had been asked by then. */
  dropped(judge: string, called: boolean, ms: number): void {
    const cost = this.#of(judge)
    if (called) cost.calls++
    cost.waited_ms += ms
  }

  get total(): Trail['judges'] {
    const sum = none()
    for (const cost of this.#each.values()) {
      for (const key of ['inquiries', 'units', 'calls', 'waited_ms', 'faults'] as const) sum[key] += cost[key]
      if (cost.tokens !== null) sum.tokens = (sum.tokens ?? 0) + cost.tokens
    }
    return { ...sum, each: Object.fromEntries(this.#each) }
  }

  #of(judge: string): Writable<JudgeCost> {
    const cost = this.#each.get(judge) ?? none()
    this.#each.set(judge, cost)
    return cost
  }
}

function none(): Writable<JudgeCost> {
  return { inquiries: 0, units: 0, calls: 0, waited_ms: 0, tokens: null, faults: 0 }
}
