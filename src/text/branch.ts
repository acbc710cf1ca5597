/** One other way of reading the last characters: a sign as a letter, a repeated letter as fewer, a mark-up sign as nothing. */
import type { Automaton } from './automaton.ts'
import type { Judge } from './judge.ts'

/** A letter that is being repeated: how often, and the readings after the first and the second of them. */
export interface Run {
  readonly symbol: number
  readonly length: number
  /** The code point the last of them was written with. */
  readonly form: number
  readonly first: Branch | undefined
  /** The run counts as fewer than were written: what follows of it changes nothing. */
  readonly squeezed: boolean
}

export interface Branch {
  readonly state: number
  /** Where each symbol stood that a candidate of the state is made of, the last one last. */
  readonly starts: readonly number[]
  /** End of the last symbol. */
  readonly end: number
  readonly run: Run
  /** How many of the last symbols a candidate must have at least to be made by a choice, not by plain reading. */
  readonly reach: number
  /** How many of the last symbols a candidate must have to hold one that was written as anything but a digit. */
  readonly digits: number
  /** How many it must have to hold a sign that was read as a letter. */
  readonly sign: number
  /** How many it must have to hold mark-up that was passed over. */
  readonly markUp: number
  /** Signs of mark-up passed over since the last symbol. */
  readonly passed: number
  readonly waiting: boolean
  /** Several branches made one: it may tell more than any of them, and so lifts nothing. */
  readonly rough?: boolean
  /** The branch before the last symbol where that is the first half of a letter made of two, and where it stands. */
  readonly half?: { readonly from: Branch; readonly start: number } | undefined
}

/** How a character is read. */
export interface Step {
  readonly symbol: number
  /** As it was written. */
  readonly form: number
  readonly digit: boolean
  /** It is a sign read as a letter. */
  readonly chosen: boolean
  readonly start: number
  readonly end: number
}

/**
 * The branch after one more symbol. Counts of symbols go no further than one beyond the longest candidate: branches that
 * differ only there are the same.
 */
export function stepBranch(automaton: Automaton, from: Branch, step: Step, run: Run, judge: Judge): Branch {
  const target = automaton.step(from.state, step.symbol)
  const state = target < 0 ? ~target : target
  const depth = automaton.depth(state)
  const starts = depth === 0 ? [] : [...from.starts.slice(Math.max(0, from.starts.length - depth + 1)), step.start]
  const next: Branch = {
    state,
    starts,
    end: step.end,
    run,
    reach: step.chosen ? 1 : Math.min(from.reach, depth) + 1,
    digits: step.digit ? Math.min(from.digits, depth) + 1 : 1,
    sign: step.chosen ? 1 : Math.min(from.sign, depth) + 1,
    markUp: Math.min(from.markUp, 2) + 1,
    passed: 0,
    waiting: false,
    rough: from.rough === true,
    half: isHalf(step.form) ? { from: { ...from, half: undefined }, start: step.start } : undefined,
  }
  return target < 0 && next.reach <= depth ? tellBranch(automaton, next, 0, judge) : next
}

/** `l3` and `|3` are a `b`. */
export function isHalf(codePoint: number): boolean {
  return codePoint === 0x6c || codePoint === 0x4c || codePoint === 0x7c
}

export const otherHalf = 0x33

/** The branch whose last letter is written once more: what ends there ends later too. */
export function repeatBranch(automaton: Automaton, from: Branch, step: Step, judge: Judge): Branch {
  const sign = step.chosen ? 1 : from.sign
  const next = {
    ...from,
    end: step.end,
    sign,
    digits: step.digit ? from.digits : 1,
    reach: 1,
    passed: 0,
    // `l1l3` is a stretched `l` and half of a `b`.
    half: from.run.squeezed && isHalf(step.form) ? { from: { ...from, half: undefined }, start: step.start } : undefined,
    run: { symbol: from.run.symbol, length: 1, form: step.form, first: undefined, squeezed: true },
  }
  return tellBranch(automaton, next, 0, judge)
}

