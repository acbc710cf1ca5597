/** Finds words and phrases: every words rule of a plan in one reading of the text. */
import type { Matcher } from '../terms/matcher.ts'
import { Alphabet } from '../text/alphabet.ts'
import { Automaton } from '../text/automaton.ts'
import type { Fold } from '../text/fold.ts'
import { Reading } from '../text/reading.ts'
import { Solid } from '../text/solid.ts'
import { compileTerms } from '../text/terms.ts'
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
  const searched = rules.map(({ rule, effect }) => ({ rule, holds: effect.holds, stops: effect.stops }))
  const folds = [...new Set(rules.map(({ spec }) => spec.fold))]
  const compiled = folds.map((fold) => {
    const lists = rules.flatMap(({ effect, spec }, rule) => (spec.fold === fold ? [{ ...spec, rule, holds: effect.holds }] : []))
    const { alphabet, automaton } = compileTerms(fold, lists)
    return { alphabet: new Alphabet(alphabet), automaton: new Automaton(automaton) }
  })
  return {
    open: (stopAt = 'stops') =>
      new Reading(
        searched,
        compiled.map(({ automaton, alphabet }) => new Solid(automaton, alphabet)),
        stopAt,
      ),
  }
}
