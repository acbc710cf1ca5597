/** What we say in the protocol of chats ourselves, as the official client reads it. */
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import type { OnCut } from '../../src/terms/plan.ts'
import { openaiChat } from '../../src/wire/openai-chat.ts'
import { bytesOf, chunk, eventsIn, facts, frameOf, joined, noEdit, textOf } from './events.ts'

const native: OnCut = { ending: 'native', notice: 'No.', notice_in: 'answer' }

/** The official client, given these bytes as the upstream's answer. */
function client(body: Uint8Array | string, init: ResponseInit = {}): OpenAI {
  const headers = { 'content-type': 'text/event-stream', ...(init.headers as Record<string, string>) }
  const asked = { count: 0 }
  const fetch = async () => {
    asked.count++
    return new Response(body as BodyInit, { ...init, headers })
  }
  return Object.assign(
    new OpenAI({ apiKey: 'none', baseURL: 'http://upstream.invalid/v1', fetch, dangerouslyAllowBrowser: true }),
    { asked },
  )
}

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const }

/** A stream of these frames that is cut after them in the given scopes. */
function cutStream(how: OnCut, frames = [chunk({ role: 'assistant', content: 'Use ' })], scopes = ['0'], more = {}): Uint8Array {
  const lens = openaiChat.stream({ ...facts, ...more })
  for (const frame of frames) lens.read(frame)
  return joined([...frames.map(({ bytes }) => bytes), ...scopes.map((scope) => lens.cut(scope, how)), lens.close()])
}

test('a cut ends with a notice, a reason and the last word, in the envelope of the stream', () => {
  const [, notice, last, done] = eventsIn(cutStream(native))
  const { choices: _, ...envelope } = eventsIn(chunk({}).bytes)[0]
  expect(notice).toEqual({ ...envelope, choices: [{ index: 0, delta: { content: 'No.' }, logprobs: null, finish_reason: null }] })
  expect(last).toEqual({ ...envelope, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'content_filter' }] })
  expect(done).toBe('[DONE]')
})

const endings: [string, Partial<OnCut>, object, unknown[]][] = [
  ['notice in the answer', {}, {}, [{ content: 'No.' }, 'content_filter']],
  ['notice in the refusal', { notice_in: 'refusal' }, {}, [{ refusal: 'No.' }, 'content_filter']],
  ['no notice', { notice_in: 'none' }, {}, [{}, 'content_filter']],
  ['an empty notice', { notice: '' }, {}, [{}, 'content_filter']],
  ['stop', { ending: 'stop' }, {}, [{ content: 'No.' }, 'stop']],
  ['refusal', { ending: 'refusal' }, {}, [{ refusal: 'No.' }, 'stop']],
  ['an answer in JSON has no room for a notice', {}, { json: true }, [{ refusal: 'No.' }, 'content_filter']],
]

for (const [name, how, more, expected] of endings) {
  test(`cut: ${name}`, () => {
    const events = eventsIn(cutStream({ ...native, ...how }, undefined, undefined, more)).slice(1, -1)
    const choices = events.map((event) => event.choices[0])
    expect([Object.assign({}, ...choices.map(({ delta }) => delta)), choices.at(-1).finish_reason]).toEqual(expected)
  })
}

test('the client resolves a stream that was cut, and sees why', async () => {
  for (const how of [native, { ...native, notice_in: 'none' } as const, { ...native, notice_in: 'refusal' } as const]) {
    const completion = await client(cutStream(how)).chat.completions.stream(request).finalChatCompletion()
    expect(completion.choices[0]?.finish_reason).toBe('content_filter')
    expect(completion.choices[0]?.message.content).toBe(how.notice_in === 'answer' ? 'Use No.' : 'Use ')
  }
})

test('the client resolves a cut of a choice that never spoke', async () => {
  for (const notice_in of ['answer', 'none'] as const) {
    const stream = cutStream({ ...native, notice_in }, [])
    const completion = await client(stream).chat.completions.stream(request).finalChatCompletion()
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'content_filter', message: { role: 'assistant' } })
  }
})

