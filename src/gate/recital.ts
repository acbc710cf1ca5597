/** What a channel has said and what was sent of it, for protocols that say the whole text again. */
import { Fingerprint } from '../text/fingerprint.ts'
import type { Caps } from './caps.ts'

/** UTF-16 units that a scope's channels have said together, of those that are restated. */
export interface Restated {
  read: number
  sent: number
}

export class Recital {
  /** What has been sent, masks applied; undefined where that is more than is kept. */
  sent: string | undefined = ''
  readonly #caps: Caps
  readonly #restated: Restated
  readonly #fingerprint = new Fingerprint()

  /** @param restated the scope's count. */
  constructor(caps: Caps, restated: Restated = { read: 0, sent: 0 }) {
    this.#caps = caps
    this.#restated = restated
  }

  /** Units that may still be read where the scope is cut once it has said more than is kept. */
  get room(): number {
    const { answer_most_chars, at_cap } = this.#caps
    return at_cap === 'cut' ? answer_most_chars - this.#restated.read : Number.POSITIVE_INFINITY
  }

  add(text: string): void {
    this.#fingerprint.add(text)
    this.#restated.read += text.length
  }

  /** `text`, as it may be read, was sent for so many units of what was read. */
  left(units: number, text: string): void {
    const { answer_most_chars, at_cap } = this.#caps
    this.#restated.sent += units
    // Where the cap cuts, it has bounded what could be sent already.
    const isKept = at_cap === 'cut' || this.#restated.sent <= answer_most_chars
    this.sent = isKept && this.sent !== undefined ? this.sent + text : undefined
  }

  /** Whether `text` is all that was read. */
  isWhole(text: string): boolean {
    return this.#fingerprint.is(text)
  }
}
