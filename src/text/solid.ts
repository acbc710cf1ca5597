/** Reads a text character by character through one automaton, and knows where each of its symbols stood. */
import type { Alphabet } from './alphabet.ts'
import { type Automaton, special } from './automaton.ts'
import type { Judge } from './judge.ts'

/** Symbols from `first` on stand at their number plus `shift`, up to the next mark. */
interface Mark {
  readonly first: number
  readonly shift: number
}

/** Marks that are kept before those too far back are dropped. */
const mostMarks = 64

export class Solid {
  readonly stride = Infinity
  readonly #automaton: Automaton
  readonly #alphabet: Alphabet
  state: number
  /** Where the last `reach` came to, so that advancing there takes no second reading. */
  readonly #ahead: { state: number; to: number }
  /** What the next symbol's place is more than its number, as long as every character is one unit and one symbol. */
  #shift = 0
  #marks: Mark[] = []
  /** A string is complete but for the border after it, and where it ends. */
  #waiting = false
  #lastEnd = 0

  constructor(automaton: Automaton, alphabet: Alphabet) {
    this.#automaton = automaton
    this.#alphabet = alphabet
    this.state = automaton.afterOther
    this.#ahead = { state: this.state, to: 0 }
  }

  begin(): void {
    this.#ahead.to = -1
  }

  reach(text: string, from: number, to: number): number {
    if (this.#waiting) return from
    this.#ahead.state = this.state
    return this.reachOn(text, from, to)
  }

  /** Goes on from where the last `reach` came to. */
  reachOn(text: string, from: number, to: number): number {
    const ahead = this.#ahead
    ahead.to = this.#automaton.skip(ahead, this.#alphabet.tables.classOf, text, from, to)
    return ahead.to
  }

  /** Reads on over what completes nothing. @returns the index of the first character that must be `read`, or `to`. */
  skip(text: string, from: number, to: number): number {
    if (this.#waiting) return from
    return this.#automaton.skip(this, this.#alphabet.tables.classOf, text, from, to)
  }

  /** A string is complete but for the border after it. */
  get waits(): boolean {
    return this.#waiting
  }

  /** Nothing has begun where the last `reach` came to. */
  get nothingAhead(): boolean {
    return this.#automaton.depth(this.#ahead.state) === 0
  }

  advance(text: string, from: number, to: number): void {
    if (to === from) return
    if (this.#ahead.to !== to) {
      this.#ahead.state = this.state
      this.#automaton.skip(this.#ahead, this.#alphabet.tables.classOf, text, from, to)
    }
    this.state = this.#ahead.state
  }

  /** Reads the character that stands from `start` to `end`, and tells the judge what it completes. */
  read(codePoint: number, start: number, end: number, judge: Judge): void {
    const only = codePoint < 0x10000 ? (this.#alphabet.tables.classOf[codePoint] as number) : special
    // One unit that counts as one symbol: what follows stands where it is expected.
    if (only !== special) {
      this.symbol(only, start, end, 0, judge)
      return
    }
    const classes = this.#alphabet.classes(codePoint)
    for (let index = 0; index < classes.length; index += 1) this.symbol(classes[index] as number, start, end, index, judge)
    this.finish(classes.length, start, end)
  }

  /** Reads one of the symbols a character counts as, the `index`th. */
  symbol(wanted: number, start: number, end: number, index: number, judge: Judge): void {
    if (index > 0) this.#mark(start - this.#shift + 1, this.#shift - 1)
    const count = start - this.#shift
    if (this.#waiting) this.#border(this.#alphabet.tables.isWord[wanted] === 1, count, judge)
    const target = this.#automaton.step(this.state, wanted)
    this.state = target < 0 ? ~target : target
    this.#lastEnd = end
    if (target < 0) this.#waiting = this.#tell(0, count + 1, judge)
  }

  /** The character that counted as so many symbols is over. */
  finish(symbols: number, start: number, end: number): void {
    const next = start - this.#shift + (symbols === 0 ? 0 : 1)
    if (next + this.#shift !== end) this.#mark(next, end - next)
  }

  /** Where the symbols of the longest candidate stand, given the place of the next character. */
  starts(at: number): number[] {
    const starts: number[] = []
    for (let back = this.#automaton.depth(this.state); back > 0; back -= 1) starts.push(this.#startOf(at - this.#shift - back))
    return starts
  }

  /** The text is over, and its end is a border. */
  end(judge: Judge, at: number): void {
    this.#border(false, at - this.#shift, judge)
    this.state = this.#automaton.afterOther
  }

  /** Earliest start of what may still become an occurrence of a rule that holds, given the units read; those for none. */
  heldFrom(at: number): number {
    const held = this.#automaton.held(this.state)
    return held === 0 ? at : this.#startOf(at - this.#shift - held)
  }

  begunFrom(rule: number, at: number): number {
    const depth = this.#automaton.begun(this.state, rule)
    return depth === 0 ? Infinity : this.#startOf(at - this.#shift - depth)
  }

  likeness(codePoint: number): string {
    return Array.from(this.#alphabet.classes(codePoint)).join()
  }

  fork(): Solid {
    const copy = new Solid(this.#automaton, this.#alphabet)
    copy.state = this.state
    copy.#shift = this.#shift
    copy.#marks = [...this.#marks]
    copy.#waiting = this.#waiting
    copy.#lastEnd = this.#lastEnd
    return copy
  }

  #border(word: boolean, count: number, judge: Judge): void {
    if (this.#waiting && !word) this.#tell(1, count, judge)
    this.#waiting = false
  }

  /** Tells what ends at the state: at once (0) or at a border (1); returns whether anything waits for one. */
  #tell(kind: 0 | 1, count: number, judge: Judge): boolean {
    const automaton = this.#automaton
    const { endings } = automaton.tables
    let waits = false
    for (let state = this.state; state > automaton.afterOther; state = automaton.fail(state)) {
      const [from, to] = automaton.endingsOf(state)
      for (let index = from; index < to; index += 1) {
        const code = endings[index] as number
        if ((code & 1) === kind) {
          judge.add({
            rule: code >> 2,
            exception: (code & 2) !== 0,
            start: this.#startOf(count - automaton.depth(state)),
            end: this.#lastEnd,
          })
        } else waits = true
      }
    }
    return waits
  }

  #mark(first: number, shift: number): void {
    // Characters that count as none, one after the other: only where the next symbol stands is of interest.
    const last = this.#marks.at(-1)
    if (last !== undefined && last.first === first) this.#marks.pop()
    if (this.#marks.length >= mostMarks) this.#forget(first)
    if (this.#marks.length === 0) this.#marks.push({ first: 0, shift: this.#shift })
    this.#marks.push({ first, shift })
    this.#shift = shift
  }

  /** Drops the marks that no candidate reaches back to. */
  #forget(count: number): void {
    const oldest = count - this.#automaton.depth(this.state)
    const keep = this.#marks.findLastIndex(({ first }) => first <= oldest)
    if (keep > 0) this.#marks.splice(0, keep)
  }

  #startOf(symbol: number): number {
    for (let index = this.#marks.length - 1; index >= 0; index -= 1) {
      const { first, shift } = this.#marks[index] as Mark
      if (first <= symbol) return symbol + shift
    }
    return symbol + this.#shift
  }
}
