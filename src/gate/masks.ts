/** The spans of one channel that masks cover: the union of all matches, final ones apart from those that may still grow. */
import type { Span } from '../terms/span.ts'
import { firstIndex } from '../text/search.ts'

/** Marks, joiners, selectors and tags a mask takes along at its end, in UTF-16 units; more is a text of its own. */
const longestTail = 32

export interface Mask extends Span {
  /** What is written in its place, escaped already where the channel needs it. */
  readonly written: string
  readonly rule: number
  /** The match that gives the mask its label: earliest start, then longest, then earlier rule. */
  readonly label: Span
}

/** A mask whose matches are all known. Its end takes marks along as they come, which is no reason to wait for them. */
interface FinalMask extends Mask {
  /** Where the last of its matches ends. */
  readonly matched: number
}

function labelOf(first: Mask, second: Mask): Mask {
  if (first.label.start !== second.label.start) return first.label.start < second.label.start ? first : second
  if (first.label.end !== second.label.end) return first.label.end > second.label.end ? first : second
  return first.rule <= second.rule ? first : second
}

export class Masks {
  /** Not yet final, by start; no two share a unit. */
  #pending: Mask[] = []
  /** Final, by start; the last one's end may still take a tail. */
  #final: FinalMask[] = []
  #tail = 0
  #tailOpen = false

  /** Adds a match; matches that share a unit become one mask, adjacent ones stay apart. */
  add(match: Mask): void {
    const from = firstIndex(this.#pending, (mask) => mask.end > match.start)
    let to = from
    let merged = match
    for (let mask = this.#pending[to]; mask !== undefined && mask.start < match.end; mask = this.#pending[++to]) {
      const { label, rule, written } = labelOf(mask, merged)
      merged = { start: Math.min(mask.start, merged.start), end: Math.max(mask.end, merged.end), label, rule, written }
    }
    this.#pending.splice(from, to - from, merged)
  }

  /** The greatest offset up to `safe` that tears no pending mask. */
  line(safe: number): number {
    if (this.#pending.length === 0) return safe
    const torn = this.#pending[firstIndex(this.#pending, (mask) => mask.end > safe)]
    return torn !== undefined && torn.start < safe ? torn.start : safe
  }

  /** There is something that `settle` may make final or lengthen. */
  get unsettled(): boolean {
    return this.#tailOpen || this.#pending.length > 0
  }

  /**
   * Makes every pending mask before `line` final; one that cannot be final any more (the scope was cut in it) is dropped.
   *
   * @param text the channel's text from `from` to `line`, in which tails are looked for.
   * @param joins whether a code point belongs to the character before it.
   */
  settle(from: number, line: number, text: string, joins: (codePoint: number) => boolean): void {
    const count = firstIndex(this.#pending, (mask) => mask.end > line)
    let at = from
    for (const next of this.#pending.splice(0, count)) {
      if (this.#tailOpen && at < next.start) this.#takeTail(at, next.start, text, from, joins)
      this.#final.push({ ...next, matched: next.end })
      this.#tail = 0
      this.#tailOpen = true
      at = next.end
    }
    if (this.#tailOpen && at < line) this.#takeTail(at, line, text, from, joins)
  }

  #takeTail(at: number, gapEnd: number, text: string, from: number, joins: (codePoint: number) => boolean): void {
    let reached = at
    while (reached < gapEnd) {
      const codePoint = text.codePointAt(reached - from) as number
      const length = codePoint > 0xffff ? 2 : 1
      if (!joins(codePoint) || this.#tail + length > longestTail || reached + length > gapEnd) {
        this.#tailOpen = false
        break
      }
      this.#tail += length
      reached += length
    }
    const last = this.#final.at(-1)
    if (last !== undefined && reached > at) this.#final[this.#final.length - 1] = { ...last, end: reached }
  }

  dropPending(): void {
    this.#pending = []
  }

  /** The text of `[start, start + text.length)` with every final mask applied; `text` itself where none touches it. */
  apply(start: number, text: string): string {
    if (this.#final.length === 0) return text
    const end = start + text.length
    let out = ''
    let at = start
    for (let index = this.#firstAfter(start); index < this.#final.length; index++) {
      const mask = this.#final[index] as FinalMask
      if (mask.start >= end) break
      if (mask.start >= start) out += text.slice(at - start, mask.start - start) + mask.written
      at = Math.min(mask.end, end)
    }
    return at === start && out === '' ? text : out + text.slice(at - start)
  }

  /** Units of `[start, end)` that final masks cover. */
  covered(start: number, end: number): number {
    let units = 0
    for (let index = this.#firstAfter(start); index < this.#final.length; index++) {
      const mask = this.#final[index] as FinalMask
      if (mask.start >= end) break
      units += Math.min(mask.end, end) - Math.max(mask.start, start)
    }
    return units
  }

  /** The end of the final mask whose matches start before `offset` and go on after it, or `offset`. */
  reach(offset: number): number {
    return this.#across(offset)?.matched ?? offset
  }

  /** The start of the final mask whose matches lie across `offset`, or `offset`. */
  retreat(offset: number): number {
    return this.#across(offset)?.start ?? offset
  }

  #across(offset: number): FinalMask | undefined {
    const mask = this.#final[this.#firstAfter(offset)]
    return mask !== undefined && mask.start < offset && mask.matched > offset ? mask : undefined
  }

  /** Forgets masks that end at or before `offset`, which has been sent; the one whose tail is open stays. */
  forget(offset: number): void {
    if (this.#final.length === 0) return
    const sent = this.#tailOpen ? Math.min(this.#firstAfter(offset), this.#final.length - 1) : this.#firstAfter(offset)
    // Now and then, not at each frame: a tool call may carry thousands of masks.
    if (sent > 64 || sent === this.#final.length) this.#final.splice(0, sent)
  }

  /** The first final mask that ends after `offset`. */
  #firstAfter(offset: number): number {
    return firstIndex(this.#final, (mask) => mask.end > offset)
  }

  get any(): boolean {
    return this.#final.length > 0 || this.#pending.length > 0
  }
}
