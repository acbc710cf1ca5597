/** What half a character at the end of a text can become, so that what every other half agrees upon need not wait for it. */

const firstHigh = 0xd800
const firstLow = 0xdc00

export function isHigh(unit: number): boolean {
  return unit >= firstHigh && unit < firstLow
}

export function isLow(unit: number): boolean {
  return unit >= firstLow && unit < 0xe000
}

/** The code point that two halves make. */
export function whole(high: number, low: number): number {
  return 0x10000 + ((high - firstHigh) << 10) + low - firstLow
}

/** How a code point is read: two of which the same is said are read alike, but for being the same letter again. */
export type Likeness = (codePoint: number) => string

/** Letters that are read alike and yet differ in form may both matter: a letter written in two forms counts as stretched. */
const formsKept = 2

export class Halves {
  readonly #likeness: Likeness
  readonly #known = new Map<number, readonly number[]>()

  constructor(likeness: Likeness) {
    this.#likeness = likeness
  }

  /** Code points that begin with the half, at least one for each way in which they are read; the half on its own first. */
  of(high: number): readonly number[] {
    let points = this.#known.get(high)
    if (points === undefined) {
      points = [high, ...this.#distinct(high)]
      this.#known.set(high, points)
    }
    return points
  }

  #distinct(high: number): number[] {
    const kept: number[] = []
    const seen = new Map<string, number>()
    for (let low = firstLow; low < 0xe000; low += 1) {
      const point = whole(high, low)
      const like = this.#likeness(point)
      const forms = seen.get(like) ?? 0
      if (forms < formsKept) kept.push(point)
      seen.set(like, forms + 1)
    }
    return kept
  }
}
