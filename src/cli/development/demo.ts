/** `npm run demo`: four conversations through the real service, what the model wrote beside what the reader got. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { loadPlan, PolicyError, packPlan } from '../../policy/index.ts'
import type { Plan } from '../../terms/plan.ts'
import type { Trail } from '../../terms/trail.ts'
import { exits, UsageError } from '../command.ts'
import { compileFile } from '../policy-file.ts'
import { converse, type Hold } from './demo-talk.ts'
import { Canvas, drawn, type Screen } from './demo-view.ts'
import { recordIn } from './dev-lines.ts'
import { StartError, startWorker } from './dev-worker.ts'

const questions = [
  { question: 'How does a sluice work?', shows: 'forward: no rule finds anything' },
  { question: '我登记的手机号和邮箱是什么？', shows: 'mask: the number and the address never leave, the rest does' },
  { question: 'What is almost a secret?', shows: 'hold: what could become a secret waits until it is certain that it does not' },
  { question: '测试账号的密钥是什么？', shows: 'cut: the answer ends before the key, and the model is stopped' },
]

const screen: Screen = {
  ansi: process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
  columns: process.stdout.columns ?? 100,
}

/** The policy the build takes along. */
const policyFile = 'policies/consumer-chat.yaml'
/** Milliseconds to wait for the last record. */
const trailPatience = 3000

async function main(): Promise<void> {
  const pace = readPace()
  if (pace === undefined) return
  const policy = await compileFile(policyFile)
  console.log(
    `\nFour conversations under ${policyFile}, read by the official client. The model is the rehearsal: a script, no key.\n`,
  )
  const state = mkdtempSync(join(tmpdir(), 'sluice-demo-'))
  process.once('exit', () => rmSync(state, { recursive: true, force: true }))
  // The service is ended with the process, but only by a process that ends in its own way.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  const trails: Trail[] = []
  const onLine = (line: string): void => {
    const record = recordIn(line)
    if (record?.['sluice'] === 'trail') trails.push(record as unknown as Trail)
  }
  const worker = await startWorker({ port: 0, variables: { REHEARSAL: 'true', REHEARSAL_PACE: pace }, state, onLine })
  try {
    const plan = loadPlan(packPlan(policy))
    for (const [index, { question, shows }] of questions.entries()) {
      console.log(`${index + 1}. ${shows}\n\n  ${'asked'.padEnd(8)}${question}`)
      await perform(worker.url, plan, question, () => arrived(trails, index))
    }
    console.log(figures(trails))
  } finally {
    await worker.stop()
  }
}

/** @returns undefined where there is nothing to show; what is wrong has been told then. */
function readPace(): string | undefined {
  const usage =
    'npm run demo -- [--pace NUMBER]\n\n  --pace NUMBER   factor on the pauses of the answers: 0 is at once, 2 is slow'
  try {
    const { values } = parseArgs({ options: { pace: { type: 'string', default: '1' }, help: { type: 'boolean' } } })
    if (!/^\d+(\.\d+)?$/.test(values.pace)) throw new UsageError(`"${values.pace}" is no pace`)
    if (!values.help) return values.pace
    console.log(usage)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exitCode = exits.usage
  }
  return undefined
}

/** One conversation on the screen, from its first piece to what the service's own record says of it. */
async function perform(url: string, plan: Plan, question: string, recorded: () => Promise<Trail>): Promise<void> {
  const labels = [...new Set(plan.rules.map((rule) => rule.with).filter((label) => label !== ''))]
  const canvas = new Canvas(screen, (text) => process.stdout.write(text))
  const talk = await converse(url, plan, question, (now) => canvas.draw(drawn(now, labels, [], screen)))
  const trail = await recorded()
  canvas.settle(drawn(talk, labels, trail.findings, screen))
  for (const line of holdLines(talk.holds)) console.log(line)
  console.log()
  if (!talk.reader.startsWith(talk.expected))
    throw new Error(`The reader did not get what the policy lets pass: ${JSON.stringify(talk)}`)
}

/** The longest waits, in the order in which they came. */
function holdLines(holds: readonly Hold[]): string[] {
  const worth = [...holds].sort((a, b) => b.text.length - a.text.length).slice(0, 3)
  const shown = holds.filter((hold) => worth.includes(hold))
  return shown.map(
    ({ text, ms, outcome }, index) =>
      `  ${(index === 0 ? 'held' : '').padEnd(8)}"${text}" for ${Math.round(ms)} ms, then ${outcome}`,
  )
}

async function arrived(trails: readonly Trail[], index: number): Promise<Trail> {
  const until = Date.now() + trailPatience
  for (;;) {
    const trail = trails[index]
    if (trail !== undefined) return trail
    if (Date.now() > until) throw new Error('The service wrote no record of the conversation.')
    await after(20)
  }
}

function figures(trails: readonly Trail[]): string {
  const sum = (of: (trail: Trail) => number): number => trails.reduce((total, trail) => total + of(trail), 0)
  const masked = sum(({ findings }) => findings.filter(({ action }) => action === 'mask').length)
  const parts = [
    `${trails.length} answers`,
    `${sum(({ units }) => units.received)} characters came from the model, ${sum(({ units }) => units.released)} of them were sent`,
    `${masked} finds masked`,
    `${sum(({ cuts }) => cuts.length)} answer cut`,
    `at most ${Math.max(...trails.map(({ held }) => held.max))} characters held at a time`,
    `${sum(({ frames }) => frames.received - frames.touched)} of ${sum(({ frames }) => frames.received)} frames left as they came`,
  ]
  return `${parts.join(' · ')}\n`
}

try {
  await main()
} catch (error) {
  const expected = error instanceof PolicyError || error instanceof StartError
  console.error(expected ? error.message : error)
  process.exitCode = 1
}
