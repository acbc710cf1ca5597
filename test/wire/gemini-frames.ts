/** What the tests of Gemini have in common: chunks as Google sends them, and ways to read what was written. */
import type { RequestFacts } from '../../src/terms/dialect.ts'
import type { Frame } from '../../src/terms/frame.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { bytesOf, textOf } from './events.ts'

export const facts: RequestFacts = { stream: true, scopes: 1, json: false, usage: true, model: 'm', framing: 'events' }

export const envelope = {
  usageMetadata: {
    promptTokenCount: 5,
    candidatesTokenCount: 2,
    totalTokenCount: 7,
    promptTokensDetails: [{ modality: 'TEXT' }],
  },
  modelVersion: 'gemini-9',
  responseId: 'r1',
}

export function frame(value: unknown): Frame {
  const data = typeof value === 'string' ? value : JSON.stringify(value)
  const [only] = new SseFrames({ most_frame_bytes: 1 << 20 }).push(bytesOf(`data: ${data}\r\n\r\n`))
  return only as Frame
}

export const body = (value: unknown): Frame => bodyFrame(bytesOf(JSON.stringify(value, null, 2)))

/** A chunk with one candidate that says these parts. */
export const chunk = (parts: unknown, more: object = {}, top: object = {}): Frame =>
  frame({ candidates: [{ content: { parts, role: 'model' }, ...more }], ...envelope, ...top })

/** The messages in these bytes: events, or a whole body. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON was written
export function messagesIn(bytes: Uint8Array | null): any[] {
  if (bytes === null) return []
  const text = textOf(bytes)
  if (!text.startsWith('data: ')) return [JSON.parse(text)].flat()
  const events = text.split('\r\n\r\n')
  if (events.pop() !== '') throw new Error(`the last event has no end: ${text}`)
  return events.map((event) => {
    if (!/^data: [^\r\n]+$/.test(event)) throw new Error(`not an event of one line: ${event}`)
    return JSON.parse(event.slice(6))
  })
}
