/** The text a run may have to read again: the last units read in a ring, and what lay before some places among them. */
import type { Context } from './stepper.ts'

/** Units that a text has room for from its beginning: most strings of a JSON text need no more. */
const firstRoom = 64
/** Units from one place where the context is remembered to the next. */
const block = 192

/** Of one call; engines have a limit. */
const mostArguments = 4096

interface Mark {
  readonly at: number
  readonly context: Context
}

export class History {
  /**
   * Unit `i` of the text is at `i & mask`. Whoever reads a unit writes it here first: a store costs less than to find out
   * whether it is wanted. Where no text is ever read again there is room for one, and nobody looks at it. A plain array, for
   * one of small integers is stored to and made in less time than a typed one.
   */
  units: number[]
  mask: number
  /** Up to here there is room; then `mark` must be called. */
  until = 0
  readonly #keeps: boolean
  /** Ascending; the first is at or before everything that may be asked for. */
  #marks: Mark[] = []

  constructor(keeps: boolean) {
    this.#keeps = keeps
    this.units = Array<number>(keeps ? firstRoom : 1).fill(0)
    this.mask = this.units.length - 1
  }

  copy(): History {
    const copy = new History(this.#keeps)
    copy.units = this.units.slice()
    copy.mask = this.mask
    copy.until = this.until
    copy.#marks = [...this.#marks]
    return copy
  }

  /**
   * Makes room for the next units.
   *
   * @param at units read.
   * @param context what lies before the next.
   * @param from what lies before it will not be asked for any more.
   */
  mark(at: number, context: Context, from: number): void {
    this.until = at === 0 ? firstRoom : at + block
    if (!this.#keeps) return
    this.#marks.push({ at, context })
    const first = this.#marks.findLastIndex((mark) => mark.at <= from)
    if (first > 0) this.#marks.splice(0, first)
    this.#makeRoom(at, this.until - this.#marks[0]!.at)
  }

  #makeRoom(at: number, needed: number): void {
    let room = this.units.length
    while (room < needed) room *= 2
    if (room === this.units.length) return
    const units = Array<number>(room).fill(0)
    for (let i = Math.max(0, at - this.units.length); i < at; i++) units[i & (room - 1)] = this.unit(i)
    this.units = units
    this.mask = room - 1
  }

  unit(position: number): number {
    return this.units[position & this.mask]!
  }

  slice(start: number, end: number): string {
    let text = ''
    for (let at = start; at < end; ) {
      const units: number[] = []
      for (const until = Math.min(end, at + mostArguments); at < until; at++) units.push(this.unit(at))
      text += String.fromCharCode(...units)
    }
    return text
  }

  /** The last known context at or before a position, and the position it is known for. */
  contextBefore(position: number): Mark {
    const mark = this.#marks.findLast(({ at }) => at <= position)
    if (!mark) throw new RangeError('text is asked for that was let go')
    return mark
  }
}
