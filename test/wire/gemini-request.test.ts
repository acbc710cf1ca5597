/** What a request in Google's protocol asks for, and which of its texts are prompts. */
import { expect, test } from 'vitest'
import { gemini } from '../../src/wire/gemini.ts'
import { dialectFor } from '../../src/wire/index.ts'

const base = 'https://generativelanguage.googleapis.com'
const streamed = `${base}/v1beta/models/gemini-9:streamGenerateContent`
const user = { role: 'user', parts: [{ text: 'hi' }] }

const read = (body: object, url = `${streamed}?alt=sse`) => gemini.request({ contents: [user], ...body }, new URL(url))

const texts = (body: object) =>
  read(body).prompts.map(({ channel: { kind }, text, fresh }) => `${kind}: ${text}${fresh ? '' : ' (before)'}`)

test('the model, and how the answer shall come, stand in the address', () => {
  const facts = { scopes: 1, json: false, usage: true, model: 'gemini-9' }
  expect(read({}).facts).toEqual({ ...facts, stream: true, framing: 'events' })
  expect(read({}, streamed).facts).toEqual({ ...facts, stream: true, framing: 'array' })
  expect(read({}, `${streamed}?%24alt=sse&key=k`).facts.framing).toBe('events')
  expect(read({}, `${base}/v1/models/tuned%2Fone:generateContent`).facts).toMatchObject({ stream: false, model: 'tuned/one' })
})

test('candidates and JSON are asked for in the configuration, in either spelling', () => {
  expect(read({ generationConfig: { candidateCount: 3, responseMimeType: 'application/json' } }).facts).toMatchObject({
    scopes: 3,
    json: true,
  })
  expect(read({ generation_config: { candidate_count: '2', response_mime_type: 'text/plain' } }).facts).toMatchObject({
    scopes: 2,
    json: false,
  })
})

test('the endpoints of the Gemini API and of Vertex AI are known, and no other of theirs', () => {
  const project = '/v1/projects/p/locations/europe-west1'
  for (const path of [
    '/v1beta/models/gemini-9:generateContent',
    '/v1beta/models/gemini-9:streamGenerateContent',
    '/v1/models/gemini-9%3AgenerateContent',
    '/v1beta/tunedModels/mine:generateContent',
    `${project}/publishers/google/models/gemini-9:streamGenerateContent`,
    `${project}/endpoints/12345:generateContent`,
    '/v1/publishers/google/models/gemini-9:generateContent',
  ])
    expect([path, dialectFor('POST', path)?.name]).toEqual([path, 'gemini'])
  for (const path of [
    '/v1beta/models/gemini-9:countTokens',
    '/v1beta/models/gemini-9:batchGenerateContent',
    `${project}/publishers/anthropic/models/x:streamRawPredict`,
    '/v1beta/interactions',
    '/v1beta/models/gemini-9',
  ])
    expect([path, dialectFor('POST', path)]).toEqual([path, undefined])
  expect(dialectFor('GET', '/v1beta/models/gemini-9:generateContent')).toBeUndefined()
})

test('every text of every turn that is not the model’s is a prompt, what came before its last turn is not fresh', () => {
  expect(
    texts({
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'one' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        { role: 'model', parts: [{ text: 'mine' }, { functionCall: { name: 'f', args: { q: 'mine' } } }] },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'f', id: 'c', response: { output: ['two', { data: 'three', role: 'too' }] } } },
            { text: 'four' },
          ],
        },
      ],
    }),
  ).toEqual([
    'prompt.system: Be kind.',
    'prompt: one (before)',
    'prompt: f',
    'prompt: two',
    'prompt: three',
    'prompt: too',
    'prompt: four',
  ])
})

test('a single member in the place of a list, a missing role and the other spelling are read too', () => {
  expect(texts({ contents: { parts: { text: 'a' } }, system_instruction: { parts: { text: 's' } } })).toEqual([
    'prompt.system: s',
    'prompt: a',
  ])
  expect(texts({ contents: [{ role: 'function', parts: [{ function_response: { response: { x: 'b' } } }] }] })).toEqual([
    'prompt: b',
  ])
  expect(texts({ systemInstruction: 'plain' })).toEqual(['prompt.system: plain', 'prompt: hi'])
})

test('a turn of the model at the very end does not turn the question into history', () => {
  expect(texts({ contents: [user, { role: 'model', parts: [{ text: 'Well' }] }] })).toEqual(['prompt: hi'])
})

test('a prompt that was uploaded before cannot be read, and is said to be there', () => {
  expect(read({ cachedContent: 'cachedContents/abc' }).unread).toBe('cachedContent')
  expect(read({}).unread).toBeUndefined()
})

const refused: [object, string, RegExp][] = [
  [{ contents: 'hi' }, streamed, /contents must be a list/],
  [{ contents: ['hi'] }, streamed, /contents\[0\]/],
  [{ contents: [{ parts: 'hi' }] }, streamed, /contents\[0\]\.parts/],
  [{ generationConfig: [] }, streamed, /generationConfig/],
  [{ generationConfig: { candidateCount: 1.5 } }, streamed, /candidateCount/],
  [{ generationConfig: { candidateCount: 1 }, generation_config: {} }, streamed, /given twice/],
  [{}, `${streamed}?alt=media`, /alt/],
]

for (const [body, url, message] of refused) {
  test(`refused, with the field in the message: ${message.source}`, () => {
    expect(() => read(body, url)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringMatching(message) }),
    )
  })
}

test('a body that is no object is refused', () => {
  expect(() => gemini.request([], new URL(streamed))).toThrow(expect.objectContaining({ code: 'request_invalid' }))
})

test('masked texts are put back where they stood, and the rest of the request is the same', () => {
  const body = {
    contents: [{ role: 'user', parts: [{ text: 'a secret' }, { functionResponse: { response: { x: ['a secret'] } } }] }],
    systemInstruction: { parts: [{ text: 's' }] },
    safetySettings: [{ category: 'X', threshold: 'Y' }],
    tools: [{ functionDeclarations: [{ name: 'f' }] }],
  }
  const before = JSON.stringify(body)
  const reading = read(body)
  const changed = new Map(reading.prompts.filter(({ text }) => text.includes('secret')).map(({ slot }) => [slot, 'a […]']))
  expect(JSON.parse(reading.write(changed))).toEqual(JSON.parse(before.replaceAll('secret', '[…]')))
  expect(JSON.stringify(body)).toBe(before)
  expect(JSON.parse(reading.write(new Map()))).toEqual(JSON.parse(before))
})
