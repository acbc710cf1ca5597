/** The laws over Gemini's streams, as events and as an array, and over its whole bodies. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { openFraming } from '../../src/wire/framing.ts'
import { gemini } from '../../src/wire/gemini.ts'
import { joinBytes, onTheNetwork } from '../generators/frames.ts'
import { geminiBody, geminiFrames, geminiMessages, someGemini, someGeminiStyle } from '../generators/gemini.ts'
import { everyPolicy, somePolicy } from '../generators/policies.ts'
import { leaks, secretCase } from '../generators/secrets.ts'
import { patience, runs } from '../generators/settings.ts'
import { matches } from '../oracle/fates.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { HoldingReader } from '../oracle/queue.ts'
import type { Step } from '../oracle/response.ts'
import { guardBody, guardStream } from './guard.ts'
import { geminiFacts, guardGemini, guardGeminiBody, jsonAsRead, meantBy, readSoFar, saidIn, tellGemini } from './guard-gemini.ts'
import { planOf } from './plan.ts'

/** Nothing of the policy is found in what these streams carry beside their text. */
const leavesNoise = ({ rules }: OraclePolicy): boolean =>
  rules.every((rule) => ['mystery', '$.q'].every((noise) => matches(rule, noise).length === 0))

const someCase = (policies: fc.Arbitrary<OraclePolicy> = everyPolicy) =>
  policies.filter(leavesNoise).chain((policy) =>
    fc.record({
      policy: fc.constant(policy),
      script: someGemini(policy),
      style: someGeminiStyle,
      places: fc.array(fc.nat(100_000), { maxLength: 6 }),
    }),
  )

const bytesOf = (frames: readonly Uint8Array[]) => frames.map((bytes) => ({ bytes }))
const reasons = (reader: ReturnType<typeof tellGemini>, candidates: number) =>
  new Map(
    Array.from({ length: candidates }, (_, index) => [
      `${index}`,
      [reader.scope(`${index}`).cut === undefined ? 'STOP' : 'SAFETY'],
    ]),
  )

describe('law 1: nothing leaks', () => {
  test(
    'what the reader gets of a stream is what the policy means',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(), async ({ policy, script, style, places }) => {
          const steps = script.chunks.flat().flatMap((said) => said.steps)
          const meant = tellGemini(policy, script.candidates, steps)
          const frames = geminiFrames(geminiMessages(script, style), style)
          const { reading, trail } = await guardGemini(
            planOf(policy),
            geminiFacts(script, style),
            onTheNetwork(bytesOf(frames), places),
          )
          expect(trail.faults).toEqual([])
          expect(saidIn(reading)).toEqual(meantBy(meant))
          expect(reading.finishes).toEqual(reasons(meant, script.candidates))
          expect(['done', 'cut']).toContain(trail.exit)
        }),
        runs(200),
      )
    },
    patience,
  )

  test(
    'what the reader gets of a whole body is what the policy means, and clean bodies are the very same',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(), async ({ policy, script, style }) => {
          const { body, steps } = geminiBody(script, style)
          const meant = tellGemini(policy, script.candidates, steps)
          const sent = new TextEncoder().encode(JSON.stringify(body, null, style.indent))
          const { bytes, reading, trail } = await guardGeminiBody(planOf(policy), geminiFacts(script, style), sent)
          expect(saidIn(reading)).toEqual(meantBy(meant))
          expect(reading.finishes).toEqual(reasons(meant, script.candidates))
          if (trail.verdict === 'clear') expect(bytes).toEqual(sent)
        }),
        runs(150),
      )
    },
    patience,
  )
})

describe('law 2: the split does not matter', () => {
  test(
    'every stream has one outcome, in both forms and on any network',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(), someGeminiStyle, async ({ policy, script, style, places }, other) => {
          const plan = planOf(policy)
          const through = async (form: typeof style, cuts: readonly number[]) => {
            const frames = geminiFrames(geminiMessages(script, form), form)
            const { reading, trail } = await guardGemini(plan, geminiFacts(script, form), onTheNetwork(bytesOf(frames), cuts))
            const { findings, cuts: made, verdict, exit } = trail
            return { said: saidIn(reading), finishes: reading.finishes, findings, made, verdict, exit }
          }
          expect(await through(other, [])).toEqual(await through(style, places))
        }),
        runs(120),
      )
    },
    patience,
  )
})

