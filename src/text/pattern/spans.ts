/** One rule read with every start kept: where a span has grown too long or a candidate failed its check, younger starts count. */
import { atEnd, certain, past, waiting } from './merged.ts'
import { Starts } from './starts.ts'
import type { Context, Stepper } from './stepper.ts'

export interface Found {
  readonly rule: number
  readonly start: number
  readonly end: number
}

/** Whether the candidate text from `start` to `end` is what the rule looks for. */
export type Accepts = (rule: number, start: number, end: number) => boolean

const none: Found[] = []

export class Spans {
  readonly rule: number
  readonly #stepper: Stepper
  /** Starts are bits of a ring of so many. */
  readonly #ring: number
  #context: Context
  #at: number
  #live = new Map<number, Starts>()
  /** Last step's map, to be filled next. */
  #idle = new Map<number, Starts>()
  /** Per end, certain starts that wait for an earlier one to be decided. */
  #waiting = new Map<number, Starts>()
  #spare: Starts[] = []

  /** @param context one of the stepper's own. */
  constructor(stepper: Stepper, rule: number, context: Context, at: number) {
    this.rule = rule
    this.#stepper = stepper
    this.#context = context
    this.#at = at
    this.#ring = (stepper.merged.windowOf[rule]! + stepper.merged.oldestOf[rule]! + 2 + 31) & ~31
  }

  get empty(): boolean {
    return this.#live.size === 0 && this.#waiting.size === 0
  }

  /** Earliest start that may still come to a match. */
  get first(): number {
    let least = this.#at
    for (const starts of this.#live.values()) least = Math.min(least, starts.first)
    for (const starts of this.#waiting.values()) least = Math.min(least, starts.first)
    return least
  }

  copy(): Spans {
    const copy = new Spans(this.#stepper, this.rule, this.#context, this.#at)
    for (const [node, starts] of this.#live) copy.#live.set(node, starts.copy())
    for (const [end, starts] of this.#waiting) copy.#waiting.set(end, starts.copy())
    return copy
  }

  step(unitClass: number, accepts: Accepts): Found[] {
    const { follow, merged } = this.#stepper
    const next = this.#idle
    for (const [node, starts] of this.#live) {
      const cell = follow.cell(node, unitClass)
      const listed = cell < 0 ? 1 : cell === 0 ? 0 : follow.listed(cell)
      let given = false
      for (let k = 0; k < listed; k++) {
        const target = cell < 0 ? -2 - cell : follow.target(cell, k)
        const there = next.get(target)
        if (there) there.add(starts)
        else if (k < listed - 1) next.set(target, this.#blank().become(starts))
        else {
          // The last to go on needs no copy.
          next.set(target, starts)
          given = true
        }
      }
      if (!given) this.#spare.push(starts)
    }
    this.#live.clear()
    this.#idle = this.#live
    this.#live = next
    const begun = this.#stepper.begun(this.#context, unitClass)
    for (let i = 0; i < begun.length; i++) {
      const target = begun[i]!
      if (merged.ruleOf[target] !== this.rule) continue
      let there = next.get(target)
      if (!there) {
        there = this.#blank()
        next.set(target, there)
      }
      there.set(this.#at)
    }
    this.#context = this.#stepper.after(this.#context, unitClass)
    this.#at++
    let kinds = this.#waiting.size > 0 ? past : 0
    const most = merged.mostOf[this.rule]!
    for (const [node, starts] of next) {
      kinds |= merged.kindOf[node]!
      if (most === 0 || merged.ageOf[node]! > 0) continue
      // Too old to end within the longest span looked for.
      starts.dropBefore(this.#at + merged.missing[node]! - most, this.#at)
      if (starts.empty) this.#remove(node, starts)
    }
    return kinds & past ? this.#settle(certain, true, accepts) : none
  }

  finish(accepts: Accepts): Found[] {
    const found = this.#settle(certain | atEnd, false, accepts)
    this.#live.clear()
    this.#waiting.clear()
    return found
  }

  /** Forgets all ends but those of these ages: the others are told already. */
  keepAges(ages: ReadonlySet<number>): void {
    for (const [node, starts] of this.#live) {
      const age = this.#stepper.merged.ageOf[node]!
      if (age >= 0 && !ages.has(age)) this.#remove(node, starts)
    }
    for (const end of this.#waiting.keys()) if (!ages.has(this.#at - end)) this.#waiting.delete(end)
  }

  #blank(): Starts {
    const spare = this.#spare.pop()
    if (!spare) return new Starts(this.#ring)
    spare.clear()
    return spare
  }

  #remove(node: number, starts: Starts): void {
    this.#live.delete(node)
    this.#spare.push(starts)
  }

  /** For each end the earliest accepted start; it waits while an earlier one is open. */
  #settle(sure: number, mayWait: boolean, accepts: Accepts): Found[] {
    const { kindOf, ageOf } = this.#stepper.merged
    const open = new Map<number, number>()
    for (const [node, starts] of this.#live) {
      const kind = kindOf[node]!
      if ((kind & past) === 0) continue
      const end = this.#at - ageOf[node]!
      if (kind & sure) {
        const there = this.#waiting.get(end)
        if (there) there.add(starts)
        else this.#waiting.set(end, new Starts(this.#ring).become(starts))
      } else if (mayWait && (kind & waiting) === 0) open.set(end, Math.min(starts.first, open.get(end) ?? starts.first))
      if (kind & certain) this.#remove(node, starts)
    }
    const found: Found[] = []
    for (const [end, starts] of [...this.#waiting].sort((a, b) => a[0] - b[0])) {
      while (!starts.empty && !accepts(this.rule, starts.first, end)) starts.dropBefore(starts.first + 1, this.#at)
      const earliest = open.get(end)
      if (earliest !== undefined && !starts.empty && earliest < starts.first) continue
      this.#waiting.delete(end)
      if (starts.empty) continue
      found.push({ rule: this.rule, start: starts.first, end })
      for (const [node, other] of this.#live) if (ageOf[node]! >= 0 && this.#at - ageOf[node]! === end) this.#remove(node, other)
    }
    return found
  }
}
