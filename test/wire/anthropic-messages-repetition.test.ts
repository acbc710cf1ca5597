/** Events of Anthropic's protocol that repeat one another need no parsing, and read as if they had it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SluiceError } from '../../src/errors.ts'
import type { Lens } from '../../src/terms/dialect.ts'
import type { Frame } from '../../src/terms/frame.ts'
import { anthropicMessages } from '../../src/wire/anthropic-messages.ts'
import { runs } from '../generators/settings.ts'
import { frameOf, said as tell } from './events.ts'
import {
  begin,
  delta,
  type Event,
  facts,
  finish,
  ping,
  said,
  start,
  stop,
  textBlock,
  thinkingBlock,
  toolBlock,
} from './messages.ts'

const someText = fc.oneof(
  fc.constantFrom('', 'a', ' b', '"', '}', ' }', 'text', 'text_delta', '\\', '\n', 'é炸😀', '\ud83d'),
  fc.string(),
)

const someEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.nat(2), someText).map(([index, text]) => said(index, text)) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(2), someText).map(([index, thinking]) => delta(index, { type: 'thinking_delta', thinking })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(2), someText)
      .map(([index, text]) => delta(index, { type: 'input_json_delta', partial_json: text })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(2), someText).map(([index, text]) => delta(index, { type: 'text_delta', text, mystery: text })),
  },
  { weight: 2, arbitrary: fc.nat(2).map(stop) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(2), fc.constantFrom('', 'ErUB', 'Eo8=', 'no base64!'))
      .map(([index, signature]) => delta(index, { type: 'signature_delta', signature })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.nat(2),
        fc.constantFrom({ type: 'text', text: '' }, { type: 'thinking', thinking: '' }, { type: 'tool_use', name: 'f' }),
      )
      .map(([index, block]) => start(index, block)),
  },
  { weight: 1, arbitrary: fc.constantFrom(ping, begin(), finish()[0]) },
)

const frame = (event: Event, blanks: number, before = ''): Frame =>
  frameOf(before + JSON.stringify(event).replace(/\}$/, `${' '.repeat(blanks)}}`), event.type)

/** What a frame says, but for whether it may be divided; a fault is told by its code. */
function told(lens: Lens, frame: Frame): object {
  try {
    const { undivided: _undivided, ...reading } = lens.read(frame)
    return reading
  } catch (error) {
    return { fault: (error as SluiceError).code }
  }
}

test('an event that is like one before reads as if it had been parsed, padded or not', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(someEvent, fc.nat(3)), { minLength: 2, maxLength: 14 }), (events) => {
      const lens = anthropicMessages.stream(facts)
      const parsing = anthropicMessages.stream(facts)
      for (const [index, [event, blanks]] of events.entries()) {
        const parsed = told(parsing, frame(event, blanks, ' '.repeat(index + 1)))
        expect(told(lens, frame(event, blanks))).toEqual(parsed)
        if ('fault' in parsed) break
      }
    }),
    runs(500),
  )
}, 60_000)

test('the deltas of a block are parsed once', () => {
  const events = [
    begin(),
    ...thinkingBlock(0, 'a', 'b', 'c'),
    ...textBlock(1, 'd', 'e', 'f'),
    ...toolBlock(2, 'g', 'h', 'i', 'j'),
  ]
  const lens = anthropicMessages.stream(facts)
  const { parse } = JSON
  let parses = 0
  JSON.parse = (...given) => {
    parses++
    return parse(...given)
  }
  let texts: string[] = []
  try {
    texts = events.flatMap((event, index) => tell(lens.read(frame(event, index % 4))))
  } finally {
    JSON.parse = parse
  }
  expect(texts.filter((text) => /: .$/.test(text)).map((text) => text.slice(-1))).toEqual([...'abcdefghij'])
  // Of four kinds of deltas, one of them without text, the first; and everything that is no delta.
  expect(parses).toBe(events.length - 6)
})

test('an event that says nothing is no pattern for one that does', () => {
  const lens = anthropicMessages.stream(facts)
  for (const event of [begin(), start(0, { type: 'thinking', thinking: '' })]) lens.read(frame(event, 0))
  const signature = (text: string) => tell(lens.read(frame(delta(0, { type: 'signature_delta', signature: text }), 0)))
  expect([signature(''), signature('ErUB')]).toEqual([['reasoning: '], ['reasoning: ']])
})

test('blanks inside a string are no padding', () => {
  const lens = anthropicMessages.stream(facts)
  const odd = (text: string, note: string) =>
    frameOf(
      `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${text}"},"note":"${note}"}`,
      'content_block_delta',
    )
  expect(tell(lens.read(odd('a', 'x'))).some((line) => line.includes('x'))).toBe(true)
  expect(tell(lens.read(odd('b', 'x  }'))).some((line) => line.includes('x  }'))).toBe(true)
})
