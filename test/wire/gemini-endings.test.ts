/** What we say in Google's protocol ourselves: cuts, failures, errors, keep-alives, in events and in arrays. */
import { expect, test } from 'vitest'
import type { OnCut } from '../../src/terms/plan.ts'
import { gemini } from '../../src/wire/gemini.ts'
import { noEdit, textOf } from './events.ts'
import { chunk, envelope, facts, frame, messagesIn } from './gemini-frames.ts'

const native: OnCut = { ending: 'native', notice: 'No.', notice_in: 'answer' }

const endings: [string, Partial<OnCut>, object, object][] = [
  ['native', {}, {}, { text: 'No.', finishReason: 'SAFETY' }],
  ['without a notice', { notice_in: 'none' }, {}, { text: '', finishReason: 'SAFETY' }],
  ['with an empty notice', { notice: '' }, {}, { text: '', finishReason: 'SAFETY' }],
  ['notice in the refusal', { notice_in: 'refusal' }, {}, { text: '', finishReason: 'SAFETY', finishMessage: 'No.' }],
  ['refusal', { ending: 'refusal' }, {}, { text: 'No.', finishReason: 'STOP' }],
  ['stop', { ending: 'stop', notice_in: 'none' }, {}, { text: '', finishReason: 'STOP' }],
  ['an answer in JSON', {}, { json: true }, { text: '', finishReason: 'SAFETY', finishMessage: 'No.' }],
]

for (const [name, how, more, { text, ...rest }] of endings as [string, Partial<OnCut>, object, { text: string }][]) {
  test(`cut, ${name}: the last chunk has a text part, the reason, and the counts of the chunk before`, () => {
    const lens = gemini.stream({ ...facts, ...more })
    lens.read(chunk([{ text: 'Use ' }]))
    expect(messagesIn(lens.cut('0', { ...native, ...how }))).toEqual([
      { candidates: [{ content: { parts: [{ text }], role: 'model' }, ...rest, index: 0 }], ...envelope },
    ])
    expect(lens.close()).toHaveLength(0)
  })
}

test('an error that ends a cut begins with `error`, which is how clients know one', () => {
  const bytes = gemini.stream(facts).cut('0', { ...native, ending: 'error' })
  expect(textOf(bytes)).toMatch(/^data: \{"error":\{"code":400,"message":"No\.","status":"INVALID_ARGUMENT"/)
  expect(messagesIn(bytes)).toMatchObject([{ candidates: [{ finishReason: 'SAFETY', index: 0 }] }])
})

test('each candidate ends at its own index, and what reads like a sentence is not repeated', () => {
  const lens = gemini.stream({ ...facts, scopes: 2 })
  lens.read(frame({ candidates: [], usageMetadata: { a: 'a sentence', promptTokenCount: 3 }, modelVersion: 'not a code' }))
  const [ending] = messagesIn(lens.cut('1', native))
  expect(ending).toMatchObject({ candidates: [{ index: 1 }], usageMetadata: { promptTokenCount: 3 }, modelVersion: 'm' })
  expect(JSON.stringify(ending)).not.toContain('sentence')
})

test('an array is ended by an element and its bracket', () => {
  const lens = gemini.stream({ ...facts, framing: 'array' })
  expect(textOf(lens.cut('0', native))).toMatch(/^\n,\r\n\{"candidates":/)
  expect(textOf(lens.close())).toBe('\n]')
  expect(textOf(lens.fail('upstream_failed', 'No more.'))).toMatch(/^\n,\r\n\{"error":\{"code":503,.*\}\n\]$/)
})

test('a failure in mid-stream is an event that begins with `error`, and ends whatever was open for those who look at nothing else', () => {
  const lens = gemini.stream({ ...facts, scopes: 3 })
  const open = { content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'OTHER' }
  lens.read(
    frame({
      candidates: [
        { index: 0, finishReason: 'STOP' },
        { index: 1, content: {} },
        { index: 2, content: {} },
      ],
    }),
  )
  const bytes = lens.fail('moderation_unavailable', 'Not checked.')
  expect(textOf(bytes)).toMatch(/^data: \{"error":/)
  const [failure] = messagesIn(bytes)
  expect(messagesIn(gemini.stream(facts).fail('x', 'y'))).toMatchObject([{ candidates: [{ ...open, index: 0 }] }])
  expect(failure).toEqual({
    candidates: [
      { ...open, index: 1 },
      { ...open, index: 2 },
    ],
    error: {
      code: 503,
      message: 'Not checked.',
      status: 'UNAVAILABLE',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'MODERATION_UNAVAILABLE', domain: 'sluice' }],
    },
  })
})

test('a keep-alive is a whole chunk without text, blanks in an array, and nothing in a body', () => {
  const alive = gemini.stream(facts).keepAlive()
  expect(textOf(alive)).toBe('data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"index":0}]}\r\n\r\n')
  expect(textOf(gemini.stream({ ...facts, framing: 'array' }).keepAlive()).trim()).toBe('')
  expect(gemini.body(facts).keepAlive()).toHaveLength(0)
})

test('errors before the first byte are in the shape of Google', () => {
  const { status, headers, body } = gemini.error(501, 'endpoint_unknown', 'Unknown.', false)
  expect([status, headers['x-should-retry']]).toEqual([501, 'false'])
  expect(JSON.parse(body).error).toMatchObject({ code: 501, message: 'Unknown.', status: 'UNIMPLEMENTED' })
  for (const [code, name] of Object.entries({
    400: 'INVALID_ARGUMENT',
    429: 'RESOURCE_EXHAUSTED',
    418: 'FAILED_PRECONDITION',
    500: 'INTERNAL',
  }))
    expect(JSON.parse(gemini.error(Number(code), 'x', 'm', true).body).error.status).toBe(name)
})

test('a block is told as Google tells one, in the form that was asked for', () => {
  const told = (more: object) => gemini.block({ ...facts, ...more }, 'Not this.')
  const events = told({})
  expect([events.status, events.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const blocked = {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'Not this.', safetyRatings: [] },
    usageMetadata: { promptTokenCount: 0, totalTokenCount: 0 },
    modelVersion: 'm',
  }
  expect(messagesIn(new TextEncoder().encode(events.body))).toEqual([blocked])
  expect(JSON.parse(told({ framing: 'array' }).body)).toEqual([blocked])
  expect(JSON.parse(told({ stream: false }).body)).toEqual(blocked)
})

test('an answer that declines says so in words, for every candidate, outside of JSON', () => {
  const reply = (more: object) => JSON.parse(gemini.refusal({ ...facts, stream: false, ...more }, 'Not this.').body).candidates
  expect(reply({ scopes: 2 })).toEqual(
    [0, 1].map((index) => ({ content: { parts: [{ text: 'Not this.' }], role: 'model' }, finishReason: 'SAFETY', index })),
  )
  expect(reply({ json: true })).toEqual([
    { content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'SAFETY', finishMessage: 'Not this.', index: 0 },
  ])
})

test('frames that say nothing are not touched', () => {
  const array = gemini.stream({ ...facts, framing: 'array' })
  const bracket = { bytes: new TextEncoder().encode('\n]'), data: undefined, event: undefined, asides: [] }
  expect(array.read(bracket).terminal).toBe(true)
  expect(array.write(bracket, noEdit)).toBe(bracket.bytes)
  expect(array.read({ ...bracket, bytes: new TextEncoder().encode('\n') }).terminal).toBe(false)
})
