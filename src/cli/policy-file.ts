/** Reads policies from files, compiled or not, and tells what is wrong with them. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { SluiceError } from '../errors.ts'
import { compileRulebook, type Rulebook } from '../policy/compile.ts'
import { type Path, PolicyDocument } from '../policy/document.ts'
import {
  type CompiledPolicy,
  compilePolicy,
  formatProblem,
  loadPlan,
  PolicyError,
  type Problem,
  packPlan,
} from '../policy/index.ts'
import type { Plan } from '../terms/plan.ts'
import { CommandError } from './command.ts'
import { surroundings } from './packs.ts'
import type { Terminal } from './terminal.ts'

/** Where `-` is read from: a terminal's input. */
type Input = Pick<Terminal, 'input'>

/**
 * @param onRead told of each file the policy is made of, itself first, also of one that cannot be had.
 * @param terminal where the policy comes from if its name is `-`; what it leans on counts from the folder we are in then.
 * @throws PolicyError, CommandError where the file cannot be read.
 */
export async function compileFile(
  file: string,
  onWarning: (warning: Problem) => void = () => {},
  onRead: (file: string) => void = () => {},
  terminal?: Input,
): Promise<CompiledPolicy> {
  onRead(file)
  const read = (path: string): Promise<Uint8Array> => {
    onRead(path)
    return readFile(path)
  }
  return await compilePolicy(await readText(file, terminal), { file, readFile: read, onWarning, ...surroundings(file) })
}

/**
 * The plan of a policy file, or of an artifact that `sluice compile` wrote (`.plan`).
 *
 * @throws CommandError with everything that is wrong, ready to be shown.
 */
export async function planFrom(file: string, terminal: Terminal): Promise<Plan> {
  return await told(file, terminal, async () => loadPlan(await artifactOf(file, terminal)))
}

/** The bytes of an artifact. @throws CommandError with what is wrong, ready to be shown. */
export async function readArtifact(file: string, terminal: Terminal): Promise<Uint8Array> {
  return await told(file, terminal, async () => {
    const bytes = await readBytes(file)
    loadPlan(bytes)
    return bytes
  })
}

async function artifactOf(file: string, terminal: Input): Promise<Uint8Array> {
  return file.endsWith('.plan') ? await readBytes(file) : packPlan(await compileFile(file, undefined, undefined, terminal))
}

/** A policy file compiled, with the places of what it says. */
export interface PolicySource {
  readonly file: string
  readonly policy: CompiledPolicy
  /** The line, from 1, on which the value at a path begins. */
  readonly lineOf: (path: Path) => number
}

/** @throws CommandError with everything that is wrong, ready to be shown. */
export async function readPolicy(
  file: string,
  terminal: Terminal,
  onWarning: (warning: Problem) => void = () => {},
): Promise<PolicySource> {
  const text = await readText(file, terminal)
  const { policy } = await rulebookOf(file, text, terminal, onWarning)
  const document = new PolicyDocument(file, text)
  return { file, policy, lineOf: (path) => document.problem(path, 'value', '', '').line }
}

/** @throws CommandError with everything that is wrong, ready to be shown. */
export async function readRulebook(file: string, terminal: Terminal): Promise<Rulebook> {
  return await rulebookOf(file, await readText(file, terminal), terminal)
}

async function rulebookOf(
  file: string,
  text: string,
  terminal: Terminal,
  onWarning: (warning: Problem) => void = () => {},
): Promise<Rulebook> {
  return await told(file, terminal, () =>
    compileRulebook(text, { file, readFile: (path) => readFile(path), onWarning, ...surroundings(file) }),
  )
}

/** A text that was given as itself, as the name of a file, or as `-` for `input`. @throws CommandError */
export async function textFrom(given: string, input: AsyncIterable<Uint8Array>): Promise<{ input: string; text: string }> {
  if (given === '-') return { input: 'input', text: decoded('-', await allOf(input)) }
  return existsSync(given) ? { input: given, text: await readText(given) } : { input: 'text', text: given }
}

async function told<Result>(file: string, terminal: Terminal, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PolicyError)
      throw new CommandError(error.problems.map((problem) => shownProblem(problem, terminal)).join('\n\n'), 'policy_invalid')
    if (error instanceof SluiceError) throw new CommandError(`${file}: ${error.message}`, 'plan_unreadable')
    throw error
  }
}

/** A problem as the terminal shows it: the message and the caret stand out. */
export function shownProblem(problem: Problem, terminal: Terminal): string {
  const [first = '', ...rest] = formatProblem(problem).split('\n')
  const caret = rest.pop() ?? ''
  const strong = terminal.styled('bold', first, 'complain')
  return [strong, ...rest, terminal.styled(problem.severity === 'warning' ? 'yellow' : 'red', caret, 'complain')].join('\n')
}

async function readBytes(file: string, terminal?: Input): Promise<Uint8Array> {
  if (file === '-' && terminal !== undefined) return await allOf(terminal.input)
  try {
    return await readFile(file)
  } catch (error) {
    throw unreadable(file, error)
  }
}

async function readText(file: string, terminal?: Input): Promise<string> {
  return decoded(file, await readBytes(file, terminal))
}

/** All that comes of it. */
export async function allOf(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of input) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function decoded(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandError(`${file} is not UTF-8 text`, 'file_not_text')
  }
}

/** What the system says about a file that cannot be had, in words. */
export function unreadable(file: string, error: unknown): CommandError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return new CommandError(`${file}: there is no such file`, 'no_such_file')
  if (code === 'EISDIR') return new CommandError(`${file} is a folder; name the files in it`, 'file_is_folder')
  return new CommandError(`${file} cannot be read${code === '' ? '' : ` (${code})`}`, 'file_unreadable')
}
