/** Nothing in a frame of Google's protocol goes unaccounted for, whatever its shape. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Edit, Frame } from '../../src/terms/frame.ts'
import { gemini } from '../../src/wire/gemini.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { patience, runs } from '../generators/settings.ts'
import { bytesOf, noEdit, readable, textOf, texts } from './events.ts'
import { facts, frame } from './gemini-frames.ts'

/** Fields in which a string is no text; everywhere else it has to be found. */
const metadata = new Set([
  ...['role', 'thought', 'index', 'finishReason', 'mimeType', 'language', 'outcome', 'toolType', 'modelVersion', 'responseId'],
  ...[
    'blockReason',
    'status',
    'code',
    'startIndex',
    'urlRetrievalStatus',
    'groundingChunkIndices',
    'safetyRatings',
    'usageMetadata',
  ],
  ...['id', 'willContinue', 'numberValue', 'thoughtSignature', 'sdkBlob', 'placeId'],
])

const spoken = [
  ...['text', 'functionCall', 'name', 'args', 'partialArgs', 'jsonPath', 'stringValue', 'executableCode', 'code', 'output'],
  ...[
    'codeExecutionResult',
    'toolCall',
    'toolResponse',
    'response',
    'inlineData',
    'data',
    'fileData',
    'fileUri',
    'audioTranscription',
  ],
  ...['content', 'parts', 'finishMessage', 'citationMetadata', 'citations', 'uri', 'title', 'license', 'groundingMetadata'],
  ...['webSearchQueries', 'searchEntryPoint', 'renderedContent', 'groundingChunks', 'web', 'retrievedContext', 'maps'],
  ...['groundingSupports', 'segment', 'logprobsResult', 'chosenCandidates', 'topCandidates', 'candidates', 'token', 'error'],
  ...['promptFeedback', 'blockReasonMessage', 'message', 'details', 'urlContextMetadata', 'urlMetadata', 'retrievedUrl'],
  ...['functionResponse', 'mystery', '__proto__', 'constructor', '0'],
]

const someKey = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...spoken) },
  fc.constantFrom(...metadata),
  fc.constant('A MARK'),
)
const someLeaf = fc.constantFrom('A MARK', 'A MARK', 'A MARK', 'x', '', 1, null, true)

const { value: someValue } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, someLeaf, fc.array(tie('value'), { maxLength: 3 }), tie('record')),
  record: fc.array(fc.tuple(someKey, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}))

const fieldsOf = (keys: readonly string[]) =>
  fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...keys), someKey), someValue), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries))

const somePart = fieldsOf(spoken.slice(0, 19))

const loose = <Fields extends Record<string, fc.Arbitrary<unknown>>>(fields: Fields) => fc.record(fields, { requiredKeys: [] })
const some = (value: fc.Arbitrary<unknown>) => fc.array(value, { maxLength: 2 })

/** Structures that chance alone would hardly make. */
const someEntry = loose({ token: someLeaf, tokenId: someLeaf, logProbability: someLeaf, mystery: someValue })
const someDeep = loose({
  logprobsResult: loose({
    chosenCandidates: some(someEntry),
    topCandidates: some(loose({ candidates: some(someEntry), mystery: someValue })),
    mystery: someValue,
  }),
  groundingMetadata: loose({
    groundingSupports: some(loose({ segment: loose({ text: someLeaf, mystery: someValue }), mystery: someValue })),
    groundingChunks: some(loose({ web: loose({ title: someLeaf, mystery: someValue }) })),
  }),
})
const someCall = loose({
  name: someLeaf,
  args: someValue,
  partialArgs: some(loose({ jsonPath: someLeaf, stringValue: someLeaf, numberValue: someLeaf, mystery: someValue })),
  willContinue: fc.boolean(),
})

const someCandidate = fc
  .tuple(
    fieldsOf(spoken.slice(19, 45)),
    fc.array(fc.oneof(somePart, loose({ functionCall: someCall, text: someLeaf })), { maxLength: 3 }),
    fc.boolean(),
    someDeep,
  )
  .map(([fields, parts, thought, deep]) => ({
    content: { parts: parts.map((part) => ({ ...part, thought })), role: 'model' },
    ...fields,
    ...deep,
  }))

const someMessage = fc
  .tuple(fc.array(someCandidate, { maxLength: 2 }), fieldsOf(['error', 'promptFeedback', 'usageMetadata', 'mystery']))
  .map(([candidates, fields]) => ({ candidates, ...fields }))

/** Takes everything out that was found, as a policy that drops all would. */
function emptied(found: Frame, lens: ReturnType<typeof gemini.stream>): string {
  const reading = readable(lens, found)
  const slots = [...texts(reading).map(({ slot }) => slot), ...(reading.media ?? []).map(({ slot }) => slot)]
  // The gate calls a scope stale once something it said is gone.
  const stale = texts(reading).flatMap(({ relation, channel: { scope } }) => (relation === 'adds' ? [scope] : []))
  const edit: Edit = { ...noEdit, removed: new Set(slots), stale: new Set(stale) }
  return textOf(lens.write(found, edit) ?? bytesOf(''))
}

for (const [form, told] of [
  ['chunk', (value: unknown) => emptied(frame(value), gemini.stream(facts))],
  ['body', (value: unknown) => emptied(bodyFrame(bytesOf(JSON.stringify(value))), gemini.body(facts))],
] as const) {
  test(
    `every string of any ${form} is found, and none is left when all are taken out`,
    () => {
      fc.assert(
        fc.property(someMessage, (message) => {
          expect(told(message)).not.toContain('MARK')
        }),
        runs(1500),
      )
    },
    patience,
  )
}

test(
  'a frame is rewritten only where it repeats a key, whatever its fields',
  () => {
    fc.assert(
      fc.property(someMessage, (message) => {
        expect(readable(gemini.stream(facts), frame(message)).rewrite).toBeUndefined()
      }),
      runs(1500),
    )
  },
  patience,
)
