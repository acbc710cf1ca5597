/** The log probabilities of plain completions: parallel lists, in which alternatives to a token are the keys of a record. */
import { type Entry, rangeWithin, readTokens, type SpellingVoices, tieEntries } from './logprobs.ts'
import type { JsonRecord, Walker } from './shape.ts'

/** Lists that have one member a token. */
const parallel = ['tokens', 'token_logprobs', 'top_logprobs', 'text_offset']

/** How OpenAI writes a token that is part of a character. */
const bytesForm = /^bytes:((?: ?\\x[0-9a-f]{2})+)$/i

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads `{tokens, token_logprobs, top_logprobs, text_offset}`; llama.cpp sends the chats' `content` in its place. */
export function readLegacyLogprobs(walk: Walker, value: object, holder: JsonRecord, key: string, voices: SpellingVoices): void {
  if (Array.isArray(value)) {
    walk.unknown(value, 'logprobs', holder, key)
    return
  }
  walk.describe()
  const fields = value as JsonRecord
  const tokens = Array.isArray(fields['tokens']) ? fields['tokens'] : []
  for (const name in fields) {
    const list = fields[name]
    if (name === 'content' && Array.isArray(list)) {
      walk.keys++
      readTokens(walk, list, voices, holder, key)
    } else if (!parallel.includes(name)) walk.unknownField(fields, name, 'logprobs')
    else {
      walk.keys++
      if (name === 'tokens' && Array.isArray(list)) readSpelling(walk, list, voices, holder, key)
      else if (name === 'top_logprobs' && Array.isArray(list)) {
        for (const [index, tops] of list.entries()) readAlternatives(walk, tops, tokens[index], voices, holder, key)
      } else walk.unknown(list, `logprobs.${name}`, fields, name)
    }
  }
}

/** What is left of the lists when only `[from, to)` of the choice's text stays; undefined where that falls inside a token. */
export function legacyWithin(logprobs: JsonRecord, text: string, from: number, to: number): JsonRecord | undefined {
  const { tokens } = logprobs
  if (!Array.isArray(tokens) || !tokens.every((token) => typeof token === 'string')) return undefined
  const within = rangeWithin(entriesOf(tokens), text, from, to)
  if (within === undefined) return undefined
  const left = Object.entries(logprobs).map(([name, list]) => {
    const parts = parallel.includes(name) && Array.isArray(list) && list.length === tokens.length
    return [name, parts ? list.slice(within.first, within.end) : list]
  })
  return Object.fromEntries(left)
}

function readSpelling(walk: Walker, tokens: readonly unknown[], voices: SpellingVoices, holder: object, key: string): void {
  for (const token of tokens) if (typeof token !== 'string') walk.unknown(token, 'logprobs.tokens[]', holder, key)
  tieEntries(walk, entriesOf(tokens.filter((token) => typeof token === 'string')), voices, holder, key)
}

/** Tokens say their bytes only where one of them is no character: then all do, so that together they can spell the text. */
function entriesOf(tokens: readonly string[]): Entry[] {
  if (!tokens.some((token) => bytesForm.test(token))) return tokens.map((token) => ({ token, bytes: undefined }))
  return tokens.map((token) => ({ token: spelled(token), bytes: bytesOf(token) ?? [...encoder.encode(token)] }))
}

function bytesOf(token: string): readonly number[] | undefined {
  const hex = bytesForm.exec(token)?.[1]?.match(/[0-9a-f]{2}/gi)
  return hex?.map((byte) => Number.parseInt(byte, 16))
}

/** What a token reads as; U+FFFD stands for what is no character. */
function spelled(token: string): string {
  const bytes = bytesOf(token)
  return bytes === undefined ? token : decoder.decode(Uint8Array.from(bytes))
}

function readAlternatives(
  walk: Walker,
  tops: unknown,
  chosen: unknown,
  voices: SpellingVoices,
  holder: object,
  key: string,
): void {
  if (typeof tops !== 'object' || tops === null || Array.isArray(tops)) {
    walk.unknown(tops, 'logprobs.top_logprobs[]', holder, key)
    return
  }
  const chosenText = typeof chosen === 'string' ? spelled(chosen) : undefined
  for (const token in tops) {
    walk.keys++
    const text = spelled(token)
    if (text !== '' && text !== chosenText) walk.spread(voices.alternatives, text, 'whole', holder, key)
    const value = (tops as JsonRecord)[token]
    if (typeof value !== 'number') walk.unknown(value, 'logprobs.top_logprobs[]', holder, key)
  }
}
