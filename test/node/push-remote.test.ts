/** `sluice push` to deployed Workers: over the API with a token, or through wrangler, and what is said where neither is to be had. */
import { symlinkSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadPlan } from '../../src/policy/load.ts'
import { artifactKey, readManifest } from '../../src/policy/manifest.ts'
import { Workplace } from './cli.ts'
import { type Listening, listen } from './listen.ts'

const namespace = '0123456789abcdef0123456789abcdef'
const account = 'fedcba9876543210fedcba9876543210'
const token = 'a-token-of-the-operator'
const policy = 'name: river\nrules:\n  - id: reeds\n    words: { terms: [reeds] }\n    action: cut\n'

interface Entry {
  readonly value: Buffer
  readonly metadata: unknown
}

let place: Workplace
let api: Listening
let entries: Map<string, Entry>
let calls: string[]
/** What the API answers instead of doing it. */
let refuses: { status: number; message: string } | undefined

beforeEach(async () => {
  entries = new Map()
  calls = []
  refuses = undefined
  api = await listen((request, response) => void serve(request, response))
  vi.stubEnv('CLOUDFLARE_API_BASE_URL', `${api.url}/client/v4`)
  vi.stubEnv('CLOUDFLARE_API_TOKEN', token)
  vi.stubEnv('CLOUDFLARE_ACCOUNT_ID', account)
  place = new Workplace({ 'river.yaml': policy })
})

afterEach(async () => {
  vi.unstubAllEnvs()
  place.remove()
  await api.close()
})

/** As much of the API's "Workers KV" as is documented for values and keys, pages included. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://api')
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = new Response(Buffer.concat(pieces), { headers: { 'content-type': request.headers['content-type'] ?? '' } })
  const json = (status: number, value: object): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  const fail = (status: number, message: string): void =>
    json(status, { success: false, errors: [{ code: 1, message }], messages: [], result: null })
  calls.push(`${request.method} ${url.pathname.replace(/^.*namespaces\/\w+/, '')}`)
  if (request.headers.authorization !== `Bearer ${token}`) return fail(403, 'Authentication error')
  if (refuses !== undefined) return fail(refuses.status, refuses.message)
  const base = `/client/v4/accounts/${account}/storage/kv/namespaces/${namespace}`
  if (!url.pathname.startsWith(base)) return fail(404, 'namespace not found')
  const rest = url.pathname.slice(base.length)
  if (rest === '/keys') {
    const names = [...entries.keys()].filter((name) => name.startsWith(url.searchParams.get('prefix') ?? '')).sort()
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const page = names.slice(from, from + 2)
    const cursor = from + 2 < names.length ? String(from + 2) : ''
    const result = page.map((name) => ({ name, metadata: entries.get(name)?.metadata }))
    return json(200, { success: true, errors: [], messages: [], result, result_info: { count: page.length, cursor } })
  }
  const key = decodeURIComponent(rest.replace('/values/', ''))
  if (request.method === 'GET') {
    const found = entries.get(key)
    if (found === undefined) return fail(404, 'get: key not found')
    return void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.value)
  }
  if (request.method === 'PUT') {
    const isForm = /multipart/.test(request.headers['content-type'] ?? '')
    const form = isForm ? await body.formData() : undefined
    const value = form === undefined ? Buffer.concat(pieces) : Buffer.from(await new Response(form.get('value')).arrayBuffer())
    const metadata = form?.get('metadata')
    entries.set(key, { value, metadata: metadata ? JSON.parse(String(metadata)) : undefined })
  } else entries.delete(key)
  json(200, { success: true, errors: [], messages: [], result: null })
}

function configuration(id: string): string {
  return `name = "w"
account_id = "${account}"
compatibility_date = "2026-09-25"
[[kv_namespaces]]
binding = "POLICIES"
id = "${id}"
`
}

/** The project has wrangler, as one does that has a Worker. */
function haveWrangler(): void {
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(place.folder, 'node_modules'), 'junction')
}

