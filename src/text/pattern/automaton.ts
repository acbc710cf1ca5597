/** The deterministic automaton of all patterns, made state by state as texts ask for it, and shared by all of them. */

import type { Follow } from './follow.ts'
import { type Merged, past } from './merged.ts'
import { noneOff, type Off } from './off.ts'
import type { Patience } from './pace.ts'
import { type Attempts, type Context, Outcome, Stepper, type Told } from './stepper.ts'

/** Attempts under way, what lies before the next unit, and whose attempts are not among them. */
export interface Present extends Attempts {
  readonly context: Context
  readonly off: Off
}

/** A set of live attempts; where they began is the run's to know, in one register for each group. */
export interface State extends Present {
  /** Changes when the table is emptied; a state of another time must be taken up anew. */
  readonly epoch: number
  /** Where its row begins in the table. */
  readonly row: number
  /** First group with an attempt of a rule that holds; -1 where there is none. */
  readonly hold: number
  /** First group whose text may have to be read again; -1 where there is none. */
  readonly keep: number
  /** Group and slack by turns: the attempt may grow too old once more units than that were read since it began. */
  readonly slacks: readonly number[]
}

/** What a unit does beyond leading to a state: registers that move, matches that are told. */
export interface Move {
  readonly state: State
  /** For each group, the register its start is in now; -1 for an attempt that begins with this unit. */
  readonly from: Int32Array
  readonly told: readonly Told[]
}

/**
 * Entries of the table. From 0 up: the row led to, and the register in which this position is noted. That is the new group's
 * where an attempt begins, else the one after the last group's, which is nobody's: noting in vain costs less than asking.
 */
export const registerBits = 5
export const registerMask = (1 << registerBits) - 1
/** Below 0: not known yet, or the index of a move as `-2 - index`. */
export const unknown = -1

export interface AutomatonOptions {
  /** Rules whose attempts keep text back. */
  readonly holds: readonly boolean[]
  /** Rules whose text may be asked for again. */
  readonly keeps: readonly boolean[]
  /** States kept before the table is emptied. */
  readonly mostStates: number
  readonly follow: Follow
  /** Rules it is for. */
  readonly rules: readonly number[]
  /** How long texts bear with a table that does not help them. */
  readonly patience: Patience
}

/** More units than anybody reads in one go, where no attempt ever grows too old. */
const farAway = 1 << 28

/** Of the table: 16 MB, and an entry has room for the number of any of their rows. */
const mostEntries = 1 << 22

/** Nodes of all kept states together; hostile text makes states that are large as well as many. */
const mostNodes = 1 << 20

export class Automaton {
  readonly merged: Merged
  readonly stepper: Stepper
  /** Rows are a power of two apart, so that a row tells its state without a division. */
  readonly shift: number
  readonly hasLimits: boolean
  /** An attempt that has just begun cannot grow too old within so many units. */
  readonly leastSlack: number
  /** A row for each state, with an entry for each class. */
  table: Int32Array
  states: State[] = []
  moves: Move[] = []
  epoch = 0
  /** States made since the beginning: work that was not saved by the table. */
  made = 0
  readonly first: State
  readonly patience: Patience
  readonly #holds: readonly boolean[]
  readonly #keeps: readonly boolean[]
  readonly #mostStates: number
  readonly #outcome: Outcome
  #nodes = 0
  #index = new Map<number, State[]>()

