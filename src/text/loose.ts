/** Reads a text in every way a reader may: letter signs, stretched letters and mark-up inside words are seen through. */
import type { Alphabet } from './alphabet.ts'
import { type Automaton, noClass, special } from './automaton.ts'
import { type Branch, tellBranch } from './branch.ts'
import { branchesOf } from './branch-numbers.ts'
import type { BranchTable, State } from './branch-table.ts'
import {
  type Branches,
  candidates,
  isHalf,
  isOnlyPlain,
  joins,
  onlyPlain,
  otherHalf,
  plainBranch,
  startsHeld,
} from './branches.ts'
import type { Judge } from './judge.ts'
import { Pace } from './pattern/pace.ts'
import type { View } from './reading.ts'
import { Solid } from './solid.ts'

/** How else a code point may be read. */
export interface Second {
  /** Classes besides its own; `noClass` where it may be passed over. */
  readonly classes: readonly number[]
  /** It is a digit, or a sign that stands with digits. */
  readonly digit: boolean
}

/** By code point. */
export type Seconds = ReadonlyMap<number, Second>

const none: readonly number[] = []

export class Loose implements View {
  /** Letters are looked over before the automaton reads them. */
  readonly stride = 128
  readonly #automaton: Automaton
  readonly #alphabet: Alphabet
  readonly #seconds: Seconds
  readonly #table: BranchTable
  /** Plain reading. */
  #plain: Solid
  /** The other ways to read, where there are any: as the table knows them, with the places of its registers, or as they are. */
  #state: State | undefined
  #places: readonly number[] = none
  #branches: Branches | undefined
  #pace: Pace
  /** The last class read, and the code point of it. */
  #last = -1
  #form = 0
  /** How many of the last symbols it takes to have one that is no digit, while plain reading is alone. */
  #digits = 1

  constructor(automaton: Automaton, alphabet: Alphabet, seconds: Seconds, table: BranchTable) {
    this.#automaton = automaton
    this.#alphabet = alphabet
    this.#seconds = seconds
    this.#table = table
    this.#pace = new Pace(table.patience)
    this.#plain = new Solid(automaton, alphabet)
  }

  begin(): void {
    this.#plain.begin()
  }

