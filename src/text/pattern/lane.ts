/** The attempts of some rules in one text: the loop that costs a few loads a unit, and all that is rare enough to leave it. */
import { followApart, tooOld, without } from './apart.ts'
import { type Automaton, groupOf, type Move, type Present, registerBits, registerMask, type State, unknown } from './automaton.ts'
import type { Desk } from './desk.ts'
import { Loose } from './loose.ts'
import { switched } from './off.ts'
import { Pace } from './pace.ts'
import { moveGroups, type Registers, registers } from './registers.ts'
import type { Spans } from './spans.ts'
import type { Attempts, Context, Told } from './stepper.ts'

export class Lane {
  readonly automaton: Automaton
  readonly #desk: Desk
  #state: State
  #starts: Registers = registers()
  /** Rules followed apart, every start kept; the other attempts are without them. */
  spans: Spans[] = []
  /** Takes the place of the state while making states would cost more than it saves. */
  #loose: Loose | undefined
  pace: Pace
  /** Up to this position no attempt can grow too old. */
  #safeUntil = 0
  /** The same while nothing is read but the table; else 0. */
  #tableUntil = 0
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
    copy.#starts = this.#starts.slice()
    copy.spans = this.spans.map((spans) => spans.copy())
    copy.pace = this.pace.copy()
    copy.#safeUntil = this.#safeUntil
    copy.#tableUntil = this.#tableUntil
    return copy
  }

  get present(): Present {
    return this.#loose?.present ?? this.#state
  }

  get context(): Context {
    return this.present.context
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return (this.#loose ?? this.#state).groups === 0 && this.spans.length === 0
  }

  startOf(group: number): number {
    return this.#starts[group]!
  }

  /** Goes on from attempts that were under way elsewhere; their starts are copied. */
  resume(present: Present, starts: ArrayLike<number>, spans: Spans[]): void {
    for (let group = 0; group < present.groups; group++) this.#starts[group] = starts[group]!
    this.spans = spans
    this.crowdedOut = false
    this.wake(this.automaton.take(present, present.context, present.off))
    this.#safeUntil = 0
    this.#tableUntil = 0
  }

  /** Goes on from a state with no attempts. */
  wake(state: State): void {
    this.#state = this.automaton.current(state)
    this.#loose = undefined
    this.#safeUntil = this.#desk.at + this.automaton.leastSlack
    this.#tableUntil = this.#safeUntil
  }

  /** Earliest start of a live attempt of a rule that holds; the units read where there is none. */
  live(holds: readonly boolean[]): number {
    const { ruleOf } = this.automaton.merged
    const group = this.#loose !== undefined ? groupOf(this.present, (node) => holds[ruleOf[node]!] === true) : this.#state.hold
    let least = group < 0 ? this.#desk.at : this.#starts[group]!
    if (this.spans.length > 0) for (const spans of this.spans) if (holds[spans.rule]) least = Math.min(least, spans.first)
    return least
  }

  /** The same of one rule. */
  begunFrom(rule: number): number {
    const group = groupOf(this.present, (node) => this.automaton.merged.ruleOf[node] === rule)
    const apart = this.spans.flatMap((spans) => (spans.rule === rule ? [spans.first] : []))
    return Math.min(group < 0 ? this.#desk.at : this.#starts[group]!, ...apart)
  }

  /** Earliest position whose text may be asked for again. */
  get keepsFrom(): number {
    const group = this.#loose ? (this.#loose.groups > 0 ? 0 : -1) : this.#state.keep
    let least = group < 0 ? this.#desk.at : this.#starts[group]!
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
    const { at } = this.#desk
    if (at + (to - from) <= this.#tableUntil) return this.#fast(text, from, to)
    if (this.#loose !== undefined || this.spans.length > 0) return this.#single(text, from)
    this.#state = this.automaton.current(this.#state)
    this.#tableUntil = this.#safeUntil = this.#deadline()
    const safe = from + this.#safeUntil - at
    return safe > from ? this.#fast(text, from, safe < to ? safe : to) : this.#single(text, from)
  }

  #single(text: string, from: number): number {
    const desk = this.#desk
    const before = desk.found.length
    const unit = text.charCodeAt(from)
    desk.history.units[desk.at & desk.history.mask] = unit
    this.unit(desk.classOf[unit]!)
    desk.at++
    desk.inOrder(before)
    return from + 1
  }

  /** Up to where no attempt can grow too old. */
  #deadline(): number {
    let least = this.#desk.at + this.automaton.leastSlack
    const { slacks } = this.#state
    for (let i = 0; i < slacks.length; i += 2) least = Math.min(least, this.#starts[slacks[i]!]! + slacks[i + 1]!)
    return least
  }

  #fast(text: string, from: number, to: number): number {
    const { automaton } = this
    const desk = this.#desk
    const { classOf, history } = desk
    const { units, mask } = history
    const base = desk.at - from
    if (this.#state.epoch !== automaton.epoch) this.#state = automaton.current(this.#state)
    for (let i = from; ; ) {
      const { table } = automaton
      const starts = this.#starts
      let { row } = this.#state
      let entry = 0
      // Nothing here calls, and what is loaded is loaded before, so that the compiler asks for types once and not at each unit.
      // For the same reason 5 and 31 are not by name: they are `registerBits` and its mask.
      while (i < to) {
        const unit = text.charCodeAt(i)
        units[(base + i) & mask] = unit
        entry = table[row + classOf[unit]!]!
        if (entry < 0) break
        row = entry >> 5
        starts[entry & 31] = base + i
        i++
      }
      desk.at = base + i
      this.#state = automaton.states[row >> automaton.shift]!
      if (i === to || !this.#turn(entry, classOf[text.charCodeAt(i)]!)) return desk.at - base
      i++
    }
  }

  /** Takes the state over a unit for which the table does not say all. @returns whether the table may be read on. */
  #turn(entry: number, unitClass: number): boolean {
    const { automaton } = this
    const desk = this.#desk
    const isKnown = entry < unknown
    if (!this.#moved(isKnown ? automaton.moves[-2 - entry]! : automaton.follow(this.#state, unitClass))) return false
    desk.at++
    if (!isKnown) this.#missed()
    return !desk.halting && this.#loose === undefined && !this.crowdedOut
  }

  #missed(): void {
    if (!this.pace.missed(this.#desk.at, this.automaton.crowded)) return
    if (this.#mayLoosen) this.#loosen(this.#state)
    else this.crowdedOut = true
  }

  #loosen(present: Present): void {
    this.#tableUntil = 0
    this.#loose = new Loose(this.automaton.stepper, present)
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
    moveGroups(this.#starts, from, from.length, this.#desk.at)
    this.#state = state
    return true
  }

  /** Takes everything over one unit, without counting it as read. */
  unit(unitClass: number): void {
    if (this.#desk.at >= this.#tableUntil || !this.#tableUnit(unitClass)) this.#carefully(unitClass)
  }

  #carefully(unitClass: number): void {
    const { automaton } = this
    const desk = this.#desk
    if (desk.at >= this.#safeUntil) {
      const old = tooOld(automaton, this.present, this.#starts, desk.at, unitClass)
      if (old.length > 0) this.#setApart(old)
      this.#safeUntil = this.#loose ? desk.at + 1 : Math.max(desk.at + 1, this.#deadline())
    }
    if (this.#loose === undefined && this.spans.length === 0) this.#tableUntil = this.#safeUntil
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
    if (this.#state.epoch !== automaton.epoch) this.#state = automaton.current(this.#state)
    const entry = automaton.table[this.#state.row + unitClass]!
    if (entry >= 0) {
      this.#state = automaton.states[entry >> (registerBits + automaton.shift)]!
      this.#starts[entry & registerMask] = at
      return true
    }
    if (entry < unknown) return this.#moved(automaton.moves[-2 - entry]!)
    if (!this.#moved(automaton.follow(this.#state, unitClass))) return false
    this.#missed()
    return true
  }

  #looseUnit(loose: Loose, unitClass: number): boolean {
    const { at } = this.#desk
    if (at >= this.pace.until) {
      const { present } = loose
      this.#state = this.automaton.take(present, present.context, present.off)
      this.#loose = undefined
      return false
    }
    const { told, from, groups } = loose.look(unitClass)
    const failed = told.length > 0 ? this.#tell(told) : undefined
    if (failed) {
      this.#setApart(failed)
      return false
    }
    moveGroups(this.#starts, from, groups, at)
    loose.go(unitClass)
    return true
  }

  /** @returns rules of which a candidate failed its check: then nothing was noted. */
  #tell(told: readonly Told[], position = this.#desk.at + 1): number[] | undefined {
    return this.#desk.tell(told, this.#starts, position, this.automaton.merged.distinct)
  }

  /** From here on, and until none of its attempts is live, every start of these rules is kept. */
  #setApart(rules: readonly number[]): void {
    const { automaton } = this
    const { present } = this
    this.#tableUntil = 0
    for (const rule of rules) this.spans.push(followApart(automaton, rule, present, this.#starts, this.#desk))
    const off = switched(present.off, rules, false, automaton.merged.machineOf.length)
    const rest: Attempts & { from: number[] } = without(present, off, automaton.merged.ruleOf)
    moveGroups(this.#starts, rest.from, rest.groups, this.#desk.at)
    if (this.#loose) this.#loose.keep(rest, off)
    else this.#state = automaton.take(rest, present.context, off)
  }
}