/** Tells what ends at the branch at once (0) or at a border (1). */
export function tellBranch(automaton: Automaton, branch: Branch, kind: 0 | 1, judge: Judge): Branch {
  const { endings } = automaton.tables
  let waiting = false
  for (let state = branch.state; state > automaton.afterOther; state = automaton.fail(state)) {
    const depth = automaton.depth(state)
    if (depth < branch.reach) break
    // Digits alone are a number, whatever letters they look like.
    if (depth >= branch.sign && depth < branch.digits) continue
    // Two letters with a star between them are a product more often than a word.
    if (depth === 2 && branch.markUp <= 2) continue
    const [from, to] = automaton.endingsOf(state)
    for (let index = from; index < to; index += 1) {
      const code = endings[index] as number
      const start = branch.starts[branch.starts.length - depth] as number
      if ((code & 1) !== kind) waiting = true
      else if (branch.rough !== true || (code & 2) === 0)
        judge.add({ rule: code >> 2, exception: (code & 2) !== 0, start, end: branch.end })
    }
  }
  return { ...branch, waiting: kind === 0 && waiting }
}

/** Whether anything can come of the branch that plain reading does not bring. */
export function matters(automaton: Automaton, { state, reach, run, half }: Branch): boolean {
  if (automaton.depth(state) >= reach) return true
  // The letter may be the first half of another one, or be about to count as fewer.
  const dormant = run.length === 2 && !run.squeezed ? run.first : undefined
  return (half !== undefined && matters(automaton, half.from)) || (dormant !== undefined && matters(automaton, dormant))
}

/** Leaves out branches that another one is as good as: the same state and run, and no start later. */
export function distinct(branches: readonly Branch[]): Branch[] {
  const kept: Branch[] = []
  for (const one of branches) {
    const same = kept.findIndex((other) => alike(one, other))
    if (same === -1) kept.push(one)
    else if (isEarlier(one, kept[same] as Branch)) kept[same] = one
    else if (!isEarlier(kept[same] as Branch, one)) kept.push(one)
  }
  return kept
}

/** Branches too many to be told apart, one for each state and run: what any of them would tell, it tells. */
export function merged(branches: readonly Branch[]): Branch[] {
  const kept: Branch[] = []
  /** Indexes into `kept`. */
  const byState = new Map<number, number[]>()
  for (const one of branches) {
    const known = byState.get(one.state)
    const same = known?.find((index) => isNear(kept[index] as Branch, one))
    if (same !== undefined) kept[same] = loosest(kept[same] as Branch, one)
    else {
      if (known === undefined) byState.set(one.state, [kept.length])
      else known.push(kept.length)
      kept.push(one)
    }
  }
  return kept
}

/** Of two branches of one state: what follows leads them to one state again. */
function isNear(one: Branch, other: Branch): boolean {
  return (
    one.waiting === other.waiting &&
    one.passed === other.passed &&
    one.run.symbol === other.run.symbol &&
    one.run.length === other.run.length &&
    one.run.squeezed === other.run.squeezed &&
    one.run.first?.state === other.run.first?.state &&
    one.half?.from.state === other.half?.from.state
  )
}

function loosest(one: Branch, other: Branch): Branch {
  const first = one.run.first && other.run.first && loosest(one.run.first, other.run.first)
  const half = one.half && other.half && { from: loosest(one.half.from, other.half.from), start: one.half.start }
  return {
    ...one,
    starts: one.starts.map((start, index) => Math.min(start, other.starts[index] as number)),
    run: { ...one.run, first },
    reach: Math.min(one.reach, other.reach),
    digits: Math.min(one.digits, other.digits),
    sign: Math.max(one.sign, other.sign),
    markUp: Math.max(one.markUp, other.markUp),
    rough: true,
    half,
  }
}

function alike(one: Branch, other: Branch): boolean {
  return (
    one.state === other.state &&
    one.end === other.end &&
    one.digits === other.digits &&
    one.sign === other.sign &&
    one.markUp === other.markUp &&
    one.reach === other.reach &&
    isNear(one, other)
  )
}

function isEarlier(one: Branch, other: Branch): boolean {
  return noLater(one, other) && noLater(one.half?.from, other.half?.from) && noLater(one.run.first, other.run.first)
}

function noLater(one: Branch | undefined, other: Branch | undefined): boolean {
  return one === undefined || other === undefined || one.starts.every((start, index) => start <= (other.starts[index] as number))
}
