/** The attempts of some rules in one text: the loop that costs a few loads a unit, and all that is rare enough to leave it. */
import { followApart, tooOld, without } from './apart.ts'
import { type Automaton, begin, groupOf, type Move, move, type Present, type State, stay } from './automaton.ts'
import type { Desk } from './desk.ts'
import { type Off, switched } from './off.ts'
import { Pace } from './pace.ts'
import { Registers } from './registers.ts'
import type { Spans } from './spans.ts'
import { type Attempts, type Context, Outcome, type Told } from './stepper.ts'

/** Attempts read without the table, in two outcomes that take turns. */
interface Loose {
  now: Outcome
  spare: Outcome
  context: Context
  off: Off
}

export class Lane {
  readonly automaton: Automaton
  readonly #desk: Desk
  #state: State
  #registers = new Registers()
  /** Rules followed apart, every start kept; the other attempts are without them. */
  spans: Spans[] = []
  /** Takes the place of the state while making states would cost more than it saves. */
  #loose: Loose | undefined
  pace: Pace
  /** Up to this position no attempt can grow too old. */
  #safeUntil = 0
  /** The table does not pay; whoever owns the lane may read without it, as the lane does unless told otherwise. */
  readonly #mayLoosen: boolean
  crowdedOut = false

  constructor(automaton: Automaton, desk: Desk, mayLoosen: boolean) {
    this.automaton = automaton
    this.#desk = desk
    this.#state = automaton.first
    this.#mayLoosen = mayLoosen
    this.pace = new Pace(automaton.patience)
  }

