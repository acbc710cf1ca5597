/** One text being read by several views at once: fast over what completes nothing, character by character elsewhere. */
import { type Halves, isHigh, isLow, whole } from './halves.ts'
import { alike, type BegunFrom, type Hit, Judge, type SearchedRule } from './judge.ts'
import { Solid } from './solid.ts'

/** One way of seeing a text. Offsets in UTF-16 units from the text's start. */
export interface View {
  /** New text comes: nothing is known of what follows. */
  begin(): void
  /** The most units that it is asked to look ahead over at once. */
  readonly stride: number
  /**
   * How far it could advance: the index of the first character that must be `read`, or `to`. Changes nothing that is told.
   *
   * @param known where the part of `text` ends that has come: what stands before it may be looked at.
   */
  reach(text: string, from: number, to: number, known: number): number
  /** Reads on to where `reach` said for the same text and start, or less far. */
  advance(text: string, from: number, to: number): void
  /** Reads one character and tells the judge what it completes. */
  read(codePoint: number, start: number, end: number, judge: Judge): void
  end(judge: Judge, at: number): void
  /** Something is complete but for the border after it. */
  readonly waits: boolean
  /** Earliest start of what may still become an occurrence of a rule that holds, `at` or more for none. */
  heldFrom(at: number): number
  /** Earliest start of an exception of the rule that has begun and is not complete, Infinity for none. */
  begunFrom(rule: number, at: number): number
  fork(): View
  /** How it reads a code point, for telling which are read alike. */
  likeness(codePoint: number): string
}

/** Units that several views advance over before they meet again. */
const together = 128

export class Reading {
  readonly #rules: readonly SearchedRule[]
  readonly #holds: boolean
  readonly #stopAt: 'stops' | 'holds'
  readonly #views: readonly View[]
  /** The only view of most plans: what it reads nobody has to meet, and calls of one class cost the engine less. */
  readonly #alone: Solid | undefined
  readonly #stride: number
  readonly #halves: Halves
  readonly #begun: BegunFrom = (rule) => this.#begunOf(rule)
  #judge: Judge
  /** Units read, and where the next character begins: behind `#read` by a high surrogate that waits for its partner. */
  #read = 0
  #at = 0
  #half = 0
  /** What may be said of a text that ends in half a character; undefined while nobody asked. */
  #outlook: Outlook | undefined
  #ended = false

  constructor(rules: readonly SearchedRule[], views: readonly View[], halves: Halves, stopAt: 'stops' | 'holds') {
    this.#rules = rules
    this.#holds = rules.some(({ holds }) => holds)
    this.#stopAt = stopAt
    this.#views = views
    const [only] = views
    this.#alone = views.length === 1 && only instanceof Solid ? only : undefined
    this.#halves = halves
    this.#stride = Math.min(views.length > 1 ? together : Infinity, ...views.map(({ stride }) => stride))
    this.#judge = new Judge(rules)
  }

