/** Recognizes the protocol of a recorded response, and gives its chunks back the framing they were recorded without. */
import type { Dialect } from '../../terms/dialect.ts'
import { dialects } from '../../wire/index.ts'
import { isRecord, parseJson } from '../json.ts'

/** How a dialect's recordings look. */
interface Recognition {
  readonly dialect: string
  /** Whether a body or a chunk is the dialect's. */
  owns(value: Readonly<Record<string, unknown>>): boolean
  /** The scopes a body or a chunk speaks of. */
  scopes(value: Readonly<Record<string, unknown>>): readonly number[]
  /** A chunk as an event. */
  event(chunk: string): string
  /** What the stream ends with beyond its chunks. */
  readonly lastWord: string
  /** A stream may come as one JSON array. */
  readonly arrays?: true
}

const recognitions: readonly Recognition[] = [
  {
    dialect: 'openai-chat',
    owns: ({ object, choices }) =>
      (typeof object === 'string' && object.startsWith('chat.completion')) ||
      (Array.isArray(choices) &&
        choices.some((choice) => isRecord(choice) && (isRecord(choice['delta']) || isRecord(choice['message'])))),
    scopes: scopesOf,
    event: (chunk) => `data: ${chunk}\n\n`,
    lastWord: 'data: [DONE]\n\n',
  },
  {
    dialect: 'openai-completions',
    owns: ({ object, choices }) =>
      object === 'text_completion' ||
      (Array.isArray(choices) && choices.some((choice) => isRecord(choice) && typeof choice['text'] === 'string')),
    scopes: scopesOf,
    event: (chunk) => `data: ${chunk}\n\n`,
    lastWord: 'data: [DONE]\n\n',
  },
  {
    dialect: 'anthropic-messages',
    owns: ({ type, message, role, content }) =>
      (type === 'message_start' && isRecord(message)) || (type === 'message' && role === 'assistant' && Array.isArray(content)),
    scopes: () => [0],
    event: (chunk) => `event: ${typeOf(chunk)}\ndata: ${chunk}\n\n`,
    lastWord: '',
  },
  {
    dialect: 'openai-responses',
    owns: ({ object, type }) => object === 'response' || (typeof type === 'string' && type.startsWith('response.')),
    scopes: () => [0],
    event: (chunk) => `data: ${chunk}\n\n`,
    lastWord: '',
  },
  {
    dialect: 'gemini',
    owns: ({ candidates, promptFeedback }) =>
      isRecord(promptFeedback) ||
      (Array.isArray(candidates) &&
        candidates.some((candidate) => isRecord(candidate) && ('content' in candidate || 'finishReason' in candidate))),
    scopes: ({ candidates }) =>
      Array.isArray(candidates) ? candidates.map((one, at) => (isRecord(one) && Number(one['index'] ?? at)) || 0) : [],
    event: (chunk) => `data: ${chunk}\r\n\r\n`,
    lastWord: '',
    arrays: true,
  },
]

function scopesOf({ choices }: Readonly<Record<string, unknown>>): number[] {
  return Array.isArray(choices) ? choices.map((choice, at) => (isRecord(choice) && Number(choice['index'] ?? at)) || 0) : []
}

/** The name of an event is its type; clients give no event without one. */
function typeOf(chunk: string): string {
  const event = parseJson(chunk)
  return isRecord(event) && typeof event['type'] === 'string' ? event['type'] : 'message'
}

export interface Recognized {
  readonly dialect: Dialect
  /** How many choices, candidates or messages the response has. */
  readonly scopes: number
  event(chunk: string): string
  readonly lastWord: string
  readonly arrays: boolean
}

/** Finds out whose a recording is, from its values one after the other: none of them is kept. */
export class Recognizer {
  readonly #seen = recognitions.map(() => ({ owned: false, highest: 0 }))

  take(value: unknown): void {
    if (!isRecord(value)) return
    for (const [index, { owns, scopes }] of recognitions.entries()) {
      const seen = this.#seen[index] as { owned: boolean; highest: number }
      seen.owned ||= owns(value)
      for (const scope of scopes(value)) seen.highest = Math.max(seen.highest, scope)
    }
  }

  /** By the first dialect that says so; undefined where none does. */
  result(): Recognized | undefined {
    for (const [index, { dialect: name, event, lastWord, arrays = false }] of recognitions.entries()) {
      const dialect = dialects.find((known) => known.name === name)
      const { owned = false, highest = 0 } = this.#seen[index] ?? {}
      if (owned && dialect !== undefined) return { dialect, scopes: Math.min(highest, 127) + 1, event, lastWord, arrays }
    }
    return undefined
  }
}
