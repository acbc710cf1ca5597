/** The frames and replies of our own in OpenAI's chat protocol: how a stream that was cut ends, errors, refusals. */
import type { Reply, RequestFacts } from '../terms/dialect.ts'
import type { Usage } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { isCode } from './code.ts'
import { eventText, jsonText } from './encode.ts'
import { bodyReply, streamReply } from './reply.ts'
import type { JsonRecord } from './shape.ts'

/** The last word of a stream. */
export const done = 'data: [DONE]\n\n'

/** The fields that say whose a chunk is; constant over a stream. */
export function envelopeOf(chunk: JsonRecord | undefined, model: string, object = 'chat.completion.chunk'): JsonRecord {
  if (chunk === undefined) return { id: ownId(object), object, created: now(), model }
  const { id, created } = chunk
  const fingerprint = chunk['system_fingerprint']
  return {
    id: isCode(id) ? id : ownId(object),
    object,
    created: typeof created === 'number' ? created : now(),
    model: isCode(chunk['model']) ? chunk['model'] : model,
    ...((isCode(fingerprint) || fingerprint === null) && { system_fingerprint: fingerprint }),
  }
}

/** The chunks that end a choice. @param introduced whether the choice has sent a role: helpers crash on one that never did. */
export function cutText(envelope: JsonRecord, index: number, how: OnCut, introduced: boolean, json: boolean): string {
  if (how.ending === 'error') return errorText('content_filter', how.notice, 'invalid_request_error')
  const role = introduced ? {} : { role: 'assistant' }
  const notice = noticeOf(how, json)
  const last = notice === undefined ? role : {}
  const ending = chunkText(envelope, index, last, finishOf(how))
  return notice === undefined ? ending : chunkText(envelope, index, { ...role, ...notice }, null) + ending
}

export function finishOf(how: OnCut): string {
  return how.ending === 'native' || how.ending === 'error' ? 'content_filter' : 'stop'
}

/** Where the notice goes: a refusal is made of it, JSON has no room for it, an error says it itself. */
export function noticeOf(how: OnCut, json: boolean): { content: string } | { refusal: string } | undefined {
  if (how.notice === '' || how.notice_in === 'none' || how.ending === 'error') return undefined
  return how.ending === 'refusal' || how.notice_in === 'refusal' || json ? { refusal: how.notice } : { content: how.notice }
}

function chunkText(envelope: JsonRecord, index: number, delta: JsonRecord, finish: string | null): string {
  return eventText(jsonText({ ...envelope, choices: [{ index, delta, logprobs: null, finish_reason: finish }] }))
}

/** The chunk that tells usage where the upstream can no longer; marked beside the figures, whose fields clients have types for. */
export function usageText(envelope: JsonRecord, { input = 0, output = 0 }: Usage): string {
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output }
  return eventText(jsonText({ ...envelope, choices: [], usage, sluice: { usage: 'estimated' } }))
}

export function errorText(code: string, message: string, type = 'server_error'): string {
  return eventText(jsonText({ error: errorBody(code, message, type) }))
}

export function errorBody(code: string, message: string, type = 'invalid_request_error'): JsonRecord {
  return { message, type, param: null, code }
}

/** @param prompt the field that a block is about. */
export function errorReply(status: number, code: string, message: string, retry: boolean, prompt: string): Reply {
  const param = code === 'content_filter' ? prompt : null
  return {
    status,
    headers: { 'content-type': 'application/json', ...(!retry && { 'x-should-retry': 'false' }) },
    body: jsonText({ error: { message, type: errorType(status), param, code } }),
  }
}

function errorType(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  // Nothing is broken, and asking again will not help.
  if (status === 501) return 'invalid_request_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

/**
 * An answer that declines. Where JSON was asked for it is a refusal as the model makes it, which structured-output clients
 * read; elsewhere it is content, which everybody shows.
 */
export function refusalReply(facts: RequestFacts, message: string): Reply {
  const said = facts.json ? { content: null, refusal: message } : { content: message, refusal: null }
  const finish = facts.json ? 'stop' : 'content_filter'
  const indexes = Array.from({ length: facts.scopes }, (_, index) => index)
  if (!facts.stream) {
    const choices = indexes.map((index) => ({
      index,
      message: { role: 'assistant', ...said },
      logprobs: null,
      finish_reason: finish,
    }))
    const body = jsonText({ ...envelopeOf(undefined, facts.model), object: 'chat.completion', choices, usage: noUsage })
    return bodyReply(body)
  }
  const envelope = envelopeOf(undefined, facts.model)
  const spoken = indexes.map(
    (index) => chunkText(envelope, index, { role: 'assistant', ...said }, null) + chunkText(envelope, index, {}, finish),
  )
  const counted = facts.usage ? eventText(jsonText({ ...envelope, choices: [], usage: noUsage })) : ''
  return streamReply(spoken.join('') + counted + done)
}

function ownId(object: string): string {
  return `${object.startsWith('chat.') ? 'chatcmpl' : 'cmpl'}-${crypto.randomUUID()}`
}

/** Nothing was asked of a model. */
export const noUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }

/** Seconds since 1970, as `created` counts them. */
function now(): number {
  return Math.floor(Date.now() / 1000)
}
