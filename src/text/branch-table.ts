/** Remembers what became of branches: the same ways to read, at another place of the text, go on alike. */
import type { Branch, Place, Step, Tell } from './branch.ts'
import { branchesOf, numbersOf } from './branch-numbers.ts'
import { type Branches, isOnlyPlain, onlyPlain, type Reader, readOn, startsHeld } from './branches.ts'
import type { Occurrence } from './judge.ts'
import type { Patience } from './pattern/pace.ts'

/** Branches with the numbers of registers for places. */
export interface State {
  readonly numbers: Int32Array
  readonly registers: readonly number[]
  readonly plain: boolean
  readonly digits: number
  readonly waits: boolean
  /** Registers of the starts of what may become an occurrence of a rule that holds. */
  readonly held: readonly number[]
  readonly moves: Map<number, Move>
}

/** A state and the places that its registers hold. */
export interface Standing {
  readonly state: State
  readonly places: readonly Place[]
}

interface Entry {
  readonly digits: number
  readonly symbol: number
  readonly form: number
  readonly state: State
}

/** What one more character does. Its places are the registers before it, where it starts, and where it ends. */
export interface Move {
  readonly to: State
  readonly told: readonly Occurrence[]
  /** The places that the registers of `to` hold. */
  readonly kept: readonly Place[]
}

/** How much a table may grow, and when a run does without it. */
export interface TableLimits {
  /** Numbers of all states together. */
  readonly numbers: number
  readonly patience: Patience
}

/**
 * A few megabytes: what is read of random signs, with twenty of the words that people forbid, goes into about as many. The
 * rests are short because a text that repeats itself is read forty times as fast with the table as without.
 */
const ordinaryLimits: TableLimits = {
  numbers: 2 ** 20,
  patience: { misses: 128, window: 2048, rest: 4096, longest: 4096 },
}

/** What a state and a move count for besides. */
const besides = 64

export class BranchTable {
  readonly reader: Reader
  readonly #states = new Map<number, State[]>()
  /** By the state of the automaton, with what else there is to plain reading. */
  readonly #entries = new Map<number, Entry>()
  readonly #limits: TableLimits
  #numbers = 0
  /** How often all branches were read on with, for tests: how much work a text was. */
  worked = 0

  constructor(reader: Reader, limits = ordinaryLimits) {
    this.reader = reader
    this.#limits = limits
  }

  get patience(): Patience {
    return this.#limits.patience
  }

  /** The state of plain reading alone, to which prose comes at every doubled letter: found by the automaton's state, mostly. */
  alone(plain: Branch): Standing {
    const { state: reached, starts, digits, run } = plain
    const known = this.#entries.get(reached)
    const same = known !== undefined && known.digits === digits && known.symbol === run.symbol && known.form === run.form
    if (same && isAscending(starts)) return { state: known.state, places: starts }
    const found = this.stateOf(onlyPlain(plain))
    if (isAscending(starts)) this.#entries.set(reached, { digits, symbol: run.symbol, form: run.form, state: found.state })
    return found
  }

  /** Making more states will soon empty the table. */
  get crowded(): boolean {
    return 4 * this.#numbers > 3 * this.#limits.numbers
  }

  /** The state of branches, whatever their places are, and what its registers hold. */
  stateOf(branches: Branches): Standing {
    const { numbers, places } = numbersOf(branches)
    let hash = 0
    for (const number of numbers) hash = (Math.imul(hash, 31) + number) | 0
    const known = this.#states.get(hash)
    const found = known?.find((state) => equal(state.numbers, numbers))
    if (found !== undefined) return { state: found, places }
    const state: State = {
      numbers,
      registers: places.map((_, index) => index),
      plain: isOnlyPlain(branches),
      digits: branches.plain.digits,
      waits: branches.others.some(({ waiting }) => waiting),
      held: startsHeld(this.reader, branches).map((place) => places.indexOf(place)),
      moves: new Map(),
    }
    this.#count(numbers.length + besides)
    this.#states.set(hash, [...(this.#states.get(hash) ?? []), state])
    return { state, places }
  }

  /**
   * Finds out what a character makes of a state, and remembers it.
   *
   * @param input the same for characters that are read in the same way.
   * @param step its places are not looked at.
   */
  find(from: State, input: number, step: Step, seconds: readonly number[]): Move {
    const start = from.registers.length
    const told: Occurrence[] = []
    const branches = branchesOf(from.numbers, from.registers)
    const next = this.readOn(branches, { ...step, start, end: start + 1 }, seconds, (one) => told.push(one))
    const { state, places } = this.stateOf(next)
    const move = { to: state, told, kept: places }
    this.#count(besides)
    from.moves.set(input, move)
    return move
  }

  /** Reads on without remembering anything. */
  readOn(from: Branches, step: Step, seconds: readonly number[], tell: Tell): Branches {
    this.worked += 1
    return readOn(this.reader, from, step, seconds, tell)
  }

  #count(numbers: number): void {
    this.#numbers += numbers
    if (this.#numbers <= this.#limits.numbers) return
    // Runs may stand at any state; they go on from there and find the table empty.
    for (const states of this.#states.values()) for (const { moves } of states) moves.clear()
    this.#states.clear()
    this.#entries.clear()
    this.#numbers = 0
  }
}

/** Symbols that a character counts as several of stand at one place. */
function isAscending(places: readonly Place[]): boolean {
  for (let index = 1; index < places.length; index += 1)
    if ((places[index] as Place) <= (places[index - 1] as Place)) return false
  return true
}

function equal(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((number, index) => number === other[index])
}
