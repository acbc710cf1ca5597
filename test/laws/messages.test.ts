/** Laws 1 to 6 and 9 over Anthropic's messages, streamed and whole. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import type { RequestFacts } from '../../src/terms/dialect.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { anthropicMessages } from '../../src/wire/anthropic-messages.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { spell } from '../generators/chat.ts'
import { joinBytes, onTheNetwork } from '../generators/frames.ts'
import {
  bodyOf,
  type MessageScript,
  messageCase,
  plainStyle,
  type SentEvent,
  someMessageOf,
  someStyle,
  spelled,
  streamOf,
} from '../generators/messages.ts'
import { somePolicy } from '../generators/policies.ts'
import { leaks, secretCase, textWith } from '../generators/secrets.ts'
import { patience, runs } from '../generators/settings.ts'
import { inForce, type OraclePolicy } from '../oracle/policy.ts'
import { HoldingReader } from '../oracle/queue.ts'
import { ResponseReader, type Step } from '../oracle/response.ts'
import { guardBody, guardStream } from './guard.ts'
import { releasedBy, withText } from './guard-chat.ts'
import { expectInOrder } from './in-order.ts'
import { planOf } from './plan.ts'
import { type MessageReading, readMessage, readWhole } from './read-messages.ts'

const factsOf = ({ json }: MessageScript): RequestFacts => ({ stream: true, scopes: 1, json, usage: true, model: 'm-9' })

const sent = ({ message, style }: { message: MessageScript; style: Parameters<typeof spelled>[1] }): SentEvent[] =>
  spelled(streamOf(message), style)

/** What the oracle makes of it. */
function tell(policy: OraclePolicy, steps: readonly Step[]): ResponseReader {
  const reader = new ResponseReader(policy, ['0'])
  for (const step of steps) if (!reader.over) reader.take(step)
  if (!reader.over) reader.end()
  return reader
}

const meant = (reader: ResponseReader): Map<string, string> =>
  new Map([...releasedBy(reader)].map(([name, text]) => [name.slice(2), text]))
const isCut = (reader: ResponseReader): boolean => reader.scope('0').cut !== undefined

async function through(plan: Plan, message: MessageScript, frames: readonly SentEvent[], places: readonly number[]) {
  const guarded = await guardStream(anthropicMessages, plan, factsOf(message), onTheNetwork(frames, places))
  return { ...guarded, reading: readMessage(guarded.bytes, message) }
}

/** Law 6: blocks in order, none torn, one last word. */
function expectLawful(reading: MessageReading): void {
  expect(reading.disorder).toEqual([])
  expect([reading.stops.length, reading.lasts, reading.errors.length]).toEqual([1, 1, 0])
}

const onlyFlags: fc.Arbitrary<OraclePolicy> = fc.oneof(
  fc.constant({ rules: [] }),
  somePolicy.map((policy) => ({ mode: 'shadow' as const, rules: policy.rules })),
  somePolicy.map(({ rules }) => ({ rules: rules.map(({ with: _with, ...rule }) => ({ ...rule, action: 'flag' as const })) })),
)

