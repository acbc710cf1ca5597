/** Reads one frame by a shape: the walk over its data, and what the event says beside it. */
import type { Frame, Reading } from '../terms/frame.ts'
import { restoreNumbers } from './edit.ts'
import { keysIn } from './json-body.ts'
import type { Memory } from './memory.ts'
import { Numbers } from './numbers.ts'
import type { Place } from './place.ts'
import { type JsonRecord, type Node, voice } from './shape.ts'
import { Walk } from './walk.ts'

const comment = voice('answer', { tail: 'comment' })

const strict = new TextDecoder('utf-8', { fatal: true })

const silence: readonly never[] = []

/** A frame without a word: a blank line, a sentinel. */
export const silent: Reading = { steps: silence, mentions: silence, describes: silence, terminal: false }

/** Whether an event says nothing beside its data. Its name is text too: a client shows it to whoever listens. */
export function isBare({ asides, event }: Frame): boolean {
  return asides.length === 0 && event === undefined
}

/** Reads what a frame says; `value` is its data, parsed, or undefined where it has none. */
export function readFrame(
  frame: Frame,
  value: JsonRecord | unknown[] | undefined,
  node: Node,
  memory: Memory,
  events: readonly string[],
): Reading {
  const walk = new Walk(memory, new Numbers(frame.data ?? '', value))
  if (value !== undefined) walk.value(value, node, frame, 'data')
  if (!isBare(frame)) readAsides(walk, frame, events)
  const { steps, mentions, describes, media, finish, usage, keys } = walk
  // Where numbers of a document were rounded, they leave as they were read.
  const isRepeating = value !== undefined && keysIn(frame.data as string) !== keys
  const rewrite = isRepeating || walk.numbers.rounded || !isExact(frame)
  return {
    steps,
    mentions,
    describes,
    terminal: false,
    ...(finish !== undefined && { finish }),
    ...(usage !== undefined && { usage }),
    ...(rewrite && { rewrite }),
    ...(media.length > 0 && { media }),
  }
}

/** Where the strings of a frame stand, by the slots its reading gave them: a slot depends on the frame alone. */
export function placesIn(
  frame: Frame,
  value: JsonRecord | unknown[] | undefined,
  node: Node,
  memory: Memory,
  events: readonly string[],
): Walked {
  const places: Place[] = []
  const walk = new Walk(memory, new Numbers(frame.data ?? '', value), places)
  if (value !== undefined) walk.value(value, node, frame, 'data')
  restoreNumbers(places)
  const beside = places.length
  readAsides(walk, frame, events)
  return { walk, places: places.slice(0, beside), asides: places.slice(beside) }
}

export interface Walked {
  readonly walk: Walk
  /** Strings in the data. */
  readonly places: readonly Place[]
  /** Strings beside it, which leave only with the bytes that came. */
  readonly asides: readonly Place[]
}

/**
 * The text that was read is what the bytes say to everybody. Bytes that are no UTF-8 read as U+FFFD here, and to a careless
 * reader perhaps as something else.
 */
export function isExact({ bytes, data, asides }: Frame): boolean {
  if (!data?.includes('\ufffd') && !asides.some((line) => line.includes('\ufffd'))) return true
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

function readAsides(walk: Walk, frame: Frame, events: readonly string[]): void {
  if (frame.event !== undefined && !events.includes(frame.event)) walk.unknown(frame.event, 'event', frame, 'event')
  for (const [index, line] of frame.asides.entries()) {
    const said = line.startsWith(':') ? line.slice(1).trim() : ''
    if (said !== '') walk.whole(comment, said, frame.asides, index)
    else if (!line.startsWith(':') && !/^(id|retry)(: ?[!-~]{0,256})?$/.test(line))
      walk.unknown(line, 'aside', frame.asides, index)
  }
}
