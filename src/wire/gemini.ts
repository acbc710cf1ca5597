/** Google's `generateContent` and `streamGenerateContent`, of the Gemini API and of Vertex AI, as events and as an array. */
import type { Dialect, Lens, RequestFacts } from '../terms/dialect.ts'
import type { Edit, Frame, Reading } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { bytesOf, nothing } from './encode.ts'
import { edited } from './gemini-edit.ts'
import {
  blockReply,
  brokenOff,
  closing,
  cutMessage,
  envelopeOf,
  errorMessage,
  errorReply,
  type Form,
  formed,
  refusalReply,
} from './gemini-endings.ts'
import { readGeminiRequest } from './gemini-request.ts'
import { generated, scopeOf } from './gemini-shape.ts'
import { readValue } from './json-body.ts'
import { Memory } from './memory.ts'
import { isExact, placesIn, readFrame, silent } from './reading.ts'
import type { JsonRecord } from './shape.ts'

/** No event of Google's has a name, but this is what one without is called. */
const events = ['message']

const lastWord: Reading = { ...silent, terminal: true }

export const gemini = {
  name: 'gemini',
  request: readGeminiRequest,
  stream: (facts) => new GeminiLens(facts, facts.framing === 'array' ? 'element' : 'event'),
  body: (facts) => new GeminiLens(facts, 'body'),
  error: errorReply,
  refusal: refusalReply,
  block: blockReply,
} satisfies Dialect

class GeminiLens implements Lens {
  readonly #facts: RequestFacts
  readonly #form: Form
  readonly #memory: Memory
  /** The latest value of each field that is repeated with every chunk. */
  readonly #latest: JsonRecord = {}
  /** How each candidate that spoke says it finished; undefined while it does not. */
  readonly #finishes = new Map<string, string | undefined>()
  #blocked = false

  constructor(facts: RequestFacts, form: Form) {
    this.#facts = facts
    this.#form = form
    this.#memory = new Memory(facts.json)
  }

