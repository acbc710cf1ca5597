/** How many tokens a response took so far, where the upstream has not said it yet and a frame of ours has to. */
import type { JsonRecord } from './shape.ts'

/** Scripts written without blanks take more tokens for each character. */
const dense = /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]/

/** UTF-16 units a token stands for on average: a rule of thumb of the vendors' documentation, not a count. */
const perToken = { dense: 1.5, other: 4 }

export class OutputTokens {
  #dense = 0
  #other = 0
  #told = 0

  /** Text the model wrote. */
  said(text: string): void {
    for (const unit of text) {
      if (dense.test(unit)) this.#dense += unit.length
      else this.#other += unit.length
    }
  }

  /** Usage as the upstream tells it, cumulative. */
  told(usage: unknown): void {
    const tokens = (usage as JsonRecord | null | undefined)?.['output_tokens']
    if (typeof tokens === 'number' && tokens > this.#told) this.#told = tokens
  }

  /** At least what was told last: the upstream counts as it begins, and again when it is done. */
  get count(): number {
    return Math.max(this.#told, Math.ceil(this.#dense / perToken.dense + this.#other / perToken.other))
  }
}
