/** The frames and replies of our own in Anthropic's protocol: how a message that was cut ends, errors, refusals. */
import type { Reply, RequestFacts } from '../terms/dialect.ts'
import type { OnCut } from '../terms/plan.ts'
import { eventText, jsonText } from './encode.ts'
import { bodyReply, streamReply } from './reply.ts'
import type { JsonRecord } from './shape.ts'

/** What a reader has of a message by now. */
export interface Sent {
  /** The message has introduced itself. */
  readonly begun: boolean
  /** The block that was begun and not ended, by its position as the reader counts. */
  readonly open: { readonly index: number; readonly type: string } | undefined
  /** The position of the next block. */
  readonly next: number
}

/** An event by itself: clients find its name in the `event` field, and give no event without one. */
export function messageEvent(data: JsonRecord): string {
  const type = String(data['type'])
  return eventText(jsonText(data), /^\w{1,64}$/.test(type) ? type : 'message')
}

/** The last word of a message. */
export const stopped = messageEvent({ type: 'message_stop' })

/** The events that close what is open of a message, and tell the notice. @param json a notice in the answer would break it. */
export function cutText(sent: Sent, how: OnCut, model: string, json: boolean): string {
  if (how.ending === 'error') return errorText('content_filter', how.notice, 'invalid_request_error')
  const start = sent.begun ? '' : messageEvent({ type: 'message_start', message: ownMessage(model) })
  return start + blocksText(sent, answerNotice(how, json))
}

/** The last two events of a message that was cut. @param tokens `usage.output_tokens`; clients crash without it. */
export function lastText(how: OnCut, json: boolean, tokens: number): string {
  const last = {
    type: 'message_delta',
    delta: endingOf(how, json),
    usage: { output_tokens: tokens },
    // Beside the usage, whose fields clients have types for.
    sluice: { usage: 'estimated' },
  }
  return messageEvent(last) + stopped
}

function blocksText({ open, next }: Sent, notice: string | undefined): string {
  const isText = open?.type === 'text'
  const closed = open === undefined ? '' : messageEvent({ type: 'content_block_stop', index: open.index })
  if (notice === undefined) return closed
  const said = (index: number) =>
    messageEvent({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: notice } })
  if (isText) return said(open.index) + closed
  return closed + textStart(next) + said(next) + messageEvent({ type: 'content_block_stop', index: next })
}

function textStart(index: number): string {
  return messageEvent({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } })
}

/** What a message says of the way it ended. */
export function endingOf(how: OnCut, json: boolean): JsonRecord {
  if (how.ending === 'stop') return { stop_reason: 'end_turn', stop_sequence: null, stop_details: null }
  const inRefusal = how.notice !== '' && how.notice_in !== 'none' && answerNotice(how, json) === undefined
  // The categories are the vendor's own, and programs switch on them.
  const details = { type: 'refusal', category: null, explanation: inRefusal ? how.notice : null }
  return { stop_reason: 'refusal', stop_sequence: null, stop_details: details }
}

/** The notice where it belongs into the answer: an end that hides the cut has no other room for it. */
export function answerNotice(how: OnCut, json: boolean): string | undefined {
  if (how.notice === '' || how.notice_in === 'none' || how.ending === 'error' || json) return undefined
  if (how.ending === 'stop') return how.notice
  return how.ending === 'native' && how.notice_in === 'answer' ? how.notice : undefined
}

export function errorText(code: string, message: string, type = 'api_error'): string {
  return messageEvent(errorBody(code, message, type))
}

function errorBody(code: string, message: string, type: string): JsonRecord {
  return { type: 'error', error: { type, message, code } }
}

export function errorReply(status: number, code: string, message: string, retry: boolean): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...(!retry && { 'x-should-retry': 'false' }) },
    body: jsonText(errorBody(code, message, errorTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'))),
  }
}

/** The vendor's table (API reference, "Errors"). */
const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** An answer that declines, in one text block: clients raise, or show nothing, where a refusal comes without any text. */
export function refusalReply(facts: RequestFacts, message: string): Reply {
  const shown: OnCut = { ending: 'native', notice: message, notice_in: 'answer' }
  const ending = endingOf({ ...shown, notice_in: facts.json ? 'refusal' : 'answer' }, facts.json)
  const usage = { input_tokens: 0, output_tokens: 0 }
  if (!facts.stream) {
    const body = { ...ownMessage(facts.model), content: [{ type: 'text', text: message }], ...ending, usage }
    return bodyReply(jsonText(body))
  }
  const events = [
    messageEvent({ type: 'message_start', message: ownMessage(facts.model) }),
    textStart(0),
    messageEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: message } }),
    messageEvent({ type: 'content_block_stop', index: 0 }),
    messageEvent({ type: 'message_delta', delta: ending, usage }),
    stopped,
  ]
  return streamReply(events.join(''))
}

function ownMessage(model: string): JsonRecord {
  return {
    id: `msg_${crypto.randomUUID().replaceAll('-', '')}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  }
}
