/** Where sentences and lines end, by rules of our own with one character of look-ahead: what follows later changes nothing. */
import { isUnspacedLetter } from './boundary.ts'

// The runtime's segmenter changes its mind as text grows (`It costs 3.` becomes `3.14`), and between versions.

/** Ends of lines; a carriage return only goes before one. */
const lineEnds = new Set([0x0a, 0x0b, 0x0c, 0x85, 0x2028, 0x2029])
/** A blank must follow, for in numbers, names of files and addresses it ends nothing. */
const enders = new Set([...'.!?…．؟۔։።।॥‼⁇⁈⁉'].map((sign) => sign.charCodeAt(0)))
/** Nothing need follow: scripts without blanks write on at once. */
const fullEnders = new Set([...'。！？｡'].map((sign) => sign.charCodeAt(0)))
/** What belongs to the sentence before it. */
const closers = new Set([...`)]}"'”’»›」』】》〉）］｝〕*_`].map((sign) => sign.charCodeAt(0)))
const blank = /^\s$/

export class Sentences {
  /** Where the text may have ended a sentence, 0 for nowhere; and whether whatever comes next makes it certain. */
  #perhaps = 0
  #full = false
  #read = 0

  /** Units read. */
  get read(): number {
    return this.#read
  }

  /**
   * Reads on, from unit `from` of `text`, to right after the first one at which a sentence may end.
   *
   * @param tell told of each border that became certain, as an offset in UTF-16 units from the first unit ever read.
   * @returns the index it came to: a border may stand there, or it is `to`.
   */
  push(text: string, from: number, to: number, tell: (border: number) => void): number {
    for (let index = from; index < to; index += 1) {
      const unit = text.charCodeAt(index)
      if (this.#unit(unit, tell)) return index + 1
    }
    return to
  }

  #unit(unit: number, tell: (border: number) => void): boolean {
    this.#read += 1
    if (fullEnders.has(unit) || enders.has(unit)) {
      this.#full = fullEnders.has(unit) || (this.#perhaps > 0 && this.#full)
      this.#perhaps = this.#read
      return true
    }
    if (this.#perhaps > 0) {
      if (closers.has(unit)) {
        this.#perhaps = this.#read
        return true
      }
      if (this.#full || blank.test(String.fromCharCode(unit)) || isUnspacedLetter(unit)) tell(this.#perhaps)
      this.#perhaps = 0
    }
    if (!lineEnds.has(unit)) return false
    tell(this.#read)
    return true
  }
}