  /** Reads `text` from unit `from` to `to`, or until a rule that stops the run is found; returns how far it came. */
  push(text: string, from = 0, to = text.length): number {
    let index = from
    const alone = this.#alone
    if (alone === undefined) for (const view of this.#views) view.begin()
    while (index < to) {
      if (this.#half === 0 && this.#judge.calm) {
        const next = alone === undefined ? this.#skip(text, index, to) : alone.skip(text, index, to)
        this.#read += next - index
        this.#at = this.#read
        index = next
        if (index === to) break
      }
      index += 1
      if (this.#unit(text.charCodeAt(index - 1))) return index
    }
    return to
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#half !== 0) this.#character(this.#half, 1)
    for (const view of this.#views) view.end(this.#judge, this.#at)
    this.#judge.settle(() => Infinity, this.#stopAt)
  }

  take(): readonly Hit[] {
    return this.#judge.take()
  }

  get safeTo(): number {
    if (!this.#holds || this.#ended) return this.#read
    return this.#half === 0 ? this.#safeBefore() : Math.min(this.#at, this.#lookOut().safeTo)
  }

  /** Earliest start of what may still become a finding of a rule that allows, Infinity for none. */
  begunFrom(rule: number): number {
    const index = this.#rules.findIndex((searched) => searched.rule === rule)
    if (this.#ended || index < 0) return Infinity
    if (this.#half === 0) return this.#begunOf(index)
    return Math.min(
      ...this.#halves.of(this.#half).map((point) => {
        const ahead = this.#ahead(point)
        const found = ahead.#judge.take().filter((hit) => hit.rule === rule)
        return Math.min(ahead.#begunOf(index), ...found.map(({ start }) => start))
      }),
    )
  }

  #begunOf(rule: number): number {
    let from = Infinity
    for (const view of this.#views) from = Math.min(from, view.begunFrom(rule, this.#at))
    return from
  }

  fork(): Reading {
    const copy = new Reading(
      this.#rules,
      this.#views.map((view) => view.fork()),
      this.#halves,
      this.#stopAt,
    )
    copy.#judge = this.#judge.fork()
    copy.#read = this.#read
    copy.#at = this.#at
    copy.#half = this.#half
    copy.#outlook = this.#outlook
    copy.#ended = this.#ended
    return copy
  }

  /** Takes every view as far as none of them needs to look closer. */
  #skip(text: string, from: number, to: number): number {
    const views = this.#views
    for (let index = from; index < to; ) {
      const wanted = Math.min(index + this.#stride, to)
      let goal = wanted
      for (const view of views) goal = view.reach(text, index, goal, to)
      for (const view of views) view.advance(text, index, goal)
      if (goal < wanted) return goal
      index = goal
    }
    return to
  }

  #unit(unit: number): boolean {
    const half = this.#half
    this.#half = 0
    this.#outlook = undefined
    this.#read += 1
    if (half !== 0 && isLow(unit)) return this.#character(whole(half, unit), 2)
    const stops = half !== 0 && this.#character(half, 1)
    if (!isHigh(unit)) return this.#character(unit, 1) || stops
    this.#half = unit
    return this.#foretell() || stops
  }

  #character(codePoint: number, units: number): boolean {
    const start = this.#at
    this.#at += units
    for (const view of this.#views) view.read(codePoint, start, this.#at, this.#judge)
    if (this.#judge.idle) return false
    return this.#judge.settle(this.#begun, this.#stopAt)
  }

  /** Tells what is found whatever the other half of the last character is. */
  #foretell(): boolean {
    if (this.#judge.calm && !this.#views.some(({ waits }) => waits)) return false
    return this.#judge.foretell(this.#lookOut().certain, this.#stopAt)
  }

  #safeBefore(): number {
    if (this.#alone !== undefined && this.#judge.calm) return this.#alone.heldFrom(this.#at)
    let safe = Math.min(this.#at, this.#judge.openFrom)
    for (const view of this.#views) safe = Math.min(safe, view.heldFrom(this.#at))
    return safe
  }

  /** Reads on with each character that the half may become: certain is what all agree upon, safe what none holds. */
  #lookOut(): Outlook {
    this.#outlook ??= this.#outlookOver(this.#halves.of(this.#half))
    return this.#outlook
  }

  /** Reads on with one character that the half may become. */
  #ahead(point: number): Reading {
    const ahead = this.fork()
    ahead.#half = 0
    ahead.#judge.take()
    ahead.#character(point, point === this.#half ? 1 : 2)
    return ahead
  }

  #outlookOver(points: readonly number[]): Outlook {
    let safeTo = Infinity
    let certain: readonly Hit[] | undefined
    const found: Hit[] = []
    for (const point of points) {
      const ahead = this.#ahead(point)
      safeTo = Math.min(safeTo, ahead.#safeBefore())
      const hits = ahead.#judge.take()
      found.push(...hits)
      certain = certain?.filter((one) => hits.some((hit) => alike(one, hit))) ?? hits
    }
    const agreed = certain ?? []
    for (const hit of found) {
      if (this.#judge.holdsBack(hit) && !agreed.some((one) => alike(one, hit))) safeTo = Math.min(safeTo, hit.start)
    }
    return { safeTo, certain: agreed }
  }
}

interface Outlook {
  readonly safeTo: number
  readonly certain: readonly Hit[]
}
