/** Leaves out what would take longer than anyone waits, and says so by name: nothing that was begun can be stopped. */

export class Patience {
  readonly #mostMs: number
  readonly #known = new Map<string, { size: number; milliseconds: number }[]>()

  /** @param mostMs milliseconds one build may be expected to take. */
  constructor(mostMs: number) {
    this.#mostMs = mostMs
  }

  /**
   * @param attempt builds it at another size and says how many milliseconds it took: where no smaller size was built yet,
   * a hundredth and a tenth are tried first.
   * @returns why it should not be tried at this size, or undefined where it may.
   */
  refuses(name: string, size: number, attempt: (size: number) => number): string | undefined {
    for (const smaller of [size / 100, size / 10].map(Math.floor)) {
      const known = this.#known.get(name) ?? []
      if (smaller < 100 || known.some((one) => one.size >= smaller) || this.#expected(name, smaller) > this.#mostMs) continue
      this.took(name, smaller, attempt(smaller))
    }
    const expected = this.#expected(name, size)
    return expected > this.#mostMs ? `would take about ${Math.round(expected / 1000)} s to build` : undefined
  }

  took(name: string, size: number, milliseconds: number): void {
    this.#known.set(name, [...(this.#known.get(name) ?? []), { size, milliseconds }])
  }

  /** It was tried at this size and never came to an end worth waiting for: larger sizes are not tried. */
  gaveUp(name: string, size: number): void {
    this.took(name, size, Number.POSITIVE_INFINITY)
  }

  /** Grows as it grew between the last two sizes; in proportion, where there is only one. */
  #expected(name: string, size: number): number {
    const known = this.#known.get(name) ?? []
    const last = known.at(-1)
    if (last === undefined) return 0
    const before = known.at(-2)
    const grew = before === undefined ? 1 : Math.log(last.milliseconds / before.milliseconds) / Math.log(last.size / before.size)
    const power = Math.min(2.5, Math.max(1, Number.isNaN(grew) ? 1 : grew))
    return last.milliseconds * (size / last.size) ** power
  }
}