  constructor(merged: Merged, { holds, keeps, mostStates, follow, rules, patience }: AutomatonOptions) {
    this.merged = merged
    this.stepper = new Stepper(merged, follow, rules)
    this.#outcome = new Outcome(this.stepper.room)
    this.shift = 32 - Math.clz32(merged.classes - 1)
    this.hasLimits = rules.some((rule) => merged.mostOf[rule]! > 0)
    let least = farAway
    for (const rule of rules)
      if (merged.mostOf[rule]! > 0)
        for (let node = merged.nodesAt[rule]!; node < merged.nodesAt[rule + 1]!; node++)
          least = Math.min(least, this.#slack(node))
    this.leastSlack = Math.max(1, least)
    this.patience = patience
    this.#holds = holds
    this.#keeps = keeps
    this.#mostStates = Math.min(mostStates, mostEntries >> this.shift)
    this.table = new Int32Array(0)
    this.first = this.idle(this.stepper.start())
  }

  /** The state with nothing under way. */
  idle(context: Context): State {
    return this.take({ nodes: new Int32Array(0), ends: new Int32Array(0), groups: 0 }, context, noneOff)
  }

  /** Whether making more states will soon empty the table. */
  get crowded(): boolean {
    return this.states.length * 2 > this.#mostStates
  }

  /** The state of these attempts; a copy is kept, in a canonical order. */
  take({ nodes, ends, groups }: Attempts, context: Context, off: Off): State {
    const count = groups > 0 ? ends[groups - 1]! : 0
    for (let group = 0, from = 0; group < groups; group++) {
      const end = ends[group]!
      sort(nodes, from, end)
      from = end
    }
    let hash = count
    for (let i = 0; i < count; i++) hash = (Math.imul(hash, 0x01000193) ^ nodes[i]!) | 0
    for (let group = 0; group < groups; group++) hash = (Math.imul(hash, 0x01000193) ^ ends[group]!) | 0
    for (const state of context.states) hash = (Math.imul(hash, 0x01000193) ^ state) | 0
    const same = this.#index.get(hash)
    const found = same?.find(
      (state) =>
        state.groups === groups &&
        state.context.key === context.key &&
        state.off.key === off.key &&
        state.nodes.length === count &&
        equal(state.nodes, nodes, count) &&
        equal(state.ends, ends, groups),
    )
    if (found) return found
    return this.#add({ nodes: nodes.slice(0, count), ends: ends.slice(0, groups), groups }, context, off, hash)
  }

  #add(attempts: Attempts, context: Context, off: Off, hash: number): State {
    this.made++
    if (this.states.length >= this.#mostStates || this.#nodes > mostNodes || this.moves.length > 8 * this.#mostStates)
      this.#flush()
    const { nodes, ends, groups } = attempts
    const row = this.states.length << this.shift
    if (row === this.table.length) {
      const larger = new Int32Array(Math.max(32 << this.shift, row * 2)).fill(unknown)
      larger.set(this.table)
      this.table = larger
    }
    const slacks = this.#slacks(attempts)
    const firstOf = (rules: readonly boolean[]) => groupOf(attempts, (node) => rules[this.merged.ruleOf[node]!] === true)
    const hold = firstOf(this.#holds)
    const keep = firstOf(this.#keeps)
    const state: State = { nodes, ends, groups, context, off, epoch: this.epoch, row, hold, keep, slacks }
    this.states.push(state)
    this.#nodes += nodes.length
    const same = this.#index.get(hash)
    if (same) same.push(state)
    else this.#index.set(hash, [state])
    return state
  }

  #flush(): void {
    this.epoch++
    this.states = []
    this.moves = []
    this.#index = new Map()
    this.#nodes = 0
    this.table.fill(unknown)
  }

  /** A state of an emptied table is taken up anew; any other is itself. */
  current(state: State): State {
    return state.epoch === this.epoch ? state : this.take(state, state.context, state.off)
  }

  /** Works out one entry of the table. The state must be a current one. */
  follow(state: State, unitClass: number): Move {
    const { stepper } = this
    const outcome = this.#outcome
    stepper.step(state, state.context, unitClass, state.off.flags, outcome)
    const { told } = outcome
    const from = outcome.from.slice(0, outcome.groups)
    const target = this.take(outcome, stepper.after(state.context, unitClass), state.off)
    const result: Move = { state: target, from, told }
    if (state.epoch !== this.epoch) return result
    const kept = from.every((old, group) => old === group || (old === -1 && group === from.length - 1))
    const begun = from.at(-1) === -1
    const at = state.row + unitClass
    const register = begun ? target.groups - 1 : target.groups
    if (told.length === 0 && kept && register <= registerMask) this.table[at] = (target.row << registerBits) | register
    else this.table[at] = -1 - this.moves.push(result)
    return result
  }

  /** Units since an attempt's start up to which it cannot be too old, standing at this node now. */
  #slack(node: number): number {
    const most = this.merged.mostOf[this.merged.ruleOf[node]!]!
    return most > 0 && (this.merged.kindOf[node]! & past) === 0 ? most - this.merged.farthest[node]! : Number.POSITIVE_INFINITY
  }

  /** The least slack of each group that has one: group and slack by turns. */
  #slacks({ nodes, ends, groups }: Attempts): number[] {
    const slacks: number[] = []
    if (!this.hasLimits) return slacks
    for (let group = 0, i = 0; group < groups; group++) {
      let least = Number.POSITIVE_INFINITY
      for (; i < ends[group]!; i++) least = Math.min(least, this.#slack(nodes[i]!))
      if (least !== Number.POSITIVE_INFINITY) slacks.push(group, least)
    }
    return slacks
  }
}

export function groupOf({ nodes, ends, groups }: Attempts, test: (node: number) => boolean): number {
  for (let group = 0, i = 0; group < groups; group++) for (; i < ends[group]!; i++) if (test(nodes[i]!)) return group
  return -1
}

function equal(one: Int32Array, other: Int32Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (one[i] !== other[i]) return false
  return true
}

/** By insertion: groups are small and mostly in order. */
function sort(nodes: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const node = nodes[i]!
    let j = i - 1
    for (; j >= from && nodes[j]! > node; j--) nodes[j + 1] = nodes[j]!
    nodes[j + 1] = node
  }
}
