/** How far one channel's text may leave: up to where nothing can change it or, where whole sentences leave, the last end of one before. */
import { joinsBefore } from '../text/cluster.ts'
import type { Masks } from './masks.ts'
import type { SentenceUnits } from './sentence-units.ts'

export class ClearLine {
  /** Units that are irrevocably free to be sent, masks applied. Never falls. */
  clear = 0
  /** Units that nothing can change any more, whatever they wait for. */
  safe = 0
  /** Units read. */
  read = 0
  readonly #masks: Masks
  readonly #units: SentenceUnits | undefined
  /** The text from the clear line to what was read. */
  #held = ''

  constructor(masks: Masks, units: SentenceUnits | undefined) {
    this.#masks = masks
    this.#units = units
  }

  add(text: string): void {
    this.read += text.length
    this.#held += text
    this.#units?.read(text)
  }

  /** @param last it is the end of the text, and nothing was cut. */
  moveTo(safe: number, last = false): void {
    this.safe = safe
    const isUnit = this.#units === undefined || (last && safe === this.read)
    this.#advance(
      isUnit
        ? safe
        : Math.max(
            this.clear,
            this.#units.before(safe, (line) => this.#masks.line(line)),
          ),
    )
  }

  /** Somebody else speaks. */
  pause(): void {
    this.#units?.pause()
    this.moveTo(this.safe)
  }

  /** All that was read leaves, whatever is open on it. @returns units on which something was. */
  forward(): number {
    const open = this.read - this.safe
    this.#advance(this.safe)
    this.#masks.dropPending()
    this.safe = this.read
    this.#advance(this.read)
    return open
  }

  #advance(line: number): void {
    if (line === this.clear) return
    const all = line === this.read
    if (this.#masks.unsettled)
      this.#masks.settle(this.clear, line, all ? this.#held : this.#held.slice(0, line - this.clear), joinsBefore)
    this.#held = all ? '' : this.#held.slice(line - this.clear)
    this.clear = line
  }
}
