/** What a refused pattern tells its author: what is wrong, where, and a way out. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  /** As of every error that a door throws: what is wrong with one pattern is wrong with its policy. */
  readonly code = 'policy_invalid'
  /** Index into the pattern's source, in UTF-16 units. */
  readonly at: number
  readonly advice: string

  constructor(message: string, at: number, advice: string) {
    super(message)
    this.at = at
    this.advice = advice
  }
}
