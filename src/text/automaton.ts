/** Many strings of classes looked for at once: one transition a character, whatever the number of strings. */

/** What the builder lays out and the artifact holds: flat arrays only, so that loading is putting views on a buffer. */
export interface AutomatonTables {
  /** Number of classes; classes 0 and 1 stand for every word character, and every other one, that is in no string. */
  readonly classes: number
  /** Full rows of the states most often entered, `classes` targets each. A target is a state, or `~state` where strings end. */
  readonly rows: Int32Array
  readonly rowFails: Int32Array
  /** Two numbers a state with several children: which classes (by their last five bits) it may go on with, and its fail state. */
  readonly forks: Int32Array
  /** Open addressing, two numbers a slot: `fork * classes + class` and the target; the key -1 is free. */
  readonly edges: Int32Array
  /**
   * Two numbers a state with one child or none: the child's class and flags, and the fail state. The child is the next
   * state, bit 16 telling whether strings end there; with bit 17 the place after the state holds the target instead.
   */
  readonly chains: Int32Array
  /** By state: its depth times two, plus one where a string that holds goes on from it or waits at it. */
  readonly levels: Uint8Array | Uint16Array | Uint32Array
  /** States in which a string ends, ascending, and where each one's endings begin. */
  readonly terminals: Int32Array
  readonly endingsAt: Int32Array
  /** `rule * 4`, plus 2 for an exception, plus 1 where a border must follow. */
  readonly endings: Int32Array
  /** Triples of state, depth and rule: an exception of the rule has begun and is not complete. Sorted by state. */
  readonly begun: Int32Array
  /** Pairs of state and depth: how far back the state holds, where exceptions make it less than its level says. */
  readonly lessened: Int32Array
}

/** Both roots come first: after a word character, and after any other or at the start. */
export const afterWord = 0
export const afterOther = 1

/** The class of what takes more than a look-up: halves of characters, and characters that count as none or several. */
export const special = 0xffff
/** A class no state has a child for. */
export const noClass = 0xfffe

const nowhere = [0, 0] as const

export class Automaton {
  readonly tables: AutomatonTables
  readonly #begun = new Map<number, { readonly depth: number; readonly rule: number }[]>()
  readonly #lessened = new Map<number, number>()
  /** First states of the two kinds that have no row. */
  readonly #forkBase: number
  readonly #chainBase: number
  /** One bit a state: whether it is among the terminals. */
  readonly #terminal: Uint32Array
  readonly #edgeMask: number
  readonly #edgeShift: number

  constructor(tables: AutomatonTables) {
    this.tables = tables
    this.#forkBase = tables.rowFails.length
    this.#chainBase = this.#forkBase + tables.forks.length / 2
    this.#edgeMask = tables.edges.length / 2 - 1
    this.#edgeShift = Math.clz32(this.#edgeMask)
    this.#terminal = new Uint32Array((tables.levels.length >> 5) + 1)
    for (const state of tables.terminals)
      this.#terminal[state >> 5] = (this.#terminal[state >> 5] as number) | (1 << (state & 31))
    const { begun, lessened } = tables
    for (let index = 0; index < begun.length; index += 3) {
      const [state, depth, rule] = begun.subarray(index, index + 3) as unknown as [number, number, number]
      const known = this.#begun.get(state)
      if (known === undefined) this.#begun.set(state, [{ depth, rule }])
      else known.push({ depth, rule })
    }
    for (let index = 0; index < lessened.length; index += 2)
      this.#lessened.set(lessened[index] as number, lessened[index + 1] as number)
  }

