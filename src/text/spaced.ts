/** Reads words that are spelled out: letters set apart one by one, as in `b o m b` or `b.o.m.b`. */
import type { Alphabet } from './alphabet.ts'
import { type Automaton, afterWord, noClass } from './automaton.ts'
import type { Judge } from './judge.ts'
import type { Seconds } from './loose.ts'
import type { Onward } from './onward.ts'
import type { View } from './reading.ts'

/** What units are to somebody who looks for letters set apart. */
export const kinds = { other: 0, word: 1, letter: 2, gap: 3, close: 4, blank: 5 } as const

/** Signs between two letters. */
const widest = 3
/** Stands between cells of a table more often than for a letter. */
const bar = 0x7c

interface Letter {
  readonly start: number
  /** It is a sign read as a letter. */
  readonly sign: boolean
  /** The signs before it, and whether they set it apart from a letter of the same word: no blank is among them. */
  readonly gap: string
  readonly inside: boolean
}

/** One way of reading the letters so far. */
interface Thread {
  readonly state: number
  readonly letters: readonly Letter[]
  readonly end: number
  readonly waiting: boolean
}

const none: Thread = { state: afterWord, letters: [], end: 0, waiting: false }

export class Spaced implements View {
  readonly stride = Infinity
  readonly #automaton: Automaton
  readonly #alphabet: Alphabet
  readonly #seconds: Seconds
  /** Kind by unit. */
  readonly #kinds: Uint8Array
  readonly #onward: Onward
  #threads: readonly Thread[] = []
  /** Signs since the last letter, no more than matter, and whether a blank is among them. */
  #gap = ''
  #blank = false
  /** The last letter makes words. */
  #word = false
  /** Units that come next and are known to be of no interest. */
  #clear = 0

  constructor(automaton: Automaton, alphabet: Alphabet, seconds: Seconds, kindOf: Uint8Array, onward: Onward) {
    this.#automaton = automaton
    this.#alphabet = alphabet
    this.#seconds = seconds
    this.#kinds = kindOf
    this.#onward = onward
  }

  begin(): void {
    this.#clear = 0
  }

