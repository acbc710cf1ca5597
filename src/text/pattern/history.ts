/** The text a run may have to read again, as the pieces it came in: joined only when asked for. */
import type { Context } from './stepper.ts'

export interface Piece {
  readonly text: string
  /** Index into `text` of the piece's first unit, and its position in the whole text. */
  readonly from: number
  readonly at: number
  readonly length: number
  /** What lies before the piece. */
  readonly context: Context
}

export class History {
  #pieces: Piece[] = []

  copy(): History {
    const copy = new History()
    copy.#pieces = [...this.#pieces]
    return copy
  }

  /** The piece about to be read; it can be looked into at once. */
  open(piece: Piece): void {
    this.#pieces.push(piece)
  }

  /** Forgets pieces that lie wholly before a position. */
  forget(before: number): void {
    let gone = 0
    for (const { at, length } of this.#pieces) {
      if (at + length > before) break
      gone++
    }
    if (gone > 0) this.#pieces.splice(0, gone)
  }

  slice(start: number, end: number): string {
    let out = ''
    for (const { text, from, at, length } of this.#pieces)
      if (at < end && at + length > start) out += text.slice(from + Math.max(0, start - at), from + Math.min(length, end - at))
    return out
  }

  /** The last known context at or before a position, and the position it is known for. */
  contextBefore(position: number): { readonly context: Context; readonly at: number } {
    const piece = this.#pieces.findLast(({ at }) => at <= position)
    if (!piece) throw new RangeError('text is asked for that was let go')
    return piece
  }
}
