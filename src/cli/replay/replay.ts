/** `sluice replay`: runs the real gate over recorded streams and texts, with one policy or two. */
import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Plan } from '../../terms/plan.ts'
import { type Command, type ExitCode, exits, UsageError } from '../command.ts'
import { inputsOf, type UnreadableInput } from '../inputs.ts'
import { declare, type Judging, judgingFrom, judgingUsage } from '../judging/judging.ts'
import { filesFrom } from '../paths.ts'
import { planFrom } from '../policy-file.ts'
import { Progress } from '../progress.ts'
import { counted, type Terminal } from '../terminal.ts'
import { flips, flipsAt, type Origin, type Replayed, recordLine } from './replay-record.ts'
import { type RecordingInput, replayRecording } from './replay-recording.ts'
import { flipText, heldChange, heldHint, heldText, Report } from './replay-report.ts'
import { replayText, type TextInput } from './replay-text.ts'
import { parseSplit, type Split } from './split.ts'

export const replay: Command = {
  usage: `sluice replay --policy FILE [--against FILE2] [--split HOW] [--judges HOW] [--json] INPUT…

  --policy FILE    the policy, or what sluice compile made of it (.plan)
  --against FILE2  tells only what FILE2 would do differently
  --split HOW      how the input is cut into pieces; the outcome does not depend on it, how much is held does
                     events       as it was recorded (the default)
                     whole        all at once
                     chars        one at a time: UTF-16 units of a text, bytes of a recording
                     N            N at a time
                     random:SEED  by chance, the same for the same seed
${judgingUsage}
  --json           one object a line for each input and channel; with --against one for each that flips:
                   {"id","input","channel","flips":[fields],"at":offset,"policy":{…},"against":{…}}

INPUT is a recording (.sse, .sse.txt, .json, .json.txt, .chunks.jsonl with one JSON chunk a line), a text (.txt), rows
(.jsonl; each with text, or with deltas, an array of strings; other fields are carried through), or - for standard input.

Exits with 0, whatever the verdicts, and with 1 if an input could not be read.`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        policy: { type: 'string' },
        against: { type: 'string' },
        split: { type: 'string' },
        judges: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    })
    if (values.policy === undefined) throw new UsageError('name a policy with --policy FILE')
    if (positionals.length === 0) throw new UsageError('name at least one input, or - for standard input')
    const split = parseSplit(values.split ?? 'events')
    const plan = await planFrom(values.policy, terminal)
    const json = values.json === true
    const judging = await judgingFrom(values.judges)
    const against = values.against === undefined ? undefined : await planFrom(values.against, terminal)
    const trial: Trial = { split, judging, json, terminal }
    const teller = against === undefined ? new Verdicts(plan, trial) : new Flips(plan, against, trial)
    for (const judged of new Set([plan, against ?? plan])) declare(judged, judging, terminal)
    const files = await filesFrom(positionals)
    const progress = new Progress(terminal, 'replaying', await sizeOf(files))
    let code: ExitCode = exits.fine
    for (const path of files) {
      for await (const input of inputsOf(path, terminal.input, (bytes) => progress.add(bytes))) {
        if (input.kind !== 'unreadable') await teller.tell(input)
        else {
          code = exits.problems
          terminal.complain(sentence(input))
        }
      }
    }
    progress.end()
    await teller.close()
    return code
  },
}

type Replayable = TextInput | RecordingInput

interface Trial {
  readonly split: Split
  readonly judging: Judging
  readonly json: boolean
  readonly terminal: Terminal
}

async function replayInput(plan: Plan, input: Replayable, { split, judging }: Trial): Promise<readonly Replayed[]> {
  const askers = judging.askers(plan)
  return input.kind === 'text'
    ? [await replayText(plan, input, split, askers)]
    : await replayRecording(plan, input, split, askers)
}

/** Bytes; 0 where nobody knows them. */
async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function sentence({ input, reason }: UnreadableInput): string {
  return reason.startsWith(input) ? reason : `${input}: ${reason}`
}

/** What one policy does. */
class Verdicts {
  readonly #plan: Plan
  readonly #trial: Trial
  readonly #report: Report

  constructor(plan: Plan, trial: Trial) {
    this.#plan = plan
    this.#trial = trial
    this.#report = new Report(trial.terminal)
  }

  async tell(input: Replayable): Promise<void> {
    const { json, terminal } = this.#trial
    for (const replayed of await replayInput(this.#plan, input, this.#trial)) {
      const line = json ? recordLine(replayed.record, input.origin) : this.#report.add(replayed)
      if (line !== undefined) await terminal.print(line)
    }
  }

  async close(): Promise<void> {
    if (!this.#trial.json) await this.#trial.terminal.print(this.#report.summary())
  }
}

/** What another policy would do differently. */
class Flips {
  readonly #plans: readonly [Plan, Plan]
  readonly #trial: Trial
  readonly #reports: readonly [Report, Report]
  #channels = 0
  #flipped = 0

  constructor(plan: Plan, against: Plan, trial: Trial) {
    this.#plans = [plan, against]
    this.#trial = trial
    this.#reports = [new Report(trial.terminal), new Report(trial.terminal)]
  }

  async tell(input: Replayable): Promise<void> {
    const ones = await replayInput(this.#plans[0], input, this.#trial)
    const others = await replayInput(this.#plans[1], input, this.#trial)
    const names = new Set([...ones, ...others].map(({ record }) => record.channel))
    for (const name of names) {
      const one = ones.find(({ record }) => record.channel === name)
      const other = others.find(({ record }) => record.channel === name)
      await this.#compare(input.origin, one, other)
    }
  }

  /** A channel that only one of the two policies lets appear (the other cut its scope before) flips as well. */
  async #compare({ id, input }: Origin, one: Replayed | undefined, other: Replayed | undefined): Promise<void> {
    this.#channels += 1
    if (one !== undefined) this.#reports[0].add(one)
    if (other !== undefined) this.#reports[1].add(other)
    const different = one !== undefined && other !== undefined ? flips(one.record, other.record) : ['channel']
    if (different.length === 0) return
    this.#flipped += 1
    const channel = (one ?? other)?.record.channel
    const { json, terminal } = this.#trial
    if (json) {
      const at = one !== undefined && other !== undefined ? flipsAt(one.record, other.record) : null
      const told = { id, input, channel, flips: different, at, policy: one?.record ?? null, against: other?.record ?? null }
      await terminal.print(JSON.stringify(told))
    } else if (one !== undefined && other !== undefined) await terminal.print(flipText(one.record, other.record, terminal))
    else await terminal.print(`${input}  ${channel}  ${one === undefined ? 'appears' : 'does not appear'}`)
  }

  async close(): Promise<void> {
    const { json, terminal } = this.#trial
    if (json) return
    const [one, other] = [this.#reports[0].held, this.#reports[1].held]
    await terminal.print(`${this.#flipped} of ${counted(this.#channels, 'channel')} ${this.#flipped === 1 ? 'flips' : 'flip'}`)
    await terminal.print(
      `held: ${heldText(one)}\n   →  ${heldText(other)}\n      ${heldChange(one, other)}${heldHint(one, this.#channels, terminal)}`,
    )
  }
}
