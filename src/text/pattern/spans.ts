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

/** Nodes and their starts, in arrays that are used again. */
class Entries {
  readonly nodes: number[] = []
  readonly starts: Starts[] = []
  count = 0

  /** @returns one more than the place it is put at. */
  add(node: number, starts: Starts): number {
    this.nodes[this.count] = node
    this.starts[this.count] = starts
    return ++this.count
  }
}

export class Spans {
  readonly rule: number
  readonly #stepper: Stepper
  /** Starts are bits of a ring of so many. */
  readonly #ring: number
  #context: Context
  #at: number
  /** Nodes with attempts under way, and where those began. */
  #live = new Entries()
  /** The last step's, to be filled next. */
  #idle = new Entries()
  /** Per node of the rule, one more than its entry in the step under way. */
  readonly #entryOf: Int32Array
  /** Per end, certain starts that wait for an earlier one to be decided. */
  #waiting = new Map<number, Starts>()
  #spare: Starts[] = []

  /** @param context one of the stepper's own. */
  constructor(stepper: Stepper, rule: number, context: Context, at: number) {
    this.rule = rule
    this.#stepper = stepper
    this.#context = context
    this.#at = at
    this.#entryOf = new Int32Array(stepper.merged.nodesAt[rule + 1]! - stepper.merged.nodesAt[rule]!)
    this.#ring = (stepper.merged.windowOf[rule]! + stepper.merged.oldestOf[rule]! + 2 + 31) & ~31
  }

  get empty(): boolean {
    return this.#live.count === 0 && this.#waiting.size === 0
  }

  /** Earliest start that may still come to a match. */
  get first(): number {
    let least = this.#at
    for (let i = 0; i < this.#live.count; i++) least = Math.min(least, this.#live.starts[i]!.first)
    for (const starts of this.#waiting.values()) least = Math.min(least, starts.first)
    return least
  }

  copy(): Spans {
    const copy = new Spans(this.#stepper, this.rule, this.#context, this.#at)
    for (let i = 0; i < this.#live.count; i++) copy.#live.add(this.#live.nodes[i]!, this.#live.starts[i]!.copy())
    for (const [end, starts] of this.#waiting) copy.#waiting.set(end, starts.copy())
    return copy
  }

  step(unitClass: number, accepts: Accepts): Found[] {
    const { follow, merged } = this.#stepper
    const base = merged.nodesAt[this.rule]!
    const entryOf = this.#entryOf
    const live = this.#live
    const next = this.#idle
    for (let i = 0; i < live.count; i++) {
      const starts = live.starts[i]!
      const cell = follow.cell(live.nodes[i]!, unitClass)
      const listed = cell < 0 ? 1 : cell === 0 ? 0 : follow.listed(cell)
      let given = false
      for (let k = 0; k < listed; k++) {
        const target = cell < 0 ? -2 - cell : follow.target(cell, k)
        const there = entryOf[target - base]!
        if (there > 0) next.starts[there - 1]!.add(starts)
        else {
          // The last to go on needs no copy.
          given = k === listed - 1
          entryOf[target - base] = next.add(target, given ? starts : this.#blank().become(starts))
        }
      }
      if (!given) this.#spare.push(starts)
    }
    const begun = this.#stepper.begunOf(this.#context, unitClass, this.rule)
    for (let i = 0; i < begun.length; i++) {
      const place = begun[i]! - base
      if (entryOf[place] === 0) entryOf[place] = next.add(begun[i]!, this.#blank())
      next.starts[entryOf[place]! - 1]!.set(this.#at)
    }
    live.count = 0
    this.#idle = live
    this.#live = next
    this.#context = this.#stepper.after(this.#context, unitClass)
    this.#at++
    const most = merged.mostOf[this.rule]!
    let kinds = this.#waiting.size > 0 ? past : 0
    for (let i = 0; i < next.count; i++) {
      const node = next.nodes[i]!
      entryOf[node - base] = 0
      kinds |= merged.kindOf[node]!
      // Too old to end within the longest span looked for.
      if (most > 0 && merged.ageOf[node]! <= 0) next.starts[i]!.dropBefore(this.#at + merged.missing[node]! - most, this.#at)
    }
    if (most > 0) this.#keep((_, starts) => !starts.empty)
    return kinds & past ? this.#settle(certain, true, accepts) : none
  }

  finish(accepts: Accepts): Found[] {
    const found = this.#settle(certain | atEnd, false, accepts)
    this.#live.count = 0
    this.#waiting.clear()
    return found
  }

  /** Forgets all ends but those of these ages: the others are told already. */
  keepAges(ages: ReadonlySet<number>): void {
    const { ageOf } = this.#stepper.merged
    this.#keep((node) => ageOf[node]! < 0 || ages.has(ageOf[node]!))
    for (const end of this.#waiting.keys()) if (!ages.has(this.#at - end)) this.#waiting.delete(end)
  }

  #keep(test: (node: number, starts: Starts) => boolean): void {
    const { nodes, starts, count } = this.#live
    this.#live.count = 0
    for (let i = 0; i < count; i++)
      if (test(nodes[i]!, starts[i]!)) this.#live.add(nodes[i]!, starts[i]!)
      else this.#spare.push(starts[i]!)
  }

  #blank(): Starts {
    const spare = this.#spare.pop()
    if (!spare) return new Starts(this.#ring)
    spare.clear()
    return spare
  }

  /** For each end the earliest accepted start; it waits while an earlier one is open. */
  #settle(sure: number, mayWait: boolean, accepts: Accepts): Found[] {
    const { kindOf, ageOf } = this.#stepper.merged
    const open = new Map<number, number>()
    for (let i = 0; i < this.#live.count; i++) {
      const node = this.#live.nodes[i]!
      const starts = this.#live.starts[i]!
      const kind = kindOf[node]!
      if ((kind & past) === 0) continue
      const end = this.#at - ageOf[node]!
      if (kind & sure) {
        const there = this.#waiting.get(end)
        if (there) there.add(starts)
        else this.#waiting.set(end, new Starts(this.#ring).become(starts))
      } else if (mayWait && (kind & waiting) === 0) open.set(end, Math.min(starts.first, open.get(end) ?? starts.first))
    }
    const told = new Set<number>()
    const found: Found[] = []
    for (const [end, starts] of [...this.#waiting].sort((a, b) => a[0] - b[0])) {
      while (!starts.empty && !accepts(this.rule, starts.first, end)) starts.dropBefore(starts.first + 1, this.#at)
      const earliest = open.get(end)
      if (earliest !== undefined && !starts.empty && earliest < starts.first) continue
      this.#waiting.delete(end)
      if (starts.empty) continue
      found.push({ rule: this.rule, start: starts.first, end })
      told.add(end)
    }
    this.#keep((node) => (kindOf[node]! & certain) === 0 && (ageOf[node]! < 0 || !told.has(this.#at - ageOf[node]!)))
    return found
  }
}
