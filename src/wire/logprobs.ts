/** Log probabilities spell a text once more, token by token: ties them to the text, or reads them as text of their own. */
import type { JsonRecord, Piece, Voice, Walker } from './shape.ts'

/** The threads a list of tokens belongs to. */
export interface SpellingVoices {
  /** Whose text it should spell. */
  readonly of: Voice
  /** Where the tokens go when they spell something else. */
  readonly otherwise: Voice
  /** The same for what their bytes say, where that differs. */
  readonly bytes: Voice
  /** Tokens that were not chosen, each a text of its own. */
  readonly alternatives: Voice
}

/** One token. */
export interface Entry {
  readonly token: string
  /** What it says in UTF-8; undefined where the list does not tell. */
  readonly bytes: readonly number[] | undefined
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Reads a list of `{token, logprob, bytes, top_logprobs}` that stands under `key` of `holder`.
 *
 * Where tokens or bytes spell exactly what the voice said in this frame, they are that text: it may then be divided only
 * where an entry ends, and an edit of it takes the list along.
 */
export function readTokens(walk: Walker, list: readonly unknown[], voices: SpellingVoices, holder: object, key: string): void {
  const entries: Entry[] = []
  for (const entry of list) {
    if (typeof entry === 'object' && entry !== null && !Array.isArray(entry))
      entries.push(readEntry(walk, entry as JsonRecord, voices, holder, key))
    else walk.unknown(entry, 'logprobs[]', holder, key)
  }
  tieEntries(walk, entries, voices, holder, key)
}

/** Accounts for tokens that stand under `key` of `holder`: as the text the voice said in this frame, or as text of their own. */
export function tieEntries(walk: Walker, entries: readonly Entry[], voices: SpellingVoices, holder: object, key: string): void {
  if (entries.length === 0) return
  const pieces = walk.said(voices.of)
  const text = pieces.map((piece) => piece.text).join('')
  const tokens = entries.map((entry) => entry.token).join('')
  const bytes = decoded(entries)
  if (tokens === text || bytes === text) {
    if (pieces.length === 1) (pieces[0] as Piece).joints = entryEnds(entries, text)
    if (tokens !== text) spellOddTokens(walk, entries, voices, holder, key)
    if (bytes !== text && bytes !== undefined) walk.spread(voices.bytes, bytes, 'adds', holder, key)
    return
  }
  if (tokens !== '') walk.spread(voices.otherwise, tokens, 'adds', holder, key)
  if (bytes !== undefined && bytes !== tokens && bytes !== '') walk.spread(voices.bytes, bytes, 'adds', holder, key)
}

/** What is left of a list whose entries spell `text`, when only `[from, to)` of that text stays; undefined where that falls inside an entry. */
export function entriesWithin(list: readonly unknown[], text: string, from: number, to: number): unknown[] | undefined {
  const entries = list.map((entry) => ({ token: textOf(entry, 'token'), bytes: bytesOf(entry) }))
  const within = rangeWithin(entries, text, from, to)
  return within && list.slice(within.first, within.end)
}

/** Which of the entries that spell `text` say `[from, to)` of it; undefined where that falls inside an entry. */
export function rangeWithin(
  entries: readonly Entry[],
  text: string,
  from: number,
  to: number,
): { readonly first: number; readonly end: number } | undefined {
  const ends = [0, ...entryEnds(entries, text)]
  if (!ends.includes(from) || !ends.includes(to)) return undefined
  // Where entries end they ascend: those up to `from` left before, those beyond `to` come later.
  const units = unitEnds(entries, text)
  return { first: from === 0 ? 0 : units.filter((unit) => unit <= from).length, end: units.filter((unit) => unit <= to).length }
}

function readEntry(walk: Walker, entry: JsonRecord, voices: SpellingVoices, holder: object, key: string): Entry {
  for (const name in entry) {
    const value = entry[name]
    if (name === 'top_logprobs' && Array.isArray(value)) {
      walk.keys++
      for (const alternative of value) readAlternative(walk, alternative, entry, voices, holder, key)
    } else readField(walk, entry, name, 'logprobs[]')
  }
  return { token: textOf(entry, 'token'), bytes: bytesOf(entry) }
}

function readAlternative(
  walk: Walker,
  value: unknown,
  chosen: JsonRecord,
  voices: SpellingVoices,
  holder: object,
  key: string,
): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    walk.unknown(value, 'logprobs[].top_logprobs[]', holder, key)
    return
  }
  const alternative = value as JsonRecord
  for (const name in alternative) readField(walk, alternative, name, 'logprobs[].top_logprobs[]')
  const token = textOf(alternative, 'token')
  const bytes = bytesOf(alternative)
  const spelled = bytes === undefined ? token : decoder.decode(Uint8Array.from(bytes))
  if (token === textOf(chosen, 'token') && (spelled === token || spelled === decodedEntry(chosen))) return
  if (token !== '') walk.spread(voices.alternatives, token, 'whole', holder, key)
  if (spelled !== token && spelled !== '') walk.spread(voices.alternatives, spelled, 'whole', holder, key)
}

