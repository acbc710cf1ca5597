/** The text a run may have to read again, as the pieces it came in: joined only when asked for. */
import type { Context } from './stepper.ts'

interface Piece {
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
  // The piece being read lies in fields: nearly always nothing of it is wanted once it has been.
  #text = ''
  #from = 0
  #at = 0
  #length = 0
  #context: Context | undefined

  copy(): History {
    const copy = new History()
    copy.#pieces = [...this.#pieces]
    return copy
  }

  /** The piece about to be read; it can be looked into at once. */
  open(text: string, from: number, length: number, at: number, context: Context): void {
    this.#text = text
    this.#from = from
    this.#at = at
    this.#length = length
    this.#context = context
  }

  /** The piece has been read up to a position; of it and those before it, only what lies after `before` will be asked for. */
  close(position: number, before: number): void {
    if (before >= position) {
      if (this.#pieces.length > 0) this.#pieces = []
    } else {
      let gone = 0
      while (gone < this.#pieces.length && this.#pieces[gone]!.at + this.#pieces[gone]!.length <= before) gone++
      if (gone > 0) this.#pieces.splice(0, gone)
      const piece = this.#current(position - this.#at)
      if (piece) this.#pieces.push(piece)
    }
    this.#context = undefined
  }

  #current(length: number): Piece | undefined {
    return this.#context && { text: this.#text, from: this.#from, at: this.#at, length, context: this.#context }
  }

  /** Joined only when asked for, so that no piece is copied twice. */
  slice(start: number, end: number): string {
    let out = ''
    for (const { text, from, at, length } of this.#pieces)
      if (at < end && at + length > start) out += text.slice(from + Math.max(0, start - at), from + Math.min(length, end - at))
    if (this.#context && end > this.#at)
      out += this.#text.slice(this.#from + Math.max(0, start - this.#at), this.#from + Math.min(this.#length, end - this.#at))
    return out
  }

  /** The last known context at or before a position, and the position it is known for. */
  contextBefore(position: number): { readonly context: Context; readonly at: number } {
    const current = this.#current(this.#length)
    const piece = current && current.at <= position ? current : this.#pieces.findLast(({ at }) => at <= position)
    if (!piece) throw new RangeError('text is asked for that was let go')
    return piece
  }
}
