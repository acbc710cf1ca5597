/** What a request for a chat asks for, and which of its texts are prompts. */
import { expect, test } from 'vitest'
import { dialectFor, dialects } from '../../src/wire/index.ts'
import { openaiChat } from '../../src/wire/openai-chat.ts'

const user = { role: 'user', content: 'hi' }
const read = (body: object) => openaiChat.request({ model: 'm', messages: [user], ...body })

test('the facts of a request', () => {
  expect(read({}).facts).toEqual({ stream: false, scopes: 1, json: false, usage: false, model: 'm' })
  const all = {
    stream: true,
    n: 3,
    stream_options: { include_usage: true },
    response_format: { type: 'json_schema', json_schema: {} },
  }
  expect(read(all).facts).toEqual({ stream: true, scopes: 3, json: true, usage: true, model: 'm' })
  expect(read({ response_format: { type: 'json_object' } }).facts.json).toBe(true)
  expect(read({ response_format: { type: 'text' } }).facts.json).toBe(false)
  expect(read({ stream: null, n: null, stream_options: null, response_format: null, model: null }).facts).toEqual({
    stream: false,
    scopes: 1,
    json: false,
    usage: false,
    model: '',
  })
})

const refused: [object | unknown[] | string | null, RegExp][] = [
  [null, /body/],
  [[], /body/],
  ['x', /body/],
  [{ messages: 'hi' }, /messages/],
  [{}, /messages/],
  [{ messages: ['hi'] }, /messages\[0\]/],
  [{ messages: [user, { role: 'user', content: 5 }] }, /messages\[1\]\.content/],
  [{ messages: [user], stream: 'true' }, /stream/],
  [{ messages: [user], stream: 1 }, /stream/],
  [{ messages: [user], n: 0 }, /n must/],
  [{ messages: [user], n: 129 }, /n must/],
  [{ messages: [user], n: 1.5 }, /n must/],
  [{ messages: [user], n: '2' }, /n must/],
  [{ messages: [user], model: 5 }, /model/],
  [{ messages: [user], stream_options: 'x' }, /stream_options/],
  [{ messages: [user], stream_options: { include_usage: 'true' } }, /include_usage/],
  [{ messages: [user], response_format: 'json' }, /response_format/],
]

for (const [body, message] of refused) {
  test(`refused: ${JSON.stringify(body)}`, () => {
    expect(() => openaiChat.request(body)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringMatching(message) }),
    )
  })
}

const prompts = (messages: object[]) =>
  read({ messages }).prompts.map(({ channel, text, fresh }) => [channel.name, channel.kind, text, fresh])

test('what the user and the tools say is the prompt, fresh after the last answer', () => {
  expect(
    prompts([
      { role: 'system', content: 'be kind' },
      { role: 'user', content: 'old' },
      { role: 'assistant', content: 'answer', tool_calls: [] },
      { role: 'tool', content: [{ type: 'text', text: 'result' }], tool_call_id: 'c' },
      { role: 'developer', content: 'be brief' },
      { role: 'user', content: [{ type: 'text', text: 'new' }, { type: 'image_url', image_url: { url: 'u' } }, 'bare'] },
      { role: 'function', content: 'called', name: 'f' },
    ]),
  ).toEqual([
    ['prompt.system/0', 'prompt.system', 'be kind', false],
    ['prompt/1', 'prompt', 'old', false],
    ['prompt/2', 'prompt', 'result', true],
    ['prompt.system/3', 'prompt.system', 'be brief', true],
    ['prompt/4', 'prompt', 'new', true],
    ['prompt/5', 'prompt', 'bare', true],
    ['prompt/6', 'prompt', 'called', true],
  ])
})

test('beginning the answer does not turn the question into history', () => {
  const question = { role: 'user', content: 'question' }
  const answer = { role: 'assistant', content: 'Sure' }
  const fresh = (messages: object[]) => read({ messages }).prompts.map((prompt) => prompt.fresh)
  expect(fresh([question, answer])).toEqual([true])
  expect(fresh([question, answer, question, answer, answer])).toEqual([false, true])
  expect(fresh([{ role: 'someone', content: 'x' }])).toEqual([true])
})

test('a request is written with new texts where the old ones stood, and nothing else changed', () => {
  const body = {
    model: 'm',
    seed: 7,
    messages: [
      { role: 'user', content: 'secret', name: 'n' },
      { role: 'assistant', content: 'secret' },
      {
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: 'u' } }, { type: 'text', text: 'secret', cache: {} }, 'secret'],
      },
    ],
  }
  const before = structuredClone(body)
  const written = JSON.parse(
    openaiChat.request(body).write(
      new Map([
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
      ]),
    ),
  )
  expect(written).toEqual({
    ...body,
    messages: [
      { role: 'user', content: 'a', name: 'n' },
      { role: 'assistant', content: 'secret' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'u' } }, { type: 'text', text: 'b', cache: {} }, 'c'] },
    ],
  })
  expect(body).toEqual(before)
  expect(JSON.parse(openaiChat.request(body).write(new Map()))).toEqual(before)
})

test('the endpoint tells the dialect, under whatever base', () => {
  const chat = [
    '/v1/chat/completions',
    '/chat/completions',
    '/openai/v1/chat/completions',
    '/openai/deployments/my-gpt/chat/completions',
    '/api/v1/chat/completions/',
  ]
  for (const pathname of chat) expect(dialectFor('POST', pathname), pathname).toBe(openaiChat)
  const others = ['/v1/models', '/v1/chat/completions/abc', '/v1/chat', '/completionss', '/v1/chat/completions/abc/messages']
  for (const pathname of others) expect(dialectFor('POST', pathname), pathname).toBeUndefined()
  expect(dialectFor('GET', '/v1/chat/completions')).toBeUndefined()
  expect(dialects).toContain(openaiChat)
})
