/** A policy in the store takes effect with the next request, and a broken one never does. */
import { env, exports as running } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { compilePolicy, packPlan } from '../../src/policy/index.ts'
import { artifactKey, type Manifest, manifestKey, writeManifest } from '../../src/policy/manifest.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { asked, chat } from './service.ts'

const key = manifestKey('consumer-chat')

/** @returns the hash under which the store has the policy now. */
async function put(text: string): Promise<string> {
  const policy = await compilePolicy(text, { file: 'stored.yaml', readFile: () => Promise.reject(new Error('none')) })
  await env.POLICIES.put(artifactKey(policy.hash), packPlan(policy))
  return policy.hash
}

async function rule(text: string, more: Partial<Manifest> = {}): Promise<string> {
  const current = await put(text)
  await env.POLICIES.put(key, writeManifest({ current, previous: [], ...more }))
  return current
}

let lastId = ''

async function said(content: string): Promise<string> {
  const response = await running.default.fetch(chat({ model: 'say', messages: asked(content) }))
  lastId = response.headers.get('x-sluice-id') ?? ''
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  return choices[0]?.message.content ?? ''
}

async function policy(): Promise<Record<string, unknown>> {
  const response = await running.default.fetch(new Request('http://sluice/_sluice/health'))
  return ((await response.json()) as { policy: Record<string, unknown> }).policy
}

/** The record of the last exchange, as the Worker writes it. */
async function lastTrail(): Promise<Trail> {
  return await vi.waitFor(() => {
    const line = printed.mock.calls.flat().find((each) => String(each).includes(`"sluice":"trail","id":"${lastId}"`))
    return JSON.parse(String(line)) as Trail
  })
}

let printed: MockInstance<typeof console.log>

beforeEach(() => {
  printed = vi.spyOn(console, 'log').mockImplementation(() => {})
})

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
    await rule(reeds('[plants]'))
    expect(await said('idiot in the reeds')).toBe('idiot in the [plants]')
    expect(await policy()).toMatchObject({ source: 'stored', name: 'consumer-chat' })
    await rule(reeds('[grass]'))
    expect(await said('idiot in the reeds')).toBe('idiot in the [grass]')
    await env.POLICIES.delete(key)
    expect(await said('idiot in the reeds')).toBe('*** in the reeds')
    expect(await policy()).toMatchObject({ source: 'bundled' })
  })

  test('cannot put a broken policy into force: the one before stays, and health and log say so', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const current = await rule(reeds('[plants]'))
    expect(await said('the reeds')).toBe('the [plants]')
    const next = await put(reeds('[grass]'))
    const stored = new Uint8Array((await env.POLICIES.get(artifactKey(next), 'arrayBuffer')) as ArrayBuffer)
    const edited = stored.map((byte, index) => (index === 50 ? byte ^ 1 : byte))
    await env.POLICIES.put(key, writeManifest({ current: next, previous: [current] }))
    for (const broken of ['', 'reeds', '{}', stored.slice(0, -20), edited]) {
      await env.POLICIES.put(artifactKey(next), broken)
      expect(await said('the reeds')).toBe('the [plants]')
      const refused = [{ part: 'current', hash: next, code: 'plan_unreadable' }]
      expect(await policy()).toMatchObject({ source: 'stored', hash: current, refused })
      expect((await lastTrail()).policy).toMatchObject({ hash: current, refused })
    }
    const refusals = (): number => log.mock.calls.flat().filter((line) => String(line).includes('policy_refused')).length
    expect(refusals()).toBe(1)
    await env.POLICIES.put(key, 'reeds')
    expect(await said('the reeds')).toBe('the [plants]')
    expect(await policy()).toMatchObject({ hash: current, refused: [{ part: 'current', code: 'policy_invalid' }] })
    expect(refusals()).toBe(2)
    await rule(reeds('[grass]'))
    expect(await said('the reeds')).toBe('the [grass]')
    expect(await policy()).not.toHaveProperty('refused')
  })

  test('tries the next policy on a share and in the shadow, with both in the trail', async () => {
    const next = await put(reeds('[grass]'))
    const current = await rule(reeds('[plants]'), { shadow: { hash: next } })
    expect(await said('the reeds')).toBe('the [plants]')
    expect(await lastTrail()).toMatchObject({
      policy: { hash: current, part: 'current' },
      verdict: 'mask',
      shadow: { policy: { hash: next }, verdict: 'mask', findings: [{ rule: 'reeds', start: 4, end: 9 }], whole: true },
    })
    await rule(reeds('[plants]'), { canary: { hash: next, share: 1, by: 'client' } })
    expect(await said('the reeds')).toBe('the [grass]')
    expect((await lastTrail()).policy).toMatchObject({ hash: next, part: 'canary' })
  })

  test('changes nothing for an answer that is under way', async () => {
    const words = Array.from({ length: 60 }, () => 'reeds').join(' ')
    const response = await running.default.fetch(chat({ model: 'say', stream: true, messages: asked(words) }))
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader()
    let text = (await reader.read()).value ?? ''
    await rule(reeds('[plants]'))
    expect(await said('the reeds')).toBe('the [plants]')
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value
    expect(text.match(/reeds/g)).toHaveLength(60)
    expect(text).not.toContain('[plants]')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })
})
