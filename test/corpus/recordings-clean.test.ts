/** Recorded chat streams under policies that find nothing: the same bytes, and the official client's outcome on record. */
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { guardFetch } from '../../src/flow/index.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { bodyOf } from '../generators/frames.ts'
import { divide } from '../generators/texts.ts'
import { factsOf, guardChat } from '../laws/guard-chat.ts'
import { planOf } from '../laws/plan.ts'
import { policyOf } from './long-text.ts'
import { chatRecordings, type Recording } from './shared.ts'

const nothing = planOf({ rules: [] })
/** Holds words, and finds none: no recording has a unicorn. */
const watchful = planOf(policyOf(['unicorn meadow', 'theory of unicorns'], ['internal unicorn']))
const facts = factsOf({ choices: 2, json: false })

const errorName = (error: unknown): string => {
  const { name, message } = error as Error
  return `raises ${error instanceof OpenAI.APIError ? 'APIError' : name}: ${message}`
}

function clientOf(bytes: Uint8Array, plan: Plan): OpenAI {
  const upstream = (async () =>
    new Response(bodyOf([bytes]), { headers: { 'content-type': 'text/event-stream' } })) as typeof fetch
  return new OpenAI({
    apiKey: 'k',
    baseURL: 'http://upstream.example/v1',
    maxRetries: 0,
    fetch: guardFetch({ plan, fetch: upstream }),
  })
}

const asked = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const, n: 2 }

/** What iterating the stream gives, in the words of the record. */
async function iterated(bytes: Uint8Array, plan: Plan): Promise<string> {
  let chunks = 0
  let characters = 0
  try {
    for await (const chunk of await clientOf(bytes, plan).chat.completions.create(asked)) {
      chunks++
      for (const { delta } of chunk.choices ?? []) if (typeof delta?.content === 'string') characters += delta.content.length
    }
    return `ok n=${chunks} chars=${characters}`
  } catch (error) {
    return errorName(error)
  }
}

async function accumulated(bytes: Uint8Array, plan: Plan): Promise<string> {
  try {
    const { choices } = await clientOf(bytes, plan).chat.completions.stream(asked).finalChatCompletion()
    return `ok ${choices.map(({ finish_reason }) => finish_reason).join()}`
  } catch (error) {
    return errorName(error)
  }
}

/** The network's pieces: whole, event by event, a byte at a time, and cut in two at many places. */
function piecesOf({ bytes }: Recording): Uint8Array[][] {
  const events = new TextDecoder()
    .decode(bytes)
    .split(/(?<=\n\n)/)
    .map((event) => new TextEncoder().encode(event))
  const halves = Array.from({ length: 60 }, (_, at) => divide(bytes, [Math.floor((bytes.length * at) / 60)]))
  return [
    [bytes],
    events,
    divide(
      bytes,
      Array.from(bytes, (_, at) => at),
    ),
    ...halves,
  ]
}

for (const recording of chatRecordings()) {
  describe(recording.file, () => {
    test('leaves byte for byte as it came, however the network cut it', async () => {
      for (const pieces of piecesOf(recording)) {
        const { bytes, trail } = await guardChat(nothing, facts, pieces)
        expect(new TextDecoder().decode(bytes)).toBe(new TextDecoder().decode(recording.bytes))
        expect(trail.frames.touched).toBe(0)
      }
    })

    test('leaves so under a policy that has to look, but for frames it divides', async () => {
      for (const pieces of piecesOf(recording).slice(0, 3)) {
        const { bytes, trail } = await guardChat(watchful, facts, pieces)
        if (trail.frames.divided === 0) expect(new TextDecoder().decode(bytes)).toBe(new TextDecoder().decode(recording.bytes))
        expect(trail.verdict).toBe('clear')
      }
    })

    test('the official client does with it what it did without us', async () => {
      for (const plan of [nothing, watchful]) {
        expect(await iterated(recording.bytes, plan)).toBe(recording.baseline.raw)
        expect(await accumulated(recording.bytes, plan)).toBe(recording.baseline.helper)
      }
    })
  })
}
