/** Which strings end in a state: most states none, most others a set that many share. */

/** Flat arrays only, so that loading is putting views on a buffer. */
export interface EndingTables {
  /** One bit a rank: whether strings end in the very state. */
  readonly terminals: Uint32Array
  /** The set of each terminal, in the order of ranks. */
  readonly endingSets: Uint8Array | Uint16Array | Uint32Array
  /** Where each set begins in `endings`; one more for the end of the last. */
  readonly setsAt: Int32Array
  /** `rule * 4`, plus 2 for an exception, plus 1 where a border must follow. */
  readonly endings: Int32Array
}

const nowhere = [0, 0] as const

export class Endings {
  readonly #tables: EndingTables
  /** By word of the bits: how many terminals come before it. */
  readonly #before: Uint32Array

  constructor(tables: EndingTables) {
    this.#tables = tables
    const { terminals } = tables
    this.#before = new Uint32Array(terminals.length)
    let count = 0
    for (let word = 0; word < terminals.length; word += 1) {
      this.#before[word] = count
      count += ones(terminals[word] as number)
    }
  }

  /** Whether strings end in the very state. */
  has(rank: number): boolean {
    return (((this.#tables.terminals[rank >> 5] as number) >>> (rank & 31)) & 1) === 1
  }

  /** Range of `endings` of the strings that end in the very state; empty for most. */
  of(rank: number): readonly [number, number] {
    const { terminals, endingSets, setsAt } = this.#tables
    const word = terminals[rank >> 5] as number
    if (((word >>> (rank & 31)) & 1) === 0) return nowhere
    const set = endingSets[(this.#before[rank >> 5] as number) + ones(word & ~(-1 << (rank & 31)))] as number
    return [setsAt[set] as number, setsAt[set + 1] as number]
  }
}

/** Bits that are set among 32: sums of two, of four, of eight bits, and of the four sums at once. */
function ones(word: number): number {
  const twos = word - ((word >>> 1) & 0x55555555)
  const fours = (twos & 0x33333333) + ((twos >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** @param codesOf the endings of the state of a rank, none for most: a number where there is one. */
export function endingTables(ranks: number, codesOf: (rank: number) => readonly number[] | number | undefined): EndingTables {
  const terminals = new Uint32Array((ranks >> 5) + 1)
  const known = new Map<string | number, number>()
  const sets: number[] = []
  const setsAt = [0]
  const endings: number[] = []
  for (let rank = 0; rank < ranks; rank += 1) {
    const codes = codesOf(rank)
    if (codes === undefined) continue
    terminals[rank >> 5] = (terminals[rank >> 5] as number) | (1 << (rank & 31))
    const key = typeof codes === 'number' ? codes : codes.join()
    let set = known.get(key)
    if (set === undefined) {
      set = known.size
      known.set(key, set)
      if (typeof codes === 'number') endings.push(codes)
      else endings.push(...codes)
      setsAt.push(endings.length)
    }
    sets.push(set)
  }
  const kind = known.size <= 0x100 ? Uint8Array : known.size <= 0x10000 ? Uint16Array : Uint32Array
  return { terminals, endingSets: kind.from(sets), setsAt: Int32Array.from(setsAt), endings: Int32Array.from(endings) }
}
