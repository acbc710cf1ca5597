/** What a response cost is in the record: as the upstream told it, or estimated and marked so; the request is never changed for it. */
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { type ExchangeOptions, guardExchange } from '../../src/flow/index.ts'
import { rehearsal } from '../../src/gateway/rehearsal/index.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { planOf } from '../laws/plan.ts'
import type { OraclePolicy } from '../oracle/policy.ts'

const quiet: OraclePolicy = { rules: [] }
const cutting: OraclePolicy = {
  rules: [{ id: 'c', action: 'cut', words: { terms: ['secret'], except: [], fold: 'none', boundary: 'none' } }],
}

/** Counts words, and remembers how often it was loaded and what it was given. */
function tokenizer() {
  const seen = { loads: 0, units: 0, longest: 0 }
  const tokens = async () => {
    seen.loads++
    return (text: string) => {
      seen.units += text.length
      seen.longest = Math.max(seen.longest, text.length)
      return text.split(/\s+/).filter(Boolean).length
    }
  }
  return { seen, tokens }
}

const speak = rehearsal({ pace: 0 })

async function exchange(path: string, body: object, policy: OraclePolicy, options: Partial<ExchangeOptions> = {}) {
  const ended = Promise.withResolvers<Trail>()
  const asked: string[] = []
  const url = `http://s${path}`
  const text = JSON.stringify(body)
  const response = await guardExchange({
    plan: planOf(policy),
    request: { method: 'POST', url, body: new Response(text).body },
    call: (sent, signal) => {
      asked.push(sent)
      return speak(new Request(url, { method: 'POST', body: sent, signal }))
    },
    onEnd: ended.resolve,
    ...options,
  })
  const sent = await response.text()
  const trail = await ended.promise
  expect(asked).toEqual([text])
  return { sent, usage: trail.usage, trail }
}

const user = (content: string) => [{ role: 'user', content }]
const words = 'echo: one two three'
const contents = [{ role: 'user', parts: [{ text: words }] }]

/** Requests whose answer tells its usage. */
const told: [string, string, object][] = [
  ['chat', '/v1/chat/completions', { messages: user(words), stream: true, stream_options: { include_usage: true } }],
  ['chat, whole', '/v1/chat/completions', { messages: user(words) }],
  ['plain completion', '/v1/completions', { prompt: words, stream: true, stream_options: { include_usage: true } }],
  ['plain completion, whole', '/v1/completions', { prompt: words }],
  ['response', '/v1/responses', { input: words, stream: true }],
  ['response, whole', '/v1/responses', { input: words }],
  ['message', '/v1/messages', { messages: user(words), stream: true, max_tokens: 9 }],
  ['message, whole', '/v1/messages', { messages: user(words), max_tokens: 9 }],
  ['Gemini as events', '/v1beta/models/m:streamGenerateContent?alt=sse', { contents }],
  ['Gemini as an array', '/v1beta/models/m:streamGenerateContent', { contents }],
  ['Gemini, whole', '/v1beta/models/m:generateContent', { contents }],
]

describe('usage that the upstream tells', () => {
  test.each(told)('is in the record: %s', async (_, path, body) => {
    const { seen, tokens } = tokenizer()
    const { usage } = await exchange(path, body, quiet, { tokens })
    expect(usage).toEqual({ input: expect.any(Number), output: 3, estimated: false })
    expect(usage.input).toBeGreaterThan(0)
    expect(seen.loads).toBe(0)
  })

  test('counts what was cached with the rest of a message’s input, and thoughts with a candidate’s output', async () => {
    const said = async (path: string, body: object) => {
      const answer = async () => Response.json(body)
      return (await exchangeWith(path, answer)).usage
    }
    const usage = { input_tokens: 5, cache_creation_input_tokens: 10, cache_read_input_tokens: 20, output_tokens: 7 }
    const message = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'a' }], stop_reason: 'end_turn', usage }
    expect(await said('/v1/messages', message)).toEqual({ input: 35, output: 7, estimated: false })
    const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 2, thoughtsTokenCount: 40, totalTokenCount: 47 }
    const candidates = [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }]
    expect(await said('/v1beta/models/m:generateContent', { candidates, usageMetadata })).toEqual({
      input: 5,
      output: 42,
      estimated: false,
    })
  })
})

