/** What a request of Responses asks for, and which of its texts are prompts. */
import { expect, test } from 'vitest'
import { dialectFor } from '../../src/wire/index.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'

const url = new URL('http://upstream.example/v1/responses')
const read = (body: unknown) => openaiResponses.request(body, url)

test('the facts of a request', () => {
  expect(read({ model: 'm', input: 'hi' }).facts).toEqual({ stream: false, scopes: 1, json: false, usage: true, model: 'm' })
  const asked = { model: 'm', stream: true, text: { format: { type: 'json_schema', name: 'n', schema: {} } }, input: [] }
  expect(read(asked).facts).toEqual({ stream: true, scopes: 1, json: true, usage: true, model: 'm' })
  expect(read({ input: 'hi', text: { format: { type: 'text' } }, stream: null }).facts).toMatchObject({ json: false, model: '' })
})

const refused: [unknown, RegExp][] = [
  [null, /body/],
  [{ input: 5 }, /input/],
  [{ input: ['hi'] }, /input\[0\]/],
  [{ input: [{ role: 'user', content: 5 }] }, /input\[0\]\.content/],
  [{ input: 'hi', stream: 'true' }, /stream/],
  [{ input: 'hi', model: 5 }, /model/],
  [{ input: 'hi', text: 'json' }, /text/],
  [{ input: 'hi', text: { format: 'json' } }, /text\.format/],
  [{ input: 'hi', instructions: ['x'] }, /instructions/],
  [{ input: 'hi', background: true }, /background/],
]

for (const [body, message] of refused) {
  test(`refused: ${JSON.stringify(body)}`, () => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringMatching(message) }),
    )
  })
}

const prompts = (body: object) => read(body).prompts.map(({ channel, text, fresh }) => [channel.name, text, fresh])

const conversation = {
  instructions: 'be kind',
  prompt: { id: 'p', variables: { name: 'Ada', more: { type: 'input_text', text: 'words' } } },
  input: [
    { role: 'user', content: 'old' },
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
    { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":"b"}' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'answer' }] },
    { type: 'function_call_output', call_id: 'c', output: 'result' },
    { type: 'custom_tool_call_output', call_id: 'd', output: [{ type: 'input_text', text: 'part' }] },
    { type: 'shell_call_output', call_id: 'e', output: [{ stdout: 'out', stderr: 'err' }] },
    { role: 'developer', content: 'be brief' },
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'new' },
        { type: 'input_image', image_url: 'u' },
      ],
    },
    { type: 'mcp_approval_response', approve: false, reason: 'why not' },
  ],
}

test('a string is the prompt, instructions are the system\u2019s', () => {
  expect(prompts({ input: 'hi', instructions: 'be kind' })).toEqual([
    ['prompt.system/0', 'be kind', true],
    ['prompt/1', 'hi', true],
  ])
})

test('what the user and the tools say is the prompt, fresh after the last answer', () => {
  expect(prompts(conversation)).toEqual([
    ['prompt.system/0', 'be kind', true],
    ['prompt/1', 'Ada', true],
    ['prompt/2', 'words', true],
    ['prompt/3', 'old', false],
    ['prompt/4', 'result', true],
    ['prompt/5', 'part', true],
    ['prompt/6', 'out', true],
    ['prompt/7', 'err', true],
    ['prompt.system/8', 'be brief', true],
    ['prompt/9', 'new', true],
    ['prompt/10', 'why not', true],
  ])
})

test('beginning the answer does not turn the question into history', () => {
  const question = { role: 'user', content: 'question' }
  const begun = { role: 'assistant', content: 'Sure' }
  expect(prompts({ input: [question, begun] })).toEqual([['prompt/0', 'question', true]])
})

test('a request is written with new texts where the old ones stood, and nothing else changed', () => {
  const before = structuredClone(conversation)
  const reading = read(conversation)
  const changed = new Map(reading.prompts.map(({ slot, text }) => [slot, `<${text}>`]))
  const written = JSON.parse(reading.write(changed))
  expect(prompts(written).map(([, text]) => text)).toEqual([...changed.values()])
  const undone = new Map(read(written).prompts.map(({ slot, text }) => [slot, text.slice(1, -1)]))
  expect(JSON.parse(read(written).write(undone))).toEqual(before)
  expect(conversation).toEqual(before)
})

test('the endpoint tells the dialect, under whatever base', () => {
  for (const pathname of ['/v1/responses', '/responses', '/openai/v1/responses', '/api/v1/responses/'])
    expect(dialectFor('POST', pathname), pathname).toBe(openaiResponses)
  for (const pathname of ['/v1/responses/resp_1', '/v1/responses/resp_1/input_items', '/v1/responses/resp_1/cancel'])
    expect(dialectFor('POST', pathname), pathname).toBeUndefined()
  expect(dialectFor('GET', '/v1/responses')).toBeUndefined()
})
