/** When a run leaves the table and for how long: text that makes new states at every turn is read faster without. */

export interface Patience {
  /** More new states than this in a window of units, in a table that is filling up, are no warming up. */
  readonly misses: number
  readonly window: number
  /** Units to do without the table, doubled each time it does not help. */
  readonly rest: number
  /** Units of the longest rest. */
  readonly longest: number
}

export const ordinaryPatience: Patience = { misses: 128, window: 2048, rest: 4096, longest: 2 ** 18 }

/** Speed hangs on it, findings do not. */
export class Pace {
  /** Position up to which to do without the table. */
  until = 0
  #since = 0
  #misses = 0
  readonly #patience: Patience
  #rest: number

  constructor(patience: Patience) {
    this.#patience = patience
    this.#rest = patience.rest
  }

  copy(): Pace {
    const copy = new Pace(this.#patience)
    copy.until = this.until
    copy.#since = this.#since
    copy.#misses = this.#misses
    copy.#rest = this.#rest
    return copy
  }

  /**
   * @param crowded whether making more states will soon empty the table.
   * @returns whether the state just made, at position `at`, is one too many.
   */
  missed(at: number, crowded: boolean): boolean {
    if (at - this.#since > this.#patience.window) {
      if (at - this.until > this.#patience.longest) this.#rest = this.#patience.rest
      this.#since = at
      this.#misses = 0
    }
    this.#misses++
    if (this.#misses <= this.#patience.misses || !crowded) return false
    this.until = at + this.#rest
    this.#rest = Math.min(this.#patience.longest, this.#rest * 2)
    this.#since = this.until
    this.#misses = 0
    return true
  }
}
