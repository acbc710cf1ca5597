/** Many strings of classes looked for at once: one transition a character, whatever the number of strings. */
import { Endings, type EndingTables } from './endings.ts'
import { shallowFirst } from './shallow-first.ts'

/**
 * What the builder lays out and the artifact holds: flat arrays only, so that loading is putting views on a buffer.
 *
 * A state with a row is numbered by the place where that begins, because a multiplication would have every unit wait for it;
 * the numbers of the others follow. Where nothing waits, states go by rank: the how-manyth they are.
 */
export interface AutomatonTables extends EndingTables {
  /** Number of classes; classes 0 and 1 stand for every word character, and every other one, that is in no string. */
  readonly classes: number
  /** Classes that a row has a place for, a power of two: the most frequent ones. Only the first two rows, of the roots, have all. */
  readonly width: number
  /** Rows of the states most often entered. A target is a state, or `~state` where strings end. */
  readonly rows: Int32Array
  /** By rank, for states with a row or with several children: where to see which classes it may go on with, and its fail state. */
  readonly forks: Int32Array
  /** States without a row, and with so many children that they have a filter, as all with a row have. */
  readonly wide: number
  /** Bits by hashed class, for each state that has a filter. Of the others the bits themselves stand in `forks`. */
  readonly filters: Uint32Array
  /** Open addressing, two numbers a slot: `rank * classes + class` and the target; the key -1 is free. */
  readonly edges: Int32Array
  /** The class of the only child of each state that has one child or none; that is the next state, or what the next place says. */
  readonly links: Uint16Array
  /**
   * The fail states of these. Written are those where chains begin, which tell the others: the automaton fills in the rest
   * when it gets there, the same whoever does. Also the targets that `targetClass` stands for.
   */
  readonly chains: Int32Array
  /** By rank: its depth times two, plus one where a string that holds goes on from it or waits at it. */
  readonly levels: Uint8Array | Uint16Array | Uint32Array
  /** Triples of state, depth and rule: an exception of the rule has begun and is not complete. Sorted by state. */
  readonly begun: Int32Array
  /** Pairs of state and depth: how far back the state holds, where exceptions make it less than its level says. */
  readonly lessened: Int32Array
}

/** The state after a word character of which nothing has begun. */
export const afterWord = 0

/** The classes of word characters, and of all others, that are in no string. */
export const wordClass = 0
export const otherClass = 1
/**
 * The class of what takes more than a look-up: halves of characters, and characters that count as none or several. It is
 * one of the classes, with a target that is no state, so that reading on needs no question of its own to stop there.
 */
export const special = 2
/** The first class of what is in some string. */
export const firstClass = 3
/** Numbers of states are less: the upper bits of a fail state in `chains` tell more. */
export const mostStates = 2 ** 29
const stateBits = mostStates - 1
/** Strings end at the only child. */
const ends = 2 ** 30
/** Not even the fail state is known; that alone is; the child stands elsewhere. These are negative: there is more to ask. */
export const unknown = -(2 ** 31)
export const foretold = unknown + ends
const elsewhere = unknown + mostStates

/** Spreads neighbouring numbers over the upper bits: two to the 32nd, divided by the golden ratio. */
export const spread = 0x9e3779b1

/** A class no state has a child for, and the class of places that hold a target. */
export const noClass = 0xfffe
export const targetClass = 0xffff

export class Automaton {
  readonly tables: AutomatonTables
  /** The state after any other character, or at the start, of which nothing has begun: with `afterWord` the first two. */
  readonly afterOther: number
  readonly #begun = new Map<number, { readonly depth: number; readonly rule: number }[]>()
  readonly #lessened = new Map<number, number>()
  /** First states of the two kinds that have no row. */
  readonly #forkBase: number
  readonly #chainBase: number
  readonly #edgeMask: number
  readonly #edgeShift: number
  /** Where the rows begin that are not the roots', how many places of theirs make a rank, as a power, and the ranks they end at. */
  readonly #rowBase: number
  readonly #rowShift: number
  readonly #rowCount: number
  readonly #wideBase: number
  readonly #endings: Endings

  constructor(tables: AutomatonTables) {
    this.tables = tables
    this.afterOther = tables.classes
    this.#rowBase = 2 * tables.classes
    this.#rowShift = 31 - Math.clz32(tables.width)
    this.#forkBase = tables.rows.length
    this.#rowCount = 2 + ((this.#forkBase - this.#rowBase) >> this.#rowShift)
    this.#wideBase = this.#forkBase + tables.wide
    this.#chainBase = this.#forkBase + tables.forks.length / 2 - this.#rowCount
    this.#edgeMask = tables.edges.length / 2 - 1
    this.#edgeShift = Math.clz32(this.#edgeMask)
    this.#endings = new Endings(tables)
    const { begun, lessened } = tables
    for (let index = 0; index < begun.length; index += 3) {
      const [state, depth, rule] = begun.subarray(index, index + 3) as unknown as [number, number, number]
      const known = this.#begun.get(state)
      if (known === undefined) this.#begun.set(state, [{ depth, rule }])
      else known.push({ depth, rule })
    }
    for (let index = 0; index < lessened.length; index += 2)
      this.#lessened.set(lessened[index] as number, lessened[index + 1] as number)
    // Learning one place may take learning a shallower one first, and so on: that must not nest as deep as terms are long.
    if (!(tables.levels instanceof Uint8Array)) this.#learnAll()
  }

