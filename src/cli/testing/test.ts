/** `sluice test`: runs the tests that policies bring, each at every split of its text. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadPlan, packPlan } from '../../policy/index.ts'
import type { Plan } from '../../terms/plan.ts'
import { type Command, CommandError, type ExitCode, exits, shownError, UsageError } from '../command.ts'
import { filesFrom } from '../paths.ts'
import { type PolicySource, readPolicy } from '../policy-file.ts'
import { Progress } from '../progress.ts'
import { counted, type Terminal } from '../terminal.ts'
import { runTest, type TestResult } from './policy-tests.ts'
import { failureLines } from './test-report.ts'

export const test: Command = {
  usage: `sluice test [--json] [POLICY…]

  --json   one object a test: {"policy","line","test","channel","passed","splits","expected","got","split","reasons"},
           and {"policy","tests":0} for a policy without any

Each test runs with its text in one piece, in every two pieces, and one unit at a time: the outcome must be what the
test says, each time. Without POLICY all of policies/*.yaml. The tests of extended policies are theirs.

Exits with 0 if all tests hold, with 1 if one does not or a policy has a mistake. A policy without tests is told of.`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } }, allowPositionals: true })
    if (positionals.length === 0 && !existsSync('policies')) throw new UsageError('name at least one policy file')
    const files = await filesFrom(positionals.length > 0 ? positionals : ['policies/*.yaml'])
    const tally = new Tally(values.json === true, terminal)
    for (const file of files) {
      try {
        await tally.test(await readPolicy(file, terminal))
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        tally.unreadable += 1
        terminal.complain(shownError(error, terminal))
      }
    }
    await tally.close()
    return tally.failed + tally.unreadable > 0 ? exits.problems : exits.fine
  },
}

/** Runs a policy's tests and tells of them as the command does. @returns whether all hold. */
export async function testsHold(source: PolicySource, terminal: Terminal): Promise<boolean> {
  const tally = new Tally(false, terminal)
  await tally.test(source)
  await tally.close()
  return tally.failed === 0
}

class Tally {
  failed = 0
  unreadable = 0
  #passed = 0
  #splits = 0
  readonly #json: boolean
  readonly #terminal: Terminal

  constructor(json: boolean, terminal: Terminal) {
    this.#json = json
    this.#terminal = terminal
  }

  async test({ file, policy, lineOf }: PolicySource): Promise<void> {
    const { tests } = policy
    if (tests.length === 0) return await this.#untested(file)
    const plan = loadPlan(packPlan(policy))
    const progress = new Progress(this.#terminal, `testing ${file}`, tests.length)
    const failures: string[][] = []
    for (const [index, one] of tests.entries()) {
      const line = lineOf(['tests', index])
      const result = this.#run(plan, one, `${file}:${line}`)
      progress.add(1)
      if (this.#json) await this.#terminal.print(JSON.stringify(told(file, line, index, result)))
      else if (result.failure !== undefined) failures.push(failureLines(placeOf(file, line, one), result, this.#terminal))
    }
    progress.end()
    if (this.#json) return
    const bad = failures.length
    const mark = bad === 0 ? this.#terminal.styled('green', 'pass') : this.#terminal.styled('red', 'FAIL')
    const count = bad === 0 ? counted(tests.length, 'test') : `${bad} of ${counted(tests.length, 'test')}`
    for (const lines of failures) await this.#terminal.print(`${lines.join('\n')}\n`)
    await this.#terminal.print(`${mark}  ${file}: ${count}`)
  }

  async close(): Promise<void> {
    if (this.#json || this.#passed + this.failed === 0) return
    const runs = this.#terminal.styled('dim', `${counted(this.#splits, 'split')} tried`)
    await this.#terminal.print(`${counted(this.#passed, 'test')} passed, ${this.failed} failed; ${runs}`)
  }

  #run(plan: Plan, one: Readonly<Record<string, unknown>>, name: string): TestResult {
    const result = runTest(plan, one, name)
    this.#splits += result.splits
    if (result.failure === undefined) this.#passed += 1
    else this.failed += 1
    return result
  }

  async #untested(file: string): Promise<void> {
    if (this.#json) return await this.#terminal.print(JSON.stringify({ policy: file, tests: 0 }))
    const mark = this.#terminal.styled('yellow', 'none')
    await this.#terminal.print(`${mark}  ${file}: has no tests; add some under tests:, such as - { answer: "…", reads: "…" }`)
  }
}

function placeOf(file: string, line: number, { name }: Readonly<Record<string, unknown>>): string {
  return typeof name === 'string' ? `${file}:${line} ${name}:` : `${file}:${line}`
}

function told(policy: string, line: number, index: number, { failure, channel, splits, expected }: TestResult): object {
  const outcome = failure && { got: failure.got, split: failure.split, reasons: failure.reasons }
  return { policy, line, test: index + 1, channel, passed: failure === undefined, splits, expected, ...outcome }
}
