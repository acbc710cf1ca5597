/** The ways on from a branch by one more symbol: plainly, or with a repeated letter counted as fewer. */
import type { Automaton } from './automaton.ts'
import { type Branch, formOf, noRun, type Run, repeatBranch, type Step, stepBranch, type Tell } from './branch.ts'

export interface Letters {
  readonly automaton: Automaton
  /** By class: 1 for letters that a stretched word repeats. */
  readonly repeats: Uint8Array
}

/** The plain way on first. */
export function waysOn({ automaton, repeats }: Letters, branch: Branch, step: Step, tell: Tell): Branch[] {
  const { run } = branch
  if (repeats[step.symbol] !== 1) return [stepBranch(automaton, branch, step, noRun, tell)]
  const again = run.symbol === step.symbol
  if (again && run.squeezed) return [repeatBranch(automaton, branch, step, tell)]
  const length = again ? Math.min(run.length + 1, 3) : 1
  const form = formOf(step.form)
  const next: Run = {
    symbol: step.symbol,
    length,
    form,
    first: length === 2 ? { ...branch, waiting: false } : undefined,
    squeezed: false,
  }
  const ways = [stepBranch(automaton, branch, step, next, tell)]
  // Twice may be how the word is spelled; three times, or in two forms, is not.
  if (length === 2 && run.form !== form) ways.push(repeatBranch(automaton, branch, step, tell))
  if (length === 3 && run.first !== undefined)
    ways.push(repeatBranch(automaton, run.first, step, tell), repeatBranch(automaton, branch, step, tell))
  return ways
}
