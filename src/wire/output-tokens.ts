/** How many tokens a response took so far, where the upstream has not said it yet and a frame of ours has to. */

/** UTF-16 units a token stands for on average: a rule of thumb of the vendors' documentation, not a count. */
const perToken = { dense: 1.5, other: 4 }

export class OutputTokens {
  #dense = 0
  #other = 0
  #told = 0

  /** Text the model wrote. */
  said(text: string): void {
    let dense = 0
    for (let at = 0; at < text.length; at++) if (isDense(text.charCodeAt(at))) dense++
    this.#dense += dense
    this.#other += text.length - dense
  }

  /** What the upstream tells, cumulative. */
  told(tokens: number): void {
    this.#told = Math.max(this.#told, tokens)
  }

  /** At least what was told last: the upstream counts as it begins, and again when it is done. */
  get count(): number {
    return Math.max(this.#told, Math.ceil(this.#dense / perToken.dense + this.#other / perToken.other))
  }
}

/** Scripts written without blanks take more tokens for each character: Hangul, Chinese, Japanese, and their wide forms. */
function isDense(unit: number): boolean {
  if (unit < 0x1100) return false
  return unit < 0x1200 || (unit >= 0x2e80 && unit < 0xd800) || (unit >= 0xf900 && unit < 0xfb00) || unit >= 0xff00
}
