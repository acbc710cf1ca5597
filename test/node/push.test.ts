/** `sluice push` into the local store, and a Worker that obeys it: change, roll back, canary, shadow, routes, and what is refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordIn } from '../../src/cli/development/dev-lines.ts'
import { type LocalWorker, startWorker } from '../../src/cli/development/dev-worker.ts'
import { openLocal } from '../../src/cli/push/push-local.ts'
import { sluice } from '../../src/cli/sluice.ts'
import { artifactKey, manifestKey, writeManifest } from '../../src/policy/manifest.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { type Listening, listen } from './listen.ts'
import { recorded } from './recorded.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const config = join(root, 'wrangler.toml')
const patience = 120_000
const secret = 'a-secret-of-the-proxy'
const routes = [{ policy: 'kids', header: { 'x-tenant': 'kids' } }]

let folder: string
let state: string
let worker: LocalWorker
let upstream: Listening
/** Lets the answer that is being streamed go on. */
let goOn = (): void => {}
const trails: Trail[] = []

/** Says what it was asked; of a stream the first word, and the rest when it is told to go on. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const { stream, messages } = JSON.parse(Buffer.concat(pieces).toString()) as {
    stream?: boolean
    messages: { content: string }[]
  }
  const content = messages[0]?.content ?? ''
  const common = { id: 'c1', created: 1, model: 'm' }
  if (!stream) {
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...common, object: 'chat.completion', choices }))
    return
  }
  const chunk = (delta: object, finish_reason: string | null = null): string =>
    `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  const [first = '', ...rest] = content.split(/(?<= )/)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(chunk({ role: 'assistant', content: first }))
  await new Promise<void>((resolve) => {
    goOn = resolve
  })
  for (const word of rest) response.write(chunk({ content: word }))
  response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-push-'))
  state = join(folder, 'state')
  upstream = await listen((request, response) => void answer(request, response))
  const variables = {
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    POLICY_CACHE_SECONDS: 0,
    KEEP_ALIVE_MS: 1000,
    ESTIMATE_TOKENS: 'false',
    POLICY: 'river',
    POLICY_ROUTES: JSON.stringify(routes),
    PROXY_SECRET: secret,
  }
  const onLine = (line: string): void => {
    const record = recordIn(line)
    if (record?.['sluice'] === 'trail') trails.push(record as unknown as Trail)
  }
  worker = await startWorker({ port: 0, variables, state, onLine })
}, patience)

afterAll(async () => {
  await worker?.stop()
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A policy file whose one rule puts the replacement in the place of reeds. */
function policy(replacement: string, name = 'river'): string {
  const file = join(folder, `${replacement}.yaml`)
  const rule = `  - id: reeds\n    words: { terms: [reeds] }\n    action: mask\n    with: "[${replacement}]"\n`
  writeFileSync(file, `name: ${name}\nrules:\n${rule}`)
  return file
}

async function push(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: '', err: '' }
  const code = await sluice(['push', '--local', '--config', config, '--state', state, ...args], {
    print: async (line) => {
      lines.out += `${line}\n`
    },
    complain: (line) => {
      lines.err += `${line}\n`
    },
    styled: (_style, text) => text,
    input: new Blob([]).stream() as AsyncIterable<Uint8Array>,
  })
  return { code, ...lines }
}

/** Pushes and tells which artifact is meant. */
async function pushed(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await push('--json', ...args)
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as Record<string, unknown>
}

function ask(content: string, headers: Record<string, string> = {}, more: object = {}): Promise<Response> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...more })
  return fetch(`${worker.url}/v1/chat/completions`, { method: 'POST', body, headers })
}

async function said(content: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await ask(content, headers)
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  return choices[0]?.message.content ?? ''
}

async function trailOf(response: Response): Promise<Trail> {
  await response.text()
  return await recorded(trails, response)
}

async function health(): Promise<{ status: string; policy: Record<string, unknown>; routes: Record<string, object> }> {
  const response = await fetch(`${worker.url}/_sluice/health`)
  return (await response.json()) as Awaited<ReturnType<typeof health>>
}

