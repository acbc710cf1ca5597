/** Decides which occurrences are findings: none inside an exception, none that an open exception may still cover. */

/** Where a rule's term was found: UTF-16 units, half-open. */
export interface Hit {
  readonly rule: number
  readonly start: number
  readonly end: number
}

/** An occurrence of a term or of an exception. */
export interface Occurrence {
  /** Index into the rules of the search. */
  readonly rule: number
  readonly exception: boolean
  readonly start: number
  readonly end: number
}

/** A rule as the search knows it. */
export interface SearchedRule {
  /** The number its findings are told under. */
  readonly rule: number
  readonly holds: boolean
  readonly stops: boolean
  /** It has exceptions only, and they are what is found of it: no other rule finds anything inside of them. */
  readonly allows?: boolean
}

/** Earliest start of an exception of the rule that has begun and is not complete, or Infinity. */
export type BegunFrom = (rule: number) => number

function inOrder(one: Hit, other: Hit): number {
  return one.end - other.end || one.start - other.start || one.rule - other.rule
}

export function alike(one: Hit, other: Hit): boolean {
  return one.rule === other.rule && one.start === other.start && one.end === other.end
}

export class Judge {
  readonly #rules: readonly SearchedRule[]
  /** Occurrences that came with the character being read. */
  readonly #fresh: Occurrence[] = []
  /** Those that an exception may still cover. */
  #open: Occurrence[] = []
  #found: Hit[] = []
  /** Told before the character that completes them was whole. */
  #foretold: readonly Hit[] = []

  constructor(rules: readonly SearchedRule[]) {
    this.#rules = rules
  }

  /** Nothing is open, so that characters which complete nothing need no judging. */
  get calm(): boolean {
    return this.#open.length === 0
  }

  /** There is nothing to settle. */
  get idle(): boolean {
    return this.#fresh.length === 0 && this.#open.length === 0
  }

  add(occurrence: Occurrence): void {
    const { rule, allows } = this.#rules[occurrence.rule] as SearchedRule
    if (allows) {
      this.#found.push({ rule, start: occurrence.start, end: occurrence.end })
      return
    }
    this.#fresh.push(occurrence)
  }

  /** Settles what is certain now; tells whether a rule with the effect was found. */
  settle(begunFrom: BegunFrom, stopAt: 'stops' | 'holds'): boolean {
    if (this.idle) return false
    const only = this.#fresh[0]
    if (only !== undefined && this.#fresh.length === 1 && this.#open.length === 0 && this.#foretold.length === 0)
      return this.#settleOne(only, begunFrom, stopAt)
    const standing = this.#standing()
    this.#fresh.length = 0
    this.#open = []
    let stops = false
    const first = this.#found.length
    for (const one of standing) {
      const { rule, start, end } = one
      if (begunFrom(rule) <= start) {
        this.#open.push(one)
        continue
      }
      const searched = this.#rules[rule] as SearchedRule
      const hit = { rule: searched.rule, start, end }
      if (this.#foretold.some((told) => alike(told, hit))) continue
      stops = stops || searched[stopAt]
      this.#found.push(hit)
    }
    this.#foretold = []
    if (this.#found.length - first > 1) this.#found.push(...this.#found.splice(first).sort(inOrder))
    return stops
  }

  /** As `settle` does, where nothing else is to be settled: so it is nearly always. */
  #settleOne(one: Occurrence, begunFrom: BegunFrom, stopAt: 'stops' | 'holds'): boolean {
    this.#fresh.length = 0
    if (one.exception) return false
    if (begunFrom(one.rule) <= one.start) {
      this.#open = [one]
      return false
    }
    const searched = this.#rules[one.rule] as SearchedRule
    this.#found.push({ rule: searched.rule, start: one.start, end: one.end })
    return searched[stopAt]
  }

  /** Tells what the next character is sure to complete; tells whether a rule with the effect is among it. */
  foretell(hits: readonly Hit[], stopAt: 'stops' | 'holds'): boolean {
    this.#foretold = hits
    this.#found.push(...hits)
    return hits.some(({ rule }) => this.#rules.some((searched) => searched.rule === rule && searched[stopAt]))
  }

  holdsBack({ rule }: Hit): boolean {
    return this.#rules.some((searched) => searched.rule === rule && searched.holds)
  }

  /** Open and fresh occurrences that lie in no exception; of one rule and end the earliest. */
  #standing(): readonly Occurrence[] {
    const lifted = this.#fresh.filter(({ exception }) => exception)
    const inside = (one: Occurrence) =>
      lifted.some((other) => other.rule === one.rule && other.start <= one.start && one.end <= other.end)
    const kept: Occurrence[] = []
    for (const one of [...this.#open, ...this.#fresh]) {
      if (one.exception || inside(one)) continue
      const known = kept.findIndex((other) => other.rule === one.rule && other.end === one.end)
      if (known === -1) kept.push(one)
      else if (one.start < (kept[known] as Occurrence).start) kept[known] = one
    }
    return kept
  }

  /** The earliest start of an open occurrence of a rule that holds, or Infinity. */
  get openFrom(): number {
    let from = Infinity
    for (const { rule, start } of this.#open) if (this.#rules[rule]?.holds) from = Math.min(from, start)
    return from
  }

  take(): readonly Hit[] {
    const found = this.#found
    if (found.length > 0) this.#found = []
    return found
  }

  fork(): Judge {
    const copy = new Judge(this.#rules)
    copy.#open = this.#open
    copy.#found = [...this.#found]
    copy.#foretold = this.#foretold
    return copy
  }
}
