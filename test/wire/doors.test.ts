/** What is guarded, what is passed on, and what stays shut: every path by which a model's words could leave unread. */
import { describe, expect, test } from 'vitest'
import { doorFor } from '../../src/wire/doors.ts'

const kinds = (requests: readonly (readonly [string, string])[]) =>
  requests.map(([method, path]) => [method, path, doorFor(method, new URL(path, 'http://s').pathname).kind])

test('answers that a model writes are guarded', () => {
  const guarded = [
    ['POST', '/v1/chat/completions'],
    ['POST', '/openai/deployments/gpt/chat/completions'],
    ['POST', '/v1/completions'],
    ['POST', '/v1/responses'],
    ['POST', '/v1/messages'],
    ['POST', '/openai/deployments/davinci/completions'],
    ['POST', '/v1beta/models/gemini-9:generateContent'],
    ['POST', '/v1beta/models/gemini-9:streamGenerateContent'],
  ] as const
  expect(kinds(guarded)).toEqual(guarded.map((request) => [...request, 'guarded']))
})

test('answers without a model’s words are passed on', () => {
  const passed = [
    ['GET', '/v1/models'],
    ['GET', '/v1/models/'],
    ['GET', '/v1/models/gpt-9'],
    ['GET', '/v1/models/ft:gpt-9:org::id'],
    ['GET', '/api/v1/models/some-lab/a-model'],
    ['GET', '/openai/models'],
    ['GET', '/v1beta/models/gemini-9'],
    ['POST', '/v1/embeddings'],
    ['POST', '/openai/deployments/vectors/embeddings'],
    ['POST', '/v1/moderations'],
    ['POST', '/v1/messages/count_tokens'],
    ['POST', '/v1/responses/input_tokens'],
    ['POST', '/v1beta/models/gemini-9:countTokens'],
    ['POST', '/v1beta/models/gemini-9:embedContent'],
    ['POST', '/v1beta/models/gemini-9:batchEmbedContents'],
    ['DELETE', '/v1/responses/resp_1'],
  ] as const
  expect(kinds(passed)).toEqual(passed.map((request) => [...request, 'passed']))
})

test('everything else stays shut, above all what hands out text that was kept', () => {
  const shut = [
    ['GET', '/v1/responses/resp_1'],
    ['GET', '/v1/responses/resp_1?stream=true&starting_after=3'],
    ['GET', '/v1/responses/resp_1/input_items'],
    ['POST', '/v1/responses/resp_1/cancel'],
    ['POST', '/v1/responses/compact'],
    ['GET', '/v1/chat/completions'],
    ['GET', '/v1/chat/completions/chatcmpl-1'],
    ['GET', '/v1/chat/completions/chatcmpl-1/messages'],
    ['POST', '/v1/chat/completions/chatcmpl-1'],
    ['POST', '/v1/conversations'],
    ['GET', '/v1/conversations/conv_1/items'],
    ['GET', '/v1/threads/thread_1/messages'],
    ['POST', '/v1/batches'],
    ['GET', '/v1/files/file-1/content'],
    ['GET', '/v1/messages/batches/b/results'],
    ['POST', '/v1/messages/batches'],
    ['POST', '/v1/complete'],
    ['POST', '/v1beta/models/gemini-9:batchGenerateContent'],
    ['POST', '/v1beta/models/gemini-9:generateAnswer'],
    ['POST', '/v1beta/interactions'],
    ['GET', '/v1beta/interactions/i'],
    ['GET', '/v1/realtime'],
    ['POST', '/v1/audio/speech'],
    ['POST', '/v1/images/generations'],
    ['POST', '/v1/models'],
    ['GET', '/v1/embeddings'],
    ['POST', '/v1/models/gpt-9'],
    ['PUT', '/v1/chat/completions'],
    ['GET', '/'],
    ['GET', '/v1/models/..%2fresponses%2fresp_1'],
    ['GET', '/v1/models/%2e%2e/responses/resp_1'],
    ['GET', '/v1/models/a%2fb'],
    ['GET', '/v1/models/a/b/c/d/e'],
    ['DELETE', '/v1/responses/resp_1/input_items'],
    ['DELETE', '/v1/models/ft:gpt-9'],
    ['POST', '/v1beta/models/a%2f..%2fb:countTokens'],
  ] as const
  expect(kinds(shut)).toEqual(shut.map((request) => [...request, 'refused']))
})

test('nothing is written in the background, to be fetched when nobody looks', () => {
  const responses = doorFor('POST', '/v1/responses').dialect
  const url = new URL('http://s/v1/responses')
  for (const stream of [true, false]) {
    expect(() => responses.request({ input: 'a', background: true, stream }, url)).toThrow(/background must be false/)
  }
  expect(responses.request({ input: 'a', background: false }, url).facts.stream).toBe(false)
})

describe('a refusal', () => {
  test.each([
    ['GET', '/v1/responses/resp_1', /kept by the provider and never checked/],
    ['GET', '/v1/chat/completions/chatcmpl-1/messages', /kept by the provider/],
    ['GET', '/v1/conversations/conv_1/items', /kept by the provider/],
    ['POST', '/v1/messages/batches', /ask for each answer by itself/],
    ['POST', '/v1beta/models/gemini-9:batchGenerateContent', /ask for each answer by itself/],
    ['GET', '/v1/realtime', /cannot read/],
    ['POST', '/v1/audio/speech', /not an endpoint Sluice can guard/],
  ])('of %s %s says why', (method, path, reason) => {
    const door = doorFor(method, path)
    expect(door).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) })
  })

  test('has the shape that clients of the path can read', () => {
    const shape = (path: string) => JSON.parse(doorFor('POST', path).dialect.error(501, 'endpoint_unknown', 'No.', false).body)
    expect(shape('/v1/audio/speech')).toEqual({
      error: { message: 'No.', type: 'invalid_request_error', param: null, code: 'endpoint_unknown' },
    })
    expect(shape('/v1/messages/batches')).toMatchObject({ type: 'error', error: { message: 'No.' } })
    expect(shape('/v1beta/models/gemini-9:generateAnswer')).toMatchObject({ error: { code: 501, status: 'UNIMPLEMENTED' } })
  })
})
