/** What every command of `sluice` is made of, and how each of them ends. */
import type { Terminal } from './terminal.ts'

/** Exit codes, the same for all commands. */
export const exits = {
  /** Everything was done, and nothing is wrong. */
  fine: 0,
  /** Something is wrong with a policy or an input; it was told. */
  problems: 1,
  /** The command line itself cannot be understood; nothing was done. */
  usage: 2,
  /** Sluice itself failed. */
  internal: 3,
} as const

export type ExitCode = (typeof exits)[keyof typeof exits]

export interface Command {
  readonly usage: string
  /** @throws UsageError, CommandError, which are told without a stack. */
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>
}

/** The command line asks for something there is not. */
export class UsageError extends Error {}

/** Stable names of what can go wrong with files; what can go wrong with policies has `file:line:column` instead. */
export type CommandErrorCode =
  | 'no_such_file'
  | 'no_match'
  | 'file_is_folder'
  | 'file_unreadable'
  | 'file_not_text'
  | 'out_unwritable'
  | 'policy_invalid'
  | 'plan_unreadable'
  | 'answers_invalid'
  | 'judge_unreachable'
  | 'no_entries'
  | 'tests_failed'
  | 'store_unknown'
  | 'store_refused'
  | 'store_unreachable'
  | 'manifest_unreadable'
  | 'nothing_in_force'
  | 'artifact_unknown'

/** Something could not be done that the user has to know of: a file that cannot be read, a policy that cannot be used. */
export class CommandError extends Error {
  readonly code: CommandErrorCode

  constructor(message: string, code: CommandErrorCode) {
    super(message)
    this.code = code
  }
}

/** The line about it; a policy's problems speak for themselves. */
export function shownError({ message, code }: CommandError, terminal: Terminal): string {
  return code === 'policy_invalid' ? message : `${message} ${terminal.styled('dim', `(${code})`, 'complain')}`
}

/** @throws UsageError where an option has a value that is none of its choices. */
export function choice<const Choice extends string>(option: string, given: string, choices: readonly Choice[]): Choice {
  const chosen = choices.find((one) => one === given)
  if (chosen === undefined) throw new UsageError(`${option} takes ${choices.join(', ')}, not "${given}"`)
  return chosen
}