  reach(text: string, from: number, to: number, known: number): number {
    if (this.#threads.length > 0) return from
    if (this.#clear === 0) this.#clear = this.#scan(text, from, known) - from
    return Math.min(from + this.#clear, to)
  }

  advance(text: string, from: number, to: number): void {
    if (to === from) return
    this.#clear -= to - from
    for (let index = Math.max(from, to - widest - 2); index < to; index += 1) this.#note(text.charCodeAt(index))
  }

  /** What stands before the next letter. */
  #note(unit: number): void {
    const kind = this.#kinds[unit] as number
    if (kind === kinds.gap || kind === kinds.blank) {
      if (this.#gap.length <= widest) this.#gap += String.fromCharCode(unit)
      if (kind === kinds.blank) this.#blank = true
    } else this.#letterWas(kind === kinds.word)
  }

  #letterWas(word: boolean): void {
    this.#gap = ''
    this.#blank = false
    this.#word = word
  }

  /** Index of the first unit that must be read. */
  #scan(text: string, from: number, to: number): number {
    let before = this.#word && this.#gap === ''
    for (let index = from; index < to; index += 1) {
      const kind = this.#kinds[text.charCodeAt(index)] as number
      if (kind === kinds.word && before) continue
      if (kind === kinds.close) return index
      if (kind === kinds.word || kind === kinds.letter) {
        // A letter with no sign after it is not set apart.
        const next = index + 1 < to ? (this.#kinds[text.charCodeAt(index + 1)] as number) : kinds.close
        if (next >= kinds.gap) return index
      }
      before = kind === kinds.word
    }
    return to
  }

  read(codePoint: number, start: number, end: number, judge: Judge): void {
    if (this.#clear > 0) {
      this.#clear -= end - start
      this.#note(codePoint)
      return
    }
    const classes = this.#alphabet.classes(codePoint)
    if (classes.length === 0) return
    const kind = codePoint < 0x10000 ? (this.#kinds[codePoint] as number) : kinds.other
    if (kind === kinds.gap || kind === kinds.blank) {
      this.#border(false, judge)
      this.#note(codePoint)
      if (this.#gap.length > widest) this.#threads = []
      return
    }
    for (let index = 0; index < classes.length; index += 1)
      this.#letter(codePoint, classes[index] as number, classes.length === 1, start, end, judge)
  }

  end(judge: Judge): void {
    this.#border(false, judge)
    this.#threads = []
  }

  heldFrom(): number {
    let from = Infinity
    for (const { state, letters } of this.#threads) {
      // After a sign the border is behind.
      const held = this.#gap === '' ? this.#automaton.held(state) : this.#onward.held(state)
      if (held > 0) from = Math.min(from, (letters[letters.length - held] as Letter).start)
    }
    return from
  }

  begunFrom(rule: number): number {
    let from = Infinity
    for (const { state, letters } of this.#threads) {
      const depth = this.#automaton.begun(state, rule)
      if (depth > 0) from = Math.min(from, (letters[letters.length - depth] as Letter).start)
    }
    return from
  }

  get waits(): boolean {
    return this.#threads.some(({ waiting }) => waiting)
  }

  likeness(codePoint: number): string {
    return `${Array.from(this.#alphabet.classes(codePoint)).join()} ${this.#seconds.get(codePoint)?.classes.join()}`
  }

  fork(): Spaced {
    const copy = new Spaced(this.#automaton, this.#alphabet, this.#seconds, this.#kinds, this.#onward)
    copy.#threads = this.#threads
    copy.#gap = this.#gap
    copy.#blank = this.#blank
    copy.#word = this.#word
    copy.#clear = this.#clear
    return copy
  }

  #letter(codePoint: number, symbol: number, single: boolean, start: number, end: number, judge: Judge): void {
    const { isWord } = this.#alphabet.tables
    const word = isWord[symbol] === 1
    this.#border(word, judge)
    const second = single ? this.#seconds.get(codePoint) : undefined
    const goesOn = this.#gap !== '' && this.#threads.length > 0
    const inWord = this.#word && this.#gap === ''
    const next = new Map<number, Thread>()
    for (const thread of goesOn ? this.#threads : [none]) {
      for (const read of [symbol, ...(second?.classes ?? [])]) {
        if (read === noClass || (read !== symbol && codePoint === bar)) continue
        // What is set apart begins where a word may begin.
        if (!goesOn && inWord && isWord[read] === 1) continue
        const inside = this.#word && !this.#blank && this.#gap !== '' && isWord[read] === 1
        const letter = { start, sign: read !== symbol, gap: this.#gap, inside }
        const stepped = this.#step(thread, read, letter, end, judge)
        // Threads of one state have read the same letters in the same places.
        if (stepped.letters.length > 0) next.set(stepped.state, stepped)
      }
    }
    this.#threads = [...next.values()]
    this.#letterWas(word)
  }

  #step(from: Thread, symbol: number, letter: Letter, end: number, judge: Judge): Thread {
    const target = this.#automaton.step(from.state, symbol)
    const state = target < 0 ? ~target : target
    const depth = this.#automaton.depth(state)
    const letters = depth === 0 ? [] : [...from.letters.slice(Math.max(0, from.letters.length - depth + 1)), letter]
    const next: Thread = { state, letters, end, waiting: false }
    return target < 0 ? { ...next, waiting: this.#tell(next, 0, judge) } : next
  }

  #border(word: boolean, judge: Judge): void {
    for (const thread of this.#threads) if (thread.waiting && !word) this.#tell(thread, 1, judge)
    if (this.#threads.some(({ waiting }) => waiting))
      this.#threads = this.#threads.map((thread) => ({ ...thread, waiting: false }))
  }

  #tell({ state: last, letters, end }: Thread, kind: 0 | 1, judge: Judge): boolean {
    const automaton = this.#automaton
    const { endings } = automaton.tables
    let waits = false
    for (let state = last; state > automaton.afterOther; state = automaton.fail(state)) {
      const depth = automaton.depth(state)
      const own = letters.slice(-depth)
      // Signs are letters only among letters: `a 5.5` is no word. Two letters with a blank between them are two words.
      if (2 * own.filter(({ sign }) => sign).length >= depth || (depth === 2 && kind === 0 && this.#blank)) continue
      const [first, second] = own
      // Whole words that ask for a border do not begin where a longer word goes on: `cl.a.s.s`.
      const begins = kind === 0 || first?.inside !== true || first.gap !== second?.gap
      const [from, to] = automaton.endingsOf(state)
      for (let index = from; index < to; index += 1) {
        const code = endings[index] as number
        if ((code & 1) !== kind) waits = true
        else if (begins) judge.add({ rule: code >> 2, exception: (code & 2) !== 0, start: first?.start ?? 0, end })
      }
    }
    return waits
  }
}
