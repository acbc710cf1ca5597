/** The Worker as it is deployed, over real connections: the official client, curl, and whoever hangs up. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Provider, startProvider } from './provider.ts'
import { recorded } from './recorded.ts'
import { type RunningWorker, startWorkerd } from './workerd.ts'

let provider: Provider
let worker: RunningWorker
let calls = 0

beforeAll(async () => {
  provider = await startProvider()
  worker = await startWorkerd({ OPENAI_BASE_URL: `${provider.url}/v1`, IDLE_MS: '5000', KEEP_ALIVE_MS: '200' })
}, 120_000)

afterAll(async () => {
  await worker?.stop()
  await provider?.close()
})

/** A model name nobody else uses. */
function own(behaviour: string): string {
  return `${behaviour}/${calls++}`
}

function ask(model: string, content = 'hello', init: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content }] })
  return fetch(`${worker.url}/v1/chat/completions`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
    ...init,
  })
}

async function stateOf(model: string): Promise<string[]> {
  const response = await fetch(`${provider.url}/calls?model=${encodeURIComponent(model)}`)
  return ((await response.json()) as { state: string }[]).map(({ state }) => state)
}

async function reaches(model: string, state: string): Promise<void> {
  await vi.waitFor(async () => expect(await stateOf(model)).toEqual([state]), { timeout: 2000, interval: 20 })
}

describe('the deployed Worker', () => {
  test('answers the official client, streamed and whole', async () => {
    const client = new OpenAI({ apiKey: 'sk-client', baseURL: `${worker.url}/v1`, maxRetries: 0 })
    const messages = [{ role: 'user' as const, content: 'pay 4111 1111 1111 1111 today' }]
    const streamed = await client.chat.completions.stream({ model: own('say'), messages }).finalChatCompletion()
    expect(streamed.choices[0]?.message.content).toBe('pay [card number] today')
    const { data, response } = await client.chat.completions.create({ model: own('say'), messages }).withResponse()
    expect(data.choices[0]?.message.content).toBe('pay [card number] today')
    expect(await recorded(worker.trails, response)).toMatchObject({ verdict: 'mask', exit: 'done' })
  })

  test('knows what an answer cost of which the provider says nothing, by the table that lies beside the script', async () => {
    const response = await ask(own('say'), 'A sluice is a gate: 水闸是门。')
    await response.text()
    const { usage } = await recorded(worker.trails, response)
    expect(usage).toEqual({ input: expect.any(Number), output: 13, estimated: true })
  })

  test('streams to curl -N: the first words are there long before the last', async () => {
    const body = JSON.stringify({
      model: own('say'),
      stream: true,
      messages: [{ role: 'user', content: 'one two three four '.repeat(20) }],
    })
    const curl = spawn('curl', ['-sN', `${worker.url}/v1/chat/completions`, '-H', 'content-type: application/json', '-d', body])
    const pieces: string[] = []
    for await (const piece of curl.stdout) pieces.push(String(piece))
    expect(pieces.length).toBeGreaterThan(5)
    expect(pieces[0]).not.toContain('[DONE]')
    expect(pieces.join('').endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('hides what belongs to the connection and the provider', async () => {
    const response = await ask(own('say'))
    await response.text()
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(response.headers.get('x-request-id')).toBe('req-1')
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
  })
})

/** Asks over a bare connection; resolves when the first bytes are there, or when the provider has been asked. */
async function connection(model: string, until: 'answered' | 'asked'): Promise<Socket> {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'hello' }] })
  const socket = connect(Number(new URL(worker.url).port), '127.0.0.1')
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: sluice\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  if (until === 'answered') await once(socket, 'data')
  await reaches(model, 'open')
  return socket
}

describe('a client that hangs up', () => {
  test.each(['flow', 'stall'])('%s: the call to the provider ends, and the record is written once', async (behaviour) => {
    const model = own(behaviour)
    const leaving = new AbortController()
    const response = await ask(model, 'hello', { signal: leaving.signal })
    await response.body?.getReader().read()
    await reaches(model, 'open')
    leaving.abort()
    // While nothing flows, the end of a connection shows at the next keep-alive.
    await reaches(model, 'left')
    expect(await recorded(worker.trails, response)).toMatchObject({ exit: 'client_left' })
  })

  test.each([
    ['stall', 'answered'],
    ['mute', 'asked'],
  ] as const)('%s: a reset is noticed at once, though nobody says anything', async (behaviour, until) => {
    const model = own(behaviour)
    const socket = await connection(model, until)
    socket.resetAndDestroy()
    await reaches(model, 'left')
  })

  test('after the last word has not left: the record says that all is done', async () => {
    const response = await ask(own('say'))
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    while (!text.includes('[DONE]')) text += new TextDecoder().decode((await reader.read()).value)
    await reader.cancel()
    expect(await recorded(worker.trails, response)).toMatchObject({ exit: 'done' })
  })
})

describe('a provider that hangs up', () => {
  test('at once: 502 in the protocol’s shape', async () => {
    const response = await ask(own('reset-at-once'))
    expect(response.status).toBe(502)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_failed' } })
    const record = await recorded(worker.trails, response)
    expect(record).toMatchObject({ exit: 'upstream_failed', faults: [{ code: 'upstream_unreachable' }] })
  })

  test('in the middle: what was clear stays, then the protocol’s failure', async () => {
    const response = await ask(own('reset'))
    const text = await response.text()
    expect(text).toContain('whole ')
    expect(text).toContain('"code":"upstream_failed"')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(await recorded(worker.trails, response)).toMatchObject({
      exit: 'upstream_failed',
      faults: [{ code: 'upstream_failed' }],
    })
  })
})

describe('an answer that is cut', () => {
  test('ends the call to the provider, though that says nothing more', async () => {
    const model = own('stall-after-key')
    const response = await ask(model)
    expect(await response.text()).toContain('"finish_reason":"content_filter"')
    await reaches(model, 'left')
    expect(await recorded(worker.trails, response)).toMatchObject({ exit: 'cut', cuts: [{ by: ['api-key'] }] })
  })
})
