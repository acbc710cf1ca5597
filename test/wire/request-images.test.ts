/** The images of prompts, as judges are shown them: in every protocol's forms, those since the last answer told from the others. */
import { describe, expect, it } from 'vitest'
import { dialects } from '../../src/wire/index.ts'

const url = new URL('http://sluice.example/v1beta/models/m:generateContent')
const imagesOf = (name: string, body: object) =>
  dialects
    .find((dialect) => dialect.name === name)
    ?.request(body, url)
    .images?.map(({ address, fresh }) => (fresh ? address : `old ${address}`))

const data = 'data:image/jpeg;base64,AAA='
const there = 'https://images.example/cat.png'

describe('images of prompts', () => {
  it('in chats: parts of messages that are not the assistant’s, results of tools included', () => {
    const image = (address: unknown) => ({ type: 'image_url', image_url: address })
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'this?' }, image({ url: 'https://images.example/old.png' })] },
      { role: 'assistant', content: [image({ url: 'https://images.example/its-own.png' })] },
      { role: 'user', content: [image({ url: there, detail: 'low' }), image(data)] },
      { role: 'tool', tool_call_id: 'c', content: [image({ url: data })] },
    ]
    expect(imagesOf('openai-chat', { model: 'm', messages })).toEqual(['old https://images.example/old.png', there, data, data])
    expect(imagesOf('openai-chat', { model: 'm', messages: [{ role: 'user', content: there }] })).toEqual([])
  })

  it('in Responses: items of the input, what tools gave back, and what a stored prompt is filled in with', () => {
    const image = { type: 'input_image', image_url: there }
    const input = [
      { role: 'user', content: [image, { type: 'input_image', file_id: 'file-1' }] },
      { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: [image] },
      { type: 'computer_call_output', call_id: 'c', output: { type: 'computer_screenshot', image_url: data } },
    ]
    expect(imagesOf('openai-responses', { model: 'm', input })).toEqual([`old ${there}`, there, data])
    const prompt = { id: 'p', variables: { picture: { type: 'input_image', image_url: data } } }
    expect(imagesOf('openai-responses', { model: 'm', input: 'hi', prompt })).toEqual([data])
  })

  it('in messages: of base64 or by address, within results too; documents are none', () => {
    const base64 = { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAA=' } }
    const content = [
      { type: 'image', source: { type: 'url', url: there } },
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
      { type: 'tool_result', tool_use_id: 't', content: [base64] },
    ]
    expect(imagesOf('anthropic-messages', { model: 'm', max_tokens: 9, messages: [{ role: 'user', content }] })).toEqual([
      there,
      data,
    ])
  })

  it('in generateContent: inline or by address, in either spelling; other media are none', () => {
    const parts = [
      { text: 'what is this?' },
      { inlineData: { mimeType: 'image/jpeg', data: 'AAA=' } },
      { file_data: { mime_type: 'image/png', file_uri: there } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAA=' } },
    ]
    const contents = [{ role: 'user', parts }]
    expect(imagesOf('gemini', { contents })).toEqual([data, there])
    expect(
      imagesOf('gemini', {
        contents: [...contents, { role: 'model', parts: [{ text: 'a cat' }] }, { role: 'user', parts: [{ text: 'sure?' }] }],
      }),
    ).toEqual([`old ${data}`, `old ${there}`])
  })

  it('none in plain completions', () => {
    expect(imagesOf('openai-completions', { model: 'm', prompt: 'hi' }) ?? []).toEqual([])
  })
})
