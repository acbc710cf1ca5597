/** Reads a text in every way a reader may: letter signs, stretched letters and mark-up inside words are seen through. */
import type { Alphabet } from './alphabet.ts'
import { type Automaton, noClass, special } from './automaton.ts'
import { type Branch, distinct, isHalf, matters, merged, otherHalf, type Run, type Step, tellBranch } from './branch.ts'
import type { Judge } from './judge.ts'
import type { View } from './reading.ts'
import { Solid } from './solid.ts'
import { type Letters, waysOn } from './ways.ts'

/** How else a code point may be read. */
export interface Second {
  /** Classes besides its own; `noClass` where it may be passed over. */
  readonly classes: readonly number[]
  /** It is a digit, or a sign that stands with digits. */
  readonly digit: boolean
}

/** By code point. */
export type Seconds = ReadonlyMap<number, Second>

/** Other readings that are followed each by itself; where a text asks for more, those that end alike are followed as one. */
const mostBranches = 256
/** Mark-up signs passed over in a row. */
const mostPassed = 3

const never = 2 ** 30
const none: readonly number[] = []
const noRun: Run = { symbol: -1, length: 1, form: 0, first: undefined, squeezed: false }

export class Loose implements View {
  /** Letters are looked over before the automaton reads them. */
  readonly stride = 128
  readonly #automaton: Automaton
  readonly #alphabet: Alphabet
  readonly #letters: Letters
  readonly #seconds: Seconds
  /** Class of the letter that two halves make, 0 where no term holds it. */
  readonly #joined: number
  /** Plain reading. */
  #plain: Solid
  /** The run the last letter is part of, where there are at least two. */
  #run: Run | undefined
  /** The last code point read. */
  #form = 0
  #branches: readonly Branch[] = []
  /** The last class read, for runs of blanks. */
  #last = -1
  /** How many of the last symbols it takes to have one that is no digit. */
  #digits = 1
  #half: Branch['half']

  constructor(automaton: Automaton, alphabet: Alphabet, seconds: Seconds, joined: number) {
    this.#automaton = automaton
    this.#letters = { automaton, repeats: alphabet.tables.repeats }
    this.#joined = joined
    this.#alphabet = alphabet
    this.#seconds = seconds
    this.#plain = new Solid(automaton, alphabet)
  }

  begin(): void {
    this.#plain.begin()
  }

