/** Speaks chat completions: reads the request, writes chunks or a whole answer as the providers of that protocol do. */
import { type Beat, beatsOf, piecesOf } from './beats.ts'
import { castFor, type Part } from './cast.ts'
import { type ChatRequest, readChatRequest } from './chat-request.ts'
import type { Speech } from './script.ts'
import { pause, played } from './stage.ts'

/** Milliseconds a whole answer takes to think, at pace 1. */
const wholeAnswerTakes = 800

export async function chatAnswer(request: Request, pace: number): Promise<Response> {
  const asked = readChatRequest(await request.json().catch(() => undefined))
  if (asked === undefined) {
    const error = {
      message: 'messages: an array of messages is required',
      type: 'invalid_request_error',
      param: 'messages',
      code: null,
    }
    return Response.json({ error }, { status: 400 })
  }
  const part = castFor(asked.question)
  if (asked.stream) return streamed(asked, part, pace, request.signal)
  if (pace > 0) await pause(wholeAnswerTakes * pace, request.signal)
  return Response.json(whole(asked, part))
}

let answers = 0

/** What every chunk of an answer repeats. */
function heading(asked: ChatRequest, object: string): Record<string, unknown> {
  answers++
  const id = `chatcmpl-rehearsal-${answers}`
  return {
    id,
    object,
    created: Math.floor(Date.now() / 1000),
    model: asked.question.model,
    service_tier: 'default',
    system_fingerprint: 'fp_rehearsal',
  }
}

function streamed(asked: ChatRequest, part: Part, pace: number, signal: AbortSignal): Response {
  const head = heading(asked, 'chat.completion.chunk')
  const usage = usageOf(asked, part)
  const begun = new Set<number>()
  const event = (fields: object): string => {
    const chunk = { ...head, ...fields, ...(asked.usage && !('usage' in fields) && { usage: null }) }
    return `data: ${JSON.stringify(chunk)}\n\n`
  }
  const choice = (index: number, delta: object, finish: string | null, token?: string): string => {
    const logprobs = asked.logprobs && token !== undefined ? { content: [logprobOf(token)], refusal: null } : null
    return event({ choices: [{ index, delta, logprobs, finish_reason: finish }] })
  }
  const write = (beat: Beat | null): string => {
    if (beat === null) return `${asked.usage ? event({ choices: [], usage }) : ''}data: [DONE]\n\n`
    const opening = begun.has(beat.choice) ? '' : choice(beat.choice, { role: 'assistant', content: '', refusal: null }, null)
    begun.add(beat.choice)
    switch (beat.voice) {
      case 'answer':
        return opening + choice(beat.choice, { content: beat.text }, null, beat.text)
      case 'reasoning':
        return opening + choice(beat.choice, { reasoning_content: beat.text }, null)
      case 'open':
        return (
          opening +
          choice(beat.choice, { tool_calls: [{ index: beat.call, ...openedCall(beat.choice, beat.call, beat.text, '') }] }, null)
        )
      case 'input':
        return opening + choice(beat.choice, { tool_calls: [{ index: beat.call, function: { arguments: beat.text } }] }, null)
      case 'over':
        return opening + choice(beat.choice, {}, finishOf(part.speeches[beat.choice] as Speech))
    }
  }
  const body = played(beatsOf(part.speeches, part.letterByLetter), pace, signal, write)
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-request-id': String(head['id']),
    },
  })
}

function whole(asked: ChatRequest, part: Part): object {
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
  return { ...heading(asked, 'chat.completion'), choices, usage: usageOf(asked, part) }
}

function said(speech: Speech, voice: 'answer' | 'reasoning'): string {
  return speech.flatMap((part) => (part.voice === voice ? [part.text] : [])).join('')
}

function openedCall(choice: number, call: number, name: string, input: string): object {
  return { id: `call_rehearsal_${choice}_${call}`, type: 'function', function: { name, arguments: input } }
}

function finishOf(speech: Speech): string {
  return speech.some((part) => part.voice === 'tool') ? 'tool_calls' : 'stop'
}

function logprobOf(token: string): object {
  return { token, logprob: -0.01, bytes: [...new TextEncoder().encode(token)], top_logprobs: [] }
}

/** One piece counts as one token. */
function usageOf(asked: ChatRequest, part: Part): object {
  let completion = 0
  for (const beat of beatsOf(part.speeches, part.letterByLetter)) if (beat.voice !== 'over') completion++
  const prompt = piecesOf(asked.question.text).length
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}
