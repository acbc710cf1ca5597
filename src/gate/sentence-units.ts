/** The borders at which text leaves sentence by sentence, by the text alone: ends of sentences, and what has to pass for one. */
import type { Channel } from '../terms/channel.ts'
import { isInForce, type Plan } from '../terms/plan.ts'
import { isHigh, isLow } from '../text/halves.ts'
import { Sentences } from '../text/sentences.ts'

/** UTF-16 units after which a sentence that does not end is divided, so that no more than these wait for its end. */
const longestSentence = 600

/** What people read sentence by sentence; everything else leaves as it is clear. */
const spoken: readonly Channel['kind'][] = ['answer', 'reasoning', 'refusal']

export class SentenceUnits {
  readonly #longest: number
  readonly #sentences = new Sentences()
  /** Known borders from the last one on that was asked for. */
  #borders: number[] = [0]
  #last = 0
  /** What was read ends in half a character. */
  #half = false

  constructor(longest = longestSentence) {
    this.#longest = longest
  }

  /** Undefined where text leaves as it is clear: JSON has no sentences, and where no rule is in force nothing is ever cut. */
  static of({ settings, rules }: Plan, { kind, json, atomic }: Channel): SentenceUnits | undefined {
    if (settings.release !== 'sentence' || json || atomic || !spoken.includes(kind)) return undefined
    return rules.some(isInForce) ? new SentenceUnits() : undefined
  }

  read(text: string): void {
    for (let at = 0; at < text.length; ) {
      const room = Math.max(1, this.#last + this.#longest - this.#sentences.read)
      at = this.#sentences.push(text, at, Math.min(text.length, at + room), (border) => this.#border(border))
      const { read } = this.#sentences
      const full = this.#last + this.#longest
      this.#half = isHigh(text.charCodeAt(at - 1))
      // Half a character that stands alone is a character of its own, and what follows it begins another.
      if (read > full) this.#border(isLow(text.charCodeAt(at - 1)) ? read : full)
      if (read === this.#last + this.#longest && !this.#half) this.#border(read)
    }
  }

  /**
   * Somebody else speaks: what was said so far does not wait for the rest of its sentence. Half a character is said with its
   * other half, or a mask would not know what belongs to the character before it.
   */
  pause(): void {
    this.#border(this.#sentences.read - (this.#half ? 1 : 0))
  }

  /** The last border up to `line` that tears nothing. @param torn where the line would have to be so as to tear nothing. */
  before(line: number, torn: (line: number) => number): number {
    let index = this.#borders.findLastIndex((border) => border <= line)
    while (index > 0 && torn(this.#borders[index] as number) < (this.#borders[index] as number)) index--
    this.#borders = this.#borders.slice(Math.max(0, index))
    return this.#borders[0] as number
  }

  #border(at: number): void {
    if (at <= this.#last) return
    this.#borders.push(at)
    this.#last = at
  }
}
