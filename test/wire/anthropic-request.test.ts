/** What a request in Anthropic's protocol asks for, and which of its texts are prompts. */
import { describe, expect, it } from 'vitest'
import { readMessagesRequest } from '../../src/wire/anthropic-request.ts'

const user = (content: unknown) => ({ role: 'user', content })
const assistant = (content: unknown) => ({ role: 'assistant', content })
const read = (messages: unknown[], more: object = {}) => readMessagesRequest({ model: 'm', max_tokens: 9, messages, ...more })
const texts = (...given: Parameters<typeof read>) =>
  read(...given).prompts.map(({ channel, text, fresh }) => `${fresh ? '' : 'old '}${channel.kind}: ${text}`)

describe('what a request asks for', () => {
  it('is told by its fields', () => {
    expect(read([user('hi')]).facts).toEqual({ stream: false, scopes: 1, json: false, usage: true, model: 'm' })
    expect(read([user('hi')], { stream: true, model: undefined }).facts).toMatchObject({ stream: true, model: '' })
    const format = { type: 'json_schema', schema: {} }
    expect(read([user('hi')], { output_config: { format } }).facts.json).toBe(true)
    expect(read([user('hi')], { output_format: format }).facts.json).toBe(true)
  })

  it.each([
    [[], 'the body must be a JSON object'],
    [{ messages: 'hi' }, 'messages must be a list'],
    [{ messages: ['hi'] }, 'messages[0] must be an object'],
    [{ messages: [{ role: 'user', content: 3 }] }, 'messages[0].content must be a string or a list'],
    [{ messages: [], system: {} }, 'system must be a string or a list'],
    [{ messages: [], stream: 'true' }, 'stream must be true or false'],
    [{ messages: [], model: 3 }, 'model must be a string'],
    [{ messages: [], output_config: 'json' }, 'output_config must be an object'],
  ])('must be readable: %j', (body, problem) => {
    expect(() => readMessagesRequest(body)).toThrow(problem)
  })

  it('is not nested without end', () => {
    let content: unknown = 'x'
    for (let depth = 0; depth < 20; depth++) content = [{ type: 'tool_result', content }]
    expect(() => read([user(content)])).toThrow('nested too deep')
  })
})

describe('the prompts', () => {
  it('are the system’s texts and everybody’s but the assistant’s, in order', () => {
    const system = [
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: 'Be kind.' },
    ]
    expect(texts([user('one'), assistant('two'), user([{ type: 'text', text: 'three' }])], { system })).toEqual([
      'old prompt.system: Be brief.',
      'old prompt.system: Be kind.',
      'old prompt: one',
      'prompt: three',
    ])
    expect(texts([{ role: 'system', content: 'now' }], { system: 'first' })).toEqual([
      'prompt.system: first',
      'prompt.system: now',
    ])
  })

  it('are fresh after the last turn that was answered, whatever words are put into the assistant’s mouth', () => {
    expect(texts([user('one'), assistant('two'), user('three'), assistant('And so')])).toEqual([
      'old prompt: one',
      'prompt: three',
    ])
  })

  it('include results of tools, documents and what describes them, but no files', () => {
    const blocks = [
      { type: 'tool_result', tool_use_id: 't', content: 'plain' },
      {
        type: 'tool_result',
        tool_use_id: 't',
        content: [
          { type: 'text', text: 'part' },
          { type: 'image', source: { type: 'base64', data: 'AAAA' } },
        ],
      },
      {
        type: 'document',
        title: 'A title',
        context: 'Its context',
        source: { type: 'text', media_type: 'text/plain', data: 'paper' },
      },
      { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'chunk' }] } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
      { type: 'search_result', source: 'https://a.example', title: 'found', content: [{ type: 'text', text: 'snippet' }] },
    ]
    expect(texts([user(blocks)]).map((text) => text.replace('prompt: ', ''))).toEqual([
      'plain',
      'part',
      'A title',
      'Its context',
      'paper',
      'chunk',
      'found',
      'https://a.example',
      'snippet',
    ])
  })

  it('are written back where they stood, and nothing else changes', () => {
    const body = {
      model: 'm',
      system: 'sys',
      tools: [{ name: 'f', description: 'secret' }],
      messages: [
        user([{ type: 'tool_result', content: [{ type: 'text', text: 'part', cache_control: { type: 'ephemeral' } }] }]),
        user('two'),
      ],
    }
    const { prompts, write } = readMessagesRequest(body)
    const slot = (text: string) => prompts.find((prompt) => prompt.text === text)?.slot as number
    const sent = JSON.parse(
      write(
        new Map([
          [slot('sys'), 'S'],
          [slot('part'), 'P'],
          [slot('two'), 'T'],
        ]),
      ),
    )
    expect(sent).toEqual({
      ...body,
      system: 'S',
      messages: [
        user([{ type: 'tool_result', content: [{ type: 'text', text: 'P', cache_control: { type: 'ephemeral' } }] }]),
        user('T'),
      ],
    })
    expect(body.system).toBe('sys')
  })
})