/** `token` and `bytes` are read together, in their entry; anything else that is no number is unknown. */
function readField(walk: Walker, entry: JsonRecord, name: string, path: string): void {
  const value = entry[name]
  if (name !== 'token' && name !== 'logprob' && name !== 'bytes' && name !== 'top_logprobs') walk.unknownField(entry, name, path)
  else {
    walk.keys++
    const understood = (name === 'token' && typeof value === 'string') || (name === 'bytes' && bytesOf(entry) !== undefined)
    if (!understood) walk.unknown(value, `${path}.${name}`, entry, name)
  }
}

function textOf(entry: unknown, name: string): string {
  const value = (entry as JsonRecord | null)?.[name]
  return typeof value === 'string' ? value : ''
}

function bytesOf(entry: unknown): readonly number[] | undefined {
  const bytes = (entry as JsonRecord | null)?.['bytes']
  return isByteList(bytes) ? bytes : undefined
}

function isByteList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)
}

/** What a list of bytes says; nothing where it is none. */
export function spelledBy(value: unknown): string {
  return isByteList(value) ? decoder.decode(Uint8Array.from(value)) : ''
}

function decodedEntry(entry: JsonRecord): string {
  const bytes = bytesOf(entry)
  return bytes === undefined ? textOf(entry, 'token') : decoder.decode(Uint8Array.from(bytes))
}

/** What the bytes of all entries spell; undefined where an entry has none. A character may be spread over several tokens. */
function decoded(entries: readonly Entry[]): string | undefined {
  const bytes: number[] = []
  for (const entry of entries) {
    if (entry.bytes === undefined) return undefined
    for (const byte of entry.bytes) bytes.push(byte)
  }
  return decoder.decode(Uint8Array.from(bytes))
}

/** Tokens that hold part of a character are written in many ways; one that does not say what its bytes say is looked at by itself. */
function spellOddTokens(walk: Walker, entries: readonly Entry[], voices: SpellingVoices, holder: object, key: string): void {
  for (const { token, bytes } of entries) {
    if (token !== '' && token !== decoder.decode(Uint8Array.from(bytes ?? [])))
      walk.spread(voices.alternatives, token, 'whole', holder, key)
  }
}

/** For each entry the offset in `text`, in UTF-16 units, at which it ends; an end inside a character counts as the character's end. */
function unitEnds(entries: readonly Entry[], text: string): number[] {
  const byTokens = entries.map((entry) => entry.token).join('') === text
  const ends: number[] = []
  let unit = 0
  let owed = 0
  for (const { token, bytes } of entries) {
    if (byTokens) unit += token.length
    else {
      owed += bytes?.length ?? 0
      while (owed > 0 && unit < text.length) {
        const codePoint = text.codePointAt(unit) as number
        owed -= utf8Length(codePoint)
        unit += codePoint > 0xffff ? 2 : 1
      }
    }
    ends.push(unit)
  }
  return ends
}

/** Offsets at which an entry ends and a character with it. */
function entryEnds(entries: readonly Entry[], text: string): number[] {
  const ends = unitEnds(entries, text)
  return [...new Set(ends)].filter((end) => !splitsPair(text, end))
}

function splitsPair(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at))
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
