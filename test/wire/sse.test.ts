/** Streams of events are divided as the specification says, at every split, and keep every byte. */
import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '../../src/terms/frame.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { runs } from '../generators/settings.ts'
import { bytesOf, joined, textOf } from './events.ts'

const streams: Record<string, string> = {
  'line feeds': 'data: {"a":1}\n\ndata: {"b":2}\n\n',
  'carriage returns with line feeds': 'data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\n',
  'bare carriage returns': 'data: a\r\rdata: b\r\r',
  'all ends mixed': 'data: a\n\rdata: b\r\n\ndata: c\r\r\ndata: d\n\r\n',
  'a byte order mark at the start': '\ufeffdata: a\n\ndata: b\n\n',
  'a byte order mark that is none': 'data: a\n\n\ufeffdata: b\n\ndata: c\n\n',
  'a blank line behind the mark': '\ufeff\ndata: a\n\n',
  'several data lines': 'data: a\ndata:b\ndata\ndata:  c\n\n',
  'names, ids and times': 'event: x\nid: 7\nretry: 10\ndata: a\n\nevent: y\n\ndata: b\n\n',
  'a name given twice': 'event: x\nevent: y\ndata: a\n\nevent: x\nevent:\ndata: b\n\n',
  comments: ': one\n\n:two\n: three\ndata: a\n: four\n\n',
  'fields nobody knows': 'foo: bar\nbaz\ndata: a\n\n{"error":1}\n\n',
  'blank lines only': '\n\n\n\r\n\r\r\n',
  'characters of every length': 'data: é炸😀\n\ndata: \u2028\u0085\n\n',
  'an empty event': 'data:\n\ndata: \n\n',
  'blocks of one line': 'data: a\n\ndata:  b\n\n: c\n\ndata:d\n\ndata\n\nevent: e\n\ndata: é\n\ndata: \n\n',
  'a blank line before an event': 'data: a\n\n\ndata: b\n\n\n\n\ndata: c\n\n',
}

function read(pieces: readonly Uint8Array[], most = 1 << 20): { frames: Frame[]; unfinished: boolean } {
  const reader = new SseFrames({ most_frame_bytes: most })
  const frames = pieces.flatMap((piece) => reader.push(piece))
  const end = reader.end()
  return { frames: [...frames, ...end.frames], unfinished: end.unfinished }
}

/** What the parser makes of the whole stream at once. */
function reference(text: string): { event: string | undefined; data: string }[] {
  const events: { event: string | undefined; data: string }[] = []
  createParser({ onEvent: ({ event, data }) => events.push({ event, data }) }).feed(text)
  return events
}

const dispatched = (frames: readonly Frame[]) =>
  frames.filter(({ data }) => data !== undefined).map(({ event, data }) => ({ event, data }))

function* everySplit(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield [bytes]
  yield Array.from(bytes, (_, at) => bytes.slice(at, at + 1))
  for (let at = 0; at <= bytes.length; at++) yield [bytes.slice(0, at), bytes.slice(at)]
}

for (const [name, text] of Object.entries(streams)) {
  test(`${name}: the same events as the parser and the same bytes as came, at every split`, () => {
    const bytes = bytesOf(text)
    const expected = reference(text)
    for (const pieces of everySplit(bytes)) {
      const { frames } = read(pieces)
      expect(dispatched(frames)).toEqual(expected)
      expect(textOf(joined(frames.map((frame) => frame.bytes)))).toBe(text)
    }
  })
}

test('any stream in any pieces gives the events of the parser and keeps its bytes', () => {
  const piece = fc.constantFrom(
    '\n',
    '\n',
    '\r',
    '\r\n',
    'data: ',
    'data:',
    'data',
    'event: e',
    'id: 1',
    ': c',
    'x',
    '"',
    ' ',
    'é',
    '😀',
    '\ufeff',
    '\u2028',
  )
  const pieces = fc.array(piece, { maxLength: 24 })
  const places = fc.array(fc.nat(100), { maxLength: 5 })
  fc.assert(
    fc.property(pieces, places, (parts, cuts) => {
      const text = `${parts.join('')}\n\n`
      const bytes = bytesOf(text)
      const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const { frames } = read(borders.slice(1).map((border, index) => bytes.slice(borders[index], border)))
      expect(dispatched(frames)).toEqual(reference(text))
      expect(textOf(joined(frames.map((frame) => frame.bytes)))).toBe(text)
    }),
    runs(300),
  )
}, 60_000)

test('reads of whole blocks give the events of the parser and keep their bytes, whatever they end with', () => {
  const line = fc.constantFrom(
    'data: a',
    'data: é',
    'data:b',
    'data',
    'event: x',
    'event:',
    ': c',
    'id: 1',
    'data: {"a":"😀"}',
    '\ufeff',
    '',
  )
  const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r')
  const block = fc
    .array(
      fc.tuple(line, lineEnd).map((parts) => parts.join('')),
      { maxLength: 3 },
    )
    .map((lines) => `${lines.join('')}\n`)
  const reads = fc.array(fc.array(block, { minLength: 1, maxLength: 4 }), { maxLength: 6 })
  fc.assert(
    fc.property(reads, (all) => {
      const texts = all.map((blocks) => blocks.join(''))
      const { frames } = read([...texts.map(bytesOf), bytesOf('\n\n')])
      const text = `${texts.join('')}\n\n`
      expect(dispatched(frames)).toEqual(reference(text))
      expect(textOf(joined(frames.map((frame) => frame.bytes)))).toBe(text)
    }),
    runs(500),
  )
}, 60_000)

