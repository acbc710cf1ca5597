/** Whatever a service does instead of judging, the answer is the right fault, and quotes neither the text nor the key. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { JudgeDefinition } from '../../../src/policy/definition.ts'
import { answering, ask, askerOf, type Behaviour, judgedText, type StandIn, secret, standIn } from './stand-in.ts'

let service: StandIn
let elsewhere: StandIn

beforeAll(async () => {
  service = await standIn()
  elsewhere = await standIn()
})

afterAll(async () => {
  await service.close()
  await elsewhere.close()
})

const chat = { kind: 'openai_chat', model: 'guard-8b', base_url: 'URL', api_key: 'KEY' }
const kinds: readonly [string, JudgeDefinition][] = [
  ['openai_moderation', { kind: 'openai_moderation' }],
  ...[
    'llama-guard-3',
    'llama-guard-4',
    'shieldgemma',
    'qwen3guard',
    'granite-guardian-3.2',
    'granite-guardian-3.3',
    'granite-guardian-4.1',
  ].map((template): [string, JudgeDefinition] => [template, { ...chat, template }]),
  ['rubric', { ...chat, template: 'rubric', rubric: 'No ducks.', categories: ['duck'] }],
  ['http', { kind: 'http', url: 'HOOK', secret: 'KEY', api_key: 'KEY' }],
  ['azure-content-safety', { kind: 'http', preset: 'azure-content-safety', base_url: 'URL', api_key: 'KEY' }],
  ['perspective', { kind: 'http', preset: 'perspective', base_url: 'URL', api_key: 'KEY' }],
  ['presidio', { kind: 'http', preset: 'presidio', base_url: 'URL' }],
  ['alibaba', { kind: 'http', preset: 'alibaba', base_url: 'URL', key_id: 'KEY', key_secret: 'KEY' }],
]

/** Errors of services do quote what they were asked, and with which key. */
const quoting = {
  error: { message: `I will not judge "${judgedText}" for ${secret}`, type: 'invalid_request_error', param: null, code: null },
}

const misbehaviours: readonly [string, Behaviour, object][] = [
  [
    'asks for patience',
    answering(quoting, 429, { 'retry-after': '2' }),
    { fault: 'busy', detail: 'answered HTTP 429', retry_after_ms: 2000 },
  ],
  ['is broken', answering(quoting, 500), { fault: 'busy', detail: 'answered HTTP 500' }],
  ['is away', answering('<html>bad gateway</html>', 502), { fault: 'busy' }],
  ['does not know the key', answering(quoting, 401), { fault: 'refused', detail: 'answered HTTP 401' }],
  ['does not take the request', answering(quoting, 400), { fault: 'refused' }],
  ['is not there', answering('', 404), { fault: 'refused' }],
  ['sends elsewhere', (_, response) => response.writeHead(307, { location: `${elsewhere.url}/v1` }).end(), { fault: 'refused' }],
  ['answers a page', answering('<html>Welcome</html>', 200, { 'content-type': 'text/html' }), { fault: 'unreadable' }],
  ['answers no JSON and says it were', answering(`{"text": "${judgedText}`), { fault: 'unreadable', detail: 'answered no JSON' }],
  ['answers nothing', answering(''), { fault: 'unreadable' }],
  ['answers other JSON', answering({ hello: judgedText, key: secret }), { fault: 'unreadable' }],
  ['answers null', answering('null'), { fault: 'unreadable' }],
  ['answers a number', answering('7'), { fault: 'unreadable' }],
  [
    'answers without end',
    answering(`[${'"x",'.repeat(400_000)}1]`),
    { fault: 'unreadable', detail: 'answered more than 1048576 bytes' },
  ],
  [
    'answers half',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
      response.write('{"results":[', () => response.destroy())
    },
    { fault: 'busy', detail: 'the connection broke within the answer' },
  ],
  ['hangs up', (_, response) => response.destroy(), { fault: 'busy', detail: 'could not be reached' }],
]

describe.each(kinds)('%s', (_, definition) => {
  test.each(misbehaviours)('that %s is a fault of its kind, told without a word of the text', async (_name, behaviour, fault) => {
    service.behaviour = behaviour
    const answer = await ask(askerOf(definition, service.url))
    expect(answer).toMatchObject({ kind: 'fault', ...fault })
    expect(JSON.stringify(answer)).not.toMatch(/CANARY|SECRET|duck/i)
    expect(elsewhere.asked).toEqual([])
  })

  test('that nobody answers at is busy', async () => {
    const gone = await standIn()
    await gone.close()
    const answer = await ask(askerOf(definition, gone.url))
    expect(answer).toEqual({ kind: 'fault', fault: 'busy', detail: 'could not be reached' })
  })

  test('that is slow is left alone once nobody waits, before its answer and within it', async () => {
    const within: Behaviour = (_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{')
    }
    for (const behaviour of [() => {}, within]) {
      service.asked.length = 0
      service.behaviour = behaviour
      const controller = new AbortController()
      const answer = ask(askerOf(definition, service.url), {}, controller.signal)
      await vi.waitFor(() => expect(service.asked.length).toBeGreaterThan(0))
      controller.abort('the time is over')
      expect(await answer).toEqual({ kind: 'fault', fault: 'timeout', detail: 'nobody waits for the answer any more' })
      await vi.waitFor(() => expect(service.asked.every((asked) => asked.left())).toBe(true))
    }
  })

  test('is not asked at all where nobody waits any more', async () => {
    service.asked.length = 0
    service.behaviour = answering({})
    expect(await ask(askerOf(definition, service.url), {}, AbortSignal.abort())).toMatchObject({
      kind: 'fault',
      fault: 'timeout',
    })
    expect(service.asked).toEqual([])
  })
})
