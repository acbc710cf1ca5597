/** The text a run may have to read again: what lies after the start of the oldest attempt that may ask for it. */
import type { Context } from './stepper.ts'

/** Text kept beyond twice what is wanted, before it is let go. */
const slack = 2048

export class History {
  /** What lies before a text, given what lies before its beginning. */
  readonly #after: (context: Context, text: string) => Context
  #kept = ''
  #keptAt = 0
  #keptContext: Context | undefined
  // The piece being read lies in fields: nearly always nothing of it is wanted once it has been.
  #text = ''
  #from = 0
  #length = 0
  #at = 0
  #context: Context | undefined

  constructor(after: (context: Context, text: string) => Context) {
    this.#after = after
  }

  copy(): History {
    const copy = new History(this.#after)
    copy.#kept = this.#kept
    copy.#keptAt = this.#keptAt
    copy.#keptContext = this.#keptContext
    return copy
  }

  /** The piece about to be read; it can be looked into at once. */
  open(text: string, from: number, length: number, at: number, context: Context): void {
    this.#text = text
    this.#from = from
    this.#length = length
    this.#at = at
    this.#context = context
  }

  /** The piece has been read up to a position; of it and those before, only what lies after `before` will be asked for. */
  close(position: number, before: number): void {
    if (before >= position) {
      this.#kept = ''
      this.#length = 0
      return
    }
    const read = this.#text.slice(this.#from, this.#from + position - this.#at)
    if (this.#kept === '' || before >= this.#at) {
      this.#kept = ''
      this.#keptAt = this.#at
      this.#keptContext = this.#context
    }
    this.#kept += read
    this.#length = 0
    const unwanted = before - this.#keptAt
    if (unwanted > slack && unwanted * 2 > this.#kept.length && this.#keptContext) {
      this.#keptContext = this.#after(this.#keptContext, this.#kept.slice(0, unwanted))
      this.#kept = this.#kept.slice(unwanted)
      this.#keptAt = before
    }
  }

  slice(start: number, end: number): string {
    const kept = this.#kept === '' ? '' : this.#kept.slice(Math.max(0, start - this.#keptAt), Math.max(0, end - this.#keptAt))
    if (this.#length === 0 || end <= this.#at) return kept
    return (
      kept + this.#text.slice(this.#from + Math.max(0, start - this.#at), this.#from + Math.min(this.#length, end - this.#at))
    )
  }

  /** The last known context at or before a position, and the position it is known for. */
  contextBefore(position: number): { readonly context: Context; readonly at: number } {
    if (this.#length > 0 && this.#at <= position && this.#context) return { context: this.#context, at: this.#at }
    if (this.#kept === '' || this.#keptAt > position || !this.#keptContext)
      throw new RangeError('text is asked for that was let go')
    return { context: this.#keptContext, at: this.#keptAt }
  }
}
