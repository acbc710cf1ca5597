/** Which characters a set of terms tells apart, with the fold worked in, so that folding costs no more than a look-up. */
import { firstClass, otherClass, special, wordClass } from './automaton.ts'
import { isUnspacedLetter, isWordCharacter } from './boundary.ts'
import type { FoldMap } from './fold.ts'

/** Flat arrays only, so that loading is putting views on a buffer. */
export interface AlphabetTables {
  /** Class by UTF-16 unit; `special` where the unit is half a character or counts as none or several. */
  readonly classOf: Uint16Array
  /** By class: 1 for word characters. */
  readonly isWord: Uint8Array
  /** Code points of more than one unit or more than one symbol, ascending; where their classes begin; the classes. */
  readonly points: Uint32Array
  readonly pointsAt: Uint32Array
  readonly pointClasses: Uint16Array
  /** By class: 1 for letters that a stretched word repeats. */
  readonly repeats: Uint8Array
  /** The class of a blank, 1 where no term holds any. */
  readonly blank: number
}

export class Alphabet {
  readonly tables: AlphabetTables
  readonly #single = [0]

  constructor(tables: AlphabetTables) {
    this.tables = tables
  }

  /** The classes a code point counts as; the answer is good until the next question. */
  classes(codePoint: number): ArrayLike<number> {
    if (codePoint < 0x10000) {
      const known = this.tables.classOf[codePoint] as number
      if (known !== special) return this.#one(known)
    }
    const { points, pointsAt, pointClasses } = this.tables
    let low = 0
    let high = points.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((points[middle] as number) < codePoint) low = middle + 1
      else high = middle
    }
    if (points[low] === codePoint) return pointClasses.subarray(pointsAt[low], pointsAt[low + 1])
    return this.#one(isWordCharacter(codePoint) ? wordClass : otherClass)
  }

  #one(known: number): ArrayLike<number> {
    this.#single[0] = known
    return this.#single
  }
}

let plainClasses: Uint16Array | undefined

/** Classes of the units where no term tells any of them apart. */
function plain(): Uint16Array {
  if (plainClasses !== undefined) return plainClasses
  plainClasses = new Uint16Array(0x10000)
  for (let unit = 0; unit < 0x10000; unit += 1) plainClasses[unit] = isWordCharacter(unit) ? wordClass : otherClass
  return plainClasses.fill(special, 0xd800, 0xe000)
}

/** The signs that prose and code have most of, blanks apart, and how frequent they count as at least. */
const everywhere = Array.from(',.-():', (sign) => sign.charCodeAt(0))
const oneIn = 50

/** Gives symbols their classes as they are met. */
export class AlphabetMaker {
  readonly #fold: FoldMap
  /** Class of a unit that counts as one symbol of the basic plane, 0 while it has none. */
  readonly #quick = new Uint16Array(0x10000)
  readonly #classes = new Map<number, number>()
  #next: number = firstClass

  constructor(fold: FoldMap) {
    this.#fold = fold
  }

  get size(): number {
    return this.#next
  }

  /**
   * Writes the classes of a text from `at` on.
   *
   * @returns where they end.
   * @throws RangeError where the terms tell more characters apart than there are classes.
   */
  write(text: string, into: Uint16Array, at: number): number {
    let end = at
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      const known = this.#quick[unit] as number
      if (known !== 0) {
        into[end++] = known
        continue
      }
      const codePoint = text.codePointAt(index) as number
      if (codePoint > 0xffff) index += 1
      const image = this.#fold.get(codePoint)
      for (const symbol of image ?? [codePoint]) into[end++] = this.#classFor(symbol)
      if (image === undefined || image.length === 1) {
        if (codePoint < 0xd800 || (codePoint > 0xdfff && codePoint < 0x10000))
          this.#quick[unit] = this.#classFor((image ?? [codePoint])[0] as number)
      }
    }
    return end
  }

  /**
   * Numbers the classes anew, the most frequent first, so that rows can have places for those alone. What matters is how often
   * a text has them, and of the signs that every text is full of few terms have any.
   *
   * @param labels what was written; numbered anew in place.
   */
  order(labels: Uint16Array): void {
    const counts = new Uint32Array(this.#next)
    for (let at = 0; at < labels.length; at += 1) counts[labels[at] as number] = (counts[labels[at] as number] as number) + 1
    for (const sign of everywhere) {
      const number = this.#classes.get(sign)
      if (number !== undefined) counts[number] = Math.max(counts[number] as number, labels.length / oneIn)
    }
    const known = Array.from({ length: this.#next - firstClass }, (_, index) => firstClass + index)
    known.sort((one, other) => (counts[other] as number) - (counts[one] as number))
    const numbers = new Uint16Array(this.#next)
    for (const [index, number] of known.entries()) numbers[number] = firstClass + index
    for (let at = 0; at < labels.length; at += 1) labels[at] = numbers[labels[at] as number] as number
    for (const [symbol, number] of this.#classes) this.#classes.set(symbol, numbers[number] as number)
    this.#quick.fill(0)
  }

  #repeats(isWord: Uint8Array): Uint8Array {
    const repeats = new Uint8Array(this.#next)
    for (const [symbol, number] of this.#classes) {
      if ((isWord[number] === 1 && (symbol < 0x30 || symbol > 0x39)) || isUnspacedLetter(symbol)) repeats[number] = 1
    }
    return repeats
  }

  #classFor(symbol: number): number {
    const known = this.#classes.get(symbol)
    if (known !== undefined) return known
    if (this.#next >= 0xfff0) throw new RangeError('the terms are made of too many different characters')
    this.#classes.set(symbol, this.#next)
    return this.#next++
  }

  /** The class a symbol has; 0 or 1 where no term holds it. */
  classOf(symbol: number): number {
    return this.#classes.get(symbol) ?? (isWordCharacter(symbol) ? wordClass : otherClass)
  }

  /** @param careful code points that must not be skipped, because there is more than one way to read them. */
  finish(careful: Iterable<number> = []): AlphabetTables {
    const isWord = new Uint8Array(this.#next)
    isWord[0] = 1
    const classOf = plain().slice()
    const points: [number, readonly number[]][] = []
    const classFor = (symbol: number) => this.classOf(symbol)
    for (const [symbol, number] of this.#classes) {
      isWord[number] = isWordCharacter(symbol) ? 1 : 0
      if (symbol < 0x10000 && classOf[symbol] !== special) classOf[symbol] = number
      else points.push([symbol, [number]])
    }
    for (const [codePoint, image] of this.#fold) {
      const classes = image.map(classFor)
      if (codePoint < 0x10000 && image.length === 1) classOf[codePoint] = classes[0] as number
      else if (codePoint > 0xffff && image.length === 1 && (classes[0] as number) < firstClass) continue
      else {
        points.push([codePoint, classes])
        if (codePoint < 0x10000) classOf[codePoint] = special
      }
    }
    for (const codePoint of careful) {
      const known = codePoint < 0x10000 ? (classOf[codePoint] as number) : special
      if (known === special) continue
      points.push([codePoint, [known]])
      classOf[codePoint] = special
    }
    points.sort(([one], [other]) => one - other)
    const pointsAt = new Uint32Array(points.length + 1)
    for (const [index, [, classes]] of points.entries()) pointsAt[index + 1] = (pointsAt[index] as number) + classes.length
    return {
      classOf,
      isWord,
      points: Uint32Array.from(points, ([codePoint]) => codePoint),
      pointsAt,
      pointClasses: Uint16Array.from(points.flatMap(([, classes]) => classes)),
      repeats: this.#repeats(isWord),
      blank: this.classOf(0x20),
    }
  }
}
