/** The least that every protocol needs to say a text in a stream: for laws that hold in all of them. */
import fc from 'fast-check'

/** How a protocol says a text. */
export interface Speaker {
  readonly dialect: string
  readonly path: string
  readonly body: object
  readonly type: string
  readonly opening: readonly string[]
  readonly says: (text: string) => string
  readonly ending: readonly string[]
}

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
const event = (value: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`
const messages = [{ role: 'user', content: 'hi' }]
const answer = { id: 'r', object: 'response', created_at: 1, model: 'm', output: [] }
const item = { id: 'i', type: 'message', role: 'assistant' }
const part = { type: 'output_text', text: '', annotations: [] }
const place = { item_id: 'i', output_index: 0, content_index: 0 }
const candidate = (text: string, finish = {}): object => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...finish }],
})

export const speakers: Readonly<Record<string, Speaker>> = {
  chat: {
    dialect: 'openai-chat',
    path: '/v1/chat/completions',
    body: { model: 'm', stream: true, messages },
    type: 'text/event-stream',
    opening: [data({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant' } }] })],
    says: (content) => data({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] }),
    ending: [data({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }), 'data: [DONE]\n\n'],
  },
  completions: {
    dialect: 'openai-completions',
    path: '/v1/completions',
    body: { model: 'm', stream: true, prompt: 'hi' },
    type: 'text/event-stream',
    opening: [],
    says: (text) => data({ id: 'c', object: 'text_completion', choices: [{ index: 0, text, finish_reason: null }] }),
    ending: [data({ id: 'c', choices: [{ index: 0, text: '', finish_reason: 'stop' }] }), 'data: [DONE]\n\n'],
  },
  responses: {
    dialect: 'openai-responses',
    path: '/v1/responses',
    body: { model: 'm', stream: true, input: 'hi' },
    type: 'text/event-stream',
    opening: [
      event({ type: 'response.created', response: { ...answer, status: 'in_progress' } }),
      event({
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...item, status: 'in_progress', content: [] },
      }),
      event({ type: 'response.content_part.added', ...place, part }),
    ],
    says: (delta) => event({ type: 'response.output_text.delta', ...place, delta }),
    ending: [event({ type: 'response.completed', response: { ...answer, status: 'completed' } })],
  },
  messages: {
    dialect: 'anthropic-messages',
    path: '/v1/messages',
    body: { model: 'm', max_tokens: 9, stream: true, messages },
    type: 'text/event-stream',
    opening: [
      event({ type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', content: [], usage: {} } }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    ],
    says: (text) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    ending: [
      event({ type: 'content_block_stop', index: 0 }),
      event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } }),
      event({ type: 'message_stop' }),
    ],
  },
  'gemini, events': {
    dialect: 'gemini',
    path: '/v1beta/models/m:streamGenerateContent?alt=sse',
    body: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
    type: 'text/event-stream',
    opening: [],
    says: (text) => data(candidate(text)),
    ending: [data(candidate('', { finishReason: 'STOP' }))],
  },
  'gemini, an array': {
    dialect: 'gemini',
    path: '/v1beta/models/m:streamGenerateContent',
    body: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
    type: 'application/json',
    opening: [`[${JSON.stringify(candidate('Well'))}`],
    says: (text) => `,\r\n${JSON.stringify(candidate(text))}`,
    ending: [`,\r\n${JSON.stringify(candidate('', { finishReason: 'STOP' }))}\n]`],
  },
}

export const someWords = fc.array(fc.constantFrom('one ', 'two ', 'three, ', '四'), { minLength: 1, maxLength: 5 })