function manifest() {
  return readManifest((entries.get('policies/river') as Entry).value)
}

describe('over the API with a token', () => {
  test('the artifact is there before the manifest names it, and both are what the Worker reads', async () => {
    const { code, err } = await place.run(['push', '--namespace', namespace, 'river.yaml'])
    expect([code, err]).toEqual([0, ''])
    const { current, previous } = manifest()
    expect(previous).toEqual([])
    const { value, metadata } = entries.get(artifactKey(String(current))) as Entry
    expect(loadPlan(value)).toMatchObject({ name: 'river', hash: current })
    expect(metadata).toEqual({ name: 'river', pushed: expect.stringMatching(/^2\d{3}-.*Z$/) })
    const puts = calls.filter((call) => call.startsWith('PUT'))
    expect(puts).toEqual([`PUT /values/${encodeURIComponent(artifactKey(String(current)))}`, 'PUT /values/policies%2Friver'])
  })

  test('lists come in pages, and a roll-back is one write', async () => {
    const hashes: string[] = []
    for (const term of ['reeds', 'sedge', 'rushes', 'willows']) {
      place.write({ 'river.yaml': policy.replaceAll('reeds', term) })
      await place.run(['push', '--namespace', namespace, 'river.yaml'])
      hashes.push(String(manifest().current))
    }
    expect(manifest().previous).toEqual([hashes[2], hashes[1], hashes[0]])
    const { out } = await place.run(['push', '--namespace', namespace, '--list'])
    for (const hash of hashes) expect(out).toContain(`\n${hash.slice(0, 12)}  `)
    calls = []
    const back = (hashes[0] as string).slice(0, 12)
    expect((await place.run(['push', '--namespace', namespace, '--as', 'river', '--rollback', back])).code).toBe(0)
    expect(manifest()).toMatchObject({ current: hashes[0], previous: [hashes[3], hashes[2], hashes[1]] })
    expect(calls.filter((call) => call.startsWith('PUT'))).toHaveLength(1)
  })

  test.each([
    [
      403,
      'Authentication error',
      /token may not do this: Authentication error[\s\S]*Workers KV Storage: Edit.*\(store_refused\)/,
    ],
    [404, 'namespace not found', /no namespace .* in this account.*\(store_unknown\)/],
    [429, 'too many requests', /the store refuses: too many requests \(store_refused\)/],
  ])('what the API refuses with %i is told in its words, and the token is not', async (status, message, says) => {
    refuses = { status, message }
    const { code, err, out } = await place.run(['push', '--namespace', namespace, '--list'])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(says)
    expect(err).not.toContain(token)
  })

  test('a policy may come through a pipe: its tests run, and it is what the Worker reads', async () => {
    const tested = `${policy}tests:\n  - { answer: "in the reeds", cut_by: reeds }\n`
    const { code, err } = await place.run(['push', '--namespace', namespace, '-'], tested)
    expect([code, err]).toEqual([0, ''])
    expect(loadPlan((entries.get(artifactKey(String(manifest().current))) as Entry).value)).toMatchObject({ name: 'river' })
    calls = []
    const failing = await place.run(['push', '--namespace', namespace, '-'], tested.replace('in the reeds', 'in the sedge'))
    expect(failing.code).toBe(1)
    expect(failing.err).toMatch(/-: nothing was pushed, because a test does not hold.*\(tests_failed\)/)
    expect(calls).toEqual([])
  })

  test('two policies of one name are not pushed at once: the later would rule, and the other have ruled before', async () => {
    place.write({ 'river.yaml': policy, 'brook.yaml': policy.replaceAll('reeds', 'sedge') })
    calls = []
    const { code, err } = await place.run(['push', '--namespace', namespace, 'river.yaml', 'brook.yaml'])
    expect([code, err.split('\n')[0], calls]).toEqual([2, 'sluice push: two policies are called river', []])
  })

  test('an artifact that cannot be written leaves the manifest as it was', async () => {
    await place.run(['push', '--namespace', namespace, 'river.yaml'])
    const before = manifest()
    place.write({ 'river.yaml': policy.replaceAll('reeds', 'sedge') })
    const put = entries.set.bind(entries)
    entries.set = (key, entry) => {
      refuses = key.startsWith('artifacts/') ? { status: 500, message: 'internal error' } : undefined
      return refuses === undefined ? put(key, entry) : entries
    }
    expect((await place.run(['push', '--namespace', namespace, 'river.yaml'])).code).toBe(1)
    expect(manifest()).toEqual(before)
  })

  test('a manifest that somebody has spoilt is not written over', async () => {
    entries.set('policies/river', { value: Buffer.from('{'), metadata: undefined })
    const { code, err } = await place.run(['push', '--namespace', namespace, 'river.yaml'])
    expect(code).toBe(1)
    expect(err).toMatch(/policies\/river .* cannot be read, and nothing was changed.*\(manifest_unreadable\)/)
    expect([...entries.keys()]).toEqual(['policies/river'])
  })

  test('an address that nobody answers at is named', async () => {
    vi.stubEnv('CLOUDFLARE_API_BASE_URL', 'http://127.0.0.1:1/client/v4')
    expect((await place.run(['push', '--namespace', namespace, '--list'])).err).toMatch(
      /127\.0\.0\.1:1 cannot be reached.*\(store_unreachable\)/,
    )
  })
})