  reach(text: string, from: number, to: number, known: number): number {
    if (!this.#isAlone || this.#plain.waits) return from
    const { classOf } = this.#alphabet.tables
    let last = this.#last
    let end = from
    let read = from
    for (; end < to; end += 1) {
      const unit = text.charCodeAt(end)
      const wanted = classOf[unit] as number
      if (wanted === special) break
      if (isHalf(unit) && (end + 1 === known || mayJoin(classOf, text.charCodeAt(end + 1)))) break
      // A letter that comes twice in a row may be a stretched one, and blanks in a row count as one - where anything has begun.
      if (wanted === last && wanted > 1) {
        const reached = read === from ? this.#plain.reach(text, from, end) : this.#plain.reachOn(text, read, end)
        if (reached < end || !this.#plain.nothingAhead) return reached
        read = end
      }
      last = wanted
    }
    return read === from ? this.#plain.reach(text, from, end) : this.#plain.reachOn(text, read, end)
  }

  advance(text: string, from: number, to: number): void {
    if (to === from) return
    this.#plain.advance(text, from, to)
    this.#form = text.charCodeAt(to - 1)
    this.#last = this.#alphabet.tables.classOf[this.#form] as number
    this.#digits = 1
  }

  read(codePoint: number, start: number, end: number, judge: Judge): void {
    const { classOf, blank } = this.#alphabet.tables
    const only = codePoint < 0x10000 ? (classOf[codePoint] as number) : special
    if (only === blank && this.#last === blank && blank > 1) {
      this.#plain.finish(0, start, end)
      return
    }
    if (only !== special && this.#isPlain(only, codePoint, none)) {
      this.#readPlain(only, codePoint, false, start, end, judge)
      return
    }
    const classes = this.#alphabet.classes(codePoint)
    const count = classes.length
    if (count !== 1) {
      for (let index = 0; index < count; index += 1)
        this.#symbol(classes[index] as number, codePoint, false, none, index, start, end, judge)
      this.#plain.finish(count, start, end)
      return
    }
    const symbol = classes[0] as number
    if (symbol === blank && this.#last === blank && blank > 1) {
      this.#plain.finish(0, start, end)
      return
    }
    const second = this.#seconds.get(codePoint)
    const others = second?.classes ?? none
    const digit = second?.digit ?? false
    if (this.#isPlain(symbol, codePoint, others)) {
      this.#readPlain(symbol, codePoint, digit, start, end, judge)
      return
    }
    this.#symbol(symbol, codePoint, digit, others, 0, start, end, judge)
    this.#plain.finish(1, start, end)
  }

  #readPlain(symbol: number, codePoint: number, digit: boolean, start: number, end: number, judge: Judge): void {
    this.#plain.symbol(symbol, start, end, 0, judge)
    this.#plain.finish(1, start, end)
    this.#last = symbol
    this.#form = codePoint
    this.#digits = digit ? this.#digits + 1 : 1
  }

  /** Nothing can come of the character that plain reading does not bring, in whatever other way it may be read. */
  #isPlain(symbol: number, codePoint: number, others: readonly number[]): boolean {
    if (!this.#isAlone) return false
    const { state } = this.#plain
    const begun = this.#automaton.depth(state) > 0
    if (begun && symbol === this.#last && this.#alphabet.tables.repeats[symbol] === 1) return false
    if (isHalf(codePoint) && joins(this.#table.reader, state, this.#last)) return false
    for (const other of others) {
      if (begun && (other === noClass || other === this.#last)) return false
      if (other !== noClass && this.#goesOn(state, other)) return false
    }
    return true
  }

  #goesOn(state: number, symbol: number): boolean {
    const target = this.#automaton.step(state, symbol)
    return this.#automaton.depth(target < 0 ? ~target : target) > 0
  }

  end(judge: Judge, at: number): void {
    if (this.waits) {
      const { others, end } = this.#standing(at)
      for (const branch of others) if (branch.waiting) tellBranch(this.#automaton, branch, 1, end, (told) => judge.add(told))
    }
    this.#state = undefined
    this.#branches = undefined
    this.#plain.end(judge, at)
  }

  heldFrom(at: number): number {
    let from = this.#plain.heldFrom(at)
    for (const register of this.#state?.held ?? none) from = Math.min(from, this.#places[register] as number)
    for (const place of this.#branches === undefined ? none : startsHeld(this.#table.reader, this.#branches))
      from = Math.min(from, place)
    return from
  }

  begunFrom(rule: number, at: number): number {
    let from = this.#plain.begunFrom(rule, at)
    if (this.#isAlone) return from
    for (const { state, starts } of candidates(this.#table.reader, this.#standing(at))) {
      const depth = this.#automaton.begun(state, rule)
      if (depth > 0) from = Math.min(from, starts[starts.length - depth] as number)
    }
    return from
  }

  get waits(): boolean {
    return this.#plain.waits || this.#state?.waits === true || this.#branches?.others.some(({ waiting }) => waiting) === true
  }

  likeness(codePoint: number): string {
    const { classes, digit } = this.#seconds.get(codePoint) ?? { classes: none, digit: false }
    return `${this.#plain.likeness(codePoint)} ${classes.join()} ${digit}`
  }

  fork(): Loose {
    const copy = new Loose(this.#automaton, this.#alphabet, this.#seconds, this.#table)
    copy.#plain = this.#plain.fork()
    copy.#state = this.#state
    copy.#places = this.#places
    copy.#branches = this.#branches
    copy.#pace = this.#pace.copy()
    copy.#last = this.#last
    copy.#form = this.#form
    copy.#digits = this.#digits
    return copy
  }

  /** @param index number of the symbol within its character. */
  #symbol(
    symbol: number,
    form: number,
    digit: boolean,
    seconds: readonly number[],
    index: number,
    start: number,
    end: number,
    judge: Judge,
  ): void {
    const at = index === 0 ? start : start + 1
    const step = { symbol, form, digit, chosen: false, start, end }
    const input = inputOf(symbol, form, index)
    const { state, places } = this.#remembered(at)
    let move = state?.moves.get(input)
    if (state !== undefined && move === undefined && at >= this.#pace.until) {
      move = this.#table.find(state, input, step, seconds)
      this.#pace.missed(at, this.#table.crowded)
    }
    if (move === undefined) {
      const next = this.#table.readOn(this.#standing(at), step, seconds, (told) => judge.add(told))
      this.#digits = next.plain.digits
      this.#state = undefined
      this.#branches = isOnlyPlain(next) ? undefined : next
    } else {
      const all = [...places, start, end]
      for (const told of move.told) judge.add({ ...told, start: all[told.start] as number, end: all[told.end] as number })
      this.#digits = move.to.digits
      this.#state = move.to.plain ? undefined : move.to
      this.#places = move.to.plain ? none : move.kept.map((place) => all[place] as number)
      this.#branches = undefined
    }
    this.#plain.symbol(symbol, start, end, index, judge)
    this.#last = symbol
    this.#form = form
  }

  /** The branches as the table knows them, unless it is of no use for a while. */
  #remembered(at: number): { readonly state?: State; readonly places: readonly number[] } {
    if (this.#state !== undefined) return { state: this.#state, places: this.#places }
    if (at < this.#pace.until) return { places: none }
    return this.#branches === undefined ? this.#table.alone(this.#plainBranch(at)) : this.#table.stateOf(this.#branches)
  }

  /** The branches as they stand, with offsets for places. */
  #standing(at: number): Branches {
    if (this.#branches !== undefined) return this.#branches
    if (this.#state !== undefined) return branchesOf(this.#state.numbers, this.#places)
    return onlyPlain(this.#plainBranch(at))
  }

  #plainBranch(at: number): Branch {
    const repeated = this.#last >= 0 && this.#alphabet.tables.repeats[this.#last] === 1 ? this.#last : -1
    return plainBranch(this.#plain.state, this.#plain.starts(at), this.#digits, repeated, this.#form)
  }

  get #isAlone(): boolean {
    return this.#state === undefined && this.#branches === undefined
  }
}

/** The other half of a letter, or what may stand unseen before it. */
function mayJoin(classOf: Uint16Array, unit: number): boolean {
  return unit === otherHalf || classOf[unit] === special
}

/** Tells characters apart that may be read differently, and the symbols of one that counts as several. */
function inputOf(symbol: number, form: number, index: number): number {
  return index === 0 ? form : form + 0x110000 * (symbol + 1)
}
