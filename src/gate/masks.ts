/** The spans of one channel that masks cover: the union of all matches, final ones apart from those that may still grow. */
import type { Span } from '../terms/span.ts'

/** Marks, joiners, selectors and tags a mask takes along at its end, in UTF-16 units; more is a text of its own. */
const longestTail = 32

export interface Mask extends Span {
  /** What is written in its place, escaped already where the channel needs it. */
  readonly written: string
  readonly rule: number
  /** The match that gives the mask its label: earliest start, then longest, then earlier rule. */
  readonly label: Span
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
  #final: Mask[] = []
  #tail = 0
  #tailOpen = false

  /** Adds a match; matches that share a unit become one mask, adjacent ones stay apart. */
  add(match: Mask): void {
    let merged = match
    const apart: Mask[] = []
    for (const mask of this.#pending) {
      if (mask.end <= merged.start || mask.start >= merged.end) apart.push(mask)
      else {
        const { label, rule, written } = labelOf(mask, merged)
        merged = { start: Math.min(mask.start, merged.start), end: Math.max(mask.end, merged.end), label, rule, written }
      }
    }
    apart.push(merged)
    this.#pending = apart.length > 1 ? apart.sort((a, b) => a.start - b.start) : apart
  }

  /** The greatest offset up to `safe` that tears no pending mask. */
  line(safe: number): number {
    for (const mask of this.#pending) {
      if (mask.start >= safe) return safe
      if (mask.end > safe) return mask.start
    }
    return safe
  }

  /**
   * Makes every pending mask before `line` final; one that cannot be final any more (the scope was cut in it) is dropped.
   *
   * @param text the channel's text from `from` to `line`, in which tails are looked for.
   * @param joins whether a code point belongs to the character before it.
   */
  settle(from: number, line: number, text: string, joins: (codePoint: number) => boolean): void {
    let at = from
    for (;;) {
      const next = this.#pending[0]
      const final = next !== undefined && next.end <= line
      const gapEnd = final ? next.start : line
      if (this.#tailOpen && at < gapEnd) this.#takeTail(at, gapEnd, text, from, joins)
      if (!final) return
      this.#pending.shift()
      this.#final.push(next)
      this.#tail = 0
      this.#tailOpen = true
      at = next.end
    }
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
    const end = start + text.length
    let out = ''
    let at = start
    for (const mask of this.#final) {
      if (mask.end <= start) continue
      if (mask.start >= end) break
      if (mask.start >= start) out += text.slice(at - start, mask.start - start) + mask.written
      at = Math.min(mask.end, end)
    }
    return at === start && out === '' ? text : out + text.slice(at - start)
  }

  /** Units of `[start, end)` that masks cover. */
  covered(start: number, end: number): number {
    let units = 0
    for (const mask of this.#final) units += Math.max(0, Math.min(mask.end, end) - Math.max(mask.start, start))
    return units
  }

  /** The end of the last final mask that starts before `offset`, or `offset`. */
  reach(offset: number): number {
    let reach = offset
    for (const mask of this.#final) if (mask.start < offset) reach = Math.max(reach, mask.end)
    return reach
  }

  /** The start of the final mask that lies across `offset`, or `offset`. */
  retreat(offset: number): number {
    for (const mask of this.#final) if (mask.start < offset && mask.end > offset) return mask.start
    return offset
  }

  /** Forgets masks that end at or before `offset`, which has been sent; the one whose tail is open stays. */
  forget(offset: number): void {
    if (this.#final.length === 0) return
    const last = this.#final.at(-1)
    this.#final = this.#final.filter((mask) => mask.end > offset || (this.#tailOpen && mask === last))
  }

  get any(): boolean {
    return this.#final.length > 0 || this.#pending.length > 0
  }
}