describe('through wrangler and its login', { timeout: 120_000 }, () => {
  test('everything is as it is over the API', async () => {
    haveWrangler()
    place.write({ 'wrangler.toml': configuration(namespace) })
    // The account is in the configuration only, so that wrangler has to do it.
    vi.stubEnv('CLOUDFLARE_ACCOUNT_ID', '')
    const first = await place.run(['push', 'river.yaml'])
    expect([first.code, first.err]).toEqual([0, ''])
    const { current } = manifest()
    expect(loadPlan((entries.get(artifactKey(String(current))) as Entry).value)).toMatchObject({ hash: current })
    place.write({ 'river.yaml': policy.replaceAll('reeds', 'sedge') })
    expect((await place.run(['push', 'river.yaml'])).code).toBe(0)
    expect(manifest().previous).toEqual([current])
    refuses = { status: 403, message: 'Authentication error' }
    const { code, err } = await place.run(['push', '--list'])
    expect(code).toBe(1)
    expect(err).toMatch(/wrangler could not do this[\s\S]*Authentication error/)
    expect(err).not.toContain(token)
  })
})

describe('where something is missing', () => {
  test('a namespace: it is said how one is named', async () => {
    expect((await place.run(['push', 'river.yaml'])).err).toMatch(
      /wrangler\.toml: there is no such file; name the namespace with --namespace/,
    )
  })

  test('a token and wrangler: both ways are said', async () => {
    vi.stubEnv('CLOUDFLARE_API_TOKEN', '')
    const { code, err } = await place.run(['push', '--namespace', namespace, 'river.yaml'])
    expect(code).toBe(1)
    expect(err).toMatch(/CLOUDFLARE_API_TOKEN .* CLOUDFLARE_ACCOUNT_ID, or install wrangler/)
  })

  test('wrangler, where only its configuration could tell the namespace: both are said', async () => {
    place.write({ 'wrangler.toml': configuration('policies') })
    expect((await place.run(['push', 'river.yaml'])).err).toMatch(/without wrangler nobody can read .* --namespace ID .* --local/)
  })

  test('a real id in the configuration: it is said how one is made', async () => {
    haveWrangler()
    place.write({ 'wrangler.toml': configuration('policies') })
    expect((await place.run(['push', 'river.yaml'])).err).toMatch(/npx wrangler kv namespace create POLICIES/)
  })
})
