/** What a refused pattern tells its author: what is wrong, where, and a way out. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  /** Index into the pattern's source, in UTF-16 units. */
  readonly at: number
  readonly advice: string

  constructor(message: string, at: number, advice: string) {
    super(message)
    this.at = at
    this.advice = advice
  }
}
