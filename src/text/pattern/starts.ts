/** A set of positions within a moving window, as bits of a ring; the earliest is always at hand. */
export class Starts {
  readonly #bits: Int32Array
  readonly #ring: number
  /** The earliest; infinite where there is none. */
  first = Number.POSITIVE_INFINITY

  /** @param ring a multiple of 32, more than the positions can lie apart. */
  constructor(ring: number) {
    this.#ring = ring
    this.#bits = new Int32Array(ring >> 5)
  }

  get empty(): boolean {
    return this.first === Number.POSITIVE_INFINITY
  }

  copy(): Starts {
    return new Starts(this.#ring).become(this)
  }

  become(other: Starts): this {
    this.#bits.set(other.#bits)
    this.first = other.first
    return this
  }

  clear(): void {
    this.#bits.fill(0)
    this.first = Number.POSITIVE_INFINITY
  }

  set(position: number): void {
    const bit = position % this.#ring
    this.#bits[bit >> 5]! |= 1 << (bit & 31)
    if (position < this.first) this.first = position
  }

  add(other: Starts): void {
    const bits = this.#bits
    const more = other.#bits
    for (let word = 0; word < bits.length; word++) bits[word]! |= more[word]!
    if (other.first < this.first) this.first = other.first
  }

  /** Lets go of everything before a position. @param end after all positions. */
  dropBefore(position: number, end: number): void {
    if (this.first >= position) return
    const last = Math.min(position, end)
    for (let at = this.first; at < last; at++) {
      const bit = at % this.#ring
      this.#bits[bit >> 5]! &= ~(1 << (bit & 31))
    }
    this.first = this.#next(last, end)
  }

  #next(from: number, end: number): number {
    for (let at = from; at < end; ) {
      const bit = at % this.#ring
      const rest = this.#bits[bit >> 5]! >>> (bit & 31)
      if (rest !== 0) return at + 31 - Math.clz32(rest & -rest)
      at += 32 - (bit & 31)
    }
    return Number.POSITIVE_INFINITY
  }
}
