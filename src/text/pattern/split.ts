/** One text read rule by rule, each with an automaton of its own that is moved only while the rule has attempts under way. */
import { without } from './apart.ts'
import type { Present } from './automaton.ts'
import type { Desk } from './desk.ts'
import type { Engine, Sentry } from './engine.ts'
import { Lane } from './lane.ts'
import { noneOff, type Off, switched } from './off.ts'
import type { Spans } from './spans.ts'

/** Attempts of several rules together, ready to go on elsewhere. */
export interface Joined {
  readonly present: Present
  readonly starts: readonly number[]
  readonly spans: Spans[]
}

export class Split {
  readonly #engine: Engine
  readonly #desk: Desk
  #sentry: Sentry
  readonly #lanes: (Lane | undefined)[] = []
  /** Lanes with something under way. */
  #active: Lane[] = []
  readonly #isActive: Uint8Array

  constructor(engine: Engine, desk: Desk, sentry: Sentry) {
    this.#engine = engine
    this.#desk = desk
    this.#sentry = sentry
    this.#isActive = new Uint8Array(engine.merged.machineOf.length)
  }

  /** Takes over what a lane of all rules has under way. */
  static from(engine: Engine, desk: Desk, lane: Lane): Split {
    const { present } = lane
    const { ruleOf, machineOf } = engine.merged
    const split = new Split(engine, desk, engine.sentry(present.context))
    const rules = new Set<number>(lane.spans.map((spans) => spans.rule))
    const count = present.groups > 0 ? present.ends[present.groups - 1]! : 0
    for (let i = 0; i < count; i++) rules.add(ruleOf[present.nodes[i]!]!)
    for (const rule of rules) {
      const others = [...machineOf.keys()].filter((other) => other !== rule)
      const attempts = without(present, switched(noneOff, others, false, machineOf.length), ruleOf)
      const own = split.#lane(rule)
      const spans = lane.spans.filter((found) => found.rule === rule)
      const off = spans.length > 0 ? switched(noneOff, [rule], false, machineOf.length) : noneOff
      const context = own.automaton.stepper.within(present.context)
      own.resume(
        { ...attempts, context, off },
        attempts.from.map((group) => lane.startOf(group)),
        spans,
      )
      split.#activate(rule, own)
    }
    return split
  }

  copy(desk: Desk): Split {
    const copy = new Split(this.#engine, desk, this.#sentry)
    this.#lanes.forEach((lane, rule) => {
      if (!lane || this.#isActive[rule] !== 1) return
      const own = lane.copy(desk)
      copy.#lanes[rule] = own
      copy.#activate(rule, own)
    })
    return copy
  }

  /** What is under way, as attempts of all rules. */
  join(): Joined {
    const { machineOf } = this.#engine.merged
    const groups = new Map<number, number[]>()
    const spans: Spans[] = []
    let off: Off = noneOff
    for (const lane of this.#active) {
      const { present } = lane
      for (let group = 0, i = 0; group < present.groups; group++) {
        const nodes = groups.get(lane.startOf(group)) ?? []
        for (; i < present.ends[group]!; i++) nodes.push(present.nodes[i]!)
        groups.set(lane.startOf(group), nodes)
      }
      spans.push(...lane.spans)
      if (lane.spans.length > 0)
        off = switched(
          off,
          lane.spans.map((found) => found.rule),
          false,
          machineOf.length,
        )
    }
    const ordered = [...groups].sort((a, b) => a[0] - b[0])
    const ends: number[] = []
    for (const [, nodes] of ordered) ends.push((ends.at(-1) ?? 0) + nodes.length)
    return {
      present: {
        nodes: Int32Array.from(ordered.flatMap(([, nodes]) => nodes)),
        ends: Int32Array.from(ends),
        groups: ends.length,
        context: this.#sentry.context,
        off,
      },
      starts: ordered.map(([start]) => start),
      spans,
    }
  }

  get context() {
    return this.#sentry.context
  }

  live(holds: readonly boolean[]): number {
    let least = this.#desk.at
    for (const lane of this.#active) least = Math.min(least, lane.live(holds))
    return least
  }

  begunFrom(rule: number): number {
    let least = this.#desk.at
    for (const lane of this.#active) least = Math.min(least, lane.begunFrom(rule))
    return least
  }

  get keepsFrom(): number {
    let least = this.#desk.at
    for (const lane of this.#active) least = Math.min(least, lane.keepsFrom)
    return least
  }

  read(text: string, from: number, to: number): number {
    const desk = this.#desk
    const { classOf, history } = desk
    const { units, mask } = history
    const engine = this.#engine
    let sentry = this.#sentry
    let i = from
    while (i < to && !desk.halting) {
      const unit = text.charCodeAt(i)
      units[desk.at & mask] = unit
      const unitClass = classOf[unit]!
      const begun = sentry.begun[unitClass] ?? engine.begun(sentry, unitClass)
      for (let k = 0; k < begun.length; k++) {
        const rule = begun[k]!
        if (this.#isActive[rule] === 1) continue
        const lane = this.#lane(rule)
        lane.wake(engine.idle(sentry, rule))
        this.#activate(rule, lane)
      }
      sentry = sentry.next[unitClass] ?? engine.after(sentry, unitClass)
      const before = desk.found.length
      const active = this.#active
      let kept = 0
      for (let k = 0; k < active.length; k++) {
        const lane = active[k]!
        lane.unit(unitClass)
        if (lane.idle) this.#isActive[lane.automaton.stepper.rules[0]!] = 0
        else active[kept++] = lane
      }
      active.length = kept
      desk.at++
      i++
      if (desk.found.length > before) desk.inOrder(before)
    }
    this.#sentry = sentry
    return i
  }

  finish(): void {
    for (const lane of this.#active) lane.finish()
  }

  #lane(rule: number): Lane {
    let lane = this.#lanes[rule]
    if (!lane) {
      lane = new Lane(this.#engine.own(rule), this.#desk, true)
      this.#lanes[rule] = lane
    }
    return lane
  }

  #activate(rule: number, lane: Lane): void {
    this.#isActive[rule] = 1
    this.#active.push(lane)
  }
}
