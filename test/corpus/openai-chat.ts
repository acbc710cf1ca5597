/** Recorded chat completions, and what OpenAI's client makes of them. */
import OpenAI from 'openai'
import { factsOf } from '../laws/guard-chat.ts'
import type { Fields, RecordedDialect } from './recorded.ts'
import { eventsOf, leavesOf } from './walker.ts'

const clientOf = (send: typeof fetch): OpenAI =>
  new OpenAI({ apiKey: 'k', baseURL: 'http://upstream.example/v1', maxRetries: 0, fetch: send })

/** The record has the first 90 characters of a message. */
export const raises = (error: unknown): string => {
  const { name, message } = error as Error
  return `raises ${error instanceof OpenAI.APIError ? 'APIError' : name}: ${message.slice(0, 90)}`
}

const asked = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const, n: 2 }

async function iterated(send: typeof fetch): Promise<string> {
  let chunks = 0
  let characters = 0
  try {
    for await (const chunk of await clientOf(send).chat.completions.create(asked)) {
      chunks++
      for (const { delta } of chunk.choices ?? []) if (typeof delta?.content === 'string') characters += delta.content.length
    }
    return `ok n=${chunks} chars=${characters}`
  } catch (error) {
    return raises(error)
  }
}

async function accumulated(send: typeof fetch): Promise<string> {
  try {
    const { choices } = await clientOf(send).chat.completions.stream(asked).finalChatCompletion()
    return `ok ${choices.map(({ finish_reason }) => finish_reason).join()}`
  } catch (error) {
    return raises(error)
  }
}

const framed = (chunks: readonly string[]): string => [...chunks, '[DONE]'].map((chunk) => `data: ${chunk}\n\n`).join('')

export const recordedChat: RecordedDialect = {
  protocol: 'openai.chat.completions',
  url: 'http://upstream.example/v1/chat/completions',
  facts: (recording) => {
    const paths = eventsOf(recording).flatMap((event) => leavesOf(event).map(({ path }) => path))
    return factsOf({ choices: paths.some((path) => path.startsWith('choices[1]')) ? 2 : 1, json: false })
  },
  framed,
  outcomes: { raw: iterated, helper: accumulated },
  eventsOf,
  leavesOf: (event) => leavesOf(event),
  isSaid: (path) =>
    /\.delta\.(content|reasoning|reasoning_content|refusal)(\[\].*text)?$|\.delta\.reasoning_details\[\d*\]\.text$/.test(path),
  scopeOf: (path) => path.slice(0, path.indexOf(']')),
  streamOf: (recording, path, pieces) => {
    const field = /refusal$/.test(path) ? 'refusal' : /reasoning/.test(path) ? 'reasoning' : 'content'
    const template = eventsOf(recording).find(({ choices }) => Array.isArray(choices) && choices.length > 0)
    const chunk = (delta: Fields, finish_reason: string | null) =>
      JSON.stringify({ ...template, choices: [{ index: 0, delta, finish_reason }] })
    const chunks = [...pieces.map((piece) => chunk({ [field]: piece }, null)), chunk({}, 'stop')]
    return { bytes: new TextEncoder().encode(framed(chunks)), path: `choices[0].delta.${field}` }
  },
  endingsOf: (bytes) => {
    if (new TextDecoder().decode(bytes).split('[DONE]').length !== 2) throw new Error('not one last word')
    return eventsOf(bytes).flatMap(({ choices }) =>
      ((choices ?? []) as Fields[]).flatMap(({ finish_reason: finish }) =>
        typeof finish !== 'string' ? [] : [finish === 'content_filter' ? ('cut' as const) : ('own' as const)],
      ),
    )
  },
}
