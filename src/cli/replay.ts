/** `sluice replay`: runs the real gate over recorded streams and texts, with one policy or two. */
import { parseArgs } from 'node:util'
import type { Plan } from '../terms/plan.ts'
import { type Command, type ExitCode, exits, UsageError } from './command.ts'
import { inputsOf, type UnreadableInput } from './inputs.ts'
import { planFrom } from './policy-file.ts'
import { flips, type Origin, type Replayed, recordLine } from './replay-record.ts'
import { type RecordingInput, replayRecording } from './replay-recording.ts'
import { flipText, heldText, Report } from './replay-report.ts'
import { replayText, type TextInput } from './replay-text.ts'
import { parseSplit, type Split } from './split.ts'
import { counted, type Terminal } from './terminal.ts'

export const replay: Command = {
  usage: `sluice replay --policy FILE [--against FILE2] [--split HOW] [--json] INPUT…

  --policy FILE    the policy, or what sluice compile made of it (.json)
  --against FILE2  tells only what FILE2 would do differently
  --split HOW      how the input is cut into pieces; the outcome does not depend on it, how much is held does
                     events       as it was recorded (the default)
                     whole        all at once
                     chars        one at a time: UTF-16 units of a text, bytes of a recording
                     N            N at a time
                     random:SEED  by chance, the same for the same seed
  --json           one object a line for each input and channel

INPUT is a recording (.sse, .sse.txt, .json, .json.txt, .chunks.jsonl with one JSON chunk a line), a text (.txt), rows
(.jsonl; each with text, or with deltas, an array of strings; other fields are carried through), or - for standard input.

Exits with 0, whatever the verdicts, and with 1 if an input could not be read.`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { policy: { type: 'string' }, against: { type: 'string' }, split: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    })
    if (values.policy === undefined) throw new UsageError('name a policy with --policy FILE')
    if (positionals.length === 0) throw new UsageError('name at least one input, or - for standard input')
    const split = parseSplit(values.split ?? 'events')
    const plan = await planFrom(values.policy, terminal)
    const json = values.json === true
    const teller =
      values.against === undefined
        ? new Verdicts(plan, json, terminal)
        : new Flips(plan, await planFrom(values.against, terminal), json, terminal)
    let code: ExitCode = exits.fine
    for (const path of positionals) {
      for await (const input of inputsOf(path, terminal.input)) {
        if (input.kind !== 'unreadable') await teller.tell(input, split)
        else {
          code = exits.problems
          terminal.complain(sentence(input))
        }
      }
    }
    await teller.close()
    return code
  },
}

type Replayable = TextInput | RecordingInput

async function replayInput(plan: Plan, input: Replayable, split: Split): Promise<readonly Replayed[]> {
  return input.kind === 'text' ? [replayText(plan, input, split)] : await replayRecording(plan, input, split)
}

function sentence({ input, reason }: UnreadableInput): string {
  return reason.startsWith(input) ? reason : `${input}: ${reason}`
}

/** What one policy does. */
class Verdicts {
  readonly #plan: Plan
  readonly #json: boolean
  readonly #terminal: Terminal
  readonly #report: Report

  constructor(plan: Plan, json: boolean, terminal: Terminal) {
    this.#plan = plan
    this.#json = json
    this.#terminal = terminal
    this.#report = new Report(terminal)
  }

  async tell(input: Replayable, split: Split): Promise<void> {
    for (const replayed of await replayInput(this.#plan, input, split)) {
      const line = this.#json ? recordLine(replayed.record, input.origin) : this.#report.add(replayed)
      if (line !== undefined) await this.#terminal.print(line)
    }
  }

  async close(): Promise<void> {
    if (!this.#json) await this.#terminal.print(this.#report.summary())
  }
}

/** What another policy would do differently. */
class Flips {
  readonly #plans: readonly [Plan, Plan]
  readonly #json: boolean
  readonly #terminal: Terminal
  readonly #reports: readonly [Report, Report]
  #channels = 0
  #flipped = 0

  constructor(plan: Plan, against: Plan, json: boolean, terminal: Terminal) {
    this.#plans = [plan, against]
    this.#json = json
    this.#terminal = terminal
    this.#reports = [new Report(terminal), new Report(terminal)]
  }

  async tell(input: Replayable, split: Split): Promise<void> {
    const [ones, others] = [await replayInput(this.#plans[0], input, split), await replayInput(this.#plans[1], input, split)]
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
    if (this.#json) {
      const told = { id, input, channel, flips: different, policy: one?.record ?? null, against: other?.record ?? null }
      await this.#terminal.print(JSON.stringify(told))
    } else if (one !== undefined && other !== undefined)
      await this.#terminal.print(flipText(one.record, other.record, this.#terminal))
    else await this.#terminal.print(`${input}  ${channel}  ${one === undefined ? 'appears' : 'does not appear'}`)
  }

  async close(): Promise<void> {
    if (this.#json) return
    await this.#terminal.print(
      `${this.#flipped} of ${counted(this.#channels, 'channel')} ${this.#flipped === 1 ? 'flips' : 'flip'}`,
    )
    await this.#terminal.print(`held: ${heldText(this.#reports[0].held)}\n   →  ${heldText(this.#reports[1].held)}`)
  }
}