  reach(text: string, from: number, to: number, known: number): number {
    if (this.#branches.length > 0 || this.#run !== undefined || this.#plain.waits) return from
    const { classOf } = this.#alphabet.tables
    let last = this.#last
    let end = from
    let read = from
    for (; end < to; end += 1) {
      const unit = text.charCodeAt(end)
      const wanted = classOf[unit] as number
      if (wanted === special) break
      if (isHalf(unit) && (end + 1 === known || text.charCodeAt(end + 1) === otherHalf)) break
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
    this.#half = undefined
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
      for (let index = 0; index < count; index += 1) {
        const symbol = classes[index] as number
        this.#symbol({ symbol, form: codePoint, digit: false, chosen: false, start, end }, none, index, judge)
        this.#last = symbol
        this.#form = codePoint
      }
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
    this.#symbol({ symbol, form: codePoint, digit, chosen: false, start, end }, others, 0, judge)
    this.#last = symbol
    this.#form = codePoint
    this.#plain.finish(1, start, end)
  }

  #readPlain(symbol: number, codePoint: number, digit: boolean, start: number, end: number, judge: Judge): void {
    this.#plain.symbol(symbol, start, end, 0, judge)
    this.#plain.finish(1, start, end)
    this.#last = symbol
    this.#form = codePoint
    this.#digits = digit ? this.#digits + 1 : 1
    this.#half = undefined
  }

  /** Nothing can come of the character that plain reading does not bring, in whatever other way it may be read. */
  #isPlain(symbol: number, codePoint: number, others: readonly number[]): boolean {
    if (this.#branches.length > 0 || this.#run !== undefined || this.#half !== undefined) return false
    const { state } = this.#plain
    const begun = this.#automaton.depth(state) > 0
    if (begun && symbol === this.#last && this.#alphabet.tables.repeats[symbol] === 1) return false
    if (isHalf(codePoint) && this.#joined > 1 && (begun || this.#goesOn(state, this.#joined))) return false
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
    for (const branch of this.#branches) if (branch.waiting) tellBranch(this.#automaton, branch, 1, judge)
    this.#branches = []
    this.#run = undefined
    this.#plain.end(judge, at)
  }

  heldFrom(at: number): number {
    let from = Math.min(this.#plain.heldFrom(at), this.#heldBy(this.#dormant(this.#run)), this.#heldByHalf(this.#half))
    for (const branch of this.#branches) {
      from = Math.min(from, this.#heldBy(branch), this.#heldBy(this.#dormant(branch.run)), this.#heldByHalf(branch.half))
    }
    return from
  }

  begunFrom(rule: number, at: number): number {
    let from = this.#plain.begunFrom(rule, at)
    for (const branch of [...this.#branches, this.#dormant(this.#run)]) {
      if (branch === undefined) continue
      const depth = this.#automaton.begun(branch.state, rule)
      if (depth > 0) from = Math.min(from, branch.starts[branch.starts.length - depth] as number)
    }
    return from
  }

  get waits(): boolean {
    return this.#plain.waits || this.#branches.some(({ waiting }) => waiting)
  }

  likeness(codePoint: number): string {
    const { classes, digit } = this.#seconds.get(codePoint) ?? { classes: none, digit: false }
    return `${this.#plain.likeness(codePoint)} ${classes.join()} ${digit}`
  }

  fork(): Loose {
    const copy = new Loose(this.#automaton, this.#alphabet, this.#seconds, this.#joined)
    copy.#plain = this.#plain.fork()
    copy.#run = this.#run
    copy.#form = this.#form
    copy.#branches = this.#branches
    copy.#last = this.#last
    copy.#digits = this.#digits
    copy.#half = this.#half
    return copy
  }

  /** A letter written twice counts as once as soon as it is written a third time. */
  #dormant(run: Run | undefined): Branch | undefined {
    return run !== undefined && run.length === 2 && !run.squeezed ? run.first : undefined
  }

  #heldBy(branch: Branch | undefined): number {
    if (branch === undefined) return Infinity
    const held = this.#automaton.held(branch.state)
    return held === 0 ? Infinity : (branch.starts[branch.starts.length - held] as number)
  }

  /** What may still come of the letter that the last symbol is half of. */
  #heldByHalf(half: Branch['half']): number {
    if (half === undefined || this.#joined < 2) return Infinity
    const { from, start } = half
    const target = this.#automaton.step(from.state, this.#joined)
    const held = this.#automaton.held(target < 0 ? ~target : target)
    const next = held === 0 ? Infinity : held === 1 ? start : (from.starts[from.starts.length - held + 1] as number)
    // Made whole it may repeat the letter before it.
    if (from.run.symbol !== this.#joined) return next
    return Math.min(next, this.#heldBy(from), this.#heldBy(this.#dormant(from.run)))
  }

  /** @param index number of the symbol within its character. */
  #symbol(step: Step, seconds: readonly number[], index: number, judge: Judge): void {
    const word = this.#alphabet.tables.isWord[step.symbol] === 1
    const before = this.#plainBranch(index === 0 ? step.start : step.start + 1)
    const next: Branch[] = []
    for (const branch of this.#branches) {
      if (branch.waiting && !word) tellBranch(this.#automaton, branch, 1, judge)
      this.#readings(branch, step, seconds, next, judge)
    }
    // Of plain reading only what a choice makes of it is a branch; it itself goes its own way.
    const [plainNext, ...others] = waysOn(this.#letters, before, step, judge)
    next.push(...others)
    this.#chosen(before, step, seconds, next, judge)
    this.#half = plainNext?.half
    this.#run = plainNext !== undefined && plainNext.run.length > 1 ? plainNext.run : undefined
    this.#plain.symbol(step.symbol, step.start, step.end, index, judge)
    this.#digits = step.digit ? this.#digits + 1 : 1
    const followed = next.filter((branch) => matters(this.#automaton, branch))
    this.#branches = followed.length > mostBranches ? merged(followed) : distinct(followed)
  }

  #readings(branch: Branch, step: Step, seconds: readonly number[], into: Branch[], judge: Judge): void {
    into.push(...waysOn(this.#letters, branch, step, judge))
    this.#chosen(branch, step, seconds, into, judge)
  }

  #chosen(branch: Branch, step: Step, seconds: readonly number[], into: Branch[], judge: Judge): void {
    if (step.form === otherHalf && branch.half !== undefined && this.#joined > 1)
      into.push(...this.#join(branch.half, step, judge))
    for (const symbol of seconds) {
      if (symbol !== noClass) into.push(...waysOn(this.#letters, branch, { ...step, symbol, chosen: true }, judge))
      else if (branch.starts.length > 0 && branch.passed < mostPassed) {
        into.push({ ...branch, passed: branch.passed + 1, markUp: 1, reach: 1, waiting: false, run: noRun })
      }
    }
  }

  #join({ from, start }: NonNullable<Branch['half']>, step: Step, judge: Judge): Branch[] {
    return waysOn(this.#letters, from, { ...step, symbol: this.#joined, digit: false, chosen: true, start }, judge)
  }

  /** Plain reading so far, as a branch that has made no choice yet. */
  #plainBranch(at: number): Branch {
    const starts = this.#plain.starts(at)
    const run = this.#run ?? { ...noRun, symbol: this.#last, form: this.#form }
    const state = this.#plain.state
    return {
      state,
      starts,
      end: at,
      run,
      reach: never,
      digits: this.#digits,
      sign: never,
      markUp: never,
      passed: 0,
      waiting: false,
      half: this.#half,
    }
  }
}
