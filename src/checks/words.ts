/** Finds words and phrases: every words rule of a plan in one reading of the text. */
import type { Finding, Matcher, MatcherRun } from '../terms/matcher.ts'
import { CandidateRun, type Search, type Sought } from '../text/candidates.ts'
import { type Fold, foldText } from '../text/fold.ts'
import type { RuleFor } from './rule.ts'

export interface WordsSpec {
  readonly terms: readonly string[]
  /** A finding that lies inside one of these is void. */
  readonly except: readonly string[]
  readonly fold: Fold
  /**
   * `word`: where a term begins or ends with a word character, no word character may stand beside it in the folded
   * text; the text's start and end are borders too.
   */
  readonly boundary: 'none' | 'word'
}

/**
 * @throws RangeError for a fold that is not known, or a term of which folding leaves nothing.
 */
export function wordsMatcher(rules: readonly RuleFor<WordsSpec>[]): Matcher {
  const folds = [...new Set(rules.map(({ spec }) => spec.fold))]
  const searches = folds.map((fold) =>
    searchFor(
      fold,
      rules.filter(({ spec }) => spec.fold === fold),
    ),
  )
  return {
    open(stopAt = 'stops') {
      const [only, ...others] = searches.map((search) => new CandidateRun(search, stopAt))
      if (only === undefined) return new CandidateRun(searchFor('none', []), stopAt)
      if (others.length === 0) return only
      return new SideBySide([only, ...others], new Set(rules.filter(({ effect }) => effect[stopAt]).map(({ rule }) => rule)))
    },
  }
}

function searchFor(fold: Fold, rules: readonly RuleFor<WordsSpec>[]): Search {
  const byFirst = new Map<number, Sought[]>()
  for (const { rule, effect, spec } of rules) {
    for (const [terms, exception] of [
      [spec.terms, false],
      [spec.except, true],
    ] as const) {
      for (const term of terms) {
        const symbols = foldText(fold, term)
        const first = symbols[0]
        if (first === undefined) throw new RangeError('a term is empty, or folding leaves nothing of it')
        const known = byFirst.get(first) ?? []
        known.push({ rule, effect, exception, symbols, word: spec.boundary === 'word' })
        byFirst.set(first, known)
      }
    }
  }
  return { fold, byFirst, holds: rules.some(({ effect }) => effect.holds) }
}

/** Runs over one text in step, unit by unit, so that all halt where one does. */
class SideBySide implements MatcherRun {
  readonly #runs: readonly MatcherRun[]
  readonly #halting: ReadonlySet<number>
  #found: Finding[] = []

  constructor(runs: readonly MatcherRun[], halting: ReadonlySet<number>) {
    this.#runs = runs
    this.#halting = halting
  }

  push(text: string, from = 0, to = text.length): number {
    for (let index = from; index < to; index += 1) {
      for (const run of this.#runs) run.push(text, index, index + 1)
      if (this.#gather()) return index + 1
    }
    return to
  }

  end(): void {
    for (const run of this.#runs) run.end()
    this.#gather()
  }

  take(): readonly Finding[] {
    const found = this.#found
    this.#found = []
    return found
  }

  get safeTo(): number {
    return Math.min(...this.#runs.map((run) => run.safeTo))
  }

  fork(): MatcherRun {
    const copy = new SideBySide(
      this.#runs.map((run) => run.fork()),
      this.#halting,
    )
    copy.#found = [...this.#found]
    return copy
  }

  #gather(): boolean {
    const fresh = this.#runs.flatMap((run) => run.take())
    if (fresh.length === 0) return false
    this.#found.push(...fresh.sort((one, other) => one.end - other.end || one.start - other.start || one.rule - other.rule))
    return fresh.some(({ rule }) => this.#halting.has(rule))
  }
}
