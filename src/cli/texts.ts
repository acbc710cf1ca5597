/** The texts that are to be explained: one that was given, those of rows, or what a recorded response says in each of its channels. */
import { existsSync } from 'node:fs'
import type { Channel, ChannelKind } from '../terms/channel.ts'
import type { RequestFacts } from '../terms/dialect.ts'
import { openFraming } from '../wire/framing.ts'
import { bodyFrame } from '../wire/json-body.ts'
import { CommandError } from './command.ts'
import { inputsOf } from './inputs.ts'
import { allOf, textFrom } from './policy-file.ts'
import { type RecordingInput, recordedFacts } from './replay/replay-recording.ts'

export interface GivenText {
  /** Where it comes from, as problems name it. */
  readonly input: string
  readonly channel: Channel
  readonly text: string
}

const recorded = /\.(?:sse|json|jsonl|(?:sse|json)\.txt)$/i

/** @throws CommandError where nothing can be read. */
export async function* textsOf(given: string, kind: ChannelKind, input: AsyncIterable<Uint8Array>): AsyncGenerator<GivenText> {
  if (!recorded.test(given) || !existsSync(given)) {
    yield { ...(await textFrom(given, input)), channel: channelOf(kind) }
    return
  }
  for await (const one of inputsOf(given, input)) {
    if (one.kind === 'unreadable') throw new CommandError(`${one.input}: ${one.reason}`, 'file_unreadable')
    if (one.kind === 'recording') yield* spoken(one)
    else yield { input: one.origin.input, channel: channelOf(kind), text: one.deltas.join('') }
  }
}

function channelOf(kind: ChannelKind): Channel {
  return { name: kind, scope: '0', kind, ...(kind === 'tool_input' && { json: true, atomic: true }) }
}

/** What a response says, channel by channel, in order of first appearance; each is explained as if it were alone. */
async function* spoken(input: RecordingInput): AsyncGenerator<GivenText> {
  const facts = recordedFacts(input)
  const texts = new Map<string, { channel: Channel; text: string }>()
  for await (const frame of framesOf(input, facts))
    for (const step of frame.steps) {
      if (step.kind !== 'text' || step.relation !== 'adds' || step.channel.fixed || step.text === '') continue
      // By itself: nothing else of its call is waited for.
      const { call: _, ...channel } = step.channel
      texts.set(channel.name, { channel, text: (texts.get(channel.name)?.text ?? '') + step.text })
    }
  for (const { channel, text } of texts.values()) yield { input: `${input.origin.input}#${channel.name}`, channel, text }
}

async function* framesOf({ recognized, origin, open }: RecordingInput, facts: RequestFacts) {
  const limits = { most_frame_bytes: 64 * 1024 * 1024 }
  const { dialect } = recognized
  try {
    if (!facts.stream) yield dialect.body(facts).read(bodyFrame(await allOf(open())))
    else {
      const [lens, framing] = [dialect.stream(facts), openFraming(facts, limits)]
      for await (const chunk of open()) for (const frame of framing.push(chunk)) yield lens.read(frame)
    }
  } catch (error) {
    throw new CommandError(`${origin.input}: ${error instanceof Error ? error.message : String(error)}`, 'file_unreadable')
  }
}
