/** Finds words and phrases: every words rule of a plan in one reading of the text. */
import type { Effect, Matcher } from '../terms/matcher.ts'
import { compileViews } from '../text/compile-views.ts'
import type { Fold } from '../text/fold.ts'
import type { TermList } from '../text/terms.ts'
import type { RuleFor } from './rule.ts'
import { matcherOf, packTables, type WordsTables } from './words-load.ts'

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

/** @throws RangeError for a fold that is not known, a term of which folding leaves nothing, or too many terms. */
export function wordsMatcher(rules: readonly RuleFor<WordsSpec>[]): Matcher {
  return matcherOf(compileWords(rules))
}

/**
 * The rules compiled into one flat buffer for `loadWords`.
 *
 * @throws RangeError as `wordsMatcher` does.
 */
export function packWords(rules: readonly RuleFor<WordsSpec>[]): Uint8Array {
  return packTables(compileWords(rules))
}

/** @param rowEntries entries of the automata's rows of frequent states, four bytes each. */
export function compileWords(rules: readonly RuleFor<WordsSpec>[], rowEntries?: number): WordsTables {
  const folds = [...new Set(rules.map(({ spec }) => spec.fold))]
  const views = folds.flatMap((fold) => {
    const lists = rules.flatMap(({ effect, spec }, rule) => (spec.fold === fold ? [listOf(rule, effect, spec)] : []))
    return compileViews(fold, lists, rowEntries)
  })
  return { rules: rules.map(({ rule, effect }) => ({ rule, ...effect })), views }
}

/** What a rule allows is to it what an exception is to another: known from where it begins. */
function listOf(rule: number, { holds, allows = false }: Effect, spec: WordsSpec): TermList {
  return allows ? { ...spec, rule, holds, terms: [], except: spec.terms } : { ...spec, rule, holds }
}