async function exchangeWith(path: string, call: ExchangeOptions['call'], options: Partial<ExchangeOptions> = {}) {
  const ended = Promise.withResolvers<Trail>()
  const body = new Response(JSON.stringify({ messages: user('a'), contents, prompt: 'a', input: 'a' })).body
  const request = { method: 'POST', url: `http://s${path}`, body }
  const response = await guardExchange({ plan: planOf(quiet), request, call, onEnd: ended.resolve, ...options })
  await response.text()
  return await ended.promise
}

describe('usage that nobody tells', () => {
  const unasked = { messages: [{ role: 'system', content: 'be kind' }, ...user(words)], stream: true }

  test('is an estimate where there is a tokenizer, marked so, and otherwise not known', async () => {
    const { seen, tokens } = tokenizer()
    const { usage, sent } = await exchange('/v1/chat/completions', unasked, quiet, { tokens })
    expect(usage).toEqual({ input: 6, output: 3, estimated: true })
    expect(seen.loads).toBe(1)
    expect(sent).not.toContain('usage')
    const without = await exchange('/v1/chat/completions', unasked, quiet)
    expect(without.usage).toEqual({ input: null, output: null, estimated: false })
    expect(without.sent.length).toBe(sent.length)
  })

  test('counts thoughts and calls too', async () => {
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } } },
    ]
    const { tokens } = tokenizer()
    const called = await exchange('/v1/chat/completions', { ...unasked, tools }, quiet, { tokens })
    expect(called.usage.output).toBeGreaterThan(0)
    const thought = await exchange('/v1/chat/completions', { stream: true, messages: user('Think aloud: a gift?') }, quiet, {
      tokens,
    })
    expect(thought.usage.output).toBeGreaterThan(30)
  })

  test('is counted by stretches, of which only the last waits', async () => {
    const long = 'word '.repeat(4000)
    const { seen, tokens } = tokenizer()
    const { usage } = await exchange('/v1/chat/completions', { ...unasked, messages: user(`echo: ${long}`) }, quiet, { tokens })
    expect(usage.output).toBeGreaterThan(3990)
    expect(usage.output).toBeLessThan(4020)
    expect(seen.longest).toBeLessThan(10_000)
    // The prompt is counted by its beginning.
    expect(usage.input).toBeGreaterThan(3900)
    expect(usage.input).toBeLessThan(4100)
  })

  test('loads no tokenizer for a long answer whose usage is to come, and takes its beginning for the whole where it is cut', async () => {
    const long = 'word '.repeat(2000)
    const request = { messages: user(`echo: ${long}`), stream: true, stream_options: { include_usage: true } }
    const whole = tokenizer()
    const told = await exchange('/v1/chat/completions', request, quiet, { tokens: whole.tokens })
    expect([told.usage.estimated, whole.seen.loads]).toEqual([false, 0])
    const cut = tokenizer()
    const messages = user(`echo: ${long} secret`)
    const { usage } = await exchange('/v1/chat/completions', { ...request, messages }, cutting, { tokens: cut.tokens })
    expect(usage.estimated).toBe(true)
    expect(Math.abs((usage.output as number) - 2000)).toBeLessThan(20)
    expect(cut.seen.loads).toBe(1)
  })

  test('stays unknown when the tokenizer cannot be loaded, and nothing else goes wrong', async () => {
    const tokens = async () => Promise.reject(new Error('no such module'))
    const { usage, trail, sent } = await exchange('/v1/chat/completions', unasked, cutting, { tokens })
    expect(usage).toEqual({ input: null, output: null, estimated: false })
    expect(trail).toMatchObject({ exit: 'done', verdict: 'clear' })
    expect(sent).toContain('[DONE]')
  })

  test('stays unknown when the tokenizer never comes: the record does not wait for it', async () => {
    const { usage, sent } = await exchange('/v1/chat/completions', unasked, quiet, { tokens: () => new Promise(() => {}) })
    expect(usage).toEqual({ input: null, output: null, estimated: false })
    expect(sent).toContain('[DONE]')
  })

  test('of a picture is not that of its letters', async () => {
    const { tokens } = tokenizer()
    const url = `data:image/png;base64,${'A'.repeat(5000)}`
    const content = [
      { type: 'text', text: words },
      { type: 'image_url', image_url: { url } },
    ]
    const { usage } = await exchange('/v1/chat/completions', { stream: true, messages: [{ role: 'user', content }] }, quiet, {
      tokens,
    })
    expect(usage.input).toBe(4)
  })
})