  /** The target of a state and a class: the next state, or `~state` where strings end. */
  step(from: number, wanted: number): number {
    const { classes, width, rows, forks, filters, edges, links, chains } = this.tables
    const forkBase = this.#forkBase
    const chainBase = this.#chainBase
    let state = from
    for (;;) {
      if (state < forkBase && (wanted < width || state < this.#rowBase)) return rows[state + wanted] as number
      if (state < chainBase) {
        const rank = this.#rank(state)
        const seen = forks[2 * rank] as number
        let bits = seen
        let bit = wanted
        if (state < this.#wideBase) {
          bit = Math.imul(wanted, spread) >>> (seen & 31)
          bits = filters[(seen >>> 5) + (bit >>> 5)] as number
        }
        if ((bits >>> (bit & 31)) & 1) {
          const key = (rank * classes + wanted) | 0
          let slot = Math.imul(key, spread) >>> this.#edgeShift
          for (let held = edges[2 * slot] as number; held !== -1; held = edges[2 * slot] as number) {
            if (held === key) return edges[2 * slot + 1] as number
            slot = (slot + 1) & this.#edgeMask
          }
        }
        state = forks[2 * rank + 1] as number
      } else {
        const chain = state - chainBase
        const told = chains[chain] as number
        if (told < 0) return this.#aside(state, wanted)
        if (links[chain] === wanted) return told < ends ? state + 1 : ~(state + 1)
        state = told & stateBits
      }
    }
  }

  /**
   * Reads on from `at.state` as long as nothing but single steps into states without endings is needed.
   *
   * @param classOf class by UTF-16 unit.
   * @returns the index of the first unit that needs more, or `to`.
   */
  skip(at: { state: number }, classOf: Uint16Array, text: string, from: number, to: number): number {
    const { rows, width } = this.tables
    const forkBase = this.#forkBase
    let { state } = at
    let index = from
    while (index < to) {
      const wanted = classOf[text.charCodeAt(index)] as number
      const next = state < forkBase && wanted < width ? (rows[state + wanted] as number) : this.step(state, wanted)
      if (next < 0) break
      state = next
      index += 1
    }
    at.state = state
    return index
  }

  /** The state of the longest proper suffix that some string begins with. */
  fail(state: number): number {
    const { forks, chains } = this.tables
    if (state < this.#chainBase) return forks[2 * this.#rank(state) + 1] as number
    const chain = state - this.#chainBase
    const told = chains[chain] as number
    return (told === unknown ? this.#learn(chain) : told) & stateBits
  }

  /**
   * Where a state with one child goes on to that stands elsewhere, or of which not all is known yet. By itself, because
   * the engine copies `step` to where it is called only as long as it is short, and every unit of a text goes through it.
   */
  #aside(state: number, wanted: number): number {
    const { links, chains } = this.tables
    const chain = state - this.#chainBase
    let told = chains[chain] as number
    if (told < elsewhere || told >= foretold) told = this.#learn(chain)
    if (links[chain] !== wanted) return this.step(told & stateBits, wanted)
    return told < 0 ? (chains[chain + 1] as number) : told < ends ? state + 1 : ~(state + 1)
  }

  #learnAll(): void {
    const { links, chains } = this.tables
    const depths = Int32Array.from(links, (_, place) => this.depth(this.#chainBase + place))
    const places = Array.from(links.keys()).filter((place) => links[place] !== targetClass)
    for (const place of shallowFirst(places, depths)) {
      const told = chains[place] as number
      if (told >= foretold && told < 0) this.#learn(place)
    }
  }

  /**
   * Fills a chain in up to a place: a state fails to where its parent's fail state goes on to. To know that takes places of
   * shallower states only, so this comes to an end.
   */
  #learn(place: number): number {
    const { links, chains } = this.tables
    let at = place
    while (chains[at] === unknown) at -= 1
    for (; ; at += 1) {
      const fail = (chains[at] as number) & stateBits
      const link = links[at] as number
      if (link === noClass) chains[at] = fail
      else if (links[at + 1] === targetClass) chains[at] = fail + elsewhere
      else {
        const target = this.step(fail, link)
        const isEnd = target < 0 || this.#endings.has(this.#rank(this.#chainBase + at + 1))
        chains[at] = isEnd ? fail + ends : fail
        chains[at + 1] = (target < 0 ? ~target : target) + foretold
      }
      if (at === place) return chains[at] as number
    }
  }

  depth(state: number): number {
    return (this.tables.levels[this.#rank(state)] as number) >> 1
  }

  #rank(state: number): number {
    if (state >= this.#forkBase) return state - this.#forkBase + this.#rowCount
    if (state >= this.#rowBase) return 2 + ((state - this.#rowBase) >> this.#rowShift)
    return state === afterWord ? 0 : 1
  }

  /** How many of the last symbols a string that holds may begin with or still wait with. */
  held(from: number): number {
    const { levels } = this.tables
    const lessened = this.#lessened
    for (let state = from; state > this.afterOther; state = this.fail(state)) {
      const less = lessened.size === 0 ? undefined : lessened.get(state)
      if (less !== undefined) return less
      const level = levels[this.#rank(state)] as number
      if (level & 1) return level >> 1
    }
    return 0
  }

  /** Range of `endings` of the strings that end in the very state; empty for most. */
  endingsOf(state: number): readonly [number, number] {
    return this.#endings.of(this.#rank(state))
  }

  /** Depth of the longest exception of the rule that has begun and is not complete, 0 for none. */
  begun(from: number, rule: number): number {
    if (this.#begun.size === 0) return 0
    for (let state = from; state > this.afterOther; state = this.fail(state)) {
      const found = this.#begun.get(state)?.find((one) => one.rule === rule)
      if (found !== undefined) return found.depth
    }
    return 0
  }
}
