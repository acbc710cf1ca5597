/** The views of compiled lists of terms, made from flat tables and turned back into them; needs no table of characters. */
import { Alphabet, type AlphabetTables } from './alphabet.ts'
import { Automaton, type AutomatonTables } from './automaton.ts'
import { BranchTable, type TableLimits } from './branch-table.ts'
import { chainHeads, chainsFrom } from './chains.ts'
import { Loose, type Second } from './loose.ts'
import { Onward } from './onward.ts'
import { type Flat, PackError } from './pack.ts'
import type { View } from './reading.ts'
import { Solid } from './solid.ts'
import { Spaced } from './spaced.ts'

/** How else code points may be read: their classes end to end, with the lowest bit of `digits` per point for digits. */
export interface SecondTables {
  readonly points: Uint32Array
  readonly pointsAt: Uint32Array
  readonly classes: Uint16Array
  readonly digits: Uint8Array
}

export interface ViewTables {
  readonly kind: 'solid' | 'loose' | 'spaced'
  readonly alphabet: AlphabetTables
  readonly automaton: AutomatonTables
  readonly seconds: SecondTables
  /** The class that two halves of a letter make. */
  readonly joined: number
  /** Kind by unit, for letters that are set apart; empty elsewhere. */
  readonly kindOf: Uint8Array
}

const kinds = ['solid', 'loose', 'spaced'] as const

/** Makes views for new texts, which share what they find out. */
export function openerOf(tables: ViewTables, limits?: TableLimits): () => View {
  const { kind, alphabet: letters, automaton: strings, seconds: other, joined, kindOf } = tables
  const alphabet = new Alphabet(letters)
  const automaton = new Automaton(strings)
  if (kind === 'solid') return () => new Solid(automaton, alphabet)
  const seconds = new Map<number, Second>()
  for (const [index, point] of other.points.entries()) {
    const classes = Array.from(other.classes.subarray(other.pointsAt[index], other.pointsAt[index + 1]))
    seconds.set(point, { classes, digit: other.digits[index] === 1 })
  }
  const onward = new Onward(automaton)
  if (kind === 'spaced') return () => new Spaced(automaton, alphabet, seconds, kindOf, onward)
  const { repeats, isWord } = letters
  const table = new BranchTable({ automaton, onward, repeats, isWord, joined }, limits)
  return () => new Loose(automaton, alphabet, seconds, table)
}

/** A view's tables in the order in which `fromFlat` takes them. */
export function toFlat({ kind, alphabet, automaton, seconds, joined, kindOf }: ViewTables): Flat[] {
  const { classOf, isWord, points, pointsAt, pointClasses, repeats, blank } = alphabet
  const { classes, width, wide, rows, forks, filters, edges, links, chains, levels } = automaton
  const { terminals, endingSets, setsAt, endings, begun, lessened } = automaton
  const numbers = Uint32Array.of(kinds.indexOf(kind), blank, classes, width, wide, joined)
  const letters = [classOf, isWord, points, pointsAt, pointClasses, repeats]
  const states = [rows, forks, filters, edges, links, chainHeads(links, chains), levels]
  const strings = [...states, terminals, endingSets, setsAt, endings, begun, lessened]
  return [numbers, ...letters, ...strings, seconds.points, seconds.pointsAt, seconds.classes, seconds.digits, kindOf]
}

/** Arrays that a view's tables are made of. */
export const flatLength = 25

/** @throws PackError where an array is not what its place wants. */
export function fromFlat(arrays: readonly Flat[]): ViewTables {
  let at = 0
  const next = <Kind extends Flat>(...wanted: (new (length: number) => Kind)[]): Kind => {
    const array = arrays[at++]
    for (const kind of wanted) if (array instanceof kind) return array
    throw new PackError('compiled terms are damaged')
  }
  const [kindNumber = -1, blank = 1, classes = 0, width = 1, wide = 0, joined = 0] = next(Uint32Array)
  const kind = kinds[kindNumber]
  if (kind === undefined) throw new PackError('compiled terms are damaged')
  const alphabet = {
    classOf: next(Uint16Array),
    isWord: next(Uint8Array),
    points: next(Uint32Array),
    pointsAt: next(Uint32Array),
    pointClasses: next(Uint16Array),
    repeats: next(Uint8Array),
    blank,
  }
  const parts = {
    classes,
    width,
    wide,
    rows: next(Int32Array),
    forks: next(Int32Array),
    filters: next(Uint32Array),
    edges: next(Int32Array),
    links: next(Uint16Array),
    heads: next(Int32Array),
    levels: next<Uint8Array | Uint16Array | Uint32Array>(Uint8Array, Uint16Array, Uint32Array),
    terminals: next(Uint32Array),
    endingSets: next<Uint8Array | Uint16Array | Uint32Array>(Uint8Array, Uint16Array, Uint32Array),
    setsAt: next(Int32Array),
    endings: next(Int32Array),
    begun: next(Int32Array),
    lessened: next(Int32Array),
  }
  const seconds = { points: next(Uint32Array), pointsAt: next(Uint32Array), classes: next(Uint16Array), digits: next(Uint8Array) }
  const automaton = { ...parts, chains: chainsFrom(parts.heads, parts.links) }
  return { kind, alphabet, automaton, seconds, joined, kindOf: next(Uint8Array) }
}
