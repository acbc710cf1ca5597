/** Turns lists of terms of one fold into the alphabet and the automaton that find them. */
import { AlphabetMaker, type AlphabetTables } from './alphabet.ts'
import type { AutomatonTables } from './automaton.ts'
import { type Fold, foldMap } from './fold.ts'
import { layOut } from './layout.ts'

/** The terms of one rule. */
export interface TermList {
  /** Index into the rules of the search. */
  readonly rule: number
  readonly holds: boolean
  readonly terms: readonly string[]
  readonly except: readonly string[]
  readonly boundary: 'none' | 'word'
}

export interface CompiledTerms {
  readonly alphabet: AlphabetTables
  readonly automaton: AutomatonTables
}

/** Entries of the rows of frequent states, four bytes each. */
const rowEntries = 2 ** 18

/** @throws RangeError for a fold that is not known, a term of which folding leaves nothing, or too many terms. */
export function compileTerms(fold: Fold, lists: readonly TermList[]): CompiledTerms {
  const all = lists.flatMap((list) => [
    ...list.terms.map((text) => ({ list, text, exception: 0 })),
    ...list.except.map((text) => ({ list, text, exception: 2 })),
  ])
  const maker = new AlphabetMaker(foldMap(fold))
  let labels = new Uint16Array(1024)
  let length = 0
  const ends = new Int32Array(all.length)
  for (const [index, { text }] of all.entries()) {
    if (length + 3 * text.length > labels.length) {
      const grown = new Uint16Array(2 * labels.length + 3 * text.length)
      grown.set(labels)
      labels = grown
    }
    const end = maker.write(text, labels, length)
    if (end === length) throw new RangeError('a term is empty, or folding leaves nothing of it')
    ends[index] = length = end
  }
  const alphabet = maker.finish()
  const codes = new Int32Array(all.length)
  const bordered = new Uint8Array(all.length)
  for (const [index, { list, exception }] of all.entries()) {
    const first = alphabet.isWord[labels[index === 0 ? 0 : (ends[index - 1] as number)] as number] as number
    const last = alphabet.isWord[labels[(ends[index] as number) - 1] as number] as number
    const word = list.boundary === 'word' ? 1 : 0
    codes[index] = list.rule * 4 + exception + (word & last)
    bordered[index] = word & first
  }
  const holds: boolean[] = []
  for (const list of lists) holds[list.rule] = list.holds
  const strings = { labels: labels.subarray(0, length), ends, codes, bordered, isWord: alphabet.isWord }
  return { alphabet, automaton: layOut(strings, maker.size, { rowEntries, holds, endsHold: false }) }
}
