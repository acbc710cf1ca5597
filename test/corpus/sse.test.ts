/** The SSE reader against the cases of the web platform tests and of the parser it stands on, at every split. */
import { describe, expect, test } from 'vitest'
import { SseFrames } from '../../src/wire/sse.ts'
import { joinBytes } from '../generators/frames.ts'
import { divide } from '../generators/texts.ts'
import { readRows } from './shared.ts'

interface Expected {
  readonly data: string
  readonly event?: string
}

/** Whole, a byte at a time, and cut in two everywhere. */
function everySplit(bytes: Uint8Array): Uint8Array[][] {
  const halves = Array.from({ length: bytes.length + 1 }, (_, at) => divide(bytes, [at]))
  return [
    [bytes],
    divide(
      bytes,
      Array.from(bytes, (_, at) => at),
    ),
    ...halves,
  ]
}

function check(input: string, expected: readonly Expected[]): void {
  const bytes = new TextEncoder().encode(input)
  for (const pieces of everySplit(bytes)) {
    const reader = new SseFrames({ most_frame_bytes: 1 << 20 })
    const frames = pieces.flatMap((piece) => reader.push(piece))
    const events = frames.filter(({ data }) => data !== undefined).map(({ data, event }) => ({ data, event: event || 'message' }))
    expect(events).toEqual(expected.map(({ data, event }) => ({ data, event: event || 'message' })))
    // Every byte is in some frame, or still waits for its blank line.
    const kept = joinBytes(frames.map((frame) => frame.bytes))
    expect(bytes.subarray(0, kept.length)).toEqual(kept)
  }
}

describe('web platform tests', () => {
  const rows = readRows<{ id: string; name: string; input: string; events: Expected[]; connection?: string }>(
    'data/peers/wpt_eventsource.jsonl',
  )
  for (const { id, name, input, events } of rows.filter(({ connection }) => connection !== 'fail')) {
    test(`${id} ${name}`, () => check(input, events))
  }
})

describe('eventsource-parser', () => {
  interface Row {
    readonly id: string
    readonly name: string
    readonly chunks: readonly (string | { readonly reset: unknown })[]
    readonly expected: readonly ({ readonly type: string } & Partial<Expected>)[]
  }
  const rows = readRows<Row>('data/peers/eventsource_parser.jsonl')
  for (const { id, name, chunks, expected } of rows) {
    const texts = chunks.filter((chunk) => typeof chunk === 'string')
    if (texts.length < chunks.length) continue
    test(`${id} ${name}`, () =>
      check(
        texts.join(''),
        expected.filter(({ type }) => type === 'event').map(({ data = '', event = '' }) => ({ data, event })),
      ))
  }
})
