/** Where a judge saw something, from the judge's way of counting to UTF-16 units of the stretch. */
import type { Span } from '../../terms/span.ts'
import { countIn } from '../reading.ts'
import { unreadable } from '../unfit.ts'

/** @param length of the text that was judged, as the judge counts. @throws Unfit `unreadable` */
export function spanIn(start: unknown, end: unknown, length: number): Span {
  const span = { start: countIn(start, 'start', length), end: countIn(end, 'end', length) }
  if (span.start >= span.end) throw unreadable('a span is empty')
  return span
}

/** From code points of `text` (which is how Python counts) to UTF-16 units. */
export class CodePoints {
  /** By code point, the unit at which it begins; the last is the text's end. */
  readonly #units: readonly number[]

  constructor(text: string) {
    const units = [0]
    for (const character of text) units.push((units.at(-1) as number) + character.length)
    this.#units = units
  }

  get count(): number {
    return this.#units.length - 1
  }

  toUnits({ start, end }: Span): Span {
    return { start: this.#units[start] as number, end: this.#units[end] as number }
  }
}

/** What of a span in context and stretch together lies in the stretch; undefined where nothing does: that text is decided. */
export function afterContext({ start, end }: Span, context: string): Span | undefined {
  return end <= context.length ? undefined : { start: Math.max(0, start - context.length), end: end - context.length }
}