/** What is no part of a thread keeps its frame in one piece, where it could be divided otherwise. */
function keepsInOnePiece(steps: readonly Step[]): boolean {
  const units = steps.reduce((sum, step) => sum + ('text' in step ? step.text.length : 0), 0)
  return units > 32 && steps.some(({ kind }) => kind === 'whole')
}

describe('law 3: the hold is the least possible', () => {
  test(
    'after every frame of a stream, what has left is what the queue of the oracle lets go',
    () => {
      fc.assert(
        fc.property(someCase(), ({ policy, script, style }) => {
          const spoken = { ...script, chunks: script.chunks.filter((chunk) => chunk.length > 0) }
          fc.pre(spoken.chunks.every((chunk) => !keepsInOnePiece(chunk.flatMap(({ steps }) => steps))))
          const facts = geminiFacts(script, style)
          const frames = geminiFrames(geminiMessages(spoken, style), style)
          const gate = new Gate(planOf(policy), gemini.stream(facts), facts.scopes)
          const framing = openFraming(facts, { most_frame_bytes: 1_000_000 })
          const oracle = new HoldingReader(policy, Object.keys(Array.from({ length: script.candidates })))
          const out: Uint8Array[] = []
          const compared = (): boolean => {
            out.push(...gate.flush().map(({ bytes }) => framing.follow(bytes)))
            expect(saidIn(readSoFar(joinBytes(out), facts))).toEqual(jsonAsRead(oracle.flush()))
            return gate.over
          }
          for (const [index, bytes] of frames.entries()) {
            // The bracket is the last word of an array; events end with the stream.
            const closes = style.framing === 'array' && index === frames.length - 1
            oracle.take(spoken.chunks[index]?.flatMap(({ steps }) => steps) ?? [], closes)
            for (const frame of framing.push(bytes)) gate.read(frame)
            if (compared()) return
          }
          if (style.framing === 'array') return
          oracle.take([], true)
          gate.end()
          compared()
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
  test(
    'a policy that only flags changes no byte of any stream',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(onlyFlags), async ({ policy, script, style, places }) => {
          const frames = geminiFrames(geminiMessages(script, style), style)
          const { bytes, trail } = await guardGemini(
            planOf(policy),
            geminiFacts(script, style),
            onTheNetwork(bytesOf(frames), places),
          )
          expect(bytes).toEqual(joinBytes(frames))
          expect(trail.frames).toMatchObject({ touched: 0, divided: 0 })
        }),
        runs(100),
      )
    },
    patience,
  )

  test(
    'a stream in which nothing is found changes in no byte outside of the frames that were divided',
    async () => {
      await fc.assert(
        fc.asyncProperty(someCase(), async ({ policy, script, style, places }) => {
          const frames = geminiFrames(geminiMessages(script, style), style)
          const { bytes, trail } = await guardGemini(
            planOf(policy),
            geminiFacts(script, style),
            onTheNetwork(bytesOf(frames), places),
          )
          fc.pre(trail.verdict === 'clear' && trail.frames.divided === 0)
          expect(bytes).toEqual(joinBytes(frames))
        }),
        runs(100),
      )
    },
    patience,
  )
})

/** A message with something of everything: the places of its tree are where strangers are put. */
const rich = (): Record<string, unknown> => ({
  candidates: [
    {
      content: {
        parts: [
          { text: 'hm', thought: true },
          { text: 'hello', thoughtSignature: 'c2ln' },
          { functionCall: { name: 'f', args: { a: { b: ['c'] } }, id: 'c' } },
          {
            functionCall: {
              name: 'g',
              partialArgs: [{ jsonPath: '$.a', stringValue: 'x', willContinue: true }],
              willContinue: true,
            },
          },
          { functionCall: {} },
          { executableCode: { language: 'PYTHON', code: 'print(1)' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
          { toolCall: { toolType: 'T', args: { q: ['r'] } } },
          { toolResponse: { toolType: 'T', response: { s: 't' } } },
          { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
          { fileData: { mimeType: 'image/png', fileUri: 'https://a.example' } },
          { audioTranscription: { text: 'u' } },
        ],
        role: 'model',
      },
      finishReason: 'STOP',
      finishMessage: 'v',
      citationMetadata: { citations: [{ startIndex: 0, endIndex: 1, uri: 'https://a.example', publicationDate: { year: 1 } }] },
      groundingMetadata: {
        webSearchQueries: ['q'],
        searchEntryPoint: { renderedContent: '<b>', sdkBlob: 'AAAA' },
        groundingChunks: [
          { web: { uri: 'u', title: 't' } },
          { retrievedContext: { text: 't', ragChunk: { text: 't', pageSpan: {} } } },
        ],
        groundingSupports: [{ segment: { startIndex: 0, text: 'he' }, groundingChunkIndices: [0], confidenceScores: [1] }],
        retrievalMetadata: {},
      },
      urlContextMetadata: { urlMetadata: [{ retrievedUrl: 'u', urlRetrievalStatus: 'S' }] },
      logprobsResult: {
        chosenCandidates: [{ token: 'hello', tokenId: 1, logProbability: -1 }],
        topCandidates: [{ candidates: [{ token: 'hello' }, { token: 'hi' }] }],
      },
      safetyRatings: [{ category: 'C', probability: 'P' }],
    },
  ],
  promptFeedback: { blockReason: 'R', blockReasonMessage: 'm', safetyRatings: [] },
  usageMetadata: { promptTokenCount: 1, promptTokensDetails: [{ modality: 'TEXT' }] },
  modelVersion: 'gemini-9',
  modelStatus: { message: 'old' },
  error: { code: 1, message: 'e', status: 'S', details: [{ '@type': 't', metadata: { k: 'v' } }] },
})

function holdersIn(value: unknown): object[] {
  return typeof value !== 'object' || value === null ? [] : [value, ...Object.values(value).flatMap(holdersIn)]
}

const shapes: readonly ((secret: string) => unknown)[] = [
  (secret) => secret,
  (secret) => `see "${secret}".`,
  (secret) => [1, [null, { deep: [secret] }]],
  (secret) => ({ text: secret }),
  (secret) => ({ [secret]: true }),
]

const someKey = fc.constantFrom(
  ...[
    'x_note',
    'text',
    'name',
    'args',
    'stringValue',
    'jsonPath',
    'functionCall',
    'data',
    'token',
    'parts',
    'content',
    'candidates',
  ],
  ...['finishMessage', 'title', 'code', 'message', 'details', 'segment', 'thought', 'thoughtSignature', '__proto__', '', '0'],
)

describe('law 5: all text is text', () => {
  for (const framing of ['events', 'array', undefined] as const) {
    test(
      `a secret is found in every object and list, under every key, in any shape (${framing ?? 'a whole body'})`,
      async () => {
        await fc.assert(
          fc.asyncProperty(
            secretCase,
            someKey,
            fc.nat(400),
            fc.constantFrom(...shapes),
            someGeminiStyle,
            async ({ policy, secrets }, key, place, shape, style) => {
              const message = rich()
              const holders = holdersIn(message)
              const holder = holders[place % holders.length] as object
              const stranger = shape(secrets[0] as string)
              if (Array.isArray(holder)) holder.push(stranger)
              else Object.defineProperty(holder, key, { value: stranger, enumerable: true, configurable: true, writable: true })
              const form = { ...style, framing: framing ?? 'events' }
              const facts = geminiFacts({ candidates: 1, json: false }, form)
              const plan = planOf(policy)
              const { bytes } =
                framing === undefined
                  ? await guardBody(gemini, plan, facts, new TextEncoder().encode(JSON.stringify(message)))
                  : await guardStream(gemini, plan, facts, geminiFrames([message], form))
              expect(leaks(bytes, [])).toBe(false)
            },
          ),
          runs(150),
        )
      },
      patience,
    )
  }
})
