/** The laws over streams of OpenAI's Responses, in which every text comes up to five times. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { spellBody } from '../generators/bodies.ts'
import { joinBytes, onTheNetwork } from '../generators/frames.ts'
import { everyPolicy, somePolicy } from '../generators/policies.ts'
import {
  responsesBody,
  responsesEvents,
  responsesFrames,
  someResponses,
  someResponsesOf,
  someResponsesStyle,
} from '../generators/responses.ts'
import { leaks, secretCase, textWith } from '../generators/secrets.ts'
import { patience, runs } from '../generators/settings.ts'
import { matches } from '../oracle/fates.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { HoldingReader } from '../oracle/queue.ts'
import { guardBody } from './guard.ts'
import {
  guardResponses,
  meantBy,
  type ResponsesReading,
  readResponse,
  readResponses,
  responsesFacts,
  tellResponses,
} from './guard-responses.ts'
import { planOf } from './plan.ts'

/** Nothing of the policy is found in what these streams carry beside their text. */
const leavesNoise = ({ rules }: OraclePolicy): boolean =>
  rules.every((rule) => ['mystery', '{"type":"search","query":""}', 'search'].every((noise) => matches(rule, noise).length === 0))

const someCase = (policies: fc.Arbitrary<OraclePolicy> = everyPolicy) =>
  policies.filter(leavesNoise).chain((policy) =>
    fc.record({
      policy: fc.constant(policy),
      script: someResponses(policy),
      style: someResponsesStyle,
      places: fc.array(fc.nat(100_000), { maxLength: 6 }),
    }),
  )

const withText = (said: ReadonlyMap<string, string>) => new Map([...said].filter(([, text]) => text !== ''))

/** Every thread was told as it was said, as often as it was told. */
function expectOneText({ said, told }: ResponsesReading): void {
  for (const [thread, texts] of told)
    for (const text of texts) expect({ thread, text }).toEqual({ thread, text: said.get(thread) ?? '' })
}

describe('law 1: nothing leaks', () => {
  test(
    'what the reader gets of a stream, each time it comes, is what the policy means',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(), async ({ policy, script, style, places }) => {
          const said = responsesEvents(script, style)
          const meant = tellResponses(
            policy,
            said.flatMap(({ steps }) => steps),
          )
          const frames = responsesFrames(
            said.map(({ event }) => event),
            style,
          )
          const { reading, trail } = await guardResponses(planOf(policy), responsesFacts(script), onTheNetwork(frames, places))
          expect(trail.faults).toEqual([])
          expect(withText(reading.said)).toEqual(meantBy(meant))
          expectOneText(reading)
          const cut = meant.scope('0').cut !== undefined
          expect(reading.ends).toEqual([cut ? 'response.incomplete' : 'response.completed'])
          expect(reading.events.at(-1)?.['type']).toBe(reading.ends[0])
          if (style.numbered) {
            expect(reading.events.map((event) => event['sequence_number'])).toEqual(reading.events.map((_, index) => index))
          }
        }),
        runs(250),
      )
    },
    patience,
  )

  test(
    'what the reader gets of a whole body is what the policy means, and clean bodies are the very same',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(), async ({ policy, script, style }) => {
          const { response, steps } = responsesBody(script, style)
          const meant = tellResponses(policy, steps)
          const sent = spellBody(response, style.escaped)
          const { bytes, trail } = await guardBody(openaiResponses, planOf(policy), responsesFacts(script), sent)
          const reading = readResponse(bytes)
          expect(withText(reading.said)).toEqual(meantBy(meant))
          expect(reading.response['status']).toBe(meant.scope('0').cut === undefined ? 'completed' : 'incomplete')
          if (trail.verdict === 'clear') expect(bytes).toEqual(sent)
        }),
        runs(200),
      )
    },
    patience,
  )

  test(
    'from a stream or a body, in whatever field secrets come',
    async () => {
      const hiding = secretCase.chain((secret) =>
        fc.record({
          secret: fc.constant(secret),
          script: someResponsesOf((most) => textWith(secret.secrets, most)),
          style: someResponsesStyle,
          places: fc.array(fc.nat(100_000), { maxLength: 4 }),
          hidden: fc.array(
            fc.record({
              way: fc.nat(ways.length - 1),
              text: fc.constantFrom(...secret.secrets),
              event: fc.nat(40),
              at: fc.nat(40),
            }),
            { maxLength: 3 },
          ),
        }),
      )
      await fc.assert(
        fc.asyncProperty(hiding, async ({ secret, script, style, places, hidden }) => {
          const plan = planOf(secret.policy)
          const facts = responsesFacts(script)
          const events = responsesEvents(script, style).map(({ event }) => event)
          const { response } = responsesBody(script, style)
          for (const { way, text, event, at } of hidden) {
            const holders = holdersIn(events[event % events.length])
            ways[way]?.(holders[at % holders.length] as object, text)
            const inBody = holdersIn(response)
            ways[way]?.(inBody[at % inBody.length] as object, text)
          }
          const { bytes, reading } = await guardResponses(plan, facts, onTheNetwork(responsesFrames(events, style), places))
          expect(leaks(bytes, reading.events)).toBe(false)
          const whole = await guardBody(openaiResponses, plan, facts, spellBody(response, style.escaped))
          expect(leaks(whole.bytes, [JSON.parse(new TextDecoder().decode(whole.bytes))])).toBe(false)
        }),
        runs(200),
      )
    },
    patience,
  )
})

type Fields = Record<string, unknown>

/** Every record and list in the value, outermost first. */
function holdersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...Object.values(value).flatMap(holdersIn)]
}

