/** New text goes into a frame of Google's protocol where the old one stood, and takes along what vouched for that. */
import { expect, test } from 'vitest'
import type { Edit, Frame } from '../../src/terms/frame.ts'
import { gemini } from '../../src/wire/gemini.ts'
import { noEdit, textOf, texts } from './events.ts'
import { body, chunk, envelope, facts, frame, messagesIn } from './gemini-frames.ts'

const stale = { stale: new Set(['0']) }
const finished = { finishReason: 'STOP' }

/** What leaves of a frame when texts are put in the place of the segments that read so; null takes one out. */
function written(
  sent: Frame,
  changes: Record<string, string | null>,
  more: Partial<Edit> = stale,
  form = gemini.stream(facts),
): unknown {
  const found = texts(form.read(sent))
  const slotOf = (text: string): number => (found.find((segment) => segment.text === text) as { slot: number }).slot
  const entries = Object.entries(changes).map(([text, now]) => [slotOf(text), now] as const)
  const edit = {
    ...noEdit,
    ...more,
    texts: new Map(entries.filter((entry): entry is [number, string] => entry[1] !== null)),
    removed: new Set(entries.flatMap(([slot, now]) => (now === null ? [slot] : []))),
  }
  return messagesIn(form.write(sent, edit))[0] ?? null
}

const message = (parts: unknown, more: object = {}, top: object = envelope) => ({
  candidates: [{ content: { parts, role: 'model' }, ...more }],
  ...top,
})

test('a masked text is written in its place, and everything that has no part in it stays', () => {
  const parts = [{ text: 'hm', thought: true }, { text: 'secret' }]
  expect(written(chunk(parts, { ...finished, safetyRatings: [] }), { secret: '[…]' })).toEqual(
    message([{ text: 'hm', thought: true }, { text: '[…]' }], { ...finished, safetyRatings: [] }),
  )
})

test('an event is one data line with the line ends of Google, an element follows a comma', () => {
  const edit = { ...noEdit, ...stale, texts: new Map([[0, 'line\u2028end \ud83d']]) }
  const event = gemini.stream(facts)
  event.read(chunk([{ text: 'a' }]))
  expect(textOf(event.write(chunk([{ text: 'a' }]), edit) as Uint8Array)).toMatch(
    /^data: \{"candidates":.*line\\u2028end \\ud83d.*\}\r\n\r\n$/,
  )
  const element = gemini.stream({ ...facts, framing: 'array' })
  expect(textOf(element.write(chunk([{ text: 'a' }]), edit) as Uint8Array)).toMatch(/^\n,\r\n\{"candidates":.*\}$/)
})

test('a part that lost all it said goes; without any, a finished candidate says nothing rather than have no part', () => {
  expect(written(chunk([{ text: 'a' }, { text: 'b' }]), { a: '' })).toEqual(message([{ text: 'b' }]))
  expect(written(chunk([{ text: 'a' }], finished), { a: '' })).toEqual(message([{ text: '' }], finished))
  expect(written(chunk([{ text: 'a' }]), { a: '' })).toBeNull()
})

test('arguments are changed within their JSON, and a call goes whole', () => {
  const call = { name: 'f', args: { q: 'a secret "b"', n: 1 }, id: 'c' }
  const json = JSON.stringify(call.args)
  expect(written(chunk([{ functionCall: call }]), { [json]: json.replace('secret', '[…]') })).toEqual(
    message([{ functionCall: { ...call, args: { q: 'a […] "b"', n: 1 } } }]),
  )
  const gone = written(chunk([{ text: 'a' }, { functionCall: call }]), { f: null, [json]: null }, { cut: new Set(['0']) })
  expect(gone).toEqual(message([{ text: 'a' }]))
})

test('a piece of an argument that went into a mask before it is empty, not missing', () => {
  const call = (stringValue: string) => ({
    functionCall: { partialArgs: [{ jsonPath: '$.a', stringValue }], willContinue: true },
  })
  expect(written(chunk([call('secret')]), { secret: '' })).toEqual(message([call('')]))
})

