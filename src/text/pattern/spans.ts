/** One rule read with every start kept: where a span has grown too long or a candidate failed its check, younger starts count. */
import { atEnd, certain, type Merged, past, waiting } from './merged.ts'

export interface Found {
  readonly rule: number
  readonly start: number
  readonly end: number
}

/** Whether the candidate text from `start` to `end` is what the rule looks for. */
export type Accepts = (rule: number, start: number, end: number) => boolean

/** Starts as bits of a ring, and the earliest of them. */
interface Starts {
  readonly bits: Int32Array
  first: number
}

export class Spans {
  readonly rule: number
  readonly #merged: Merged
  readonly #ring: number
  /** State of the rule's machine that knows what lies before. */
  #before: number
  #at: number
  #live = new Map<number, Starts>()
  /** Per end, certain starts that wait for an earlier one to be decided. */
  #waiting = new Map<number, Starts>()
  #spare: Int32Array[] = []

  constructor(merged: Merged, rule: number, before: number, at: number) {
    this.rule = rule
    this.#merged = merged
    this.#before = before
    this.#at = at
    let oldest = 0
    for (let node = 0; node < merged.ruleOf.length; node++)
      if (merged.ruleOf[node] === rule) oldest = Math.max(oldest, merged.ageOf[node]!)
    this.#ring = (merged.windowOf[rule]! + oldest + 2 + 31) & ~31
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
    const copy = new Spans(this.#merged, this.rule, this.#before, this.#at)
    const clone = ([key, { bits, first }]: [number, Starts]): [number, Starts] => [key, { bits: bits.slice(), first }]
    copy.#live = new Map([...this.#live].map(clone))
    copy.#waiting = new Map([...this.#waiting].map(clone))
    return copy
  }

  step(unitClass: number, accepts: Accepts): Found[] {
    const { edgesAt, edges, machinesAt, machines, machineOf, beginsOf, beginsAt, begins, classes } = this.#merged
    const next = new Map<number, Starts>()
    for (const [node, starts] of this.#live) {
      for (let e = edgesAt[node]!; e < edgesAt[node + 1]!; e += 2)
        if (this.#inSet(edges[e]!, unitClass)) this.#merge(next, edges[e + 1]!, starts)
      this.#spare.push(starts.bits)
    }
    const list = beginsOf[this.rule]! + this.#before
    for (let i = beginsAt[list]!; i < beginsAt[list + 1]!; i++)
      for (let e = edgesAt[begins[i]!]!; e < edgesAt[begins[i]! + 1]!; e += 2)
        if (this.#inSet(edges[e]!, unitClass)) this.#set(this.#at, next, edges[e + 1]!)
    this.#before = machines[machinesAt[machineOf[this.rule]!]! + this.#before * classes + unitClass]!
    this.#at++
    this.#live = next
    this.#expire()
    return this.#settle(certain, true, accepts)
  }

  finish(accepts: Accepts): Found[] {
    const found = this.#settle(certain | atEnd, false, accepts)
    this.#live = new Map()
    this.#waiting = new Map()
    return found
  }

  /** Forgets all ends but those of these ages: the others are told already. */
  keepAges(ages: ReadonlySet<number>): void {
    for (const node of [...this.#live.keys()]) {
      const age = this.#merged.ageOf[node]!
      if (age >= 0 && !ages.has(age)) this.#live.delete(node)
    }
    for (const end of [...this.#waiting.keys()]) if (!ages.has(this.#at - end)) this.#waiting.delete(end)
  }

  #inSet(set: number, unitClass: number): boolean {
    return ((this.#merged.sets[set * this.#merged.words + (unitClass >> 5)]! >>> (unitClass & 31)) & 1) === 1
  }

  #entry(into: Map<number, Starts>, key: number): Starts {
    let entry = into.get(key)
    if (!entry) {
      const bits = this.#spare.pop() ?? new Int32Array(this.#ring >> 5)
      bits.fill(0)
      entry = { bits, first: Number.POSITIVE_INFINITY }
      into.set(key, entry)
    }
    return entry
  }

  #merge(into: Map<number, Starts>, key: number, { bits, first }: Starts): void {
    const entry = this.#entry(into, key)
    for (let word = 0; word < bits.length; word++) entry.bits[word]! |= bits[word]!
    entry.first = Math.min(entry.first, first)
  }

  #set(start: number, into: Map<number, Starts>, key: number): void {
    const entry = this.#entry(into, key)
    const bit = start % this.#ring
    entry.bits[bit >> 5]! |= 1 << (bit & 31)
    entry.first = Math.min(entry.first, start)
  }

  /** @returns the earliest start at or after one; infinite where there is none. */
  #from({ bits }: Starts, start: number): number {
    for (let at = start; at < this.#at; ) {
      const bit = at % this.#ring
      const rest = bits[bit >> 5]! >>> (bit & 31)
      if (rest !== 0) {
        const found = at + 31 - Math.clz32(rest & -rest)
        return found < this.#at ? found : Number.POSITIVE_INFINITY
      }
      at += 32 - (bit & 31)
    }
    return Number.POSITIVE_INFINITY
  }

  /** Lets go of attempts too old to end within the longest span looked for. */
  #expire(): void {
    const { mostOf, ageOf, missing } = this.#merged
    const most = mostOf[this.rule]!
    if (most === 0) return
    for (const [node, starts] of this.#live) {
      if (ageOf[node]! > 0) continue
      const least = this.#at + missing[node]! - most
      if (starts.first >= least) continue
      for (let start = starts.first; start < Math.min(least, this.#at); start++) {
        const bit = start % this.#ring
        starts.bits[bit >> 5]! &= ~(1 << (bit & 31))
      }
      starts.first = this.#from(starts, Math.max(0, least))
      if (starts.first === Number.POSITIVE_INFINITY) {
        this.#live.delete(node)
        this.#spare.push(starts.bits)
      }
    }
  }

  /** For each end the earliest accepted start; it waits while an earlier one is open. */
  #settle(sure: number, mayWait: boolean, accepts: Accepts): Found[] {
    const { kindOf, ageOf } = this.#merged
    const open = new Map<number, number>()
    for (const [node, starts] of this.#live) {
      const kind = kindOf[node]!
      if ((kind & past) === 0) continue
      const end = this.#at - ageOf[node]!
      if (kind & sure) this.#merge(this.#waiting, end, starts)
      else if (mayWait && (kind & waiting) === 0) open.set(end, Math.min(starts.first, open.get(end) ?? starts.first))
      if (kind & certain) this.#live.delete(node)
    }
    const found: Found[] = []
    for (const [end, starts] of [...this.#waiting].sort((a, b) => a[0] - b[0])) {
      let start = starts.first
      while (start !== Number.POSITIVE_INFINITY && !accepts(this.rule, start, end)) start = this.#from(starts, start + 1)
      starts.first = start
      if ((open.get(end) ?? Number.POSITIVE_INFINITY) < start) {
        if (start === Number.POSITIVE_INFINITY) this.#waiting.delete(end)
        continue
      }
      this.#waiting.delete(end)
      if (start === Number.POSITIVE_INFINITY) continue
      found.push({ rule: this.rule, start, end })
      for (const node of [...this.#live.keys()]) if (ageOf[node]! >= 0 && this.#at - ageOf[node]! === end) this.#live.delete(node)
    }
    return found
  }
}
