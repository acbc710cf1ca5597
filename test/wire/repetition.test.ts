/** Frames that repeat one another need no parsing, and nothing passes for a repetition that is none. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '../../src/terms/frame.ts'
import { openaiChat } from '../../src/wire/openai-chat.ts'
import { runs } from '../generators/settings.ts'
import { facts, frameOf, said } from './events.ts'

/** Strings that could be mistaken for what surrounds them. */
const someText = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    ' b',
    ':',
    ',',
    '","',
    '":"',
    'content',
    '0',
    'm',
    'stop',
    '\\',
    '"',
    '\u0000',
    '\n',
    'é炸😀',
    '\ud83d',
    '\u2028',
    '}',
    '{"a":1}',
    'k',
  ),
  fc.string(),
)

const somePadding = fc.oneof(
  fc.constantFrom('a', 'k3J', '', 'a"b', 'a\\'),
  fc.string({ maxLength: 8 }),
  fc.constantFrom('x'.repeat(1025), 'a secret', 'ᚠ', 'é', '\u007f'),
)

/** Frames of one kind and of others: `field` says the text, the padding stands before or behind, other things change now and then. */
const someFrame = fc
  .record({
    field: fc.constantFrom('content', 'content', 'content', 'reasoning_content', 'refusal', 'mystery'),
    text: someText,
    padding: fc.option(somePadding, { freq: 3 }),
    paddingFirst: fc.boolean(),
    index: fc.constantFrom(0, 0, 0, 1),
    finish: fc.option(fc.constant('stop'), { freq: 8 }),
    id: fc.constantFrom('x', 'x', 'y'),
    copy: fc.option(someText, { freq: 6 }),
    tool: fc.option(fc.constantFrom(0, 0, 1, undefined), { freq: 3 }),
    named: fc.boolean(),
  })
  .map(({ field, text, padding, paddingFirst, index, finish, id, copy, tool, named }) => {
    const pad = padding === null ? {} : { obfuscation: padding }
    const called = {
      ...(tool !== undefined && { index: tool }),
      ...(named ? { id: '', function: { name: text } } : { function: { arguments: text } }),
    }
    const delta = tool === null ? { [field]: text } : { tool_calls: [called] }
    const choice = { index, delta, ...(copy !== null && { text: copy }), finish_reason: finish }
    return { id, ...(paddingFirst && pad), choices: [choice], ...(!paddingFirst && pad) }
  })

/** The same data with blanks before it, a different number each time: no frame begins like another. */
const unlike = (value: object, index: number): Frame => frameOf(`${' '.repeat(index + 1)}${JSON.stringify(value)}`)

test('a frame that is like the one before reads as if it had been parsed', () => {
  fc.assert(
    fc.property(fc.array(someFrame, { minLength: 2, maxLength: 12 }), (values) => {
      const lens = openaiChat.stream(facts)
      const parsing = openaiChat.stream(facts)
      for (const [index, value] of values.entries()) {
        const reading = lens.read(frameOf(value))
        expect(reading).toEqual(parsing.read(unlike(value, index)))
      }
    }),
    runs(500),
  )
}, 60_000)

function countingParses(read: () => void): number {
  const { parse } = JSON
  let count = 0
  JSON.parse = (...given) => {
    count++
    return parse(...given)
  }
  try {
    read()
  } finally {
    JSON.parse = parse
  }
  return count
}

test('a stream of like frames is parsed once, padded or not', () => {
  for (const pads of [[], ['kJ', 'x', 'abc', 'q']]) {
    const frames = ['one', ' two', ' three', ' four'].map((content, index) =>
      frameOf({
        id: 'x',
        choices: [{ index: 0, delta: { content }, finish_reason: null }],
        ...(pads[index] && { obfuscation: pads[index] }),
      }),
    )
    const lens = openaiChat.stream(facts)
    const texts: string[] = []
    const parses = countingParses(() => {
      for (const frame of frames) texts.push(...said(lens.read(frame)))
    })
    expect([parses, texts]).toEqual([1, ['answer: one', 'answer:  two', 'answer:  three', 'answer:  four']])
  }
})

test('choices that speak by turns are parsed once each', () => {
  const of = (index: number, content: string) => frameOf({ id: 'x', choices: [{ index, delta: { content } }] })
  const frames = [of(0, 'a'), of(1, 'b'), of(0, 'c'), of(1, 'd'), of(1, 'e'), of(0, 'f')]
  const lens = openaiChat.stream(facts)
  const texts: string[] = []
  const parses = countingParses(() => {
    for (const frame of frames) texts.push(...said(lens.read(frame)))
  })
  expect([parses, texts]).toEqual([
    2,
    ['answer: a', '1/answer (1): b', 'answer: c', '1/answer (1): d', '1/answer (1): e', 'answer: f'],
  ])
})

test('no frame is parsed more than once', () => {
  const frames = [
    { content: 'a"b' },
    { tool_calls: [{ index: 0, function: { arguments: '{"' } }] },
    { reasoning: 'x' },
    { content: '\\' },
  ]
  const made = frames.map((delta) => frameOf({ choices: [{ index: 0, delta }] }))
  const lens = openaiChat.stream(facts)
  expect(countingParses(() => made.forEach((frame) => void lens.read(frame)))).toBe(made.length)
})

test('escapes cost no parsing of the frame', () => {
  const frames = ['one', '\n', 'a "b" \\', '\ud83d', '\u2028'].map((content) =>
    frameOf({ choices: [{ index: 0, delta: { content } }] }),
  )
  const lens = openaiChat.stream(facts)
  expect(frames.flatMap((frame) => said(lens.read(frame)))).toEqual([
    'answer: one',
    'answer: \n',
    'answer: a "b" \\',
    'answer: \ud83d',
    'answer: \u2028',
  ])
  for (const broken of ['\\x', '\\u12', 'a\u0001']) {
    const data = `{"choices":[{"index":0,"delta":{"content":"${broken}"}}]}`
    expect(() => lens.read({ ...frameOf('{}'), data }), broken).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
  }
})

test('a string that stands twice in a frame is never taken for the other', () => {
  const lens = openaiChat.stream(facts)
  const of = (model: string, content: string) => frameOf({ model, choices: [{ index: 0, delta: { content } }] })
  expect(said(lens.read(of('same', 'same')))).toEqual(['answer: same'])
  expect(said(lens.read(of('other', 'same')))).toEqual(['answer: same'])
  expect(said(lens.read(of('other', 'third')))).toEqual(['answer: third'])
})

test('padding that could be text is looked at in every frame, not only in the first of its kind', () => {
  const lens = openaiChat.stream(facts)
  const of = (obfuscation: string) => frameOf({ choices: [{ index: 0, delta: { content: 'a' } }], obfuscation })
  expect(said(lens.read(of('k3J')))).toEqual(['answer: a'])
  expect(said(lens.read(of('x9')))).toEqual(['answer: a'])
  for (const text of ['iDOᚠᚢᚦuV7Jz', 'two words', 'x'.repeat(1025)]) {
    expect(said(lens.read(of(text))).filter((line) => line.endsWith(text))).toHaveLength(1)
  }
})