test('the client resolves several choices of which one was cut, and those that go on', async () => {
  const lens = openaiChat.stream({ ...facts, scopes: 2 })
  const of = (index: number, delta: object, finish_reason: string | null = null) =>
    frameOf({
      id: 'x',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index, delta, logprobs: null, finish_reason }],
    })
  const before = [of(0, { role: 'assistant', content: 'a' }), of(1, { role: 'assistant', content: 'b' })]
  const after = [of(0, { content: 'sk-1' }), of(1, { content: 'c' }), of(1, {}, 'stop'), frameOf('[DONE]')]
  for (const frame of [...before, ...after]) lens.read(frame)
  const written = after.map((frame) => lens.write(frame, { ...noEdit, gone: new Set(['0']) }) ?? new Uint8Array(0))
  const stream = joined([...before.map(({ bytes }) => bytes), lens.cut('0', { ...native, notice_in: 'none' }), ...written])
  const completion = await client(stream)
    .chat.completions.stream({ ...request, n: 2 })
    .finalChatCompletion()
  expect(completion.choices.map(({ message, finish_reason }) => [message.content, finish_reason])).toEqual([
    ['a', 'content_filter'],
    ['bc', 'stop'],
  ])
})

test('the client raises where a cut is an error, or a check failed', async () => {
  const asError = client(cutStream({ ...native, ending: 'error' })).chat.completions.stream(request)
  await expect(asError.finalChatCompletion()).rejects.toMatchObject({
    code: 'content_filter',
    message: expect.stringContaining('No.'),
  })
  const lens = openaiChat.stream(facts)
  const failed = joined([chunk({ role: 'assistant', content: 'a' }).bytes, lens.fail('moderation_unavailable', 'Stopped.')])
  expect(eventsIn(failed).at(-1)).toBe('[DONE]')
  const reading = (async () => {
    const seen: string[] = []
    for await (const event of await client(failed).chat.completions.create(request))
      seen.push(event.choices[0]?.delta.content ?? '')
    return seen
  })()
  await expect(reading).rejects.toMatchObject({ code: 'moderation_unavailable', type: 'server_error' })
})

test('an error reply is a typed error of the client, asked once where it says so', async () => {
  const asking = (status: number, code: string, retry: boolean) => {
    const { body, headers, status: sent } = openaiChat.error(status, code, 'Not this.', retry)
    const openai = client(body, { status: sent, headers: { ...headers, ...(retry && { 'retry-after-ms': '1' }) } })
    return { asked: (openai as never as { asked: { count: number } }).asked, answer: openai.chat.completions.create(request) }
  }
  const blocked = asking(400, 'content_filter', false)
  await expect(blocked.answer).rejects.toMatchObject({
    status: 400,
    code: 'content_filter',
    param: 'messages',
    type: 'invalid_request_error',
  })
  expect(blocked.asked.count).toBe(1)
  const failed = asking(502, 'upstream_failed', false)
  await expect(failed.answer).rejects.toMatchObject({ status: 502, code: 'upstream_failed', type: 'server_error' })
  expect(failed.asked.count).toBe(1)
  const busy = asking(503, 'not_ready', true)
  await expect(busy.answer).rejects.toMatchObject({ status: 503 })
  expect(busy.asked.count).toBe(3)
})

test('a refusal is an answer the client resolves, streamed and whole', async () => {
  const streamed = openaiChat.refusal({ ...facts, scopes: 2, usage: true }, 'Sorry.')
  expect(streamed.headers['content-type']).toContain('text/event-stream')
  const completion = await client(streamed.body)
    .chat.completions.stream({ ...request, n: 2 })
    .finalChatCompletion()
  expect(completion.choices.map(({ message, finish_reason }) => [message.content, finish_reason])).toEqual([
    ['Sorry.', 'content_filter'],
    ['Sorry.', 'content_filter'],
  ])
  expect(completion.usage?.total_tokens).toBe(0)
  const whole = openaiChat.refusal({ ...facts, stream: false, json: true }, 'Sorry.')
  const parsed = await client(whole.body, { headers: whole.headers }).chat.completions.parse({ ...request, stream: false })
  expect(parsed.choices[0]).toMatchObject({ message: { content: null, refusal: 'Sorry.' }, finish_reason: 'stop' })
})

test('a whole body has no frames beside it', () => {
  const lens = openaiChat.body(facts)
  expect([lens.cut('0', native), lens.close(), lens.keepAlive()].map((bytes) => bytes.length)).toEqual([0, 0, 0])
})

test('a keep-alive is a comment', () => {
  expect(textOf(openaiChat.stream(facts).keepAlive())).toMatch(/^: .+\n\n$/)
  expect(bytesOf('')).toHaveLength(0)
})