test('a signature does not outlive its text, and stays with every other part', () => {
  const signed = (text: string) => ({ text, thoughtSignature: 'c2ln' })
  const sent = chunk([signed('secret'), signed('b'), signed('')])
  expect(written(sent, { secret: '[…]' })).toEqual(message([{ text: '[…]' }, signed('b'), signed('')]))
})

const described = {
  citationMetadata: { citations: [{ endIndex: 3 }] },
  logprobsResult: { chosenCandidates: [{ token: 'a', logProbability: 0 }] },
  groundingMetadata: {
    groundingChunks: [{ web: { title: 't' } }],
    groundingSupports: [{ segment: { endIndex: 3, text: 'sec' }, groundingChunkIndices: [0] }],
  },
}

test('what points into changed text or repeats it goes with it, sources stay', () => {
  const sources = { groundingMetadata: { groundingChunks: [{ web: { title: 't' } }] } }
  expect(written(chunk([{ text: 'a' }], described), { a: 'b' })).toEqual(message([{ text: 'b' }], sources))
  // Later frames of the scope too, whose own text nobody changed.
  expect(written(chunk([{ text: 'a' }], described), {})).toEqual(message([{ text: 'a' }], sources))
})

test('a repeated stretch that says what may not be said goes by itself', () => {
  const supports = [{ segment: { text: 'ok' } }, { segment: { text: 'secret' }, groundingChunkIndices: [0] }]
  const more = (groundingSupports: object[]) => ({ groundingMetadata: { groundingSupports } })
  expect(written(chunk([{ text: 'a' }], more(supports)), { secret: null }, {})).toEqual(
    message([{ text: 'a' }], more(supports.slice(0, 1))),
  )
})

test('of candidates that ended, and of nothing else, nothing is left', () => {
  const both = frame({
    candidates: [{ content: { parts: [{ text: 'a' }] } }, { index: 1, content: { parts: [{ text: 'b' }] } }],
    ...envelope,
  })
  expect(written(both, { a: null }, { gone: new Set(['0']) })).toEqual({
    candidates: [{ index: 1, content: { parts: [{ text: 'b' }] } }],
    ...envelope,
  })
  // A chunk of nothing but counts makes clients forget the turn.
  expect(written(chunk([{ text: 'a' }], finished), { a: null }, { gone: new Set(['0']) })).toBeNull()
})

test('a candidate that is cut in a frame keeps what was clear and loses its own ending', () => {
  const cut = { cut: new Set(['0']), stale: new Set(['0']) }
  const ending = { ...finished, finishMessage: 'Well.', ...described }
  expect(written(chunk([{ text: 'clear secret' }], ending), { 'clear secret': 'clear ' }, cut)).toMatchObject({
    candidates: [{ content: { parts: [{ text: 'clear ' }] } }],
  })
  expect(JSON.stringify(written(chunk([{ text: 'clear secret' }], ending), { 'clear secret': 'clear ' }, cut))).not.toMatch(
    /finish|Well|sec|token/,
  )
  expect(written(chunk([{ text: 'secret' }], finished), { secret: null }, cut)).toBeNull()
})

test('of a frame that is divided the head has text and whose it is, the tail the rest', () => {
  const sent = chunk([{ text: 'clear' }, { text: 'waits' }, { text: '', thoughtSignature: 'c2ln' }], { ...finished, index: 0 })
  const { usageMetadata: _, ...whose } = envelope
  expect(written(sent, { clear: 'clear', waits: 'wa' }, { part: 'head' })).toEqual(
    message([{ text: 'clear' }, { text: 'wa' }], { index: 0 }, whose),
  )
  expect(written(sent, { clear: null, waits: 'its' }, { part: 'tail' })).toEqual(
    message([{ text: 'its' }, { text: '', thoughtSignature: 'c2ln' }], { ...finished, index: 0 }),
  )
})

