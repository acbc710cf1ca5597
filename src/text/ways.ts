/** The ways on from a branch by one more symbol: plainly, or with a repeated letter counted as fewer. */
import type { Automaton } from './automaton.ts'
import { type Branch, type Run, repeatBranch, type Step, stepBranch } from './branch.ts'
import type { Judge } from './judge.ts'

export interface Letters {
  readonly automaton: Automaton
  /** By class: 1 for letters that a stretched word repeats. */
  readonly repeats: Uint8Array
}

/** Longer runs are told apart no more: what a stretched letter may count as is decided at its third. */
const most = 3

/** The plain way on first. */
export function waysOn({ automaton, repeats }: Letters, branch: Branch, step: Step, judge: Judge): Branch[] {
  const { run } = branch
  const again = run.symbol === step.symbol && repeats[step.symbol] === 1
  if (again && run.squeezed) return [repeatBranch(automaton, branch, step, judge)]
  const length = again ? Math.min(run.length, most) + 1 : 1
  const next: Run = { symbol: step.symbol, length, form: step.form, first: length === 2 ? branch : undefined, squeezed: false }
  const ways = [stepBranch(automaton, branch, step, next, judge)]
  // Twice may be how the word is spelled; three times, or in two forms, is not.
  if (length === 2 && isMixed(run.form, step.form)) ways.push(repeatBranch(automaton, branch, step, judge))
  if (length === 3 && run.first !== undefined)
    ways.push(repeatBranch(automaton, run.first, step, judge), repeatBranch(automaton, branch, step, judge))
  return ways
}

/** Written in two forms, which nobody does by accident; capital and small letters are one. */
function isMixed(one: number, other: number): boolean {
  return one !== other && !(isAsciiLetter(one) && isAsciiLetter(other))
}

function isAsciiLetter(codePoint: number): boolean {
  const small = codePoint | 0x20
  return small >= 0x61 && small <= 0x7a
}