  copy(desk: Desk): Lane {
    const copy = new Lane(this.automaton, desk, this.#mayLoosen)
    if (this.#loose) copy.#loosen(this.present)
    copy.#state = this.#state
    copy.#registers = this.#registers.copy()
    copy.spans = this.spans.map((spans) => spans.copy())
    copy.pace = this.pace.copy()
    copy.#safeUntil = this.#safeUntil
    return copy
  }

  get present(): Present {
    if (!this.#loose) return this.#state
    const { now, context, off } = this.#loose
    return { nodes: now.nodes, ends: now.ends, groups: now.groups, context, off }
  }

  get context(): Context {
    return (this.#loose ?? this.#state).context
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return (this.#loose ? this.#loose.now.groups : this.#state.groups) === 0 && this.spans.length === 0
  }

  startOf(group: number): number {
    return this.#registers.starts[group]!
  }

  /** Goes on from attempts that were under way elsewhere; their starts are copied. */
  resume(present: Present, starts: ArrayLike<number>, spans: Spans[]): void {
    this.#registers.roomFor(present.groups)
    for (let group = 0; group < present.groups; group++) this.#registers.starts[group] = starts[group]!
    this.spans = spans
    this.crowdedOut = false
    this.wake(this.automaton.take(present, present.context, present.off))
  }

  /** Goes on from a state with no attempts. */
  wake(state: State): void {
    this.#state = this.automaton.current(state)
    this.#loose = undefined
    this.#safeUntil = 0
  }

  /** Earliest start of a live attempt of a rule that holds; the units read where there is none. */
  live(holds: readonly boolean[]): number {
    const { ruleOf } = this.automaton.merged
    const group = this.#loose ? groupOf(this.#loose.now, (node) => holds[ruleOf[node]!] === true) : this.#state.hold
    let least = group < 0 ? this.#desk.at : this.#registers.starts[group]!
    for (const spans of this.spans) if (holds[spans.rule]) least = Math.min(least, spans.first)
    return least
  }

  /** The same of one rule. */
  begunFrom(rule: number): number {
    const group = groupOf(this.present, (node) => this.automaton.merged.ruleOf[node] === rule)
    const apart = this.spans.flatMap((spans) => (spans.rule === rule ? [spans.first] : []))
    return Math.min(group < 0 ? this.#desk.at : this.#registers.starts[group]!, ...apart)
  }

  /** Earliest position whose text may be asked for again. */
  get keepsFrom(): number {
    const group = this.#loose ? (this.#loose.now.groups > 0 ? 0 : -1) : this.#state.keep
    let least = group < 0 ? this.#desk.at : this.#registers.starts[group]!
    for (const spans of this.spans) least = Math.min(least, spans.first)
    return least
  }

  finish(): void {
    const desk = this.#desk
    for (;;) {
      const failed = this.#tell(this.automaton.stepper.finish(this.present), desk.at)
      if (!failed) break
      this.#setApart(failed)
    }
    for (const spans of this.spans) desk.note(spans.finish(desk.accepts))
  }

  /** Reads on for as long as one way of reading serves; counts what it has read. */
  read(text: string, from: number, to: number): number {
    const desk = this.#desk
    if (!this.#loose && this.spans.length === 0) {
      this.#state = this.automaton.current(this.#state)
      this.#registers.roomFor(this.automaton.mostGroups)
      const limit = this.automaton.hasLimits ? Math.min(to, from + this.#safeFor(to - from)) : to
      if (limit > from) return this.#fast(text, from, limit)
    }
    const before = desk.found.length
    this.unit(desk.classOf[text.charCodeAt(from)]!)
    desk.at++
    desk.inOrder(before)
    return from + 1
  }

  /** @returns units that can be read without an attempt growing too old; more than so many are not asked for. */
  #safeFor(wanted: number): number {
    const { at } = this.#desk
    if (at + wanted > this.#safeUntil) this.#safeUntil = this.#deadline()
    return this.#safeUntil - at
  }

  #deadline(): number {
    let least = this.#desk.at + this.automaton.leastSlack
    const { slacks } = this.#state
    for (let i = 0; i < slacks.length; i += 2) least = Math.min(least, this.#registers.starts[slacks[i]!]! + slacks[i + 1]!)
    return least
  }

  #fast(text: string, from: number, to: number): number {
    const { automaton } = this
    const desk = this.#desk
    const { classOf } = desk
    const last = automaton.stride - 1
    const base = desk.at - from
    let table = automaton.table
    let starts = this.#registers.starts
    let row = this.#state.row
    let i = from
    while (i < to) {
      const unitClass = classOf[text.charCodeAt(i)]!
      const entry = table[row + unitClass]!
      const what = entry & 3
      if (what === stay) {
        row = entry >> 2
        i++
        continue
      }
      if (what === begin) {
        row = entry >> 2
        starts[table[row + last]!] = base + i
        i++
        continue
      }
      desk.at = base + i
      this.#state = automaton.states[row / automaton.stride]!
      const result = what === move ? automaton.moves[entry >> 2]! : automaton.follow(this.#state, unitClass)
      if (!this.#moved(result)) return i
      i++
      desk.at = base + i
      if (what !== move) this.#missed()
      if (desk.halting || this.#loose || this.crowdedOut) return i
      table = automaton.table
      starts = this.#registers.starts
      row = this.#state.row
    }
    desk.at = base + i
    this.#state = automaton.states[row / automaton.stride]!
    return i
  }

  #missed(): void {
    if (!this.pace.missed(this.#desk.at, this.automaton.crowded)) return
    if (this.#mayLoosen) this.#loosen(this.#state)
    else this.crowdedOut = true
  }

  #loosen({ context, off, ...attempts }: Present): void {
    const { room } = this.automaton.stepper
    this.#loose = { now: new Outcome(room), spare: new Outcome(room), context, off }
    this.#loose.now.become(attempts)
  }

  /** @returns whether the move was made; where a candidate failed its check, its rule is now followed apart instead. */
  #moved({ state, from, told }: Move): boolean {
    if (told.length > 0) {
      const failed = this.#tell(told)
      if (failed) {
        this.#setApart(failed)
        return false
      }
    }
    this.#registers.roomFor(this.automaton.mostGroups)
    this.#registers.move(from, from.length, this.#desk.at)
    this.#state = state
    return true
  }

  /** Takes everything over one unit, without counting it as read. */
  unit(unitClass: number): void {
    const { automaton } = this
    const desk = this.#desk
    if (automaton.hasLimits && desk.at >= this.#safeUntil) {
      const old = tooOld(automaton, this.present, this.#registers.starts, desk.at, unitClass)
      if (old.length > 0) this.#setApart(old)
      this.#safeUntil = this.#loose ? desk.at + 1 : Math.max(desk.at + 1, this.#deadline())
    }
    while (!(this.#loose ? this.#looseUnit(this.#loose, unitClass) : this.#tableUnit(unitClass)));
    if (this.spans.length === 0) return
    for (const spans of this.spans) desk.note(spans.step(unitClass, desk.accepts))
    const over = this.spans.filter((spans) => spans.empty).map((spans) => spans.rule)
    if (over.length === 0) return
    this.spans = this.spans.filter((spans) => !spans.empty)
    const off = switched(this.present.off, over, true, automaton.merged.machineOf.length)
    if (this.#loose) this.#loose.off = off
    else this.#state = automaton.take(this.#state, this.#state.context, off)
  }

  #tableUnit(unitClass: number): boolean {
    const { automaton } = this
    const { at } = this.#desk
    this.#state = automaton.current(this.#state)
    const entry = automaton.table[this.#state.row + unitClass]!
    const what = entry & 3
    if (what === move) return this.#moved(automaton.moves[entry >> 2]!)
    if (what === stay || what === begin) {
      this.#state = automaton.states[(entry >> 2) / automaton.stride]!
      this.#registers.roomFor(this.#state.groups)
      if (what === begin) this.#registers.starts[this.#state.groups - 1] = at
    } else {
      if (!this.#moved(automaton.follow(this.#state, unitClass))) return false
      this.#missed()
    }
    return true
  }

  #looseUnit(loose: Loose, unitClass: number): boolean {
    const { stepper } = this.automaton
    const { now, spare, context, off } = loose
    if (this.#desk.at >= this.pace.until) {
      this.#state = this.automaton.take(now, context, off)
      this.#loose = undefined
      return false
    }
    stepper.step(now, context, unitClass, off.flags, spare)
    const failed = spare.told.length > 0 ? this.#tell(spare.told) : undefined
    if (failed) {
      this.#setApart(failed)
      return false
    }
    this.#registers.move(spare.from, spare.groups, this.#desk.at)
    loose.now = spare
    loose.spare = now
    loose.context = stepper.after(context, unitClass)
    return true
  }

  /** @returns rules of which a candidate failed its check: then nothing was noted. */
  #tell(told: readonly Told[], position = this.#desk.at + 1): number[] | undefined {
    return this.#desk.tell(told, this.#registers.starts, position, this.automaton.merged.distinct)
  }

  /** From here on, and until none of its attempts is live, every start of these rules is kept. */
  #setApart(rules: readonly number[]): void {
    const { automaton } = this
    const { present } = this
    for (const rule of rules) this.spans.push(followApart(automaton, rule, present, this.#registers.starts, this.#desk))
    const off = switched(present.off, rules, false, automaton.merged.machineOf.length)
    const rest: Attempts & { from: number[] } = without(present, off, automaton.merged.ruleOf)
    this.#registers.move(rest.from, rest.groups, this.#desk.at)
    if (this.#loose) {
      this.#loose.now.become(rest)
      this.#loose.off = off
    } else this.#state = automaton.take(rest, present.context, off)
  }
}
