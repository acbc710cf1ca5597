/** The frames and replies of our own in OpenAI's plain completions, which have no refusal and no role. */
import type { Reply, RequestFacts } from '../terms/dialect.ts'
import type { OnCut } from '../terms/plan.ts'
import { eventText, jsonText } from './encode.ts'
import { done, envelopeOf, errorText, finishOf, noUsage } from './openai-endings.ts'
import { bodyReply, streamReply } from './reply.ts'
import type { JsonRecord } from './shape.ts'

/** What a chunk and a whole answer call themselves alike. */
export const object = 'text_completion'

/** The chunks that end a choice. */
export function cutCompletion(envelope: JsonRecord, index: number, how: OnCut, json: boolean): string {
  if (how.ending === 'error') return errorText('content_filter', how.notice, 'invalid_request_error')
  const notice = noticeText(how, json)
  const ending = chunkText(envelope, index, '', finishOf(how))
  return notice === '' ? ending : chunkText(envelope, index, notice, null) + ending
}

/**
 * The notice as text, empty where none is to be shown. A notice for the refusal alone has nowhere to stand; an ending that
 * is a refusal can only be one in the text. JSON has no room for either.
 */
export function noticeText({ ending, notice, notice_in: place }: OnCut, json: boolean): string {
  if (place === 'none' || ending === 'error' || json) return ''
  return place === 'answer' || ending === 'refusal' ? notice : ''
}

/** An answer that declines. */
export function declinedCompletion(facts: RequestFacts, message: string): Reply {
  const envelope = envelopeOf(undefined, facts.model, object)
  const indexes = Array.from({ length: facts.scopes }, (_, index) => index)
  if (!facts.stream) {
    const choices = indexes.map((index) => ({ text: message, index, logprobs: null, finish_reason: 'content_filter' }))
    const body = jsonText({ ...envelope, choices, usage: noUsage })
    return bodyReply(body)
  }
  const spoken = indexes.map(
    (index) => chunkText(envelope, index, message, null) + chunkText(envelope, index, '', 'content_filter'),
  )
  const counted = facts.usage ? eventText(jsonText({ ...envelope, choices: [], usage: noUsage })) : ''
  return streamReply(spoken.join('') + counted + done)
}

function chunkText(envelope: JsonRecord, index: number, text: string, finish: string | null): string {
  return eventText(jsonText({ ...envelope, choices: [{ text, index, logprobs: null, finish_reason: finish }] }))
}