const put = (holder: object, fields: Fields): void => {
  if (Array.isArray(holder)) holder.push(fields)
  else Object.assign(holder, fields)
}

/** Probabilities that a secret was hidden in, perhaps where none belong. */
const given = new WeakSet<object>()

/** Places where a secret can hide. */
const ways: readonly ((holder: object, secret: string) => void)[] = [
  (holder, secret) => put(holder, { x_note: secret }),
  (holder, secret) => put(holder, { x_note: [{ deep: { er: [`see ${secret}.`] } }] }),
  (holder, secret) => put(holder, { [secret]: 1 }),
  (holder, secret) => put(holder, { [`a ${secret}`]: { b: secret } }),
  (holder, secret) => put(holder, { annotations: [{ type: 'url_citation', url: `https://a.example/${secret}`, title: secret }] }),
  // Numbers spell where probabilities are known to be; anywhere else nobody reads them as text.
  (holder, secret) => {
    const { logprobs: known } = holder as { logprobs?: object }
    const bytes = known !== undefined && !given.has(known) ? { bytes: [...new TextEncoder().encode(secret)] } : {}
    const logprobs = [{ token: 'a', logprob: 0, top_logprobs: [{ token: secret, logprob: -1, ...bytes }] }]
    given.add(logprobs)
    put(holder, { logprobs })
  },
  (holder, secret) =>
    put(holder, { output_text: secret, outputs: [{ type: 'logs', logs: secret }], results: [{ text: secret }] }),
  (holder, secret) => put(holder, { error: { message: secret, code: secret }, action: { query: secret, queries: [secret] } }),
  (holder, secret) => put(holder, { encrypted_content: secret, result: secret, status: secret }),
  (holder, secret) => put(holder, { id: secret, item_id: secret, name: secret, model: secret }),
  // A delta of another type is another thread, and what it said no part of the first.
  (holder, secret) => put(holder, { role: secret, phase: secret, ...(!Object.hasOwn(holder, 'delta') && { type: secret }) }),
  // The tools of the response itself are the request's.
  (holder, secret) => {
    if (!Object.hasOwn(holder, 'instructions')) put(holder, { tools: [{ name: secret, description: secret }] })
  },
]

describe('law 2: the split does not matter', () => {
  test(
    'every stream has one outcome, in every spelling and on any network',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(), someResponsesStyle, async ({ policy, script, style, places }, other) => {
          const plan = planOf(policy)
          const through = async (form: typeof style, cuts: readonly number[]) => {
            const frames = responsesFrames(
              responsesEvents(script, form).map(({ event }) => event),
              form,
            )
            const { reading, trail } = await guardResponses(plan, responsesFacts(script), onTheNetwork(frames, cuts))
            const { findings, cuts: made, verdict, exit } = trail
            return { said: withText(reading.said), ends: reading.ends, findings, made, verdict, exit }
          }
          // Texts that come whole from the start, or once more under another name, are other texts.
          const same = { ...other, whole: style.whole, outputText: style.outputText }
          expect(await through(same, [])).toEqual(await through(style, places))
        }),
        runs(120),
      )
    },
    patience,
  )
})

describe('law 3: the hold is the least possible', () => {
  test(
    'after every event, what has left is what the queue of the oracle lets go; copies hold nothing',
    () => {
      fc.assert(
        fc.property(someCase(), ({ policy, script, style }) => {
          // An event whose probabilities must not be torn waits for its entries' ends.
          const form = { ...style, logprobs: false, sentinel: false }
          const said = responsesEvents(script, form)
          const frames = responsesFrames(
            said.map(({ event }) => event),
            form,
          )
          const gate = new Gate(planOf(policy), openaiResponses.stream(responsesFacts(script)), 1)
          const reader = new SseFrames({ most_frame_bytes: 1_000_000 })
          const oracle = new HoldingReader(policy, ['0'])
          const out: Uint8Array[] = []
          for (const [index, { event, steps }] of said.entries()) {
            const { type } = event
            oracle.take(steps, index === said.length - 1, !String(type).endsWith('.delta') || type === 'response.news.delta')
            for (const frame of reader.push(frames[index]?.bytes as Uint8Array)) gate.read(frame)
            out.push(...gate.flush().map(({ bytes }) => bytes))
            const meant = new Map([...oracle.flush()].map(([thread, text]) => [thread.replace(/^0\//, ''), text]))
            expect(withText(readResponses(joinBytes(out)).said)).toEqual(meant)
            if (gate.over) return
          }
        }),
        runs(120),
      )
    },
    patience,
  )
})

const onlyFlags = somePolicy.map(({ rules }) => ({
  rules: rules.map(({ with: _with, ...rule }) => ({ ...rule, action: 'flag' as const })),
}))

describe('law 4: clean frames leave as they came', () => {
  for (const [name, policies] of [
    ['a policy that only flags changes no byte of any stream', onlyFlags],
    ['a stream in which nothing is found changes in no byte, unless frames were divided', somePolicy],
  ] as const) {
    test(
      name,
      async () => {
        await fc.assert(
          fc.asyncProperty(someCase(policies), async ({ policy, script, style, places }) => {
            const frames = responsesFrames(
              responsesEvents(script, style).map(({ event }) => event),
              style,
            )
            const { bytes, trail } = await guardResponses(planOf(policy), responsesFacts(script), onTheNetwork(frames, places))
            fc.pre(trail.verdict === 'clear' && trail.frames.divided === 0)
            expect(bytes).toEqual(joinBytes(frames.map((frame) => frame.bytes)))
          }),
          runs(100),
        )
      },
      patience,
    )
  }
})
