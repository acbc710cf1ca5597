/** Speaks plain completions, where a prompt is text that goes on: reasoning has no place there, tools have none either. */
import { piecesOf } from './beats.ts'
import { castFor } from './cast.ts'
import { refusedRequest, usageOf } from './chat.ts'
import { schemaOf, wantsUsage } from './chat-request.ts'
import { choicesIn, isRecord, modelIn } from './hearing.ts'
import { answer, type Speech } from './script.ts'
import { type Asked, nameOf, now, type Speaker, said } from './speaker.ts'

interface CompletionAsked extends Asked {
  readonly prompts: readonly string[]
  readonly echo: boolean
  readonly usage: boolean
  readonly logprobs: boolean
}

export const completionsSpeaker: Speaker<CompletionAsked> = {
  hear(body) {
    if (!isRecord(body)) return undefined
    const { prompt, echo, stream } = body
    // Tokens by their numbers are another model's words.
    const list: unknown[] = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt : [prompt]
    const prompts = list.map((each) => (typeof each === 'string' ? each : ''))
    return {
      question: {
        model: modelIn(body),
        text: prompts.join('\n'),
        toolResult: undefined,
        tools: [],
        schema: schemaOf(body['response_format']),
        choices: choicesIn(body['n']),
      },
      prompts,
      echo: echo === true,
      stream: stream === true,
      usage: wantsUsage(body['stream_options']),
      logprobs: typeof body['logprobs'] === 'number',
    }
  },
  misheard: () => refusedRequest('prompt', 'the body has to be a JSON object'),
  /** Each prompt has its own choices, one prompt's after the other's. */
  cast({ question, prompts, echo }) {
    const parts = prompts.map((text) => castFor({ ...question, text }))
    const speeches = parts.flatMap((part, index) =>
      part.speeches.map((speech): Speech => answer(`${echo ? prompts[index] : ''}${said(speech, 'answer')}`)),
    )
    return { speeches, letterByLetter: parts.some((part) => part.letterByLetter) }
  },
  whole(asked, part) {
    const choices = part.speeches.map((speech, index) => {
      const text = said(speech, 'answer')
      return choiceOf(index, text, asked.logprobs ? piecesOf(text, part.letterByLetter) : undefined, 0, 'stop')
    })
    return { ...heading(asked), choices, usage: usageOf(asked.question, part) }
  },
  begin(asked, part) {
    const head = heading(asked)
    const spoken = new Map<number, number>()
    const event = (fields: object): string => `data: ${JSON.stringify({ ...head, ...fields })}\n\n`
    const chunk = (choice: object): string => event({ choices: [choice], ...(asked.usage && { usage: null }) })
    return (beat) => {
      if (beat === null)
        return `${asked.usage ? event({ choices: [], usage: usageOf(asked.question, part) }) : ''}data: [DONE]\n\n`
      const { choice: index, voice, text } = beat
      if (voice === 'over') return chunk(choiceOf(index, '', undefined, 0, 'stop'))
      const offset = spoken.get(index) ?? 0
      spoken.set(index, offset + text.length)
      return chunk(choiceOf(index, text, asked.logprobs ? [text] : undefined, offset, null))
    }
  },
}

function heading({ question }: CompletionAsked): object {
  return {
    id: nameOf('cmpl'),
    object: 'text_completion',
    created: now(),
    model: question.model,
    system_fingerprint: 'fp_rehearsal',
  }
}

/** @param offset characters before the text. */
function choiceOf(
  index: number,
  text: string,
  tokens: readonly string[] | undefined,
  offset: number,
  finish: string | null,
): object {
  if (tokens === undefined) return { text, index, logprobs: null, finish_reason: finish }
  let at = offset
  const offsets = tokens.map((token) => {
    const from = at
    at += token.length
    return from
  })
  const logprobs = {
    tokens,
    token_logprobs: tokens.map(() => -0.01),
    top_logprobs: tokens.map((token) => ({ [token]: -0.01 })),
    text_offset: offsets,
  }
  return { text, index, logprobs, finish_reason: finish }
}
