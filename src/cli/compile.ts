/** `sluice compile`: turns policy files into the artifacts that Worker and library load. */
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { joinArtifacts } from '../policy/bundle.ts'
import { type CompiledPolicy, PolicyError, packPlan } from '../policy/index.ts'
import { type Command, CommandError, type ExitCode, exits, shownError, UsageError } from './command.ts'
import { filesFrom } from './paths.ts'
import { compileFile, shownProblem } from './policy-file.ts'
import { counted, type Terminal } from './terminal.ts'
import { writeWhole } from './writing.ts'

export const compile: Command = {
  usage: `sluice compile [--out PLACE] [--json] POLICY…

  --out PLACE   a file or a folder; NAME.plan beside each policy unless given
  --bundle      all of them into the one file that --out names, as the Worker takes them along: the first rules, the
                others are there for routes that name them
  --json        one object a line: {"policy","out","name","hash","rules","bytes"}

Exits with 1, and writes nothing for it, if a policy has a mistake.`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { bundle: { type: 'boolean' }, json: { type: 'boolean' }, out: { type: 'string', short: 'o' } },
      allowPositionals: true,
    })
    if (positionals.length === 0) throw new UsageError('name at least one policy file')
    const folder = values.out !== undefined && (await isFolder(values.out))
    const files = await filesFrom(positionals)
    if (files.includes('-') && (values.out === undefined || folder))
      throw new UsageError('a policy from standard input needs a file for --out')
    if (values.bundle) {
      if (values.out === undefined || folder) throw new UsageError('--bundle needs a file for --out')
      return await bundle(files, values.out, values.json === true, terminal)
    }
    if (files.length > 1 && values.out !== undefined && !folder) throw new UsageError('several policies need a folder for --out')
    let code: ExitCode = exits.fine
    for (const file of files) {
      const policy = await compiled(file, terminal)
      if (policy === undefined) code = exits.problems
      else
        await deliver(
          policy,
          file,
          folder ? join(values.out ?? '', artifactName(file)) : values.out,
          values.json === true,
          terminal,
        )
    }
    return code
  },
}

/** Nothing is written where one of them has a mistake: half of what routes name would be none. */
async function bundle(files: readonly string[], out: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const policies = new Map<string, { readonly file: string; readonly policy: CompiledPolicy; readonly artifact: Uint8Array }>()
  let code: ExitCode = exits.fine
  for (const file of files) {
    const policy = await compiled(file, terminal)
    if (policy === undefined) code = exits.problems
    else if (policies.has(policy.name)) throw new UsageError(`two policies are called ${policy.name}`)
    else policies.set(policy.name, { file, policy, artifact: packPlan(policy) })
  }
  if (code !== exits.fine) return code
  await writeWhole(out, joinArtifacts([...policies.values()].map(({ artifact }) => artifact)))
  for (const { file, policy, artifact } of policies.values()) await tell(policy, file, out, artifact.byteLength, json, terminal)
  return code
}

async function compiled(file: string, terminal: Terminal): Promise<CompiledPolicy | undefined> {
  try {
    return await compileFile(file, (warning) => terminal.complain(`${shownProblem(warning, terminal)}\n`), undefined, terminal)
  } catch (error) {
    if (error instanceof PolicyError)
      for (const problem of error.problems) terminal.complain(`${shownProblem(problem, terminal)}\n`)
    else if (error instanceof CommandError) terminal.complain(shownError(error, terminal))
    else throw error
    return undefined
  }
}

async function deliver(
  policy: CompiledPolicy,
  file: string,
  place: string | undefined,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const artifact = packPlan(policy)
  const out = place ?? join(dirname(file), artifactName(file))
  await writeWhole(out, artifact)
  await tell(policy, file, out, artifact.byteLength, json, terminal)
}

async function tell(
  { name, hash, definition }: CompiledPolicy,
  file: string,
  out: string,
  bytes: number,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const rules = definition.rules.length
  if (json) await terminal.print(JSON.stringify({ policy: file, out, name, hash, rules, bytes }))
  else await terminal.print(`${out}: ${name}, ${counted(rules, 'rule')}, ${size(bytes)}, hash ${hash.slice(0, 12)}`)
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function artifactName(file: string): string {
  return `${basename(file).replace(/\.ya?ml$/, '')}.plan`
}

async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith('/')) return true
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
