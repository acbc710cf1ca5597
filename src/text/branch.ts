/** One other way of reading the last characters: a sign as a letter, a repeated letter as fewer, a mark-up sign as nothing. */
import type { Automaton } from './automaton.ts'

/**
 * Where something stands in the text: an offset, or the number of a register that holds one, the earlier ones first. All
 * that is asked of places is which comes first, so that branches at other places of a text go on as they did before.
 */
export type Place = number

/** A letter that is being repeated: how often, and the reading after the first of two. */
export interface Run {
  /** The letter's class, -1 where it is none that a stretched word repeats. */
  readonly symbol: number
  /** At most three: what a stretched letter may count as is decided at its third. */
  readonly length: number
  /** The code point the last of them was written with, `anyLetter` for those that are one form. */
  readonly form: number
  readonly first: Branch | undefined
  /** The run counts as fewer than were written: what follows of it changes nothing. */
  readonly squeezed: boolean
}

export interface Branch {
  readonly state: number
  /** Where each symbol stood that a candidate of the state is made of, the last one last. */
  readonly starts: readonly Place[]
  readonly run: Run
  /** How many of the last symbols a candidate must have at least to be made by a choice, not by plain reading. */
  readonly reach: number
  /** How many of the last symbols a candidate must have to hold one that was written as anything but a digit. */
  readonly digits: number
  /** How many it must have to hold a sign that was read as a letter; no more than `digits`, for then it counts for nothing. */
  readonly sign: number
  /** How many it must have to hold mark-up that was passed over. */
  readonly markUp: number
  /** Signs of mark-up passed over since the last symbol. */
  readonly passed: number
  readonly waiting: boolean
  /** Several branches made one: it may tell more than any of them, and so lifts nothing. */
  readonly rough: boolean
}

/** How a character is read. */
export interface Step {
  readonly symbol: number
  /** As it was written. */
  readonly form: number
  readonly digit: boolean
  /** It is a sign read as a letter. */
  readonly chosen: boolean
  readonly start: Place
  readonly end: Place
}

/** What ends at a branch; `end` is that of the last symbol, which is the same for all that tell. */
export type Tell = (told: {
  readonly rule: number
  readonly exception: boolean
  readonly start: Place
  readonly end: Place
}) => void

/** No choice was made so far back. */
export const never = 2 ** 30

export const noRun: Run = { symbol: -1, length: 1, form: 0, first: undefined, squeezed: false }

/**
 * The branch after one more symbol. Counts of symbols go no further than one beyond the longest candidate: branches that
 * differ only there are the same.
 */
export function stepBranch(automaton: Automaton, from: Branch, step: Step, run: Run, tell: Tell): Branch {
  const target = automaton.step(from.state, step.symbol)
  const state = target < 0 ? ~target : target
  const depth = automaton.depth(state)
  const digits = step.digit ? Math.min(from.digits, depth) + 1 : 1
  const next: Branch = {
    state,
    starts: depth === 0 ? [] : [...from.starts.slice(Math.max(0, from.starts.length - depth + 1)), step.start],
    run,
    reach: step.chosen ? 1 : from.reach === never ? never : Math.min(from.reach, depth) + 1,
    digits,
    sign: step.chosen ? 1 : Math.min(digits, from.sign + 1),
    markUp: Math.min(from.markUp, 2) + 1,
    passed: 0,
    waiting: false,
    rough: from.rough,
  }
  return target < 0 && next.reach <= depth ? tellBranch(automaton, next, 0, step.end, tell) : next
}

/** The branch whose last letter is written once more: what ends there ends later too. */
export function repeatBranch(automaton: Automaton, from: Branch, step: Step, tell: Tell): Branch {
  const digits = step.digit ? from.digits : 1
  const next: Branch = {
    ...from,
    sign: Math.min(digits, step.chosen ? 1 : from.sign),
    digits,
    reach: 1,
    passed: 0,
    run: { symbol: from.run.symbol, length: 1, form: formOf(step.form), first: undefined, squeezed: true },
  }
  return tellBranch(automaton, next, 0, step.end, tell)
}

/** The branch that reads over a sign of mark-up. */
export function passBranch(from: Branch): Branch {
  return { ...from, passed: from.passed + 1, markUp: 1, reach: 1, waiting: false, run: noRun }
}

const anyLetter = 0x61

/** Capital and small letters are one form: nobody who writes both means a stretched letter. */
export function formOf(codePoint: number): number {
  const small = codePoint | 0x20
  return small >= 0x61 && small <= 0x7a ? anyLetter : codePoint
}

/** Tells what ends at the branch at once (0) or at a border (1). */
export function tellBranch(automaton: Automaton, branch: Branch, kind: 0 | 1, end: Place, tell: Tell): Branch {
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
      const start = branch.starts[branch.starts.length - depth] as Place
      if ((code & 1) !== kind) waiting = true
      else if (!branch.rough || (code & 2) === 0) tell({ rule: code >> 2, exception: (code & 2) !== 0, start, end })
    }
  }
  return { ...branch, waiting: kind === 0 && waiting }
}

/** A letter written twice counts as once as soon as it is written a third time. */
export function dormant({ run }: Branch): Branch | undefined {
  return run.length === 2 && !run.squeezed ? run.first : undefined
}

/** Whether anything can come of the branch that plain reading does not bring. */
export function matters(automaton: Automaton, branch: Branch): boolean {
  if (automaton.depth(branch.state) >= branch.reach) return true
  const asleep = dormant(branch)
  return asleep !== undefined && matters(automaton, asleep)
}
