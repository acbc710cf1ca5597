/** Compiles lists of terms into the views they need: one for exact and case folds, two where disguise is seen through. */
import type { AlphabetTables } from './alphabet.ts'
import { special } from './automaton.ts'
import { isUnspacedLetter, isWordCharacter } from './boundary.ts'
import { type Fold, foldMap, foldText } from './fold.ts'
import type { Seconds } from './loose.ts'
import { apartSigns } from './signs.ts'
import { kinds } from './spaced.ts'
import { type CompiledTerms, compileTerms, type TermList } from './terms.ts'
import type { SecondTables, ViewTables } from './views.ts'

/**
 * @param rowEntries entries of the rows of frequent states, four bytes each.
 * @throws RangeError for a fold that is not known, a term of which folding leaves nothing, or too many terms.
 */
export function compileViews(fold: Fold, lists: readonly TermList[], rowEntries = 2 ** 18): ViewTables[] {
  const plain = compileTerms(lists, { fold, rowEntries, stretched: fold === 'loose' })
  if (fold !== 'loose') return [viewOf('solid', plain)]
  const spelled = lists.map((list) => ({ ...list, terms: list.terms.filter(isSpelled), except: list.except.filter(isSpelled) }))
  // A list without terms is one of exceptions that stand for themselves.
  const isEmpty = ({ rule, terms, except }: TermList) =>
    terms.length + except.length === 0 ||
    (terms.length === 0 && lists.some((list) => list.rule === rule && list.terms.length > 0))
  if (spelled.every(isEmpty)) return [viewOf('loose', plain)]
  // Letters that are set apart begin a word each, so that the automaton needs no border before them.
  const apart = compileTerms(spelled, { fold, rowEntries, anywhere: true })
  return [viewOf('spaced', apart, kindTable(apart.alphabet)), viewOf('loose', plain)]
}

function viewOf(kind: ViewTables['kind'], compiled: CompiledTerms, kindOf: Uint8Array = new Uint8Array(0)): ViewTables {
  const { alphabet, automaton, joined } = compiled
  return { kind, alphabet, automaton, seconds: flatSeconds(compiled.seconds), joined, kindOf }
}

function flatSeconds(seconds: Seconds): SecondTables {
  const all = [...seconds.values()]
  const pointsAt = new Uint32Array(all.length + 1)
  for (const [index, { classes }] of all.entries()) pointsAt[index + 1] = (pointsAt[index] as number) + classes.length
  return {
    points: Uint32Array.from(seconds.keys()),
    pointsAt,
    classes: Uint16Array.from(all.flatMap(({ classes }) => classes)),
    digits: Uint8Array.from(all, ({ digit }) => (digit ? 1 : 0)),
  }
}

function kindTable({ classOf, isWord, points, pointsAt, pointClasses }: AlphabetTables): Uint8Array {
  const kindOf = new Uint8Array(0x10000)
  const kindFor = (known: number) => (isWord[known] === 1 ? kinds.word : known > 1 ? kinds.letter : kinds.other)
  for (let unit = 0; unit < 0x10000; unit += 1) {
    const known = classOf[unit] as number
    kindOf[unit] = known === special ? kinds.close : kindFor(known)
  }
  for (const [index, point] of points.entries()) {
    if (point > 0xffff || pointsAt[index + 1] !== (pointsAt[index] as number) + 1 || (point >= 0xd800 && point < 0xe000)) continue
    const kind = kindFor(pointClasses[pointsAt[index] as number] as number)
    // A sign may be read as a letter.
    kindOf[point] = kind === kinds.other ? kinds.letter : kind
  }
  for (const [sign, symbol] of apartSigns(foldMap('loose'))) kindOf[sign] = symbol === 0x20 ? kinds.blank : kinds.gap
  return kindOf
}

/** Three letters or more, or two of a script in which one is a syllable or a word. */
function isSpelled(term: string): boolean {
  const symbols = foldText('loose', term)
  const letters = symbols.every(
    (symbol) => isUnspacedLetter(symbol) || (isWordCharacter(symbol) && (symbol < 0x30 || symbol > 0x39)),
  )
  return letters && symbols.length >= (symbols.every(isUnspacedLetter) ? 2 : 3)
}
