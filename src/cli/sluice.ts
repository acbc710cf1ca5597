/** Chooses the command, and makes of everything that can go wrong a readable line and an exit code. */
import { type Command, CommandError, type ExitCode, exits, UsageError } from './command.ts'
import type { Terminal } from './terminal.ts'

interface Known {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Loaded when it is called for: each brings parsers that another need not wait for. */
  load(): Promise<Command>
}

const commands: readonly Known[] = [
  {
    name: 'lint',
    summary: 'tell everything that is wrong with policy files',
    load: async () => (await import('./lint.ts')).lint,
  },
  {
    name: 'compile',
    summary: 'turn policy files into artifacts that need no parser',
    load: async () => (await import('./compile.ts')).compile,
  },
  {
    name: 'replay',
    summary: 'run recorded streams and texts through a policy, or two',
    load: async () => (await import('./replay.ts')).replay,
  },
]

const help = `sluice COMMAND …

${commands.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}

sluice COMMAND --help tells more. Exit codes: 0 all is well, 1 something is wrong with a policy or an input, 2 the
command line cannot be understood. NO_COLOR turns colours off.`

/** Runs one command line. */
export async function sluice([name, ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (name === undefined) {
    terminal.complain(help)
    return exits.usage
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await terminal.print(help)
    return exits.fine
  }
  const known = commands.find((command) => command.name === name)
  if (known === undefined) {
    terminal.complain(`sluice has no command "${name}"\n\n${help}`)
    return exits.usage
  }
  const command = await known.load()
  if (helpAsked(args)) {
    await terminal.print(command.usage)
    return exits.fine
  }
  try {
    return await command.run(args, terminal)
  } catch (error) {
    return tell(error, name, command.usage, terminal)
  }
}

function helpAsked(args: readonly string[]): boolean {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return options.includes('--help') || options.includes('-h')
}

function tell(error: unknown, name: string, usage: string, terminal: Terminal): ExitCode {
  const badOption = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (error instanceof UsageError || badOption) {
    terminal.complain(`sluice ${name}: ${(error as Error).message}\n\n${usage}`)
    return exits.usage
  }
  if (error instanceof CommandError) {
    terminal.complain(error.message)
    return exits.problems
  }
  throw error
}
