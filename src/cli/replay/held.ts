/** Counts how much text was held after each delta, in memory that does not grow with the text. */

export interface HeldSummary {
  /** UTF-16 units; the mean to three decimals. */
  readonly mean: number
  readonly p99: number
  readonly max: number
  /** Deltas after which was measured. */
  readonly positions: number
}

export class Held {
  /** How often each number of units was held. */
  readonly #counts = new Map<number, number>()

  add(units: number, times = 1): void {
    this.#counts.set(units, (this.#counts.get(units) ?? 0) + times)
  }

  addAll(other: Held): void {
    for (const [units, times] of other.#counts) this.add(units, times)
  }

  summary(): HeldSummary {
    const counts = [...this.#counts].sort(([a], [b]) => a - b)
    const positions = counts.reduce((sum, [, times]) => sum + times, 0)
    const total = counts.reduce((sum, [units, times]) => sum + units * times, 0)
    // Nearest rank: the least number of units that no more than one position in a hundred exceeds.
    let left = Math.ceil(positions * 0.99)
    const p99 = counts.find(([, times]) => {
      left -= times
      return left <= 0
    })
    const mean = positions === 0 ? 0 : Math.round((total / positions) * 1000) / 1000
    return { mean, p99: p99?.[0] ?? 0, max: counts.at(-1)?.[0] ?? 0, positions }
  }
}