describe('usage of an answer that was cut', () => {
  const asked = (include_usage: boolean) => ({
    messages: user('echo: it is a secret and more'),
    stream: true,
    stream_options: { include_usage },
  })

  test('is told as an estimate to whoever asked for it, before the last word, in its own field', async () => {
    const { tokens } = tokenizer()
    for (const [path, body] of [
      ['/v1/chat/completions', asked(true)],
      ['/v1/completions', { ...asked(true), prompt: 'echo: it is a secret and more', messages: undefined }],
    ] as const) {
      const { sent, usage, trail } = await exchange(path, body, cutting, { tokens })
      expect(trail.exit).toBe('cut')
      const [last, done] = sent.trimEnd().split('\n\n').slice(-2)
      expect(done).toBe('data: [DONE]')
      expect(JSON.parse((last as string).slice(6))).toMatchObject({
        choices: [],
        usage: {
          prompt_tokens: usage.input,
          completion_tokens: usage.output,
          total_tokens: Number(usage.input) + Number(usage.output),
        },
        sluice: { usage: 'estimated' },
      })
      expect(usage).toMatchObject({ estimated: true, input: 7 })
      expect(usage.output).toBeGreaterThan(2)
    }
  })

  test('is told in the last event of a response, which always tells it', async () => {
    const { tokens } = tokenizer()
    const body = { input: 'echo: it is a secret and more', stream: true }
    const { sent, usage } = await exchange('/v1/responses', body, cutting, { tokens })
    const last = sent.trimEnd().split('\n\n').at(-1) as string
    const event = JSON.parse(last.slice(last.indexOf('data: ') + 6))
    const total_tokens = Number(usage.input) + Number(usage.output)
    expect(event).toMatchObject({
      type: 'response.incomplete',
      response: { usage: { input_tokens: usage.input, output_tokens: usage.output, total_tokens } },
      sluice: { usage: 'estimated' },
    })
    const without = await exchange('/v1/responses', body, cutting)
    expect(without.sent).toContain('"usage":null')
  })

  test('is told to nobody else, and to nobody without a tokenizer', async () => {
    const { tokens } = tokenizer()
    const unasked = await exchange('/v1/chat/completions', asked(false), cutting, { tokens })
    expect(unasked.sent).not.toContain('usage')
    expect(unasked.usage.estimated).toBe(true)
    const without = await exchange('/v1/chat/completions', asked(true), cutting)
    expect(without.sent).not.toContain('estimated')
  })

  test('of a message is at least what was told as it began', async () => {
    const { tokens } = tokenizer()
    const body = { messages: user('echo: it is a secret and more'), stream: true, max_tokens: 9 }
    const { usage } = await exchange('/v1/messages', body, cutting, { tokens })
    expect(usage).toMatchObject({ estimated: true, input: expect.any(Number) })
    expect(usage.output).toBeGreaterThan(2)
  })

  test('is read by the official client', async () => {
    const { tokens } = tokenizer()
    const fetch = async (url: unknown, init?: RequestInit) =>
      await guardExchange({
        plan: planOf(cutting),
        tokens,
        request: { method: 'POST', url: String(url), body: new Response(String(init?.body)).body },
        call: (sent, signal) => speak(new Request(String(url), { method: 'POST', body: sent, signal })),
      })
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: 'http://s/v1',
      maxRetries: 0,
      fetch: fetch as typeof globalThis.fetch,
      dangerouslyAllowBrowser: true,
    })
    const completion = await client.chat.completions
      .stream({ model: 'm', messages: [{ role: 'user', content: 'echo: a secret' }], stream_options: { include_usage: true } })
      .finalChatCompletion()
    expect(completion.choices[0]?.finish_reason).toBe('content_filter')
    expect(completion.usage?.total_tokens).toBeGreaterThan(0)
  })
})
