/** The SSE reader against the cases of the web platform tests and of the parser it stands on, at every split. */
import { describe, expect, test } from 'vitest'
import { guardResponse } from '../../src/flow/index.ts'
import type { Frame } from '../../src/terms/frame.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { joinBytes } from '../generators/frames.ts'
import { divide } from '../generators/texts.ts'
import { chatDialect, factsOf } from '../laws/guard-chat.ts'
import { planOf } from '../laws/plan.ts'
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

const lineEnd = /\r\n|\n|\r/

/** The lines of a frame that are neither data nor blank nor the name its event goes by, told from its bytes alone. */
function besideTheData({ bytes, data }: Frame, first: boolean): string[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: !first }).decode(bytes)
  const lines = text.split(lineEnd).filter((line) => line !== '')
  const names = lines.filter((line) => /^event(:|$)/.test(line))
  const counts = data === undefined ? undefined : names.at(-1)
  const at = counts === undefined ? -1 : lines.lastIndexOf(counts)
  return lines.filter((line, index) => index !== at && !/^data(:|$)/.test(line))
}

/** @returns the lines beside the data, of all frames and of what is given up at the end. */
function check(input: string, expected: readonly Expected[]): string[] {
  const bytes = new TextEncoder().encode(input)
  let beside: string[] = []
  for (const pieces of everySplit(bytes)) {
    const reader = new SseFrames({ most_frame_bytes: 1 << 20 })
    const frames = pieces.flatMap((piece) => reader.push(piece))
    const events = frames.filter(({ data }) => data !== undefined).map(({ data, event }) => ({ data, event: event || 'message' }))
    expect(events).toEqual(expected.map(({ data, event }) => ({ data, event: event || 'message' })))
    // Every byte is in some frame, or still waits for its blank line.
    const kept = joinBytes(frames.map((frame) => frame.bytes))
    expect(bytes.subarray(0, kept.length)).toEqual(kept)
    // Every line that says something beside the data is handed over, to be looked at.
    beside = frames.flatMap((frame, index) => besideTheData(frame, index === 0))
    expect(frames.flatMap(({ asides }) => asides)).toEqual(beside)
    // What waits at the end is no event of these cases; it is given up, or left as the text beside events that it is.
    const { frames: rest, unfinished } = reader.end()
    expect(rest.filter(({ data }) => data !== undefined)).toEqual([])
    const all = joinBytes([kept, ...rest.map((frame) => frame.bytes)])
    expect(all).toEqual(unfinished ? kept : bytes)
    beside.push(...new TextDecoder().decode(bytes.subarray(kept.length)).split(lineEnd))
  }
  return beside
}

describe('web platform tests', () => {
  interface Row {
    readonly id: string
    readonly name: string
    readonly input: string
    readonly events: readonly Expected[]
    readonly retry?: number
    readonly mime?: string
    readonly connection?: 'open' | 'fail'
  }
  const rows = readRows<Row>('data/peers/wpt_eventsource.jsonl')
  for (const { id, name, input, events, retry, mime, connection } of rows) {
    if (connection !== 'fail') {
      test(`${id} ${name}`, () => {
        const beside = check(input, events)
        if (retry !== undefined) expect(beside.map((line) => Number(line.replace('retry:', '')))).toContain(retry)
      })
    }
    if (mime === undefined) continue
    test(`${id} ${name}: an answer of type "${mime}" is ${connection === 'fail' ? 'no' : 'an'} event stream`, async () => {
      const upstream = new Response(input, { headers: { 'content-type': mime } })
      const facts = factsOf({ choices: 1, json: false })
      const response = await guardResponse(upstream, { plan: planOf({ rules: [] }), dialect: chatDialect, facts })
      expect(response.status).toBe(connection === 'fail' ? 502 : 200)
      const events = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
      expect(events).toBe(connection !== 'fail')
      await response.text()
    })
  }
})

describe('eventsource-parser', () => {
  interface Told {
    readonly type: 'event' | 'retry' | 'id' | 'comment' | 'error'
    readonly data?: string
    readonly event?: string
    readonly id?: string
    readonly value?: string | number
    readonly field?: string
  }
  interface Row {
    readonly id: string
    readonly name: string
    readonly chunks: readonly (string | { readonly reset: unknown })[]
    readonly expected: readonly Told[]
  }
  const rows = readRows<Row>('data/peers/eventsource_parser.jsonl')
  for (const { id, name, chunks, expected } of rows) {
    test(`${id} ${name}`, () => {
      // A reset ends the stream, and nothing follows one in these cases.
      const texts = chunks.filter((chunk) => typeof chunk === 'string')
      expect(chunks.slice(0, texts.length)).toEqual(texts)
      const events = expected.filter(({ type }) => type === 'event')
      const beside = check(
        texts.join(''),
        events.map(({ data = '', event = '' }) => ({ data, event })),
      )
      // What the parser tells in other ways stands in the lines beside the data.
      for (const told of expected)
        for (const line of linesTold(told)) expect(beside.filter((each) => line.test(each))).not.toEqual([])
    })
  }

  /** The lines that a case tells of apart from an event's name and data. */
  function linesTold({ type, id, value = '', field = '' }: Told): RegExp[] {
    if (type === 'event') return id === undefined ? [] : [lineOf('id', id)]
    if (type === 'error') return field === '' ? [lineOf('retry', value)] : [new RegExp(`^${escaped(field)}`)]
    return [type === 'comment' ? lineOf('', value) : lineOf(type, value)]
  }
})

const escaped = (text: string): string => text.replaceAll(/[^\w ]/g, '\\$&')

function lineOf(field: string, value: string | number): RegExp {
  return new RegExp(`^${field}: ?0*${escaped(String(value))}$`)
}
