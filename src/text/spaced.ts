/** Reads words that are spelled out: letters set apart one by one, as in `b o m b` or `b.o.m.b`. */
import type { Alphabet } from './alphabet.ts'
import { type Automaton, afterOther, afterWord, noClass } from './automaton.ts'
import type { Judge } from './judge.ts'
import type { Seconds } from './loose.ts'
import type { View } from './reading.ts'

/** What units are to somebody who looks for letters set apart. */
export const kinds = { other: 0, word: 1, letter: 2, gap: 3, close: 4, blank: 5 } as const

/** Signs between two letters. */
const widest = 3
const mostThreads = 64
/** Stands between cells of a table more often than for a letter. */
const bar = 0x7c

/** One way of reading the letters so far. */
interface Thread {
  readonly state: number
  readonly starts: readonly number[]
  /** For each letter of it, whether it is a sign read as one. */
  readonly signs: readonly boolean[]
  readonly end: number
  readonly waiting: boolean
}

const none: Thread = { state: afterWord, starts: [], signs: [], end: 0, waiting: false }

export class Spaced implements View {
  readonly stride = Infinity
  readonly #automaton: Automaton
  readonly #alphabet: Alphabet
  readonly #seconds: Seconds
  /** Kind by unit. */
  readonly #kinds: Uint8Array
  #threads: readonly Thread[] = []
  /** Signs since the last letter, and whether a blank is among them. */
  #gap = 0
  #blank = false
  #afterWord = false
  /** Units that come next and are known to be of no interest. */
  #clear = 0

  constructor(automaton: Automaton, alphabet: Alphabet, seconds: Seconds, kindOf: Uint8Array) {
    this.#automaton = automaton
    this.#alphabet = alphabet
    this.#seconds = seconds
    this.#kinds = kindOf
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
    this.#afterWord = this.#kinds[text.charCodeAt(to - 1)] === kinds.word
  }

  /** Index of the first unit that must be read. */
  #scan(text: string, from: number, to: number): number {
    let before = this.#afterWord
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
      this.#afterWord = this.#kinds[codePoint] === kinds.word
      return
    }
    const classes = this.#alphabet.classes(codePoint)
    if (classes.length === 0) return
    const kind = codePoint < 0x10000 ? (this.#kinds[codePoint] as number) : kinds.other
    if (kind === kinds.gap || kind === kinds.blank) {
      this.#border(false, judge)
      this.#gap += 1
      if (kind === kinds.blank) this.#blank = true
      if (this.#gap > widest) this.#threads = []
      this.#afterWord = false
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
    for (const { state, starts } of this.#threads) {
      const held = this.#automaton.held(state)
      if (held > 0) from = Math.min(from, starts[starts.length - held] as number)
    }
    return from
  }

  begunFrom(rule: number): number {
    let from = Infinity
    for (const { state, starts } of this.#threads) {
      const depth = this.#automaton.begun(state, rule)
      if (depth > 0) from = Math.min(from, starts[starts.length - depth] as number)
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
    const copy = new Spaced(this.#automaton, this.#alphabet, this.#seconds, this.#kinds)
    copy.#threads = this.#threads
    copy.#gap = this.#gap
    copy.#blank = this.#blank
    copy.#afterWord = this.#afterWord
    copy.#clear = this.#clear
    return copy
  }

  #letter(codePoint: number, symbol: number, single: boolean, start: number, end: number, judge: Judge): void {
    const word = this.#alphabet.tables.isWord[symbol] === 1
    this.#border(word, judge)
    const second = single ? this.#seconds.get(codePoint) : undefined
    const from = this.#gap > 0 && this.#threads.length > 0 ? this.#threads : word && this.#afterWord ? [] : [none]
    const next: Thread[] = []
    for (const thread of from) {
      for (const read of [symbol, ...(second?.classes ?? [])]) {
        if (read === noClass || (read !== symbol && codePoint === bar) || next.length >= mostThreads) continue
        const stepped = this.#step(thread, read, read !== symbol, start, end, judge)
        if (
          stepped.starts.length > 0 &&
          !next.some((other) => other.state === stepped.state && other.starts[0] === stepped.starts[0])
        )
          next.push(stepped)
      }
    }
    this.#threads = next
    this.#gap = 0
    this.#blank = false
    this.#afterWord = word
  }

  #step(from: Thread, symbol: number, chosen: boolean, start: number, end: number, judge: Judge): Thread {
    const target = this.#automaton.step(from.state, symbol)
    const state = target < 0 ? ~target : target
    const depth = this.#automaton.depth(state)
    const next: Thread = {
      state,
      starts: depth === 0 ? [] : [...from.starts.slice(Math.max(0, from.starts.length - depth + 1)), start],
      signs: depth === 0 ? [] : [...from.signs.slice(Math.max(0, from.signs.length - depth + 1)), chosen],
      end,
      waiting: false,
    }
    return target < 0 ? { ...next, waiting: this.#tell(next, 0, judge) } : next
  }

  #border(word: boolean, judge: Judge): void {
    for (const thread of this.#threads) if (thread.waiting && !word) this.#tell(thread, 1, judge)
    if (this.#threads.some(({ waiting }) => waiting))
      this.#threads = this.#threads.map((thread) => ({ ...thread, waiting: false }))
  }

  #tell({ state: last, starts, signs, end }: Thread, kind: 0 | 1, judge: Judge): boolean {
    const automaton = this.#automaton
    const { endings } = automaton.tables
    let waits = false
    for (let state = last; state > afterOther; state = automaton.fail(state)) {
      const depth = automaton.depth(state)
      // Signs are letters only among letters: `a 5.5` is no word. Two letters with a blank between them are two words.
      if (2 * signs.slice(-depth).filter(Boolean).length >= depth || (depth === 2 && kind === 0 && this.#blank)) continue
      const [from, to] = automaton.endingsOf(state)
      for (let index = from; index < to; index += 1) {
        const code = endings[index] as number
        if ((code & 1) === kind)
          judge.add({ rule: code >> 2, exception: (code & 2) !== 0, start: starts[starts.length - depth] as number, end })
        else waits = true
      }
    }
    return waits
  }
}
