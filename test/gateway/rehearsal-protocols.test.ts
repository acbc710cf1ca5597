/** The rehearsal speaks every protocol as its provider does: the order of events, the same text in each, nothing unheard of. */
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { rehearsal } from '../../src/gateway/rehearsal/index.ts'
import { dialectFor } from '../../src/wire/index.ts'
import { guardBody, guardStream } from '../laws/guard.ts'
import { planOf } from '../laws/plan.ts'

const tool = { type: 'object', properties: { city: { type: 'string' } } }

interface Protocol {
  readonly name: string
  /** Path of a whole and of a streamed answer. */
  readonly paths: readonly [whole: string, streamed: string]
  /** A request that says `words`, with a tool on offer where asked for. */
  ask(words: string, withTool?: boolean): object
}

const user = (content: string) => ({ role: 'user', content })
const generate = '/v1beta/models/rehearsal:generateContent'
const streamGenerate = '/v1beta/models/rehearsal:streamGenerateContent'
const contents = (words: string, withTool?: boolean) => ({
  contents: [{ role: 'user', parts: [{ text: words }] }],
  ...(withTool && { tools: [{ functionDeclarations: [{ name: 'weather', parameters: { ...tool, type: 'OBJECT' } }] }] }),
})

const protocols: readonly Protocol[] = [
  {
    name: 'chat completions',
    paths: ['/v1/chat/completions', '/v1/chat/completions'],
    ask: (words, withTool) => ({
      messages: [user(words)],
      ...(withTool && { tools: [{ type: 'function', function: { name: 'weather', parameters: tool } }] }),
    }),
  },
  {
    name: 'messages',
    paths: ['/v1/messages', '/v1/messages'],
    ask: (words, withTool) => ({
      max_tokens: 9,
      messages: [user(words)],
      ...(withTool && { tools: [{ name: 'weather', input_schema: tool }] }),
    }),
  },
  {
    name: 'Responses',
    paths: ['/v1/responses', '/v1/responses'],
    ask: (input, withTool) => ({
      input,
      ...(withTool && { tools: [{ type: 'function', name: 'weather', parameters: tool }] }),
    }),
  },
  { name: 'Gemini as events', paths: [generate, `${streamGenerate}?alt=sse`], ask: contents },
  { name: 'Gemini as an array', paths: [generate, streamGenerate], ask: contents },
  { name: 'plain completions', paths: ['/v1/completions', '/v1/completions'], ask: (prompt) => ({ prompt }) },
]

const speak = rehearsal({ pace: 0 })

function answer(path: string, body: object): Promise<Response> {
  return speak(new Request(`http://r${path}`, { method: 'POST', body: JSON.stringify({ model: 'rehearsal', ...body }) }))
}

/** What a whole or a streamed answer says by kind of channel, as the guard reads it, and what left. */
async function told({ ask, paths: [whole, streamed] }: Protocol, words: string, stream: boolean, withTool = false) {
  const path = stream ? streamed : whole
  const request = { model: 'rehearsal', stream, ...ask(words, withTool) }
  const bytes = new Uint8Array(await (await answer(path, request)).arrayBuffer())
  const url = new URL(path, 'http://r')
  const dialect = dialectFor('POST', url.pathname)
  if (dialect === undefined) throw new Error(`nobody guards ${path}`)
  const { facts } = dialect.request(request, url)
  // A text that is nowhere declared would be a fault here.
  const plan = planOf({ rules: [] }, { unknown: 'refuse' })
  const guarded = stream ? await guardStream(dialect, plan, facts, [bytes]) : await guardBody(dialect, plan, facts, bytes)
  return { bytes, guarded }
}

describe.each(protocols)('$name', (protocol) => {
  test.each([
    ['a script', 'How does a sluice work?', false],
    ['thoughts', 'Think aloud: which gift suits my aunt?', false],
    ['an echo', 'spell: 水闸 🌊', false],
    ['a call', 'Bern', protocol.name !== 'plain completions'],
  ])('%s leaves the guard as it came, streamed and whole, and ends by itself', async (_, words, withTool) => {
    for (const stream of [true, false]) {
      const { bytes, guarded } = await told(protocol, words, stream, withTool)
      expect(new TextDecoder().decode(guarded.bytes)).toBe(new TextDecoder().decode(bytes))
      expect(guarded.trail).toMatchObject({ verdict: 'clear', exit: 'done', faults: [] })
      expect(guarded.trail.finish.length).toBeGreaterThan(0)
      expect(guarded.trail.units.received).toBeGreaterThan(0)
    }
  })

  test('what it does not understand is refused in the shape its clients read', async () => {
    const response = await answer(protocol.paths[0], [1] as unknown as object)
    expect([200, 400]).toContain(response.status)
    if (response.status === 400) expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } })
  })
})

const events = async (response: Response): Promise<[string, Record<string, unknown>][]> =>
  (await response.text())
    .split('\n\n')
    .filter(Boolean)
    .map((block) => {
      const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? []
      return [event, JSON.parse(data) as Record<string, unknown>]
    })