  /** The target of a state and a class: the next state, or `~state` where strings end. */
  step(from: number, wanted: number): number {
    const { classes, rows, forks, edges, chains } = this.tables
    let state = from
    for (;;) {
      if (state < this.#forkBase) return rows[state * classes + wanted] as number
      if (state < this.#chainBase) {
        const fork = state - this.#forkBase
        if (((forks[2 * fork] as number) >>> (wanted & 31)) & 1) {
          const key = (fork * classes + wanted) | 0
          let slot = Math.imul(key, 0x9e3779b1) >>> this.#edgeShift
          for (let held = edges[2 * slot] as number; held !== -1; held = edges[2 * slot] as number) {
            if (held === key) return edges[2 * slot + 1] as number
            slot = (slot + 1) & this.#edgeMask
          }
        }
        state = forks[2 * fork + 1] as number
      } else {
        const chain = 2 * (state - this.#chainBase)
        const link = chains[chain] as number
        if ((link & 0xffff) === wanted)
          return link < 0x10000 ? state + 1 : link < 0x20000 ? ~(state + 1) : (chains[chain + 2] as number)
        state = chains[chain + 1] as number
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
    const { classes, rows, forks, edges, chains } = this.tables
    const forkBase = this.#forkBase
    const chainBase = this.#chainBase
    const edgeMask = this.#edgeMask
    const edgeShift = this.#edgeShift
    let state = at.state
    let index = from
    for (; index < to; index += 1) {
      const wanted = classOf[text.charCodeAt(index)] as number
      if (wanted === special) break
      let next = state
      stepping: for (;;) {
        if (next < forkBase) {
          next = rows[next * classes + wanted] as number
          break
        }
        if (next < chainBase) {
          const fork = next - forkBase
          if (((forks[2 * fork] as number) >>> (wanted & 31)) & 1) {
            const key = (fork * classes + wanted) | 0
            let slot = Math.imul(key, 0x9e3779b1) >>> edgeShift
            for (let held = edges[2 * slot] as number; held !== -1; held = edges[2 * slot] as number) {
              if (held === key) {
                next = edges[2 * slot + 1] as number
                break stepping
              }
              slot = (slot + 1) & edgeMask
            }
          }
          next = forks[2 * fork + 1] as number
        } else {
          const chain = 2 * (next - chainBase)
          const link = chains[chain] as number
          if ((link & 0xffff) === wanted) {
            next = link < 0x10000 ? next + 1 : link < 0x20000 ? -1 : (chains[chain + 2] as number)
            break
          }
          next = chains[chain + 1] as number
        }
      }
      if (next < 0) break
      state = next
    }
    at.state = state
    return index
  }

  /** The state of the longest proper suffix that some string begins with. */
  fail(state: number): number {
    const { rowFails, forks, chains } = this.tables
    if (state < this.#forkBase) return rowFails[state] as number
    if (state < this.#chainBase) return forks[2 * (state - this.#forkBase) + 1] as number
    return chains[2 * (state - this.#chainBase) + 1] as number
  }

  depth(state: number): number {
    return (this.tables.levels[state] as number) >> 1
  }

  /** How many of the last symbols a string that holds may begin with or still wait with. */
  held(from: number): number {
    const { levels } = this.tables
    for (let state = from; state > afterOther; state = this.fail(state)) {
      const lessened = this.#lessened.get(state)
      if (lessened !== undefined) return lessened
      const level = levels[state] as number
      if (level & 1) return level >> 1
    }
    return 0
  }

  /** Range of `endings` of the strings that end in the very state; empty for most. */
  endingsOf(state: number): readonly [number, number] {
    if ((((this.#terminal[state >> 5] as number) >>> (state & 31)) & 1) === 0) return nowhere
    const { terminals, endingsAt } = this.tables
    let low = 0
    let high = terminals.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((terminals[middle] as number) < state) low = middle + 1
      else high = middle
    }
    return [endingsAt[low] as number, endingsAt[low + 1] as number]
  }

  /** Depth of the longest exception of the rule that has begun and is not complete, 0 for none. */
  begun(from: number, rule: number): number {
    if (this.#begun.size === 0) return 0
    for (let state = from; state > afterOther; state = this.fail(state)) {
      const found = this.#begun.get(state)?.find((one) => one.rule === rule)
      if (found !== undefined) return found.depth
    }
    return 0
  }
}
