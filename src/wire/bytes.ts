/** Collects bytes that arrive in pieces without copying what came before each time. */

export class ByteBuffer {
  #bytes = new Uint8Array(0)
  #length = 0

  /** Bytes collected. */
  get length(): number {
    return this.#length
  }

  add(bytes: Uint8Array, from = 0): void {
    const length = this.#length + bytes.length - from
    if (length > this.#bytes.length) {
      // Doubling keeps the copying linear, and one buffer costs less than a view for each byte that came alone.
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2, 1024))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(from === 0 ? bytes : bytes.subarray(from), this.#length)
    this.#length = length
  }

  /** What was collected followed by `bytes` from `from` up to `to`; the buffer is empty afterwards. */
  takeWith(bytes: Uint8Array, from: number, to: number): Uint8Array {
    if (this.#length === 0) return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to)
    const whole = new Uint8Array(this.#length + to - from)
    whole.set(this.#bytes.subarray(0, this.#length))
    whole.set(bytes.subarray(from, to), this.#length)
    this.#length = 0
    return whole
  }
}
