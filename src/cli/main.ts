#!/usr/bin/env node
/** `sluice`: chooses the command, and makes of everything that can go wrong a readable line and an exit code. */
import { type Command, CommandError, type ExitCode, exits, UsageError } from './command.ts'
import { compile } from './compile.ts'
import { lint } from './lint.ts'
import { replay } from './replay.ts'
import { complain, print, quietWhenUnread } from './terminal.ts'

const commands: readonly Command[] = [lint, compile, replay]

const help = `sluice COMMAND …

${commands.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}

sluice COMMAND --help tells more. Exit codes: 0 all is well, 1 something is wrong with a policy or an input, 2 the
command line cannot be understood. NO_COLOR turns colours off.`

async function main([name, ...args]: readonly string[]): Promise<ExitCode> {
  if (name === undefined) {
    complain(help)
    return exits.usage
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await print(help)
    return exits.fine
  }
  const command = commands.find((known) => known.name === name)
  if (command === undefined) {
    complain(`sluice has no command "${name}"\n\n${help}`)
    return exits.usage
  }
  if (helpAsked(args)) {
    await print(command.usage)
    return exits.fine
  }
  try {
    return await command.run(args)
  } catch (error) {
    return tell(error, command)
  }
}

function helpAsked(args: readonly string[]): boolean {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return options.includes('--help') || options.includes('-h')
}

function tell(error: unknown, command: Command): ExitCode {
  const badOption = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (error instanceof UsageError || badOption) {
    complain(`sluice ${command.name}: ${(error as Error).message}\n\n${command.usage}`)
    return exits.usage
  }
  if (error instanceof CommandError) {
    complain(error.message)
    return exits.problems
  }
  throw error
}

quietWhenUnread()
process.exitCode = await main(process.argv.slice(2))
