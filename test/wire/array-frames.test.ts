/** A stream that is one JSON array is divided into frames that keep every byte of it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '../../src/terms/frame.ts'
import { ArrayFrames } from '../../src/wire/array-frames.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide } from '../generators/texts.ts'
import { bytesOf, joined, textOf } from './events.ts'

const most = 1 << 20

function read(pieces: readonly Uint8Array[], limit = most): { frames: Frame[]; unfinished: boolean } {
  const reader = new ArrayFrames({ most_frame_bytes: limit })
  const frames = pieces.flatMap((piece) => reader.push(piece))
  const end = reader.end()
  return { frames: [...frames, ...end.frames], unfinished: end.unfinished }
}

const dataOf = (frames: readonly Frame[]) => frames.flatMap(({ data }) => (data === undefined ? [] : [JSON.parse(data)]))

const separators = fc.constantFrom(',', ',\r\n', '\n,\r\n', ' , ', ',\n\n\t')
const blanks = fc.constantFrom('', '\n', '\r\n', '  ')

/** Arrays of records as servers may write them: pretty or not, with brackets, quotes and backslashes inside strings. */
const someArray = fc
  .record({
    elements: fc.array(fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.constantFrom('}', '"]', '\\', '\\"', '炸😀"{['))), {
      maxLength: 4,
    }),
    indent: fc.constantFrom(0, 2),
    between: separators,
    before: blanks,
    after: blanks,
  })
  .map(({ elements, indent, between, before, after }) => {
    const texts = elements.map((element) => JSON.stringify(element, null, indent))
    return { elements: JSON.parse(`[${texts.join()}]`) as unknown[], text: `${before}[${texts.join(between)}${after}]${after}` }
  })

test(
  'every array gives its elements and the bytes that came, whatever its pieces',
  () => {
    fc.assert(
      fc.property(someArray, fc.array(fc.nat(10_000), { maxLength: 6 }), ({ elements, text }, places) => {
        const bytes = bytesOf(text)
        for (const pieces of [[bytes], divide(bytes, places), divide(bytes, [...bytes.keys()])]) {
          const { frames, unfinished } = read(pieces)
          expect(dataOf(frames)).toEqual(elements)
          expect(textOf(joined(frames.map((frame) => frame.bytes)))).toBe(text)
          expect(unfinished).toBe(false)
        }
      }),
      runs(150),
    )
  },
  patience,
)

const google = '[{\n  "a": "x]}\\"{"\n}\n,\r\n{\n  "b": [{"c": "\\\\"}]\n}\n]'

test('an array as Google writes it, at every two-way split and byte by byte', () => {
  const bytes = bytesOf(google)
  for (let at = 0; at <= bytes.length; at++) {
    const { frames } = read([bytes.slice(0, at), bytes.slice(at)])
    expect(dataOf(frames)).toEqual([{ a: 'x]}"{' }, { b: [{ c: '\\' }] }])
    expect(textOf(joined(frames.map((frame) => frame.bytes)))).toBe(google)
  }
})

test('an element is a frame as soon as its last brace has come', () => {
  const reader = new ArrayFrames({ most_frame_bytes: most })
  expect(reader.push(bytesOf('[{"a":1'))).toEqual([])
  expect(reader.push(bytesOf('}')).map(({ data }) => data)).toEqual(['{"a":1}'])
  expect(reader.push(bytesOf('\n,\r\n'))).toEqual([])
  expect(reader.push(bytesOf('{}')).map(({ bytes }) => textOf(bytes))).toEqual(['\n,\r\n{}'])
  expect(reader.push(bytesOf('\n]')).map(({ data, bytes }) => [data, textOf(bytes)])).toEqual([[undefined, '\n]']])
})

for (const text of [
  '{"a":1}',
  '[1]',
  '["x"]',
  '[{}{}]',
  '[,{}]',
  '[{},,{}]',
  '[{},]',
  '[{}] {}',
  '[{}]]',
  'x',
  '\ufeff[{}]',
  'null',
]) {
  test(`what is no array of records is unreadable at its first wrong byte: ${text}`, () => {
    expect(() => read([bytesOf(text)])).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
  })
}

test('the frames before a wrong byte are still handed over', () => {
  const reader = new ArrayFrames({ most_frame_bytes: most })
  expect(dataOf(reader.push(bytesOf('[{"a":1} oops')))).toEqual([{ a: 1 }])
  expect(() => reader.push(bytesOf(' '))).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
})

test('a record that closes with the wrong bracket is an element all the same: whoever parses it must see it', () => {
  expect(read([bytesOf('[{"a":"secret"]')]).frames.map(({ data }) => data)).toEqual(['{"a":"secret"]'])
})

test('a stream that stops inside an element or after a comma is unfinished, between elements it is not', () => {
  expect(read([bytesOf('[{"a":1')]).unfinished).toBe(true)
  expect(read([bytesOf('[{"a":1},')]).unfinished).toBe(true)
  for (const text of ['', '[', '[{}', '[{}\n', '[{}]', '[]\n']) {
    const { frames, unfinished } = read([bytesOf(text)])
    expect([text, unfinished, textOf(joined(frames.map(({ bytes }) => bytes)))]).toEqual([text, false, text])
  }
})

test('an element may be as large as the limit and no larger, and neither may blanks pile up', () => {
  const element = `{"a":"${'x'.repeat(92)}"}`
  expect(dataOf(read([bytesOf(`[${element}`)], element.length + 1).frames)).toHaveLength(1)
  for (const text of [`[${element}`, `[${' '.repeat(200)}`])
    for (const pieces of [[bytesOf(text)], divide(bytesOf(text), [...bytesOf(text).keys()])])
      expect(() => read(pieces, element.length)).toThrow(expect.objectContaining({ code: 'frame_too_large' }))
})

test(
  'whatever is left out of an array, the rest is one',
  () => {
    fc.assert(
      fc.property(someArray, fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), ({ text }, keep) => {
        const reader = new ArrayFrames({ most_frame_bytes: most })
        const { frames } = read([bytesOf(text)])
        const kept = frames.filter(({ data }, index) => data === undefined || keep[index % keep.length])
        const out = textOf(joined(kept.map(({ bytes }) => reader.follow(bytes))))
        expect(JSON.parse(out)).toEqual(dataOf(kept))
        if (kept.length === frames.length) expect(out).toBe(text)
      }),
      runs(150),
    )
  },
  patience,
)

test('an array of which nothing left yet can be ended by a comma, a bracket, and after blanks', () => {
  const told = (texts: readonly string[]): string => {
    const reader = new ArrayFrames({ most_frame_bytes: most })
    return textOf(joined(texts.map((text) => reader.follow(bytesOf(text)))))
  }
  expect(told(['\n]'])).toBe('[]')
  expect(told(['\n', '\n,\r\n{"a":1}', '\n]'])).toBe('\n[\r\n{"a":1}\n]')
  expect(told(['[{}', '\n', '\n,\r\n{}', '\n]'])).toBe('[{}\n\n,\r\n{}\n]')
})
