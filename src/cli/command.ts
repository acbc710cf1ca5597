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
} as const

export type ExitCode = (typeof exits)[keyof typeof exits]

export interface Command {
  readonly usage: string
  /** @throws UsageError, CommandError, which are told without a stack. */
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>
}

/** The command line asks for something there is not. */
export class UsageError extends Error {}

/** Something could not be done that the user has to know of: a file that cannot be read, a policy that cannot be used. */
export class CommandError extends Error {}
