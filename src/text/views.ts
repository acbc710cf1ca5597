/** Makes the views that lists of terms need: one for exact and case folds, two where disguise is seen through. */
import { Alphabet } from './alphabet.ts'
import { Automaton } from './automaton.ts'
import { isUnspacedLetter, isWordCharacter } from './boundary.ts'
import { type Fold, foldMap, foldText } from './fold.ts'
import { Loose } from './loose.ts'
import type { View } from './reading.ts'
import { apartSigns } from './signs.ts'
import { Solid } from './solid.ts'
import { kinds, Spaced } from './spaced.ts'
import { compileTerms, type TermList } from './terms.ts'

/** Makes a view for a new text. */
export type Opener = () => View

/** @throws RangeError for a fold that is not known, a term of which folding leaves nothing, or too many terms. */
export function openersFor(fold: Fold, lists: readonly TermList[], rowEntries?: number): Opener[] {
  const rows = rowEntries === undefined ? {} : { rowEntries }
  if (fold !== 'loose') {
    const compiled = compileTerms(lists, { fold, ...rows })
    const alphabet = new Alphabet(compiled.alphabet)
    const automaton = new Automaton(compiled.automaton)
    return [() => new Solid(automaton, alphabet)]
  }
  const spelled = lists.map((list) => ({ ...list, terms: list.terms.filter(isSpelled), except: list.except.filter(isSpelled) }))
  const openers = [looseOpener(lists, rows)]
  if (spelled.some(({ terms }) => terms.length > 0)) openers.push(spacedOpener(spelled, rows))
  return openers
}

function looseOpener(lists: readonly TermList[], rows: { rowEntries?: number }): Opener {
  const compiled = compileTerms(lists, { fold: 'loose', stretched: true, ...rows })
  const alphabet = new Alphabet(compiled.alphabet)
  const automaton = new Automaton(compiled.automaton)
  return () => new Loose(automaton, alphabet, compiled.seconds, compiled.joined)
}

/** Letters that are set apart begin a word each, so that the automaton needs no border before them. */
function spacedOpener(lists: readonly TermList[], rows: { rowEntries?: number }): Opener {
  const compiled = compileTerms(lists, { fold: 'loose', anywhere: true, ...rows })
  const alphabet = new Alphabet(compiled.alphabet)
  const automaton = new Automaton(compiled.automaton)
  const kindOf = kindTable(alphabet)
  return () => new Spaced(automaton, alphabet, compiled.seconds, kindOf)
}

function kindTable(alphabet: Alphabet): Uint8Array {
  const { classOf, isWord } = alphabet.tables
  const kindOf = new Uint8Array(0x10000)
  for (let unit = 0; unit < 0x10000; unit += 1) {
    const known = classOf[unit] as number
    kindOf[unit] =
      known >= isWord.length ? kinds.close : isWord[known] === 1 ? kinds.word : known > 1 ? kinds.letter : kinds.other
  }
  for (const [sign, symbol] of apartSigns(foldMap('loose'))) kindOf[sign] = symbol === 0x20 ? kinds.blank : kinds.gap
  return kindOf
}

/** Three letters or more, or two of a script in which one is a syllable or a word. */
function isSpelled(term: string): boolean {
  const symbols = foldText('loose', term)
  const unspaced = symbols.every(isUnspacedLetter)
  const letters = symbols.every(
    (symbol) => isUnspacedLetter(symbol) || (isWordCharacter(symbol) && (symbol < 0x30 || symbol > 0x39)),
  )
  return letters && symbols.length >= (unspaced ? 2 : 3)
}