describe('what is pushed', { timeout: patience }, () => {
  test('rules the next request, leaves an answer under way alone, and gives way to a roll-back', async () => {
    const first = await pushed(policy('plants'))
    expect(await said('the reeds')).toBe('the [plants]')
    const running = await ask('reeds and more reeds', {}, { stream: true })
    const reader = (running.body as ReadableStream<Uint8Array>).getReader()
    let text = new TextDecoder().decode((await reader.read()).value)

    const second = await pushed(policy('grass'))
    expect(second).toMatchObject({ name: 'river', previous: [first['current']] })
    expect(await said('the reeds')).toBe('the [grass]')
    expect(text).not.toContain('and')
    goOn()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += new TextDecoder().decode(piece.value)
    expect(text.match(/plants/g)).toHaveLength(2)
    expect(text).not.toContain('grass')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)

    const beginning = String(first['current']).slice(0, 8)
    expect(await pushed('--as', 'river', '--rollback', beginning)).toMatchObject({ current: first['current'] })
    expect(await said('the reeds')).toBe('the [plants]')
    expect(await pushed('--as', 'river', '--rollback', 'previous')).toMatchObject({ current: second['current'] })
    expect(await said('the reeds')).toBe('the [grass]')
    expect(await pushed('--as', 'river', '--rollback', 'bundled')).toMatchObject({ current: null })
    expect(await said('idiot in the reeds')).toBe('*** in the reeds')
    expect((await health()).policy).toMatchObject({ name: 'consumer-chat', source: 'bundled' })
  })

  test('with a mistake is told of, and nothing changes', async () => {
    await pushed(policy('plants'))
    const file = policy('weeds')
    writeFileSync(file, 'name: river\nrules:\n  - id: reeds\n    wrods: { terms: [reeds] }\n    action: mask\n')
    const { code, out, err } = await push(policy('grass'), file)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/weeds\.yaml:4:5: .*wrods/)
    expect(await said('the reeds')).toBe('the [plants]')
  })

  test('with a test that does not hold is not pushed, unless somebody insists', async () => {
    await pushed(policy('plants'))
    const file = policy('moss')
    writeFileSync(file, `${readFileSync(file, 'utf8')}tests:\n  - answer: reeds\n    reads: "[grass]"\n`)
    const { code, out, err } = await push(file)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/moss\.yaml:8[\s\S]*\[grass\][\s\S]*nothing was pushed.*\(tests_failed\)/)
    expect(await said('the reeds')).toBe('the [plants]')
    await pushed('--untested', file)
    expect(await said('the reeds')).toBe('the [moss]')
  })

  test('and broken on its way is refused: the one before rules on, and health and trail say why', async () => {
    const before = await pushed(policy('plants'))
    expect(await said('the reeds')).toBe('the [plants]')
    const store = await openLocal({ config, binding: 'POLICIES', state })
    const hash = 'ab'.repeat(32)
    try {
      await store.put(manifestKey('river'), writeManifest({ current: hash, previous: [String(before['current'])] }))
      expect((await trailOf(await ask('the reeds'))).policy).toMatchObject({
        hash: before['current'],
        refused: [{ part: 'current', hash, code: 'policy_not_found' }],
      })
      await store.put(artifactKey(hash), 'no artifact')
      const trail = await trailOf(await ask('the reeds'))
      expect(trail.policy).toMatchObject({
        hash: before['current'],
        refused: [{ part: 'current', hash, code: 'plan_unreadable' }],
      })
      expect(trail.verdict).toBe('mask')
      expect(await health()).toMatchObject({
        policy: { refused: [{ hash }] },
      })
    } finally {
      await store.close()
    }
    await pushed(policy('grass'))
    expect(await said('the reeds')).toBe('the [grass]')
    expect((await health()).policy).not.toHaveProperty('refused')
  })

  test('as a canary rules its share of clients, each always alike, until it ends or rules all', async () => {
    await pushed(policy('plants'))
    expect(await pushed('--canary', '30%', policy('grass'))).toMatchObject({ canary: { share: 0.3, by: 'client' } })
    const clients = Array.from({ length: 200 }, (_, index) => `key-${index}`)
    const answers = async (): Promise<string[]> => {
      const given: string[] = []
      for (let at = 0; at < clients.length; at += 8) {
        const some = clients.slice(at, at + 8).map((key) => said('reeds', { authorization: `Bearer ${key}` }))
        given.push(...(await Promise.all(some)))
      }
      return given
    }
    const first = await answers()
    const drawn = first.filter((answer) => answer === '[grass]').length
    // Of 200 at 30 %, fewer than 28 or more than 95 come about once in a million times; drawn by hashes, they stay what they are.
    expect(drawn).toBeGreaterThan(28)
    expect(drawn).toBeLessThan(95)
    expect(first.filter((answer) => answer === '[plants]')).toHaveLength(clients.length - drawn)
    expect(await answers()).toEqual(first)
    const key = clients[first.indexOf('[grass]')] as string
    const { policy: ruled } = await trailOf(await ask('reeds', { 'x-api-key': key }))
    expect(ruled).toMatchObject({ name: 'river', part: 'canary' })
    expect(await pushed('--as', 'river', '--end')).not.toHaveProperty('canary')
    expect(await said('reeds', { authorization: `Bearer ${key}` })).toBe('[plants]')
    expect(await pushed(policy('grass'))).not.toHaveProperty('canary')
    expect(await said('reeds')).toBe('[grass]')
  })

  test('into the shadow rules nobody, and is in the trail beside what rules', async () => {
    const { current } = await pushed(policy('plants'))
    const { shadow } = (await pushed('--shadow', policy('grass'))) as { shadow: { hash: string } }
    const response = await ask('the reeds', {}, { stream: true })
    goOn()
    const trail = await trailOf(response)
    expect(trail).toMatchObject({
      policy: { hash: current, part: 'current' },
      verdict: 'mask',
      findings: [{ rule: 'reeds', start: 4, end: 9 }],
      shadow: { policy: { hash: shadow.hash }, verdict: 'mask', findings: [{ rule: 'reeds', start: 4, end: 9 }], whole: true },
    })
    await pushed('--as', 'river', '--end')
    expect(await trailOf(await ask('the reeds'))).not.toHaveProperty('shadow')
  })

  test('under the name of a route rules what the route is for, and before that nobody does', async () => {
    await pushed(policy('plants'))
    const kids = { 'x-tenant': 'kids', 'x-sluice-proxy-secret': secret }
    const refused = await ask('the reeds', kids)
    expect(refused.status).toBe(503)
    expect(await trailOf(refused)).toMatchObject({
      exit: 'refused',
      policy: { name: 'none' },
      faults: [{ code: 'policy_not_found' }],
    })
    expect(await health()).toMatchObject({ status: 'not_configured', routes: { kids: { missing: true } } })
    expect(await said('the reeds')).toBe('the [plants]')
    await pushed('--as', 'kids', policy('flowers', 'young-readers'))
    expect(await said('the reeds', kids)).toBe('the [flowers]')
    expect(await said('the reeds', { 'x-tenant': 'kids' })).toBe('the [plants]')
    expect((await ask('the reeds', { ...kids, 'x-sluice-proxy-secret': 'guessed-wrongly-again' })).status).toBe(400)
    expect(await health()).toMatchObject({ status: 'ok', routes: { kids: { name: 'young-readers', source: 'stored' } } })
  })

  test('is listed with what is in force, what was before and what is kept', async () => {
    const first = await pushed(policy('plants'))
    const second = await pushed(policy('grass'))
    await pushed('--canary', '0.05', policy('sedge'))
    const { code, out } = await push('--list')
    expect(code).toBe(0)
    expect(out).toContain(`  rules     ${String(second['current']).slice(0, 12)}`)
    expect(out).toMatch(/canary {4}[0-9a-f]{12}, 5 % of clients/)
    expect(out).toMatch(new RegExp(`before {4}${String(first['current']).slice(0, 12)}`))
    expect(out).toMatch(new RegExp(`${String(second['current']).slice(0, 12)} .* river {2}in force`))
  })
})