test('bytes that are no characters stay as they came beside those that are, in reads of several blocks', () => {
  const reader = new SseFrames({ most_frame_bytes: 1000 })
  const pieces = [bytesOf('data: a\n\n'), new Uint8Array([...bytesOf('data: '), 0xff, ...bytesOf('\n\ndata: é\n\n')])]
  const frames = pieces.flatMap((piece) => reader.push(piece))
  expect(frames.map(({ data }) => data)).toEqual(['a', '\ufffd', 'é'])
  expect(joined(frames.map(({ bytes }) => bytes))).toEqual(joined(pieces))
})

test('an event leaves at its carriage return, without waiting for a line feed', () => {
  const reader = new SseFrames({ most_frame_bytes: 100 })
  const [first] = reader.push(bytesOf('data: a\r\n\r'))
  expect(first?.data).toBe('a')
  const [feed, second] = reader.push(bytesOf('\ndata: b\r\n\r\n'))
  expect([feed?.data, textOf(feed?.bytes as Uint8Array), second?.data]).toEqual([undefined, '\n', 'b'])
})

test('every line that is not data is handed over, even what the parser forgets', () => {
  const asides = (text: string) => read([bytesOf(text)]).frames.flatMap((frame) => frame.asides)
  expect(asides(': hello\nid: 1\nid: 2\nid: 3\u00004\nretry: soon\nfoo: bar\nbaz\ndata: a\n\n')).toEqual([
    ...[': hello', 'id: 1', 'id: 2', 'id: 3\u00004', 'retry: soon', 'foo: bar', 'baz'],
  ])
  expect(asides('event: secret\nevent: message\ndata: a\n\n')).toEqual(['event: secret'])
  expect(asides('event: nothing follows\n\n')).toEqual(['event: nothing follows'])
  expect(asides('\ufeffdata: a\n\n\ufeffdata: b\n\n')).toEqual(['\ufeffdata: b'])
  expect(asides('data: a\n\n')).toEqual([])
})

test('a last event without its blank line counts if its data is whole', () => {
  for (const whole of [
    'data: [DONE]',
    'data: [DONE]\n',
    'data: {"a":1}',
    'data: {"a":\ndata: 1}\r',
    ': a comment that stops',
    '{"error":\n{}}',
  ]) {
    const { frames, unfinished } = read([bytesOf(`data: x\n\n${whole}`)])
    expect([frames.length, unfinished], whole).toEqual([2, false])
    expect(textOf(joined(frames.map((frame) => frame.bytes)))).toBe(`data: x\n\n${whole}`)
  }
  for (const half of ['data: {"a":1', 'data: [DON', 'da', 'event: x', '{"error":', 'data: {"a":"é"'].map(bytesOf)) {
    expect(read([half]).unfinished, textOf(half)).toBe(true)
    expect(read([half]).frames).toEqual([])
  }
  expect(read([bytesOf('data: {"a":"😀"}').subarray(0, 13)]).unfinished).toBe(true)
})

test('an event may have exactly as many bytes as the limit, at every split', () => {
  const event = 'data: 12345678é\n\n'
  const bytes = bytesOf(event)
  for (const pieces of everySplit(bytesOf(`data: 1\n\n${event}`))) {
    expect(read(pieces, bytes.length).frames).toHaveLength(2)
    const reader = new SseFrames({ most_frame_bytes: bytes.length - 1 })
    const before: Frame[] = []
    const readOn = () => {
      for (const piece of pieces) before.push(...reader.push(piece))
      reader.end()
    }
    expect(readOn).toThrow(expect.objectContaining({ code: 'frame_too_large' }))
    expect(before.map(({ data }) => data)).toEqual(['1'])
  }
})

test('an event that arrives byte by byte costs work in proportion to its length', () => {
  const bytes = bytesOf(`data: "${'x'.repeat(20_000)}"\n\n`)
  const counted = { set: 0, decoded: 0 }
  const { set } = Uint8Array.prototype
  const { decode } = TextDecoder.prototype
  Uint8Array.prototype.set = function (source, offset) {
    counted.set += source.length
    set.call(this, source, offset)
  }
  TextDecoder.prototype.decode = function (input, options) {
    counted.decoded += (input as Uint8Array).length
    return decode.call(this, input, options)
  }
  try {
    const { frames } = read(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)))
    expect(frames).toHaveLength(1)
  } finally {
    Uint8Array.prototype.set = set
    TextDecoder.prototype.decode = decode
  }
  expect(counted.decoded).toBe(bytes.length)
  expect(counted.set).toBeLessThan(4 * bytes.length + 1024)
})
