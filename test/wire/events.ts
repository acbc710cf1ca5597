/** What the tests of the wire have in common: chat chunks, frames, and the ways to feed them. */
import fc from 'fast-check'
import { SluiceError } from '../../src/errors.ts'
import type { Lens, RequestFacts } from '../../src/terms/dialect.ts'
import type { Edit, Frame, Reading, Segment } from '../../src/terms/frame.ts'
import { SseFrames } from '../../src/wire/sse.ts'

export const facts: RequestFacts = { stream: true, scopes: 1, json: false, usage: false, model: 'm' }

const encoder = new TextEncoder()

export const bytesOf = (text: string): Uint8Array => encoder.encode(text)
export const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** A frame that holds `value` as the data of an event. */
export function frameOf(value: unknown, event?: string): Frame {
  const data = typeof value === 'string' ? value : JSON.stringify(value)
  const [frame] = new SseFrames({ most_frame_bytes: 1 << 20 }).push(
    bytesOf(`${event ? `event: ${event}\n` : ''}data: ${data}\n\n`),
  )
  return frame as Frame
}

export const envelope = { id: 'chatcmpl-A', object: 'chat.completion.chunk', created: 1, model: 'm', system_fingerprint: 'fp' }

/** A chunk with one choice. */
export function chunk(delta: object, more: object = {}, top: object = {}): Frame {
  return frameOf({ ...envelope, choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }], ...top })
}

export const texts = (reading: Reading): Segment[] => reading.steps.filter((step) => step.kind === 'text')

/** `channel: text` of all that was read, marked where the text is one of its own, or what was said once more. */
export function said(reading: Reading): string[] {
  return reading.steps.map((step) => {
    if (step.kind === 'channel-end') return `end of ${step.channel}`
    if (step.kind === 'scope-end') return `end of scope ${step.scope}`
    const own = step.channel.scope === '0' || step.channel.scope === '' ? '' : ` (${step.channel.scope})`
    const mark = { adds: '', whole: '*', restates: '=' }[step.relation]
    return `${mark}${step.channel.name}${own}: ${step.text}`
  })
}

/** What a lens reads of a frame made by chance. What cannot be read leaves nothing, and no property is about it. */
export function readable(lens: Lens, frame: Frame): Reading {
  try {
    return lens.read(frame)
  } catch (error) {
    fc.pre(!(error instanceof SluiceError && error.code === 'unreadable_frame'))
    throw error
  }
}

export const noEdit: Edit = {
  texts: new Map(),
  removed: new Set(),
  gone: new Set(),
  cut: new Set(),
  stale: new Set(),
  part: 'whole',
}

/** The edit that puts `text` in the place of a frame's first segment. */
export const withText = (text: string, more: Partial<Edit> = {}): Edit => ({
  ...noEdit,
  texts: new Map([[0, text]]),
  stale: new Set(['0']),
  ...more,
})

/** The data of the single event in these bytes, parsed. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON was written
export function dataOf(bytes: Uint8Array | null): any {
  if (bytes === null) return null
  const text = textOf(bytes)
  const match = /^(?:event: [a-z]+\n)?data: (.+)\n\n$/.exec(text)
  if (match === null) throw new Error(`not one event of one line: ${text}`)
  return JSON.parse(match[1] as string)
}

/** The data of every event in these bytes. */
// biome-ignore lint/suspicious/noExplicitAny: the same
export function eventsIn(bytes: Uint8Array): any[] {
  const text = textOf(bytes)
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const data = event.slice(event.indexOf('data: ') + 6)
      return data === '[DONE]' ? data : JSON.parse(data)
    })
}