describe('messages', () => {
  test(
    'laws 1 and 6: what the reader gets of a stream is what the policy means, and it ends in order, once',
    async () => {
      await fc.assert(
        fc.asyncProperty(messageCase(), async ({ policy, message, style, places }) => {
          const events = streamOf(message)
          const steps = events.flatMap((event) => event.steps)
          const reader = tell(policy, steps)
          const { reading, trail } = await through(planOf(policy), message, spelled(events, style), places)
          expect(trail.faults).toEqual([])
          expect(withText(reading.said)).toEqual(meant(reader))
          expect(reading.stops).toEqual([isCut(reader) ? 'refusal' : 'end_turn'])
          expectLawful(reading)
        }),
        runs(250),
      )
    },
    patience,
  )

  test(
    'laws 1 and 4: what the reader gets of a whole message is what the policy means, and clean ones are the very same',
    async () => {
      await fc.assert(
        fc.asyncProperty(messageCase(), async ({ policy, message, style }) => {
          const { data, steps } = bodyOf(message)
          const reader = tell(policy, steps)
          const body = new TextEncoder().encode(spell(data, style.escaped))
          const { bytes, trail } = await guardBody(anthropicMessages, planOf(policy), factsOf(message), body)
          const { said, stops } = readWhole(JSON.parse(new TextDecoder().decode(bytes)), message)
          expect(withText(said)).toEqual(meant(reader))
          expect(stops).toEqual([isCut(reader) ? 'refusal' : 'end_turn'])
          if (trail.verdict === 'clear') expect(bytes).toEqual(body)
        }),
        runs(150),
      )
    },
    patience,
  )

  test(
    'law 1: nothing leaks, wherever in an event secrets stand',
    async () => {
      const place = fc.record({ event: fc.nat(40), place: fc.nat(40), key: someKey, shape: fc.constantFrom(...shapes) })
      // What is hidden may take the place of a thread's piece: then its own text is plain.
      const cases = fc.tuple(secretCase, fc.boolean()).chain(([secret, spoken]) =>
        fc.record({
          secret: fc.constant(secret),
          message: someMessageOf((most) => textWith(spoken ? secret.secrets : [' '], most)),
          style: someStyle,
          hidden: fc.array(place, spoken ? { maxLength: 0 } : { minLength: 1, maxLength: 2 }),
          places: fc.array(fc.nat(100_000), { maxLength: 4 }),
        }),
      )
      await fc.assert(
        fc.asyncProperty(cases, async ({ secret, message, style, hidden, places }) => {
          const events = streamOf(message)
          const frames = spelled(events, style, (data, index) => {
            const copy = structuredClone(data)
            for (const { event, place, key, shape } of hidden)
              if (event % events.length === index) hide(copy, place, key, shape(secret.secrets[0] as string))
            return copy
          })
          const { bytes } = await guardStream(
            anthropicMessages,
            planOf(secret.policy),
            factsOf(message),
            onTheNetwork(frames, places),
          )
          expect(leaks(bytes, [])).toBe(false)
        }),
        runs(300),
      )
    },
    patience,
  )

  test(
    'law 2: any deltas, any spelling, any network: one outcome',
    async () => {
      const otherWay = fc.record({
        style: someStyle,
        network: fc.array(fc.nat(100_000), { maxLength: 12 }),
        cuts: fc.array(fc.array(fc.nat(1000), { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      })
      await fc.assert(
        fc.asyncProperty(
          messageCase(),
          otherWay,
          async ({ policy, message: one, style, places }, { cuts, network, ...other }) => {
            // What the unknown field says stands between the pieces of the text, so its order would change with them.
            const plain = {
              ...one,
              blocks: one.blocks.map((block) => (block.kind === 'text' ? { ...block, mystery: '' } : block)),
            }
            const blocks = plain.blocks.map((block, index) =>
              'places' in block ? { ...block, places: cuts[index % cuts.length] as number[] } : block,
            )
            const recut = { ...plain, blocks }
            const plan = planOf(policy)
            const first = await through(plan, plain, sent({ message: plain, style }), places)
            const second = await through(plan, recut, sent({ message: recut, style: other.style }), network)
            expect(withText(second.reading.said)).toEqual(withText(first.reading.said))
            expect(second.reading.stops).toEqual(first.reading.stops)
            expect(second.trail.findings).toEqual(first.trail.findings)
            expect(second.trail.cuts).toEqual(first.trail.cuts)
            expect([second.trail.verdict, second.trail.exit]).toEqual([first.trail.verdict, first.trail.exit])
          },
        ),
        runs(150),
      )
    },
    patience,
  )

  test(
    'law 3: after every event, what has left is what the queue of the oracle lets go',
    () => {
      fc.assert(
        fc.property(messageCase(), ({ policy, message, style }) => {
          // A block's start is never divided; one that brings text waits for it whole.
          const blocks = message.blocks.map((block) => ('starts' in block ? { ...block, starts: false } : block))
          const script = { ...message, blocks }
          const events = streamOf(script)
          const frames = spelled(events, { ...style, bom: false, sentinel: false })
          const gate = new Gate(planOf(policy), anthropicMessages.stream(factsOf(script)), 1)
          const sse = new SseFrames({ most_frame_bytes: 1_000_000 })
          const oracle = new HoldingReader(policy, ['0'])
          const out: Uint8Array[] = []
          for (const frame of frames) {
            oracle.take(frame.steps, frame === frames.at(-1))
            for (const read of sse.push(frame.bytes)) if (!gate.over) gate.read(read)
            out.push(...gate.flush().map(({ bytes }) => bytes))
            const released = new Map([...oracle.flush()].map(([name, text]) => [name.slice(2), text]))
            expect(withText(readMessage(joinBytes(out), script).said)).toEqual(released)
            if (gate.over) return
          }
        }),
        runs(120),
      )
    },
    patience,
  )

  test(
    'law 4: a policy that only flags or looks on from the shadow changes no byte',
    async () => {
      await fc.assert(
        fc.asyncProperty(messageCase(onlyFlags), async ({ policy, message, style, places }) => {
          const frames = sent({ message, style })
          const { bytes, trail } = await through(planOf(policy), message, frames, places)
          expect(bytes).toEqual(joinBytes(frames.map((frame) => frame.bytes)))
          expect(trail.frames).toMatchObject({ touched: 0, divided: 0 })
        }),
        runs(100),
      )
    },
    patience,
  )

  test(
    'law 4: every frame in which nothing is masked or dropped is the very same, in its place',
    async () => {
      await fc.assert(
        fc.asyncProperty(messageCase(), async ({ policy, message, style, places }) => {
          const frames = sent({ message, style })
          const reader = tell(
            policy,
            frames.flatMap(({ steps }) => steps),
          )
          fc.pre(!isCut(reader) && [...reader.scope('0').channels.values()].every(({ dropped }) => !dropped))
          const { bytes, trail } = await through(planOf(policy), message, frames, places)
          if (trail.frames.divided > 0) return
          const isClean = [...reader.scope('0').channels.values()].every(({ found }) =>
            found.every(({ rule }) => !inForce(policy, rule)),
          )
          if (isClean && trail.verdict === 'clear') expect(bytes).toEqual(joinBytes(frames.map((frame) => frame.bytes)))
          expectInOrder(bytes, untouched(frames, reader))
        }),
        runs(120),
      )
    },
    patience,
  )
})

const someKey = fc.constantFrom(
  ...['x_note', 'id', 'type', 'name', 'data', 'metadata', 'content', 'text', 'index', 'signature', 'input', 'source', 'usage'],
  ...['__proto__', 'constructor', '', '0', 'delta', 'content_block', 'message', 'error', 'stop_sequence', 'citations'],
)

/** Shapes a string may come in. */
const shapes: readonly ((secret: string) => unknown)[] = [
  (secret) => secret,
  (secret) => `see "${secret}".`,
  (secret) => [secret],
  (secret) => [1, [null, { deep: [secret] }]],
  (secret) => ({ type: 'text', text: secret }),
  (secret) => ({ type: 'base64', data: secret }),
  (secret) => ({ [secret]: true }),
  (secret) => ({ a: { b: { [`a ${secret}`]: [] } } }),
]

function holdersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...Object.values(value).flatMap(holdersIn)]
}

function hide(data: Record<string, unknown>, place: number, key: string, secret: unknown): void {
  const holders = holdersIn(data)
  const holder = holders[place % holders.length] as object
  if (Array.isArray(holder)) holder.push(secret)
  else Object.defineProperty(holder, key, { value: secret, enumerable: true, configurable: true, writable: true })
}

/** The frames of which no unit is masked, or swallowed as a mask's tail. */
function untouched(frames: readonly SentEvent[], reader: ResponseReader): SentEvent[] {
  const read = new Map<string, number>()
  return frames.filter(({ steps }) => {
    const clean = steps.map((step) => {
      if (!('text' in step)) return true
      const { name } = step.channel
      if (step.kind === 'whole') return step.channel.name !== 'result'
      const from = read.get(name) ?? 0
      const to = from + step.text.length
      read.set(name, to)
      const masks = reader.scope('0').channels.get(name)?.masks ?? []
      return masks.every(({ start, end }) => end + 32 <= from || start >= to)
    })
    return clean.every(Boolean)
  })
}

describe('messages, law 9', () => {
  const policy: OraclePolicy = {
    rules: [{ id: 'cut', action: 'cut', words: { terms: ['secret'], except: [], fold: 'none', boundary: 'none' } }],
  }
  const said = (...texts: string[]): MessageScript => ({
    json: false,
    blocks: texts.map((text) => ({ kind: 'text', text, mystery: '', places: [], starts: false })),
  })

  test('a cut stops the upstream once and ends the message, whatever still was to come', async () => {
    const message = said('a secret', 'and more')
    const { reading, trail, aborts } = await through(planOf(policy), message, sent({ message, style: plainStyle }), [])
    expect([trail.exit, aborts]).toEqual(['cut', 1])
    expectLawful(reading)
  })

  test('a clean end without the last word passes as it came, and is a failure where the policy says so', async () => {
    const message = said('hello')
    const frames = sent({ message, style: plainStyle }).slice(0, -2)
    const { bytes, trail } = await through(planOf(policy), message, frames, [])
    expect([bytes, trail.exit]).toEqual([joinBytes(frames.map((frame) => frame.bytes)), 'unterminated'])
    const strict = await through(planOf(policy, { require_terminal: true }), message, frames, [])
    expect(strict.trail.exit).toBe('upstream_failed')
    expect(strict.reading.errors).toEqual([{ type: 'api_error', message: expect.any(String), code: 'upstream_failed' }])
  })

  test('an end inside an event is a failure, after which nothing follows', async () => {
    const message = said('hello')
    const whole = joinBytes(sent({ message, style: plainStyle }).map(({ bytes }) => bytes))
    const torn = [{ bytes: whole.slice(0, whole.length - 12), steps: [] }]
    const { reading, trail } = await through(planOf(policy), message, torn, [])
    expect(trail.exit).toBe('upstream_failed')
    expect(reading.errors).toHaveLength(1)
    expect(reading.disorder).toEqual([])
  })
})
