/** One text being read by all patterns, in whatever way is cheapest for what it turns out to be. */
import { type Checks, Desk } from './desk.ts'
import type { Engine } from './engine.ts'
import { History } from './history.ts'
import { Lane } from './lane.ts'
import type { Found } from './spans.ts'
import { Split } from './split.ts'

/** Units between two places where the context is remembered, for texts that may have to be read again. */
const block = 1024

export class Reader {
  readonly #engine: Engine
  readonly #checks: Checks
  readonly #keeps: boolean
  #desk: Desk
  #lane: Lane
  /** In the lane's place while the automaton of all rules does not pay. */
  #split: Split | undefined

  constructor(engine: Engine, checks: Checks) {
    this.#engine = engine
    this.#checks = checks
    this.#keeps = engine.all.hasLimits || checks.some((check) => check !== undefined)
    this.#desk = new Desk(engine.classOf, checks, new History(engine.contextAfter))
    this.#lane = new Lane(engine.all, this.#desk, checks.length < 2)
  }

  copy(): Reader {
    const copy = new Reader(this.#engine, this.#checks)
    copy.#desk = this.#desk.copy()
    copy.#lane = this.#lane.copy(copy.#desk)
    copy.#split = this.#split?.copy(copy.#desk)
    return copy
  }

  /** Units read. */
  get at(): number {
    return this.#desk.at
  }

  /** Matches that became certain since the last call. */
  take(): readonly Found[] {
    const { found } = this.#desk
    if (found.length > 0) this.#desk.found = []
    return found
  }

  /** Earliest start of a live attempt of a rule that holds; the units read where there is none. */
  live(holds: readonly boolean[]): number {
    return (this.#split ?? this.#lane).live(holds)
  }

  /** Earliest start of a live attempt of the rule; the units read where there is none. */
  begunFrom(rule: number): number {
    return (this.#split ?? this.#lane).begunFrom(rule)
  }

  /** @returns the index after the unit that brought a finding of a rule that halts, or `to`. */
  read(text: string, from: number, to: number, halts: readonly boolean[]): number {
    const desk = this.#desk
    desk.halts = halts
    desk.halting = false
    for (let i = from; i < to; ) {
      const until = this.#keeps ? Math.min(to, i + block) : to
      if (this.#keeps) desk.history.open(text, i, until - i, desk.at, (this.#split ?? this.#lane).context)
      while (i < until && !desk.halting) i = this.#some(text, i, until)
      if (this.#keeps) desk.history.close(desk.at, (this.#split ?? this.#lane).keepsFrom)
      if (desk.halting) return i
    }
    return to
  }

  finish(): void {
    const before = this.#desk.found.length
    ;(this.#split ?? this.#lane).finish()
    this.#desk.inOrder(before)
  }

  #some(text: string, from: number, to: number): number {
    const lane = this.#lane
    if (this.#split) {
      const rest = lane.pace.until - this.#desk.at
      if (rest > 0) return this.#split.read(text, from, Math.min(to, from + rest))
      const { present, starts, spans } = this.#split.join()
      this.#split = undefined
      lane.resume(present, starts, spans)
    }
    const read = lane.read(text, from, to)
    if (lane.crowdedOut) this.#split = Split.from(this.#engine, this.#desk, lane)
    return read
  }
}