describe('a push that cannot be understood or done', { timeout: patience }, () => {
  const wrong: [string[], number, RegExp][] = [
    [[], 2, /name at least one policy file/],
    [['--canary', '5%', '--shadow', 'x.yaml'], 2, /one at a time/],
    [['--canary', '500%', 'x.yaml'], 2, /takes a share/],
    [['--canary', 'some', 'x.yaml'], 2, /takes a share/],
    [['--canary', '5%', '--by', 'moon', 'x.yaml'], 2, /client or request/],
    [['--by', 'client', 'x.yaml'], 2, /give --canary/],
    [['--as', 'two words', 'x.yaml'], 2, /a name has/],
    [['--as', 'one', 'x.yaml', 'y.yaml'], 2, /only one policy/],
    [['--rollback', 'abcd'], 2, /--as NAME/],
    [['--end', 'x.yaml'], 2, /takes no policy/],
    [['--as', 'nobody', '--end'], 1, /nothing that rules as "nobody" \(nothing_in_force\)/],
    [['x.yaml'], 1, /x\.yaml: there is no such file/],
    [['--binding', 'NOPE', '--list'], 1, /no \[\[kv_namespaces]] with binding = "NOPE"/],
    [['--config', 'nope.toml', '--list'], 1, /nope\.toml: there is no such file/],
  ]

  test.each(wrong)('%j: code %i', async (args, code, says) => {
    const ran = await push(...args)
    expect(ran.err).toMatch(says)
    expect([ran.code, ran.out]).toEqual([code, ''])
  })

  test('of a hash that nothing has is refused', async () => {
    await pushed(policy('plants'))
    expect((await push('--as', 'river', '--rollback', 'ffffffffffff')).err).toMatch(
      /no policy whose hash begins with ffffffffffff/,
    )
    expect((await push('--as', 'river', '--rollback', 'no-hash')).err).toMatch(/not the beginning of a hash/)
    expect(await said('the reeds')).toBe('the [plants]')
  })
})
