/** The most obvious matcher there is: substrings, everything computed anew at each unit; for tests of what uses matchers. */
import type { Effect, Finding, Matcher, MatcherRun } from '../../src/terms/matcher.ts'

export interface PlainRule {
  readonly rule: number
  readonly term: string
  readonly effect: Effect
}

export function plainMatcher(rules: readonly PlainRule[]): Matcher {
  return { open: (stopAt = 'stops') => new PlainRun(rules, stopAt) }
}

class PlainRun implements MatcherRun {
  readonly #rules: readonly PlainRule[]
  readonly #stopAt: 'stops' | 'holds'
  #text = ''
  #ended = false
  #found: Finding[] = []

  constructor(rules: readonly PlainRule[], stopAt: 'stops' | 'holds') {
    this.#rules = rules
    this.#stopAt = stopAt
  }

  push(text: string, from = 0, to = text.length): number {
    for (let at = from; at < to; at++) {
      this.#text += text[at]
      const here = this.#rules.filter(({ term }) => this.#text.endsWith(term))
      for (const { rule, term } of here)
        this.#found.push({ rule, start: this.#text.length - term.length, end: this.#text.length })
      if (here.some(({ effect }) => effect[this.#stopAt])) return at + 1
    }
    return to
  }

  end(): void {
    this.#ended = true
  }

  take(): readonly Finding[] {
    const found = this.#found
    this.#found = []
    return found
  }

  get safeTo(): number {
    if (this.#ended) return this.#text.length
    let safe = this.#text.length
    for (const { term, effect } of this.#rules) {
      if (!effect.holds) continue
      for (let length = 1; length < term.length; length++) {
        if (this.#text.endsWith(term.slice(0, length))) safe = Math.min(safe, this.#text.length - length)
      }
    }
    return safe
  }

  begunFrom(rule: number): number {
    const begins = ({ term }: PlainRule) =>
      Array.from(term, (_, length) => length).filter((length) => length > 0 && this.#text.endsWith(term.slice(0, length)))
    const lengths = this.#ended ? [] : this.#rules.filter((one) => one.rule === rule).flatMap(begins)
    return this.#text.length - Math.max(0, ...lengths)
  }

  fork(): MatcherRun {
    const copy = new PlainRun(this.#rules, this.#stopAt)
    copy.#text = this.#text
    copy.#ended = this.#ended
    copy.#found = [...this.#found]
    return copy
  }
}
