/** Tells whether two texts are the same without keeping either: their length and a hash that grows with the text. */

/** Seeded anew for each response, so that nobody can prepare two texts that look the same. */
export class Fingerprint {
  readonly #seed: readonly [number, number]
  #one: number
  #two: number
  #length = 0

  constructor(seed: readonly [number, number] = [Math.random() * 2 ** 32, Math.random() * 2 ** 32]) {
    this.#seed = seed
    this.#one = seed[0] | 0
    this.#two = seed[1] | 0
  }

  add(text: string): void {
    let one = this.#one
    let two = this.#two
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      one = Math.imul(one ^ unit, 0x9e3779b1)
      one ^= one >>> 15
      two = Math.imul(two ^ unit, 0x5f356495)
      two ^= two >>> 13
    }
    this.#one = one
    this.#two = two
    this.#length += text.length
  }

  /** Whether `text` is what was added, up to one chance in 2^64. */
  is(text: string): boolean {
    if (text.length !== this.#length) return false
    const other = new Fingerprint(this.#seed)
    other.add(text)
    return other.#one === this.#one && other.#two === this.#two
  }
}
