/** Where text lies: half-open ranges of UTF-16 units, counted from the start of the text they belong to. */

export interface Span {
  readonly start: number
  readonly end: number
}
