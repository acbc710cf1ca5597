/** One text being read by all patterns, in whatever way is cheapest for what it turns out to be. */
import { type Checks, Desk } from './desk.ts'
import type { Engine } from './engine.ts'
import { History } from './history.ts'
import { Lane } from './lane.ts'
import type { Found } from './spans.ts'
import { Split } from './split.ts'

export class Reader {
  readonly #engine: Engine
  readonly #checks: Checks
  readonly #halts: readonly boolean[]
  #desk: Desk
  #lane: Lane
  /** In the lane's place while the automaton of all rules does not pay. */
  #split: Split | undefined

  /** @param halts rules whose findings halt the reading. */
  constructor(engine: Engine, checks: Checks, halts: readonly boolean[]) {
    this.#engine = engine
    this.#checks = checks
    this.#halts = halts
    const keeps = engine.all.hasLimits || checks.some((check) => check !== undefined)
    this.#desk = new Desk(engine.classOf, checks, halts, new History(keeps))
    this.#lane = new Lane(engine.all, this.#desk, checks.length < 2)
  }

  copy(): Reader {
    const copy = new Reader(this.#engine, this.#checks, this.#halts)
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
  read(text: string, from: number, to: number): number {
    const desk = this.#desk
    const { history } = desk
    desk.halting = false
    for (let i = from; ; ) {
      if (desk.at === history.until) {
        const way = this.#split ?? this.#lane
        history.mark(desk.at, way.context, way.keepsFrom)
      }
      const room = history.until - desk.at
      const until = to - i > room ? i + room : to
      i = this.#split === undefined ? this.#lane.read(text, i, until) : this.#apart(this.#split, text, i, until)
      if (this.#lane.crowdedOut === true) this.#split ??= Split.from(this.#engine, desk, this.#lane)
      if (i === to || desk.halting) return i
    }
  }

  finish(): void {
    const before = this.#desk.found.length
    ;(this.#split ?? this.#lane).finish()
    this.#desk.inOrder(before)
  }

  /** Rule by rule, until it is time to try the automaton of all rules again. */
  #apart(split: Split, text: string, from: number, to: number): number {
    const rest = this.#lane.pace.until - this.#desk.at
    if (rest > 0) return split.read(text, from, Math.min(to, from + rest))
    const { present, starts, spans } = split.join()
    this.#split = undefined
    this.#lane.resume(present, starts, spans)
    return from
  }
}