describe('messages', () => {
  test('open, think, speak and close in the order that clients require', async () => {
    const request = { stream: true, messages: [user('Think aloud: which gift suits my aunt?')] }
    const said = await events(await answer('/v1/messages', request))
    for (const [event, data] of said) expect(data['type']).toBe(event)
    const order = said.map(([event, { delta }]) => `${event} ${(delta as { type?: string })?.type ?? ''}`.trim())
    const folded = order.filter((each, index) => each !== order[index - 1])
    expect(folded).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta thinking_delta',
      'content_block_delta signature_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta text_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(said.at(-2)?.[1]).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: expect.any(Number) } })
  })

  test('say what a tool answered', async () => {
    const messages = [user('Bern'), { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'Sunny.' }] }]
    expect(await (await answer('/v1/messages', { messages })).json()).toMatchObject({
      content: [{ type: 'text', text: 'Sunny.' }],
      stop_reason: 'end_turn',
    })
  })
})

describe('Gemini', () => {
  test('sends few chunks, with usage that grows, and the reason on the last', async () => {
    const response = await answer(`${streamGenerate}?alt=sse`, contents('How does a sluice work?'))
    const text = await response.text()
    expect(text.endsWith('\r\n\r\n')).toBe(true)
    const chunks = text.split('\r\n\r\n').filter(Boolean)
    const data = chunks.map((chunk) => JSON.parse(chunk.replace(/^data: /, '')))
    const said = data.map(({ candidates: [candidate] }) => candidate.content.parts[0].text)
    expect(Math.max(...said.map((each: string) => each.length))).toBeGreaterThan(40)
    expect(data.map(({ candidates: [candidate] }) => candidate.finishReason)).toEqual([
      ...data.slice(1).map(() => undefined),
      'STOP',
    ])
    const counts = data.map(({ usageMetadata }) => usageMetadata.candidatesTokenCount)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
  })

  test('writes an array that is JSON only when it is whole', async () => {
    const response = await answer(streamGenerate, contents('How does a sluice work?'))
    expect(response.headers.get('content-type')).toContain('application/json')
    const text = await response.text()
    expect(text).toMatch(/^\[\{[\s\S]*\}\n?,\r\n\{[\s\S]*\}\n\]$/)
    expect(JSON.parse(text).length).toBeGreaterThan(1)
  })

  test('has a choice for each candidate', async () => {
    const request = { ...contents('echo: one\n---\ntwo'), generationConfig: { candidateCount: 2 } }
    expect(await (await answer(generate, request)).json()).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'one' }] } }, { content: { parts: [{ text: 'two' }] }, index: 1 }],
    })
  })
})

describe('Responses', () => {
  const client = new OpenAI({
    apiKey: 'k',
    baseURL: 'http://r/v1',
    maxRetries: 0,
    fetch: (url, init) => speak(new Request(url as string, init as RequestInit)),
    dangerouslyAllowBrowser: true,
  })
  const weather = { type: 'function' as const, name: 'weather', parameters: tool, strict: false }

  test('are what the official client’s strict helper puts together, and the same whole', async () => {
    const request = { model: 'rehearsal', input: 'Think aloud: which gift suits my aunt?' }
    const streamed = await client.responses.stream(request).finalResponse()
    const whole = await client.responses.create(request)
    expect(streamed.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
    expect(streamed.output_text).toBe(whole.output_text)
    expect(streamed.usage?.output_tokens).toBe(whole.usage?.output_tokens)
  })

  test('call the tools on offer, and say what they answered', async () => {
    const called = await client.responses.stream({ model: 'rehearsal', input: 'Bern', tools: [weather] }).finalResponse()
    expect(called.output).toMatchObject([{ type: 'function_call', name: 'weather', arguments: '{"city":"Bern"}' }])
    const input = [
      { role: 'user' as const, content: 'Bern' },
      { type: 'function_call_output' as const, call_id: 'c', output: 'Sunny.' },
    ]
    const answered = await client.responses.create({ model: 'rehearsal', input, tools: [weather] })
    expect(answered.output_text).toBe('Sunny.')
  })

  test('say every text five times, in the order of the protocol, each event with its number', async () => {
    const said = await events(await answer('/v1/responses', { stream: true, input: 'echo: one two' }))
    expect(said.map(([, { sequence_number: number }]) => number)).toEqual(said.map((_, index) => index))
    expect(said.map(([event]) => event)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    for (const [, data] of said.slice(6)) expect(JSON.stringify(data)).toContain('one two')
  })
})

describe('plain completions', () => {
  test('go on from each prompt, which they say first where asked to, with offsets that grow', async () => {
    const request = { prompt: ['echo: a b', 'echo: c'], echo: true, logprobs: 1, n: 1 }
    const body = (await (await answer('/v1/completions', request)).json()) as {
      choices: { text: string; logprobs: { tokens: string[]; text_offset: number[] } }[]
    }
    expect(body.choices.map(({ text }) => text)).toEqual(['echo: a ba b', 'echo: cc'])
    const [{ text, logprobs } = { text: '', logprobs: { tokens: [], text_offset: [] } }] = body.choices
    expect(logprobs.tokens.join('')).toBe(text)
    expect(logprobs.text_offset.map((offset, index) => text.startsWith(logprobs.tokens[index] as string, offset))).toEqual(
      logprobs.tokens.map(() => true),
    )
  })
})
