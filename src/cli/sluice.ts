/** Chooses the command, and makes of everything that can go wrong a readable line and an exit code. */
import { readFile } from 'node:fs/promises'
import { nearest } from '../policy/nearest.ts'
import { type Command, CommandError, type ExitCode, exits, shownError, UsageError } from './command.ts'
import { plain, type Terminal } from './terminal.ts'

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
    name: 'test',
    summary: 'run the tests that policies bring, at every split',
    load: async () => (await import('./testing/test.ts')).test,
  },
  {
    name: 'explain',
    summary: 'tell why a text is masked, cut or flagged, and where',
    load: async () => (await import('./explain/explain.ts')).explain,
  },
  {
    name: 'replay',
    summary: 'run recorded streams and texts through a policy, or two',
    load: async () => (await import('./replay/replay.ts')).replay,
  },
  {
    name: 'compile',
    summary: 'turn policy files into artifacts that need no parser',
    load: async () => (await import('./compile.ts')).compile,
  },
  {
    name: 'import-list',
    summary: 'make a list of terms out of lists from elsewhere',
    load: async () => (await import('./lists/import-list.ts')).importList,
  },
  {
    name: 'push',
    summary: 'change which policies rule without a deploy; canary, shadow, roll-back',
    load: async () => (await import('./push/push.ts')).push,
  },
  {
    name: 'key-hash',
    summary: 'the hash by which a route knows a client’s key',
    load: async () => (await import('./key-hash.ts')).keyHash,
  },
]

const width = Math.max(...commands.map(({ name }) => name.length))

const help = `sluice COMMAND …

${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

sluice COMMAND --help tells more, sluice --version which one this is. Names of files may be patterns (*, ?, [a-z], {a,b},
**), in quotes too, and - is standard input. --no-color and NO_COLOR turn colours off; --json writes for programs.

Exit codes: 0 all is well, 1 something is wrong with a policy or an input, 2 the command line cannot be understood,
3 Sluice itself failed.`

/** Runs one command line. */
export async function sluice(words: readonly string[], wanted: Terminal): Promise<ExitCode> {
  const [[name, ...args], terminal] = words.includes('--no-color')
    ? [words.filter((word) => word !== '--no-color'), plain(wanted)]
    : [words, wanted]
  if (name === undefined) {
    terminal.complain(help)
    return exits.usage
  }
  if (name === '--help' || name === '-h' || (name === 'help' && args.length === 0)) {
    await terminal.print(help)
    return exits.fine
  }
  if (name === '--version' || name === '-v') {
    await terminal.print(await version())
    return exits.fine
  }
  const known = commands.find((command) => command.name === (name === 'help' ? args[0] : name))
  if (known === undefined) {
    terminal.complain(unknownCommand(name === 'help' ? String(args[0]) : name))
    return exits.usage
  }
  try {
    const command = await known.load()
    if (name !== 'help' && !helpAsked(args)) return await run(command, name, args, terminal)
    await terminal.print(command.usage)
    return exits.fine
  } catch (error) {
    terminal.complain(
      `sluice ${known.name} failed: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    )
    terminal.complain('This is a mistake of Sluice, not of yours. Please report it with the policy and the input that show it.')
    return exits.internal
  }
}

/** The package's; it lies two folders above, in the checkout as where the package is installed. */
async function version(): Promise<string> {
  const about: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  return (about as { version: string }).version
}

function unknownCommand(name: string): string {
  const meant = nearest(
    name,
    commands.map((command) => command.name),
  )
  return `sluice has no command "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`}\n\n${help}`
}

function helpAsked(args: readonly string[]): boolean {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return options.includes('--help') || options.includes('-h')
}

async function run(command: Command, name: string, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await command.run(args, terminal)
  } catch (error) {
    terminal.show?.('')
    const badOption = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (error instanceof UsageError || badOption) {
      terminal.complain(`sluice ${name}: ${(error as Error).message}\n\n${command.usage}`)
      return exits.usage
    }
    if (!(error instanceof CommandError)) throw error
    terminal.complain(shownError(error, terminal))
    return exits.problems
  }
}
