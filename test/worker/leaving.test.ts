/** Whoever leaves is noticed on the other side, while text flows and while nothing does: nobody pays for tokens nobody reads. */
import { exports as running } from 'cloudflare:workers'
import { describe, expect, inject, test, vi } from 'vitest'
import { asked, chat, clientOf, startService } from './service.ts'

let calls = 0

/** A model name nobody else uses. */
function own(behaviour: string): string {
  return `${behaviour}/${Date.now()}-${calls++}`
}

interface Call {
  readonly state: 'open' | 'answered' | 'left'
}

async function callsOf(model: string): Promise<Call[]> {
  const response = await fetch(`${inject('provider')}/calls?model=${encodeURIComponent(model)}`)
  return (await response.json()) as Call[]
}

async function providerIsLeft(model: string): Promise<void> {
  await vi.waitFor(async () => expect(await callsOf(model)).toMatchObject([{ state: 'left' }]), { timeout: 1000, interval: 20 })
}

async function providerIsCalled(model: string): Promise<void> {
  await vi.waitFor(async () => expect(await callsOf(model)).toHaveLength(1), { timeout: 1000, interval: 20 })
}

describe('a client that leaves the running Worker', () => {
  test.each(['flow', 'stall'])('%s: ends the call to the provider by hanging up', async (behaviour) => {
    const model = own(behaviour)
    const response = await running.default.fetch(chat({ model, stream: true, messages: asked('hello') }))
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('data: ')
    expect(await callsOf(model)).toMatchObject([{ state: 'open' }])
    await reader.cancel()
    await providerIsLeft(model)
  })

  test.each(['flow', 'stall', 'mute'])('%s: ends the call to the provider by its signal', async (behaviour) => {
    const model = own(behaviour)
    const leaving = new AbortController()
    const answer = running.default
      .fetch(chat({ model, stream: true, messages: asked('hello') }, { signal: leaving.signal }))
      .then((response) => response.text())
      .catch(() => 'gone')
    await providerIsCalled(model)
    leaving.abort()
    await providerIsLeft(model)
    await answer
  })

  test('through the official client: breaking off the loop is enough', async () => {
    const model = own('flow')
    const client = clientOf((request) => running.default.fetch(request))
    const stream = await client.chat.completions.create({ model, stream: true, messages: asked('hello') })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content?.includes('word 3')) break
    await providerIsLeft(model)
  })

  test.each(['flow', 'stall'])('%s: is recorded once, as one that left', async (behaviour) => {
    const service = startService({ OPENAI_BASE_URL: `${inject('provider')}/v1` })
    const leaving = new AbortController()
    const request = chat({ model: own(behaviour), stream: true, messages: asked('hello') }, { signal: leaving.signal })
    const response = await service.fetch(request)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    leaving.abort()
    await service.settled()
    expect(service.trails).toMatchObject([{ exit: 'client_left' }])
  })
})

describe('a provider that is not needed any more', () => {
  test('is left as soon as the answer is cut, though it says nothing more', async () => {
    const model = own('stall-after-key')
    const response = await running.default.fetch(chat({ model, stream: true, messages: asked('hello') }))
    const text = await response.text()
    expect(text).toContain('"finish_reason":"content_filter"')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    await providerIsLeft(model)
  })

  test.each(['stall', 'mute'])('%s: is left when it has been silent for too long', async (behaviour) => {
    const model = own(behaviour)
    const service = startService({ OPENAI_BASE_URL: `${inject('provider')}/v1`, IDLE_MS: 200 })
    const response = await service.fetch(chat({ model, stream: true, messages: asked('hello') }))
    expect(await response.text()).toContain('upstream_failed')
    await providerIsLeft(model)
  })

  test('is left when it never ends an event', async () => {
    const model = own('endless')
    const response = await running.default.fetch(chat({ model, stream: true, messages: asked('hello') }))
    await response.text()
    await providerIsLeft(model)
  })

  test('gets a keep-alive written for it while it thinks', async () => {
    const service = startService({ OPENAI_BASE_URL: `${inject('provider')}/v1`, IDLE_MS: 600, KEEP_ALIVE_MS: 100 })
    const response = await service.fetch(chat({ model: own('stall'), stream: true, messages: asked('hello') }))
    const text = await response.text()
    expect(text.match(/^: .*$/gm)?.length).toBeGreaterThan(1)
    await service.settled()
    expect(service.trails[0]?.frames.keep_alives).toBeGreaterThan(1)
  })
})
