/** The `pattern` check: regular expressions of a safe, linear subset, matched as the text grows. */
import type { Finding, Matcher, MatcherRun } from '../terms/matcher.ts'
import type { PatternProgram } from '../text/pattern/program.ts'
import { Simulation } from '../text/pattern/simulate.ts'
import type { RuleFor } from './rule.ts'

export type { PatternProgram } from '../text/pattern/program.ts'

type PatternRule = RuleFor<PatternProgram>

/** One matcher over every pattern of a plan. */
export function patternMatcher(rules: readonly PatternRule[]): Matcher {
  return {
    open: (stopAt = 'stops') =>
      new PatternRun(
        rules,
        stopAt,
        rules.map((rule) => new Simulation(rule.spec)),
      ),
  }
}

class PatternRun implements MatcherRun {
  readonly #rules: readonly PatternRule[]
  readonly #stopAt: 'stops' | 'holds'
  readonly #runs: readonly Simulation[]
  #found: Finding[] = []
  #at = 0
  #last = 0
  #ended = false

  constructor(rules: readonly PatternRule[], stopAt: 'stops' | 'holds', runs: readonly Simulation[]) {
    this.#rules = rules
    this.#stopAt = stopAt
    this.#runs = runs
  }

  push(text: string, from = 0, to = text.length): number {
    for (let i = from; i < to; i++) {
      this.#last = text.charCodeAt(i)
      this.#at++
      if (this.#note((run) => run.read(this.#last))) return i + 1
    }
    return to
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#note((run) => run.end())
  }

  take(): readonly Finding[] {
    const found = this.#found
    this.#found = []
    return found
  }

  get safeTo(): number {
    const holding = this.#runs.filter((_, index) => this.#rules[index]?.effect.holds)
    if (this.#ended || holding.length === 0) return this.#at
    const halfRead = this.#last >= 0xd800 && this.#last <= 0xdbff ? 1 : 0
    return holding.reduce((least, run) => Math.min(least, run.live), this.#at - halfRead)
  }

  fork(): MatcherRun {
    const copy = new PatternRun(
      this.#rules,
      this.#stopAt,
      this.#runs.map((run) => run.fork()),
    )
    copy.#found = [...this.#found]
    copy.#at = this.#at
    copy.#last = this.#last
    copy.#ended = this.#ended
    return copy
  }

  /** @returns whether a finding halts the run. */
  #note(findings: (run: Simulation) => ReturnType<Simulation['read']>): boolean {
    let halts = false
    this.#rules.forEach(({ rule, effect }, index) => {
      for (const { start, end } of findings(this.#runs[index] as Simulation)) {
        this.#found.push({ rule, start, end })
        halts ||= effect[this.#stopAt]
      }
    })
    return halts
  }
}
