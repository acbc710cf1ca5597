/** Law 5: every string is known metadata, text of a channel, opaque, or unknown - and unknown strings are checked wherever they stand. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatScript, Chunk } from '../generators/chat.ts'
import { framesOf, onTheNetwork, plainStyle, someStyle } from '../generators/frames.ts'
import { leaks, secretCase, showsTrace } from '../generators/secrets.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide } from '../generators/texts.ts'
import { factsOf, guardChat } from './guard-chat.ts'
import { planOf } from './plan.ts'

const say = (field: 'content' | 'reasoning', text: string): Chunk => [{ choice: 0, field, tool: 0, text }]
const hello: ChatScript = {
  choices: 1,
  json: false,
  chunks: [say('reasoning', 'hm'), say('content', 'hello'), say('content', ' you'), [{ choice: 0, field: 'finish' }]],
}

/** Every object and list inside a value, by the way that leads there. */
function ways(value: unknown, way: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return [[...way], ...Object.entries(value).flatMap(([key, member]) => ways(member, [...way, key]))]
}

function at(value: unknown, way: readonly string[]): object {
  return way.reduce((holder: unknown, key) => (holder as Record<string, unknown>)[key], value) as object
}

/** An event with something of everything: the places of its tree are where strangers are put. */
const rich = (data: Record<string, unknown>): Record<string, unknown> => {
  const choice = (data['choices'] as Record<string, unknown>[])[0] as Record<string, unknown>
  const delta = choice['delta'] as Record<string, unknown>
  return {
    ...data,
    usage: { prompt_tokens: 1, completion_tokens_details: { reasoning_tokens: 1 } },
    moderation: { output: { results: [{ flagged: false }] } },
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: { hate: { severity: 'safe' } } }],
    citations: [],
    search_results: [{ title: 't' }],
    choices: [
      {
        ...choice,
        logprobs: {
          content: [{ token: 'h', logprob: 0, bytes: [104], top_logprobs: [{ token: 'h', logprob: 0, bytes: [104] }] }],
          refusal: null,
        },
        content_filter_results: { hate: { filtered: false } },
        delta: {
          ...delta,
          reasoning_details: [{ type: 'reasoning.text', text: 'x' }],
          annotations: [{ type: 'url_citation', url_citation: { title: 't', start_index: 0 } }],
          audio: { id: 'a', transcript: 't' },
          images: [{ image_url: { url: 'data:image/png;base64,AAAA' } }],
          executed_tools: [{ name: 'n', search_results: { results: [{ title: 't' }] } }],
        },
      },
    ],
  }
}

/** Shapes a string may come in. */
const shapes: readonly ((secret: string) => unknown)[] = [
  (secret) => secret,
  (secret) => `see "${secret}".`,
  (secret) => [secret],
  (secret) => [1, [null, { deep: [secret] }]],
  (secret) => ({ type: 'text', text: secret }),
  (secret) => ({ [secret]: true }),
  (secret) => ({ a: { b: { [`a ${secret}`]: [] } } }),
]

const someKey = fc.constantFrom(
  'x_note',
  'id',
  'type',
  'name',
  'data',
  'metadata',
  'content',
  'text',
  'value',
  '__proto__',
  'constructor',
  '',
  '0',
)

describe('law 5: all text is text', () => {
  test(
    'a string that nobody expects is checked, in every object and list of an event, under every key, in any shape',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          secretCase,
          someKey,
          fc.nat(200),
          fc.constantFrom(...shapes),
          fc.nat(3),
          async (secret, key, place, shape, chunk) => {
            const frames = framesOf(hello, plainStyle, (data, index) => {
              if (index !== chunk) return { data, lines: [] }
              const event = rich(data)
              const places = ways(event)
              const holder = at(event, places[place % places.length] as string[])
              const stranger = shape(secret.secrets[0] as string)
              if (Array.isArray(holder)) holder.push(stranger)
              else if (!isMetadata(key, stranger)) {
                Object.defineProperty(holder, key, { value: stranger, enumerable: true, configurable: true, writable: true })
              }
              return { data: event, lines: [] }
            })
            const { bytes, reading } = await guardChat(planOf(secret.policy), factsOf(hello), onTheNetwork(frames, []))
            expect(leaks(bytes, reading.events)).toBe(false)
          },
        ),
        runs(400),
      )
    },
    patience,
  )

  test(
    'unknown strings of a delta add up over frames: a secret in pieces is found',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          secretCase,
          fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
          someStyle,
          async (secret, places, style) => {
            const pieces = divide(secret.secrets[0] as string, places).filter((piece) => piece !== '')
            const chunks = [
              ...pieces.map((text): Chunk => [{ choice: 0, field: 'mystery', tool: 0, text }]),
              [{ choice: 0, field: 'finish' } as const],
            ]
            const { bytes, reading } = await guardChat(
              planOf(secret.policy),
              factsOf(hello),
              onTheNetwork(framesOf({ chunks }, style), []),
            )
            expect(leaks(bytes, reading.events)).toBe(false)
          },
        ),
        runs(100),
      )
    },
    patience,
  )

  test('`unknown: drop` takes them out, `unknown: refuse` ends the response as a fault', async () => {
    const frames = framesOf(hello, plainStyle, (data) => ({ data: { ...data, x_note: 'harmless' }, lines: [] }))
    const pieces = onTheNetwork(frames, [])
    const dropped = await guardChat(planOf({ rules: [] }, { unknown: 'drop' }), factsOf(hello), pieces)
    expect(new TextDecoder().decode(dropped.bytes)).not.toContain('harmless')
    expect(dropped.reading.said.get('0/content')).toBe('hello you')
    const refused = await guardChat(planOf({ rules: [] }, { unknown: 'refuse' }), factsOf(hello), pieces)
    expect(refused.trail).toMatchObject({ verdict: 'fault', exit: 'fault' })
    expect(new TextDecoder().decode(refused.bytes)).not.toContain('harmless')
    expect(refused.reading.errors).toHaveLength(1)
  })

  test('the search for traces would see one', () => {
    expect(showsTrace('a\u{10330}')).toBe(true)
    expect(leaks(new TextEncoder().encode('{"a":"\\\\u16a0"}'), [])).toBe(true)
    expect(leaks(new Uint8Array(), [{ logprobs: [{ bytes: [0xe1, 0x9a] }, { bytes: [0xa0] }] }])).toBe(true)
    expect(leaks(new TextEncoder().encode('plain'), [{ bytes: [1, 2, 3] }])).toBe(false)
  })
})

/** Ids and types are no text of the model where the protocol has them; elsewhere they are, but nobody looks twice. */
function isMetadata(key: string, value: unknown): boolean {
  return typeof value === 'string' && ['id', 'type'].includes(key)
}
