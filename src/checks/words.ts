/** Finds words and phrases: every words rule of a plan in one reading of the text. */
import type { Matcher } from '../terms/matcher.ts'
import type { Fold } from '../text/fold.ts'
import { Reading } from '../text/reading.ts'
import { openersFor } from '../text/views.ts'
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
 * @throws RangeError for a fold that is not known, a term of which folding leaves nothing, or too many terms.
 */
export function wordsMatcher(rules: readonly RuleFor<WordsSpec>[]): Matcher {
  const searched = rules.map(({ rule, effect }) => ({ rule, holds: effect.holds, stops: effect.stops }))
  const folds = [...new Set(rules.map(({ spec }) => spec.fold))]
  const openers = folds.flatMap((fold) => {
    const lists = rules.flatMap(({ effect, spec }, rule) => (spec.fold === fold ? [{ ...spec, rule, holds: effect.holds }] : []))
    return openersFor(fold, lists)
  })
  return {
    open: (stopAt = 'stops') =>
      new Reading(
        searched,
        openers.map((open) => open()),
        stopAt,
      ),
  }
}
