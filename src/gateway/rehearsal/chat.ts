/** Speaks chat completions: writes chunks or a whole answer as the providers of that protocol do. */
import { piecesOf } from './beats.ts'
import type { Part } from './cast.ts'
import { type ChatAsked, hearChat } from './chat-request.ts'
import type { Question, Speech } from './script.ts'
import { callsTools, counted, nameOf, now, type Speaker, said } from './speaker.ts'

export const chatSpeaker: Speaker<ChatAsked> = {
  hear: hearChat,
  misheard: () => refusedRequest('messages', 'messages: an array of messages is required'),
  whole,
  begin,
}

/** How OpenAI's APIs answer a body they do not understand. */
export function refusedRequest(param: string, message: string): Response {
  return Response.json({ error: { message, type: 'invalid_request_error', param, code: null } }, { status: 400 })
}

/** What every chunk of an answer repeats. */
function heading({ question }: ChatAsked, object: string): object {
  return {
    id: nameOf('chatcmpl'),
    object,
    created: now(),
    model: question.model,
    service_tier: 'default',
    system_fingerprint: 'fp_rehearsal',
  }
}

function begin(asked: ChatAsked, part: Part): ReturnType<Speaker<ChatAsked>['begin']> {
  const head = heading(asked, 'chat.completion.chunk')
  const begun = new Set<number>()
  const event = (fields: object): string => {
    const chunk = { ...head, ...fields, ...(asked.usage && !('usage' in fields) && { usage: null }) }
    return `data: ${JSON.stringify(chunk)}\n\n`
  }
  const choice = (index: number, delta: object, finish: string | null, token?: string): string => {
    const logprobs = asked.logprobs && token !== undefined ? { content: [logprobOf(token)], refusal: null } : null
    return event({ choices: [{ index, delta, logprobs, finish_reason: finish }] })
  }
  return (beat) => {
    if (beat === null) return `${asked.usage ? event({ choices: [], usage: usageOf(asked.question, part) }) : ''}data: [DONE]\n\n`
    const { choice: index, voice, call, text } = beat
    const opening = begun.has(index) ? '' : choice(index, { role: 'assistant', content: '', refusal: null }, null)
    begun.add(index)
    switch (voice) {
      case 'answer':
        return opening + choice(index, { content: text }, null, text)
      case 'reasoning':
        return opening + choice(index, { reasoning_content: text }, null)
      case 'open':
        return opening + choice(index, { tool_calls: [{ index: call, ...openedCall(index, call, text, '') }] }, null)
      case 'input':
        return opening + choice(index, { tool_calls: [{ index: call, function: { arguments: text } }] }, null)
      case 'over':
        return opening + choice(index, {}, finishOf(part.speeches[index] as Speech))
    }
  }
}

function whole(asked: ChatAsked, part: Part): object {
  const choices = part.speeches.map((speech, index) => {
    const content = said(speech, 'answer')
    const reasoning = said(speech, 'reasoning')
    const calls = speech
      .flatMap((each) => (each.voice === 'tool' ? [each] : []))
      .map((each, call) => openedCall(index, call, each.name, each.input))
    const message = {
      role: 'assistant',
      content: content === '' && calls.length > 0 ? null : content,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
    }
    const logprobs = asked.logprobs ? { content: piecesOf(content, part.letterByLetter).map(logprobOf), refusal: null } : null
    return { index, message, logprobs, finish_reason: finishOf(speech) }
  })
  return { ...heading(asked, 'chat.completion'), choices, usage: usageOf(asked.question, part) }
}

function openedCall(choice: number, call: number, name: string, input: string): object {
  return { id: `call_rehearsal_${choice}_${call}`, type: 'function', function: { name, arguments: input } }
}

function finishOf(speech: Speech): string {
  return callsTools(speech) ? 'tool_calls' : 'stop'
}

function logprobOf(token: string): object {
  return { token, logprob: -0.01, bytes: [...new TextEncoder().encode(token)], top_logprobs: [] }
}

/** Usage as OpenAI's completions tell it. */
export function usageOf(question: Question, part: Part): object {
  const { prompt, completion } = counted(question, part)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}
