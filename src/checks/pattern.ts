/** The `pattern` check: regular expressions of a safe, linear subset, all of a plan in one pass, matched as the text grows. */
import type { Finding, Matcher, MatcherRun } from '../terms/matcher.ts'
import type { Checks } from '../text/pattern/desk.ts'
import { Engine } from '../text/pattern/engine.ts'
import { type Merged, merge } from '../text/pattern/merged.ts'
import type { Patience } from '../text/pattern/pace.ts'
import type { PatternProgram } from '../text/pattern/program.ts'
import { Reader } from '../text/pattern/reader.ts'
import { candidateCheck } from './candidates.ts'
import type { RuleFor } from './rule.ts'

export type { PatternProgram } from '../text/pattern/program.ts'

export interface MatcherOptions {
  /** States of the shared automaton kept before it is made anew; fewer cost time, never findings. */
  readonly mostStates?: number
  /** How long a text bears with a table that does not help it. */
  readonly patience?: Patience
  /** Checks on candidates by name, in place of those there are. */
  readonly checks?: ReadonlyMap<string, (text: string) => boolean>
}

/** One matcher over every pattern of a plan. */
export function patternMatcher(rules: readonly RuleFor<PatternProgram>[], options: MatcherOptions = {}): Matcher {
  const checks = rules.map(({ spec }) => spec.check)
  return matcherOf(merge(rules.map(({ spec }) => spec)), rules, checks, options)
}

/** @param checks the name of each rule's check on candidates, if it has one. */
export function matcherOf(
  merged: Merged,
  rules: readonly Omit<RuleFor<unknown>, 'spec'>[],
  checks: readonly (string | undefined)[],
  { checks: known, ...options }: MatcherOptions = {},
): Matcher {
  const holds = rules.map(({ effect }) => effect.holds)
  const tests = checks.map((name) => (name === undefined ? undefined : candidateCheck(name, known)))
  const keeps = rules.map((_, rule) => merged.mostOf[rule] !== 0 || tests[rule] !== undefined)
  const shared: Shared = {
    engine: new Engine(merged, { ...options, holds, keeps }),
    tests,
    numbers: rules.map(({ rule }) => rule),
    holds,
    anyHolds: holds.includes(true),
  }
  const halts = { stops: rules.map(({ effect }) => effect.stops), holds }
  return { open: (stopAt = 'stops') => new PatternRun(shared, new Reader(shared.engine, tests, halts[stopAt])) }
}

interface Shared {
  readonly engine: Engine
  readonly tests: Checks
  /** Index of each rule in the plan. */
  readonly numbers: readonly number[]
  readonly holds: readonly boolean[]
  readonly anyHolds: boolean
}

const nothing: readonly Finding[] = []

class PatternRun implements MatcherRun {
  readonly #shared: Shared
  readonly #reader: Reader
  #last = 0
  #ended = false

  constructor(shared: Shared, reader: Reader) {
    this.#shared = shared
    this.#reader = reader
  }

  push(text: string, from = 0, to = text.length): number {
    if (from >= to) return to
    const read = this.#reader.read(text, from, to)
    this.#last = text.charCodeAt(read - 1)
    return read
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#reader.finish()
  }

  take(): readonly Finding[] {
    const found = this.#reader.take()
    if (found.length === 0) return nothing
    return found.map(({ rule, start, end }) => ({ rule: this.#shared.numbers[rule] as number, start, end }))
  }

  get safeTo(): number {
    const { at } = this.#reader
    if (this.#ended || !this.#shared.anyHolds) return at
    const halfRead = this.#last >= 0xd800 && this.#last <= 0xdbff ? 1 : 0
    return Math.min(this.#reader.live(this.#shared.holds), at - halfRead)
  }

  begunFrom(rule: number): number {
    const index = this.#shared.numbers.indexOf(rule)
    return this.#ended || index < 0 ? Number.POSITIVE_INFINITY : this.#reader.begunFrom(index)
  }

  fork(): MatcherRun {
    const copy = new PatternRun(this.#shared, this.#reader.copy())
    copy.#last = this.#last
    copy.#ended = this.#ended
    return copy
  }
}