  /** The protocol has no last word: a stream is over when it ends, and whole if every candidate had finished. */
  get complete(): boolean {
    if (this.#form !== 'event') return false
    const finishes = [...this.#finishes.values()]
    return this.#blocked || (finishes.length > 0 && finishes.every((finish) => finish !== undefined))
  }

  read(frame: Frame): Reading {
    const spoken = withBareJson(frame)
    const { data } = spoken
    if (data === undefined || data === '') return this.#readAside(frame)
    // Some gateways that speak Gemini's protocol end as others do.
    if (this.#form === 'event' && data.trim() === '[DONE]') return { ...this.#readAside(frame), terminal: true }
    const value = readValue(data)
    const reading = readFrame(spoken, value, generated, this.#memory, events)
    const finish = this.#noteAll(value)
    const isError = messagesIn(value).some(({ error }) => Boolean(error))
    return {
      ...reading,
      ...(finish !== undefined && { finish }),
      ...(isError && { finish: 'error' }),
      // What stands outside of any event leaves inside one, which its readers can read.
      ...(spoken !== frame && { rewrite: true }),
      ...((isWholeText(reading) || hasLogprobs(value)) && { undivided: true }),
      terminal: this.#form === 'body' || (isError && this.#form === 'event'),
    }
  }

  write(frame: Frame, edit: Edit): Uint8Array | null {
    const spoken = withBareJson(frame)
    const { data } = spoken
    const isSentinel = data === undefined || data === '' || (this.#form === 'event' && data.trim() === '[DONE]')
    const value = isSentinel ? undefined : readValue(data)
    const walked = placesIn(spoken, value, generated, new Memory(this.#facts.json), events)
    if (value === undefined) {
      // Lines beside the data leave as they came or not at all.
      const changed = walked.asides.some(({ slot }) => edit.removed.has(slot) || edit.texts.has(slot))
      return changed || !isExact(frame) ? null : frame.bytes
    }
    const setting = { whole: this.#form === 'body', json: this.#facts.json }
    if (!Array.isArray(value)) {
      const result = edited(value, walked, edit, setting)
      return result === undefined ? null : bytesOf(formed(result, this.#form))
    }
    // A whole body that is a list of chunks: what is cut ends in the last.
    const last = value.length - 1
    const results = messagesIn(value).map((message, index) =>
      edited(message, walked, edit, { ...setting, whole: setting.whole && index === last }),
    )
    const left = results.filter((result) => result !== undefined)
    return left.length === 0 ? null : bytesOf(`[${left.map((result) => formed(result, 'body')).join(',')}]`)
  }

  cut(scope: string, how: OnCut): Uint8Array {
    if (this.#form === 'body') return nothing
    const envelope = envelopeOf(this.#latest, this.#facts.model)
    return bytesOf(formed(cutMessage(envelope, Number(scope), how, this.#facts.json), this.#form))
  }

  close(): Uint8Array {
    return this.#form === 'element' ? bytesOf(closing) : nothing
  }

  /** Events: a whole chunk without text, the only one no client stumbles over. Arrays: blanks. */
  keepAlive(): Uint8Array {
    if (this.#form === 'body') return nothing
    if (this.#form === 'element') return bytesOf('\n')
    return bytesOf(formed({ candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, index: 0 }] }, 'event'))
  }

  fail(code: string, message: string): Uint8Array {
    const open = [...this.#finishes].filter(([, finish]) => finish === undefined).map(([scope]) => Number(scope))
    const failure = brokenOff(errorMessage(503, code, message), open.length > 0 ? open : [0], 'OTHER')
    return bytesOf(formed(failure, this.#form) + (this.#form === 'element' ? closing : ''))
  }

  /** A blank line, a comment, an array's last bracket. */
  #readAside(frame: Frame): Reading {
    if (frame.asides.length > 0 || frame.event !== undefined) {
      return readFrame(frame, undefined, generated, this.#memory, events)
    }
    return this.#form === 'element' && frame.bytes.includes(CLOSE_LIST) ? lastWord : silent
  }

  /** @returns how a candidate, or the response, says it finished, where it had not said so before. */
  #noteAll(value: JsonRecord | unknown[]): string | undefined {
    const news = messagesIn(value).map((message) => this.#note(message))
    return news.findLast((finish) => finish !== undefined)
  }

  #note(message: JsonRecord): string | undefined {
    for (const key of ['modelVersion', 'responseId', 'usageMetadata']) if (message[key]) this.#latest[key] = message[key]
    let news: string | undefined
    const { blockReason } = (message['promptFeedback'] ?? {}) as { blockReason?: unknown }
    if (typeof blockReason === 'string' && blockReason !== '') {
      this.#blocked = true
      news = blockReason
    }
    const candidates = Array.isArray(message['candidates']) ? message['candidates'] : []
    for (const candidate of candidates) {
      if (typeof candidate !== 'object' || candidate === null) continue
      const { finishReason } = candidate as { finishReason?: unknown }
      const scope = scopeOf(candidate as JsonRecord)
      const before = this.#finishes.get(scope)
      if (typeof finishReason !== 'string' || finishReason === '') this.#finishes.set(scope, before)
      else {
        this.#finishes.set(scope, finishReason)
        if (finishReason !== before) news = finishReason
      }
    }
    return news
  }
}

const CLOSE_LIST = 93

/** Google writes a failure in mid-stream as bare JSON between the events: what it says is what an event would say. */
function withBareJson(frame: Frame): Frame {
  if (frame.data !== undefined || frame.asides.length === 0) return frame
  const data = frame.asides.join('\n')
  return data.trimStart().startsWith('{') && isRecordText(data) ? { ...frame, data, asides: [] } : frame
}

function isRecordText(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

function messagesIn(value: JsonRecord | unknown[]): JsonRecord[] {
  const members: unknown[] = Array.isArray(value) ? value : [value]
  return members.filter((member): member is JsonRecord => typeof member === 'object' && member !== null && !Array.isArray(member))
}

/** Probabilities are of the whole text of their frame, and would be lost on either part of it. */
function hasLogprobs(value: JsonRecord | unknown[]): boolean {
  return messagesIn(value).some(
    ({ candidates }) => Array.isArray(candidates) && candidates.some((candidate) => Boolean(candidate?.logprobsResult)),
  )
}

/** What is no part of a thread goes with all of its frame. */
function isWholeText({ steps }: Reading): boolean {
  return steps.some((step) => step.kind === 'text' && step.relation === 'whole')
}
