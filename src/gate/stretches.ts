/** Divides a channel into the stretches a judge is asked about, by the text alone: no clock and no piece's end moves a border. */

import type { StretchSize } from '../terms/judge.ts'
import type { Span } from '../terms/span.ts'

/** A text without borders is divided where it is so many times as long as a stretch should be. */
const patience = 2

export class Stretches {
  readonly #growTo: number
  #target: number
  /** Where the stretch that is being written begins. */
  start = 0

  constructor(size: StretchSize) {
    this.#target = size === 'whole' ? Number.POSITIVE_INFINITY : size.first
    this.#growTo = size === 'whole' ? Number.POSITIVE_INFINITY : size.grow_to
  }

  /** Where the stretch ends for want of a border. A character of two units may reach over it by one. */
  get latest(): number {
    return this.start + patience * this.#target
  }

  /** A sentence ended at `border`. @returns the stretch that this ends. */
  border(border: number): Span | undefined {
    return border - this.start < this.#target ? undefined : this.#close(border)
  }

  /** The text has been read up to `offset`. @param half the last unit is half a character. */
  reached(offset: number, half: boolean): Span | undefined {
    return offset < this.latest || (half && offset === this.latest) ? undefined : this.#close(offset)
  }

  /** The text is over. */
  end(offset: number): Span | undefined {
    return offset === this.start ? undefined : this.#close(offset)
  }

  #close(end: number): Span {
    const stretch = { start: this.start, end }
    this.start = end
    this.#target = Math.min(2 * this.#target, Math.max(this.#growTo, this.#target))
    return stretch
  }
}
