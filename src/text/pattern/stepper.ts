/** One step of all attempts at once, without a cache: the oldest attempt at each node survives, ends are told or kept open. */
import type { Follow } from './follow.ts'
import { atEnd, certain, type Merged, past } from './merged.ts'

/** What lies before an offset, for every rule: the states of their machines, and what an attempt there would begin with. */
export class Context {
  readonly states: readonly number[]
  readonly key: string
  readonly next: (Context | undefined)[] = []
  readonly begun: (Int32Array | undefined)[] = []
  readonly begunOf = new Map<number, readonly number[]>()

  constructor(states: readonly number[], key: string) {
    this.states = states
    this.key = key
  }
}

/** Attempts in order of their starts: those of group `g` began together; nodes up to `ends[g]`. */
export interface Attempts {
  nodes: Int32Array
  ends: Int32Array
  groups: number
}

/** A match that became certain: its age, and the group (before the step) that has its start; -1 began with this unit. */
export interface Told {
  readonly rule: number
  readonly age: number
  readonly from: number
  /** Groups of younger attempts with the same end, ascending; of rules whose attempts are distinct. */
  readonly others: readonly number[]
  /** Attempts with the same end were still undecided. */
  readonly mixed: boolean
}

/** Where a step writes what came of it. */
export class Outcome implements Attempts {
  nodes: Int32Array
  ends: Int32Array
  /** For each group, which one it was before; -1 for the newly begun. */
  from: Int32Array
  groups = 0
  /** A list of its own for each step. */
  told: Told[] = []

  /** @param room nodes it can take. */
  constructor(room: number) {
    this.nodes = new Int32Array(room)
    this.ends = new Int32Array(room)
    this.from = new Int32Array(room)
  }

  become({ nodes, ends, groups }: Attempts): void {
    const count = groups > 0 ? ends[groups - 1]! : 0
    for (let i = 0; i < count; i++) this.nodes[i] = nodes[i]!
    for (let group = 0; group < groups; group++) {
      this.ends[group] = ends[group]!
      this.from[group] = group
    }
    this.groups = groups
  }
}

const mostContexts = 20_000

export class Stepper {
  readonly merged: Merged
  readonly follow: Follow
  /** The rules whose attempts it follows. */
  readonly rules: readonly number[]
  readonly #asked: Uint8Array
  /** Nodes of its rules, the most an outcome may have to take. */
  readonly room: number
  readonly #stamps: Int32Array
  /** Nodes at which every attempt is kept: ends of rules whose attempts are distinct until then, and are checked. */
  readonly #shared: Uint8Array
  #stamp = 0
  #contexts = new Map<string, Context>()