test('the last piece of a call, which says nothing, is in one part of a divided frame and not in both', () => {
  const sent = chunk([{ functionCall: {} }, { text: 'waits' }])
  const { usageMetadata: _, ...whose } = envelope
  expect(written(sent, { '': '', waits: 'wa' }, { part: 'head' })).toEqual(
    message([{ functionCall: {} }, { text: 'wa' }], {}, whose),
  )
  expect(written(sent, { '': null, waits: 'its' }, { part: 'tail' })).toEqual(message([{ text: 'its' }]))
  expect(written(sent, { '': null, waits: null }, { cut: new Set(['0']) })).toBeNull()
})

test('an unknown field and media are taken out with what holds nothing else', () => {
  const sent = chunk([{ text: 'a' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }], { mystery: 'who' })
  const lens = gemini.stream(facts)
  const { media } = lens.read(sent)
  const slot = media?.[0]?.slot as number
  const [left] = messagesIn(lens.write(sent, { ...noEdit, removed: new Set([slot]) }))
  expect(JSON.stringify(left)).not.toContain('AAAA')
  expect(written(sent, { who: null }, {})).not.toHaveProperty('candidates.0.mystery')
})

test('an error outside of any event leaves as one', () => {
  const bare = {
    bytes: new Uint8Array(),
    data: undefined,
    event: undefined,
    asides: ['{"error": {"code": 9,', '"message": "m"}}'],
  }
  expect(messagesIn(gemini.stream(facts).write(bare, noEdit))).toEqual([{ error: { code: 9, message: 'm' } }])
})

test('a whole body that is cut ends in it, with a reason and a notice where there is room', () => {
  const how = { ending: 'native', notice: 'No.', notice_in: 'answer' } as const
  const sent = body(message([{ text: 'clear secret' }], { ...finished, finishMessage: 'x' }))
  const cut = (more: Partial<Edit>, json = false) =>
    written(sent, { 'clear secret': 'clear ' }, { cut: new Set(['0']), ...stale, ...more }, gemini.body({ ...facts, json }))
  expect(cut({ how })).toEqual(message([{ text: 'clear ' }, { text: 'No.' }], { finishReason: 'SAFETY' }))
  expect(cut({ how: { ...how, notice_in: 'none' } })).toEqual(message([{ text: 'clear ' }], { finishReason: 'SAFETY' }))
  expect(cut({ how }, true)).toEqual(message([{ text: 'clear ' }], { finishReason: 'SAFETY', finishMessage: 'No.' }))
  expect(cut({ how: { ...how, ending: 'stop' } })).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
  expect(Object.keys(cut({ how: { ...how, ending: 'error' } }) as object)[0]).toBe('error')
  expect(
    written(sent, { 'clear secret': null }, { cut: new Set(['0']), how: { ...how, notice_in: 'none' } }, gemini.body(facts)),
  ).toEqual(message([{ text: '' }], { finishReason: 'SAFETY' }))
})

test('a whole body that is a list stays one', () => {
  const list = [message([{ text: 'a ' }]), message([{ text: 'secret' }], finished)]
  const lens = gemini.body(facts)
  const [, second] = texts(lens.read(body(list)))
  const out = lens.write(body(list), { ...noEdit, texts: new Map([[second?.slot as number, '[…]']]) })
  expect(JSON.parse(textOf(out as Uint8Array))).toEqual([list[0], message([{ text: '[…]' }], finished)])
})

test('lines beside the data leave as they came or not at all', () => {
  const aside = { bytes: new Uint8Array([58, 10, 10]), data: undefined, event: undefined, asides: [': hello'] }
  const lens = gemini.stream(facts)
  expect(lens.write(aside, noEdit)).toBe(aside.bytes)
  expect(lens.write(aside, { ...noEdit, removed: new Set([0]) })).toBeNull()
})
