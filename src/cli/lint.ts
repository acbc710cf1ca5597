/** `sluice lint`: tells everything that is wrong with policy files, and what the patterns of those that are fine cost. */
import { parseArgs } from 'node:util'
import { type CompiledPolicy, PolicyError, type Problem } from '../policy/index.ts'
import { type Command, CommandError, type ExitCode, exits, shownError, UsageError } from './command.ts'
import { costLines, patternCosts } from './lint-costs.ts'
import { filesFrom } from './paths.ts'
import { compileFile, shownProblem } from './policy-file.ts'
import { counted, type Terminal } from './terminal.ts'

export const lint: Command = {
  usage: `sluice lint [--json] POLICY…

  --json   one object a line: {"file","line","column","severity","message","advice"} for what is wrong,
           {"file","rule","holds","states","shortest","longest","held":{"english","chinese","code"},"advice"}
           for each pattern of a policy that is fine

A pattern's figures are the states of its automaton, the longest text it can hold back, and the characters it holds
on average in ordinary text, in UTF-16 units. What is much has what to change below it.

Exits with 0 if every policy may rule (warnings are no obstacle), with 1 if one may not.`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } }, allowPositionals: true })
    if (positionals.length === 0) throw new UsageError('name at least one policy file')
    let code: ExitCode = exits.fine
    for (const file of await filesFrom(positionals)) {
      const { policy, problems, unread } = await problemsOf(file, terminal)
      if (policy === undefined) code = exits.problems
      if (values.json) {
        for (const { excerpt: _, length: __, ...told } of problems) await terminal.print(JSON.stringify(told))
        for (const cost of policy === undefined ? [] : patternCosts(file, policy)) await terminal.print(JSON.stringify(cost))
      } else {
        if (unread !== undefined) terminal.complain(shownError(unread, terminal))
        else for (const problem of problems) terminal.complain(`${shownProblem(problem, terminal)}\n`)
        if (policy !== undefined) {
          await terminal.print(fine(file, policy, terminal))
          for (const line of costLines(patternCosts(file, policy), terminal)) await terminal.print(line)
        } else terminal.complain(`${file}: ${counted(problems.length, 'problem')}\n`)
      }
    }
    return code
  },
}

function fine(file: string, { definition, hash }: CompiledPolicy, terminal: Terminal): string {
  return `${terminal.styled('green', 'fine')}  ${file}: ${counted(definition.rules.length, 'rule')}, hash ${hash.slice(0, 12)}`
}

interface Findings {
  readonly policy: CompiledPolicy | undefined
  readonly problems: readonly Problem[]
  /** The file itself could not be had; the one problem is that. */
  readonly unread?: CommandError
}

async function problemsOf(file: string, terminal: Terminal): Promise<Findings> {
  const warnings: Problem[] = []
  try {
    return { policy: await compileFile(file, (warning) => warnings.push(warning), undefined, terminal), problems: warnings }
  } catch (error) {
    if (error instanceof PolicyError) return { policy: undefined, problems: error.problems }
    if (!(error instanceof CommandError)) throw error
    const advice = error.code === 'file_not_text' ? 'save the file as UTF-8' : 'name a policy file that can be read'
    const place = { file, line: 1, column: 1, excerpt: '', length: 1 }
    return { policy: undefined, problems: [{ severity: 'error', ...place, message: error.message, advice }], unread: error }
  }
}