  constructor(merged: Merged, follow: Follow, rules: readonly number[]) {
    this.merged = merged
    this.follow = follow
    this.rules = rules
    this.#asked = new Uint8Array(merged.machinesAt.length - 1)
    for (const rule of rules) this.#asked[merged.machineOf[rule]!] = 1
    this.#stamps = new Int32Array(merged.ruleOf.length)
    this.#shared = Uint8Array.from(merged.ruleOf, (rule, node) =>
      merged.distinct[rule] === 1 && merged.kindOf[node]! & past ? 1 : 0,
    )
    const counts = new Map(rules.map((rule) => [rule, { nodes: 0, shared: 0 }]))
    merged.ruleOf.forEach((rule, node) => {
      const count = counts.get(rule)
      if (!count) return
      count.nodes++
      count.shared += this.#shared[node]!
    })
    // A shared node may be in as many groups as the others can make.
    this.room = [...counts.values()].reduce((room, count) => room + count.nodes * (1 + count.shared), 0)
  }

  start(): Context {
    return this.#context(Array.from(this.#asked, () => 0))
  }

  /** The same context, as far as the rules followed here ask about it. */
  within({ states }: Context): Context {
    return this.#context(states.map((state, machine) => (this.#asked[machine] === 1 ? state : 0)))
  }

  #context(states: readonly number[]): Context {
    const key = states.join()
    let found = this.#contexts.get(key)
    if (!found) {
      if (this.#contexts.size >= mostContexts) this.#contexts = new Map()
      found = new Context(states, key)
      this.#contexts.set(key, found)
    }
    return found
  }

  after(context: Context, unitClass: number): Context {
    let next = context.next[unitClass]
    if (!next) {
      const { machines, machinesAt, classes } = this.merged
      const step = (state: number, machine: number) => machines[machinesAt[machine]! + state * classes + unitClass]!
      next = this.#context(context.states.map((state, machine) => (this.#asked[machine] === 1 ? step(state, machine) : 0)))
      context.next[unitClass] = next
    }
    return next
  }

  /** Nodes reached by the attempts that begin before this unit. */
  begun(context: Context, unitClass: number): Int32Array {
    let nodes = context.begun[unitClass]
    if (!nodes) {
      nodes = Int32Array.from(this.rules.flatMap((rule) => this.#begins(context, unitClass, rule)))
      context.begun[unitClass] = nodes
    }
    return nodes
  }

  /** The same for one rule. */
  begunOf(context: Context, unitClass: number, rule: number): readonly number[] {
    const key = rule * this.merged.classes + unitClass
    let nodes = context.begunOf.get(key)
    if (!nodes) {
      nodes = this.#begins(context, unitClass, rule)
      context.begunOf.set(key, nodes)
    }
    return nodes
  }

  #begins(context: Context, unitClass: number, rule: number): number[] {
    const { machineOf, beginsOf, beginsAt, begins, mostOf, ageOf, missing } = this.merged
    const found = new Set<number>()
    const list = beginsOf[rule]! + context.states[machineOf[rule]!]!
    for (let i = beginsAt[list]!; i < beginsAt[list + 1]!; i++)
      for (const target of this.follow.targets(begins[i]!, unitClass))
        if (mostOf[rule] === 0 || ageOf[target]! > 0 || 1 + missing[target]! <= mostOf[rule]!) found.add(target)
    return [...found]
  }

  /**
   * @param off rules (1 at their index) whose attempts are followed elsewhere.
   * @param into takes what came of it; not the attempts themselves.
   */
  step({ nodes, ends, groups }: Attempts, context: Context, unitClass: number, off: Uint8Array | undefined, into: Outcome): void {
    const { kindOf, ruleOf } = this.merged
    const { follow } = this
    const { nodes: out, ends: outEnds, from } = into
    const stamps = this.#stamps
    const shared = this.#shared
    const stamp = ++this.#stamp
    let count = 0
    let made = 0
    let kinds = 0
    for (let group = 0, i = 0; group < groups; group++) {
      const before = count
      for (const end = ends[group]!; i < end; i++) {
        const cell = follow.cell(nodes[i]!, unitClass)
        if (cell === 0) continue
        const listed = cell < 0 ? 1 : follow.listed(cell)
        for (let k = 0; k < listed; k++) {
          const target = cell < 0 ? -2 - cell : follow.target(cell, k)
          if (stamps[target] === stamp && (shared[target] === 0 || has(out, target, before, count))) continue
          stamps[target] = stamp
          kinds |= kindOf[target]!
          out[count++] = target
        }
      }
      if (count === before) continue
      outEnds[made] = count
      from[made++] = group
    }
    const before = count
    const begun = this.begun(context, unitClass)
    for (let i = 0; i < begun.length; i++) {
      const target = begun[i]!
      if ((stamps[target] === stamp && shared[target] === 0) || off?.[ruleOf[target]!] === 1) continue
      kinds |= kindOf[target]!
      out[count++] = target
    }
    if (count > before) {
      outEnds[made] = count
      from[made++] = -1
    }
    into.groups = made
    if (into.told.length > 0) into.told = []
    if (kinds & past) this.#settle(certain, true, into)
  }

  /** The text ends: what matches there, with the groups as they are. */
  finish(attempts: Attempts): Told[] {
    const { groups, ends } = attempts
    if (groups === 0) return []
    const outcome = new Outcome(ends[groups - 1]!)
    outcome.become(attempts)
    this.#settle(certain | atEnd, false, outcome)
    return outcome.told
  }

  /** For each rule and end the earliest start only: a certain one waits while an earlier one is open. */
  #settle(sure: number, mayWait: boolean, into: Outcome): void {
    const { kindOf, ruleOf, ageOf, waitOf, distinct } = this.merged
    const { nodes, ends, from } = into
    const told: Told[] = []
    const list: { at: number; group: number; rule: number; age: number; sure: boolean }[] = []
    for (let group = 0, i = 0; group < into.groups; group++)
      for (; i < ends[group]!; i++) {
        const node = nodes[i]!
        const kind = kindOf[node]!
        if (kind & past) list.push({ at: i, group, rule: ruleOf[node]!, age: ageOf[node]!, sure: (kind & sure) !== 0 })
      }
    list.sort((a, b) => a.rule - b.rule || b.age - a.age || a.group - b.group)
    let dropped = false
    for (let i = 0; i < list.length; ) {
      const { rule, age } = list[i]!
      let last = i
      while (last < list.length && list[last]!.rule === rule && list[last]!.age === age) last++
      const entries = list.slice(i, last)
      const sureOnes = entries.filter((entry) => entry.sure)
      const first = sureOnes[0]
      const waits = first !== undefined && mayWait && entries[0]!.group < first.group
      if (waits) {
        // Of distinct attempts every one is kept, in case the check fails.
        for (const entry of sureOnes) nodes[entry.at] = entry === first || distinct[rule] === 1 ? waitOf[rule]! + age : -1
        if (distinct[rule] === 0) for (const entry of entries) if (!entry.sure && entry.group > first.group) nodes[entry.at] = -1
        dropped = true
      } else if (first) {
        const others = sureOnes.slice(1).map((entry) => from[entry.group]!)
        told.push({ rule, age, from: from[first.group]!, others, mixed: mayWait && sureOnes.length < entries.length })
        for (const entry of entries) nodes[entry.at] = -1
        dropped = true
      }
      i = last
    }
    into.told = told
    if (dropped) compact(into)
  }
}

function has(nodes: Int32Array, node: number, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (nodes[i] === node) return true
  return false
}

/** Closes the gaps of nodes that were dropped. */
function compact(into: Outcome): void {
  const { nodes, ends, from, groups } = into
  let count = 0
  let made = 0
  for (let group = 0, i = 0; group < groups; group++) {
    const before = count
    const end = ends[group]!
    for (; i < end; i++) if (nodes[i]! >= 0) nodes[count++] = nodes[i]!
    if (count === before) continue
    ends[made] = count
    from[made++] = from[group]!
  }
  into.groups = made
}
