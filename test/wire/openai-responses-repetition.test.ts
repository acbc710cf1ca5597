/** Events of Responses that repeat one another need no parsing, and read as if they had it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '../../src/terms/frame.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'
import { runs } from '../generators/settings.ts'
import { facts, frameOf, said } from './events.ts'

type Fields = Record<string, unknown>

const someText = fc.oneof(
  fc.constantFrom('', 'a', ' b', '"', '}', 'delta', 'sequence_number', '7', '\\', '\n', 'é炸😀', '\ud83d', '{"'),
  fc.string(),
)

const somePadding = fc.option(fc.constantFrom('k3J', '', 'a"b', 'two words', 'é', 'sequence_number', '7'), { freq: 3 })

const someNumber = fc.constantFrom<unknown>(0, 7, 8, 19, 1000, 1e15, 1e21, -1, 1.5, '7', null, undefined)

/** Deltas of one kind and of others: their numbers, padding and places come and go; other events stand between them. */
const someEvent: fc.Arbitrary<Fields> = fc
  .record({
    of: fc.constantFrom(
      'output_text',
      'output_text',
      'output_text',
      'reasoning_summary_text',
      'function_call_arguments',
      'mystery',
    ),
    text: someText,
    number: someNumber,
    numberFirst: fc.boolean(),
    padding: somePadding,
    output_index: fc.constantFrom(0, 0, 0, 1),
    done: fc.constantFrom(false, false, false, false, true),
    extra: fc.option(fc.constantFrom({ logprobs: [] }, { note: 'x' }, { nested: { sequence_number: 7 } }), { freq: 4 }),
  })
  .map(({ of, text, number, numberFirst, padding, output_index, done, extra }) => {
    const counted = number === undefined ? {} : { sequence_number: number }
    const part = of === 'reasoning_summary_text' ? { summary_index: 0 } : { content_index: 0 }
    return {
      type: `response.${of}.${done ? 'done' : 'delta'}`,
      ...(numberFirst && counted),
      item_id: 'i',
      output_index,
      ...part,
      ...(done ? { text } : { delta: text }),
      ...extra,
      ...(padding !== null && { obfuscation: padding }),
      ...(!numberFirst && counted),
    }
  })

/** The same data with blanks before it, a different number each time: no frame begins like another. */
const unlike = (event: Fields, index: number): Frame =>
  frameOf(`${' '.repeat(index + 1)}${JSON.stringify(event)}`, String(event['type']))

const like = (event: Fields): Frame => frameOf(event, String(event['type']))

test('an event that is like one before reads as if it had been parsed, whatever its number', () => {
  fc.assert(
    fc.property(fc.array(someEvent, { minLength: 2, maxLength: 14 }), (events) => {
      const lens = openaiResponses.stream(facts)
      const parsing = openaiResponses.stream(facts)
      for (const [index, event] of events.entries())
        expect(outcome(() => lens.read(like(event)))).toEqual(outcome(() => parsing.read(unlike(event, index))))
    }),
    runs(500),
  )
}, 60_000)

function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

test('the deltas of a part are parsed once, though each has a number and padding of its own', () => {
  const events = ['one', ' two', ' "three"', '\n', ' five'].map((text, index) => ({
    type: 'response.output_text.delta',
    content_index: 0,
    delta: text,
    item_id: 'i',
    logprobs: [],
    obfuscation: 'q7TzPa0RkW'.slice(index),
    output_index: 0,
    sequence_number: 8 + index,
  }))
  const lens = openaiResponses.stream(facts)
  const { parse } = JSON
  let parses = 0
  JSON.parse = (...given) => {
    parses++
    return parse(...given)
  }
  let readings: ReturnType<typeof lens.read>[] = []
  try {
    readings = events.map((event) => lens.read(like(event)))
  } finally {
    JSON.parse = parse
  }
  expect(parses).toBe(1)
  expect(readings.flatMap(said)).toEqual(['one', ' two', ' "three"', '\n', ' five'].map((text) => `answer: ${text}`))
  expect(readings.map(({ note }) => (note as Fields)['sequence_number'])).toEqual([8, 9, 10, 11, 12])
})

test('a number that JSON does not know is for the parser to refuse', () => {
  const lens = openaiResponses.stream(facts)
  const of = (number: string): Frame =>
    frameOf(`{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a","sequence_number":${number}}`)
  expect(said(lens.read(of('7')))).toEqual(['answer: a'])
  for (const number of ['07', '', '-', '1e', '.5', 'NaN']) {
    expect(() => lens.read(of(number)), number).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
  }
})
