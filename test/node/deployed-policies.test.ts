/** The Worker as it is deployed, with a key-value store that hangs, fails and comes back: requests are answered all the same. */
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { compilePolicy, packPlan } from '../../src/policy/index.ts'
import { artifactKey, manifestKey, writeManifest } from '../../src/policy/manifest.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { type Listening, listen } from './listen.ts'
import { type Provider, startProvider } from './provider.ts'
import { recorded } from './recorded.ts'
import { type RunningWorker, startWorkerd } from './workerd.ts'

let provider: Provider
let worker: RunningWorker
let store: Listening
const values = new Map<string, string | Uint8Array>()
let asked: string[] = []
/** The store takes the question and says nothing. */
let hangs = false
let fails = false

beforeAll(async () => {
  provider = await startProvider()
  store = await listen((request, response) => answer(new URL(request.url ?? '/', 'http://store'), response))
  const variables = { OPENAI_BASE_URL: `${provider.url}/v1`, POLICY_CACHE_SECONDS: '0', ESTIMATE_TOKENS: 'false' }
  worker = await startWorkerd(variables, undefined, new URL(store.url).host)
}, 120_000)

afterAll(async () => {
  await worker?.stop()
  await provider?.close()
  await store?.close()
})

/** As workerd asks a store: the key in the path, 404 where there is nothing. */
function answer(url: URL, response: ServerResponse): void {
  const key = decodeURIComponent(url.pathname.slice(1))
  asked.push(key)
  if (hangs) return
  const value = values.get(key)
  if (fails) response.writeHead(500).end()
  else if (value === undefined) response.writeHead(404).end()
  else response.writeHead(200).end(value)
}

function ask(content: string): Promise<Response> {
  const body = JSON.stringify({ model: 'say', messages: [{ role: 'user', content }] })
  return fetch(`${worker.url}/v1/chat/completions`, { method: 'POST', body, signal: AbortSignal.timeout(20_000) })
}

async function said(content: string): Promise<string> {
  const { choices } = (await (await ask(content)).json()) as { choices: { message: { content: string } }[] }
  return choices[0]?.message.content ?? ''
}

async function trailOf(response: Response): Promise<Trail> {
  await response.text()
  return await recorded(worker.trails, response)
}

describe('a store of policies', { timeout: 60_000 }, () => {
  test('is obeyed, and what ruled rules on when it fails', async () => {
    expect(await said('idiot in the reeds')).toBe('*** in the reeds')
    const text = 'name: river\nrules:\n  - id: reeds\n    words: { terms: [reeds] }\n    action: mask\n    with: "[plants]"\n'
    const policy = await compilePolicy(text, { file: 'river.yaml', readFile: () => Promise.reject(new Error('none')) })
    values.set(artifactKey(policy.hash), packPlan(policy))
    values.set(manifestKey('consumer-chat'), writeManifest({ current: policy.hash, previous: [] }))
    expect(await said('idiot in the reeds')).toBe('idiot in the [plants]')
    fails = true
    const trail = await trailOf(await ask('the reeds'))
    expect(trail).toMatchObject({
      verdict: 'mask',
      policy: { name: 'river', refused: [{ part: 'current', code: 'policy_not_found' }] },
    })
    fails = false
    expect((await trailOf(await ask('the reeds'))).policy).not.toHaveProperty('refused')
  })

  test('that hangs costs a request a bounded wait, and no request that comes after one that left waits for ever', async () => {
    hangs = true
    asked = []
    // Whoever began to ask leaves at once, and the runtime ends what was going on for it.
    const body = JSON.stringify({ model: 'say', messages: [{ role: 'user', content: 'the reeds' }] })
    const socket = connect(Number(new URL(worker.url).port), '127.0.0.1')
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: sluice\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    await vi.waitFor(() => expect(asked).toHaveLength(1), { timeout: 10_000 })
    socket.resetAndDestroy()
    expect(await Promise.all([said('the reeds'), said('the reeds')])).toEqual(['the [plants]', 'the [plants]'])
    hangs = false
    expect((await trailOf(await ask('the reeds'))).policy).toMatchObject({ name: 'river' })
    const { policy } = await trailOf(await ask('the reeds'))
    expect(policy).not.toHaveProperty('refused')
  })
})
