/** A whole JSON body as one frame, and JSON read so that nothing in it goes unseen. */
import { SluiceError } from '../errors.ts'
import type { Frame } from '../terms/frame.ts'

const none: readonly string[] = []

/** The body as a stream of one frame. Bytes that are not UTF-8 read as U+FFFD; a byte order mark is not part of the text. */
export function bodyFrame(bytes: Uint8Array): Frame {
  return { bytes, data: new TextDecoder().decode(bytes), event: undefined, asides: none }
}

/**
 * One record, parsed.
 *
 * @throws SluiceError `unreadable_frame` where the text is not JSON, or not a record.
 */
export function readRecord(json: string): { [key: string]: unknown } {
  const value = readValue(json)
  if (Array.isArray(value)) throw new SluiceError('unreadable_frame', 'the data is not a JSON record')
  return value
}

/**
 * One record or list, parsed.
 *
 * @throws SluiceError `unreadable_frame` where the text is not JSON, or neither.
 */
export function readValue(json: string): { [key: string]: unknown } | unknown[] {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new SluiceError('unreadable_frame', 'the data is not JSON')
  }
  if (typeof value !== 'object' || value === null) throw new SluiceError('unreadable_frame', 'the data is not a JSON record')
  return value as { [key: string]: unknown } | unknown[]
}

/** Digits of a decimal number that every double keeps. */
const mostDigits = 15
const POINT = 46
const ZERO = 48
const NINE = 57
const QUOTE = 34
const COLON = 58
const BACKSLASH = 92

/**
 * How many keys a JSON text holds. A walk over the parsed value that met fewer has not seen it all: of a repeated key the
 * parser keeps the last, while another reader of the same bytes may keep the first.
 */
export function keysIn(json: string): number {
  let keys = 0
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at)
    if (unit === COLON) keys++
    else if (unit === QUOTE) at = closingQuote(json, at)
  }
  return keys
}

/**
 * Whether a number in the JSON has more digits than can be kept apart (ECMA-262, 6.1.6.1: doubles tell 15 of them, mostly 16):
 * what was read of it is not what its bytes say.
 */
export function roundsNumbers(json: string): boolean {
  let digits = 0
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at)
    if (unit === QUOTE) at = closingQuote(json, at)
    if (unit >= ZERO && unit <= NINE) digits++
    else if (unit !== POINT) digits = 0
    if (digits > mostDigits) return true
  }
  return false
}

/**
 * How many keys a parsed value holds.
 *
 * @param most levels of lists and records inside one another.
 * @throws SluiceError `unreadable_frame` where there are more.
 */
export function keysBelow(value: object, most: number): number {
  if (most < 0) throw new SluiceError('unreadable_frame', 'JSON nested too deep')
  const members = Object.values(value)
  let keys = Array.isArray(value) ? 0 : members.length
  for (const member of members) if (typeof member === 'object' && member !== null) keys += keysBelow(member, most - 1)
  return keys
}

/** Whether the text says a key twice in one record, where its readers may disagree which one counts. */
export function repeatsKeys(json: string, parsed: unknown): boolean {
  let keys = 0
  const open: unknown[] = [parsed]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const members = Object.values(value)
    if (!Array.isArray(value)) keys += members.length
    for (const member of members) if (typeof member === 'object' && member !== null) open.push(member)
  }
  return keys !== keysIn(json)
}

function closingQuote(json: string, opening: number): number {
  let at = json.indexOf('"', opening + 1)
  while (at !== -1) {
    let backslashes = 0
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return at
    at = json.indexOf('"', at + 1)
  }
  return json.length
}
