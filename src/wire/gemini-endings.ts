/**
 * The frames and replies of our own in Google's protocol: how a stream that was cut ends, errors, blocks, keep-alives.
 *
 * A frame is `data: {…}` and nothing else, with the line ends Google sends: its clients' hand-written readers lose an event
 * that begins with anything but `data:` and raise at comments, sentinels and names. A last chunk has an empty text part, or
 * the JS client forgets the whole turn and LangChain the reason it ended. Errors are recognized by `{"error":` at the start.
 */
import type { Reply, RequestFacts } from '../terms/dialect.ts'
import type { OnCut } from '../terms/plan.ts'
import { isCode } from './code.ts'
import { jsonText } from './encode.ts'
import { bodyReply, streamReply, unbuffered } from './reply.ts'
import type { JsonRecord } from './shape.ts'

/** How a message of the protocol stands in its response. */
export type Form = 'event' | 'element' | 'body'

export function formed(message: JsonRecord, form: Form): string {
  if (form === 'event') return `data: ${jsonText(message)}\r\n\r\n`
  // Google's own separator; of what leaves first the framing makes the opening bracket.
  return form === 'element' ? `\n,\r\n${jsonText(message)}` : jsonText(message)
}

/** The last word of an array. */
export const closing = '\n]'

/** What says whose a chunk is and what was spent so far; counts are cumulative, so the last ones hold at the end. */
export function envelopeOf(latest: JsonRecord | undefined, model: string): JsonRecord {
  const version = latest?.['modelVersion']
  const usage = countsOf(latest?.['usageMetadata'])
  return {
    ...(usage !== undefined && { usageMetadata: usage }),
    modelVersion: isName(version) ? version : model,
    ...(isName(latest?.['responseId']) && { responseId: latest['responseId'] }),
  }
}

function isName(value: unknown): value is string {
  return value !== '' && isCode(value)
}

function countsOf(usage: unknown): unknown {
  if (typeof usage === 'number' || isName(usage)) return usage
  if (Array.isArray(usage)) return usage.map(countsOf).filter((each) => each !== undefined)
  if (typeof usage !== 'object' || usage === null) return undefined
  const counts = Object.entries(usage).map(([name, value]) => [isName(name) ? name : undefined, countsOf(value)])
  return Object.fromEntries(counts.filter(([name, value]) => name !== undefined && value !== undefined))
}

/** The chunk that ends a candidate. */
export function cutMessage(envelope: JsonRecord, index: number, how: OnCut, json: boolean): JsonRecord {
  if (how.ending === 'error') return brokenOff(errorMessage(400, 'content_filter', how.notice), [index], finishOf(how))
  const notice = noticeOf(how, json)
  const candidate = {
    content: { parts: [{ text: notice?.text ?? '' }], role: 'model' },
    finishReason: finishOf(how),
    ...(notice?.finishMessage !== undefined && { finishMessage: notice.finishMessage }),
    index,
  }
  return { candidates: [candidate], ...envelope }
}

export function finishOf(how: OnCut | undefined): string {
  return how === undefined || how.ending === 'native' || how.ending === 'error' ? 'SAFETY' : 'STOP'
}

/** Where the notice goes: there is no field for a refusal, so a model refuses in words; JSON has no room for them. */
export function noticeOf(how: OnCut, json: boolean): { text?: string; finishMessage?: string } | undefined {
  if (how.notice === '' || how.notice_in === 'none' || how.ending === 'error') return undefined
  return json || (how.notice_in === 'refusal' && how.ending !== 'refusal') ? { finishMessage: how.notice } : { text: how.notice }
}

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** `google.rpc.Status` as JSON (Google's API design guide); the public code is the reason of its `ErrorInfo`. */
export function errorMessage(status: number, code: string, message: string): JsonRecord {
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: code.toUpperCase(),
    domain: 'sluice',
  }
  const name = statuses[status] ?? (status < 500 ? 'FAILED_PRECONDITION' : 'INTERNAL')
  return { error: { code: status, message, status: name, details: [info] } }
}

/**
 * An error in mid-stream, with an end for whoever does not look for one: @google/generative-ai, and LangChain above it, take
 * a stream that stops after an error alone for an answer that is whole.
 */
export function brokenOff(error: JsonRecord, indexes: readonly number[], finishReason: string): JsonRecord {
  const candidates = indexes.map((index) => ({ content: { parts: [{ text: '' }], role: 'model' }, finishReason, index }))
  return { ...error, candidates }
}

export function errorReply(status: number, code: string, message: string, retry: boolean): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...(!retry && { 'x-should-retry': 'false' }) },
    body: jsonText(errorMessage(status, code, message)),
  }
}

/** An answer that declines, in words that everybody shows. */
export function refusalReply(facts: RequestFacts, message: string): Reply {
  const said = facts.json ? { text: '', finishMessage: message } : { text: message, finishMessage: undefined }
  const candidates = Array.from({ length: facts.scopes }, (_, index) => ({
    content: { parts: [{ text: said.text }], role: 'model' },
    finishReason: 'SAFETY',
    ...(said.finishMessage !== undefined && { finishMessage: said.finishMessage }),
    index,
  }))
  return answerReply(facts, { candidates })
}

/** A block as Google tells one: an answer without candidates. */
export function blockReply(facts: RequestFacts, message: string): Reply {
  return answerReply(facts, {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: message, safetyRatings: [] },
  })
}

function answerReply(facts: RequestFacts, said: JsonRecord): Reply {
  const message = { ...said, usageMetadata: { promptTokenCount: 0, totalTokenCount: 0 }, modelVersion: facts.model }
  if (!facts.stream) return bodyReply(formed(message, 'body'))
  if (facts.framing === 'array') {
    return {
      status: 200,
      headers: { 'content-type': 'application/json', ...unbuffered },
      body: `[${jsonText(message)}${closing}`,
    }
  }
  return streamReply(formed(message, 'event'))
}
