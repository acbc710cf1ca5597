/** A policy in the store takes effect with the next request, and a broken one never does. */
import { env, exports as running } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { compilePolicy, packPlan } from '../../src/policy/index.ts'
import { asked, chat } from './service.ts'

const key = 'policies/consumer-chat'

async function put(text: string): Promise<void> {
  const policy = await compilePolicy(text, { file: 'stored.yaml', readFile: () => Promise.reject(new Error('none')) })
  await env.POLICIES.put(key, packPlan(policy))
}

async function said(content: string): Promise<string> {
  const response = await running.default.fetch(chat({ model: 'say', messages: asked(content) }))
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  return choices[0]?.message.content ?? ''
}

async function policy(): Promise<Record<string, unknown>> {
  const response = await running.default.fetch(new Request('http://sluice/_sluice/health'))
  return ((await response.json()) as { policy: Record<string, unknown> }).policy
}

const reeds = (replacement: string): string => `
name: consumer-chat
rules:
  - id: reeds
    words: { terms: [reeds] }
    action: mask
    with: "${replacement}"
`

afterEach(async () => {
  await env.POLICIES.delete(key)
  vi.restoreAllMocks()
})

describe('the policy store', () => {
  test('rules over the bundled policy from the next request on, and gives way to it again', async () => {
    expect(await said('idiot in the reeds')).toBe('*** in the reeds')
    await put(reeds('[plants]'))
    expect(await said('idiot in the reeds')).toBe('idiot in the [plants]')
    expect(await policy()).toMatchObject({ source: 'stored', name: 'consumer-chat' })
    await put(reeds('[grass]'))
    expect(await said('idiot in the reeds')).toBe('idiot in the [grass]')
    await env.POLICIES.delete(key)
    expect(await said('idiot in the reeds')).toBe('*** in the reeds')
    expect(await policy()).toMatchObject({ source: 'bundled' })
  })

  test('cannot put a broken policy into force: the one before stays, and health and log say so', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    await put(reeds('[plants]'))
    expect(await said('the reeds')).toBe('the [plants]')
    const stored = new Uint8Array((await env.POLICIES.get(key, 'arrayBuffer')) as ArrayBuffer)
    const edited = stored.map((byte, index) => (index === 50 ? byte ^ 1 : byte))
    for (const broken of ['', 'reeds', '{}', stored.slice(0, -20), edited]) {
      await env.POLICIES.put(key, broken)
      expect(await said('the reeds')).toBe('the [plants]')
      expect(await policy()).toMatchObject({ source: 'stored', refused: 'plan_unreadable' })
    }
    expect(log.mock.calls.flat().filter((line) => String(line).includes('policy_refused'))).toHaveLength(5)
    await put(reeds('[grass]'))
    expect(await said('the reeds')).toBe('the [grass]')
    expect(await policy()).not.toHaveProperty('refused')
  })

  test('changes nothing for an answer that is under way', async () => {
    const words = Array.from({ length: 60 }, () => 'reeds').join(' ')
    const response = await running.default.fetch(chat({ model: 'say', stream: true, messages: asked(words) }))
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader()
    let text = (await reader.read()).value ?? ''
    await put(reeds('[plants]'))
    expect(await said('the reeds')).toBe('the [plants]')
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value
    expect(text.match(/reeds/g)).toHaveLength(60)
    expect(text).not.toContain('[plants]')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })
})
