/** Turns lists of terms of one fold into the alphabet and the automaton that find them. */
import { AlphabetMaker, type AlphabetTables } from './alphabet.ts'
import type { AutomatonTables } from './automaton.ts'
import { type Fold, foldMap, oneBlank } from './fold.ts'
import { layOut } from './layout.ts'
import type { Seconds } from './loose.ts'
import { joinedLetter, secondsOf } from './signs.ts'

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
  /** Where disguise is seen through: how else code points may be read, and the class that two halves of a letter make. */
  readonly seconds: Seconds
  readonly joined: number
}

export interface CompileOptions {
  readonly fold: Fold
  /** Entries of the rows of frequent states, four bytes each. */
  readonly rowEntries?: number
  /** Every term may begin anywhere, whatever its rule says. */
  readonly anywhere?: boolean
  /** Words may be stretched: a term that ends in a letter may still grow. */
  readonly stretched?: boolean
}

/** @throws RangeError for a fold that is not known, a term of which folding leaves nothing, or too many terms. */
export function compileTerms(lists: readonly TermList[], options: CompileOptions): CompiledTerms {
  const maker = new AlphabetMaker(foldMap(options.fold))
  const { labels, ends } = spell(lists, maker, options.fold)
  maker.order(labels)
  const seconds = options.fold === 'loose' ? secondsOf(foldMap('loose'), (symbol) => maker.classOf(symbol)) : new Map()
  const alphabet = maker.finish(seconds.keys())
  const { isWord } = alphabet
  const codes = new Int32Array(ends.length)
  const bordered = new Uint8Array(ends.length)
  let string = 0
  for (const { rule, terms, except, boundary } of lists) {
    const word = boundary === 'word' ? 1 : 0
    for (let index = 0; index < terms.length + except.length; index += 1, string += 1) {
      const first = isWord[labels[ends[string - 1] ?? 0] as number] as number
      const last = isWord[labels[(ends[string] as number) - 1] as number] as number
      codes[string] = rule * 4 + (index < terms.length ? 0 : 2) + (word & last)
      bordered[string] = options.anywhere ? 0 : word & first
    }
  }
  const holds: boolean[] = []
  for (const list of lists) holds[list.rule] = list.holds
  const strings = { labels, ends, codes, bordered, isWord }
  const layout = { rowEntries: options.rowEntries ?? 2 ** 18, holds, ...(options.stretched ? { repeats: alphabet.repeats } : {}) }
  return { alphabet, automaton: layOut(strings, maker.size, layout), seconds, joined: maker.classOf(joinedLetter) }
}

/** The classes of all terms, end to end: of each list the terms first, then the exceptions. */
function spell(lists: readonly TermList[], maker: AlphabetMaker, fold: Fold): { labels: Uint16Array; ends: Int32Array } {
  let labels = new Uint16Array(2 ** 16)
  let length = 0
  const ends = new Int32Array(lists.reduce((sum, { terms, except }) => sum + terms.length + except.length, 0))
  let string = 0
  for (const { terms, except } of lists) {
    for (const texts of [terms, except]) {
      for (const text of texts) {
        // A character counts as at most eighteen symbols.
        if (length + 18 * text.length > labels.length) {
          const grown = new Uint16Array(2 * labels.length + 18 * text.length)
          grown.set(labels)
          labels = grown
        }
        let end = maker.write(text, labels, length)
        if (fold === 'loose') {
          const kept = oneBlank(Array.from(labels.subarray(length, end)), maker.classOf(0x20))
          labels.set(kept, length)
          end = length + kept.length
        }
        if (end === length) throw new RangeError('a term is empty, or folding leaves nothing of it')
        ends[string++] = length = end
      }
    }
  }
  return { labels: labels.slice(0, length), ends }
}
