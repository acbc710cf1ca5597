/** What requests of one isolate share about a judge, in the deployed Worker: places, a breaker, a memory; and a prompt judged beside the call. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { packPlan } from '../../../src/policy/pack.ts'
import { type Provider, startProvider } from '../provider.ts'
import { recorded } from '../recorded.ts'
import { type RunningWorker, startWorkerd } from '../workerd.ts'
import { type StandIn, standIn } from './stand-in.ts'

const guard = 'kind: openai_chat, template: llama-guard-3, model: guard, timeout_ms: 5000'
const asks = (judge: string): string =>
  `- { id: ${judge}, words: { terms: [${judge}] }, action: ask, ask: { judge: ${judge}, where: { category: S9 }, then: cut } }`

const policy = `name: shared
judges:
  crowded: { ${guard}, base_url: CROWDED, most_open: 1 }
  fragile: { ${guard}, base_url: FRAGILE, retry: false, breaker: { faults: 2, open_ms: 60000 } }
  known: { ${guard}, base_url: KNOWN, cache: { seconds: 60 } }
  doorman: { ${guard}, base_url: DOORMAN }
rules:
  ${asks('crowded')}
  ${asks('fragile')}
  ${asks('known')}
  - { id: door, words: { terms: [password] }, channels: [prompt], action: ask, ask: { judge: doorman, then: cut } }
`

let provider: Provider
let judge: StandIn
let worker: RunningWorker
const answers: (() => void)[] = []
let most = 0
let open = 0

const completion = (content: string): string =>
  JSON.stringify({ choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }] })

beforeAll(async () => {
  provider = await startProvider()
  judge = await standIn()
  judge.behaviour = ({ path, body }, response) => {
    const say = (content: string): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(completion(content))
    if (path.startsWith('/fragile')) return void response.writeHead(503).end()
    if (path.startsWith('/known')) return say('safe')
    if (path.startsWith('/doorman')) {
      answers.push(() => say(body.includes('guess') ? 'unsafe\nS9' : 'safe'))
      return undefined
    }
    most = Math.max(most, ++open)
    response.on('close', () => {
      open--
    })
    answers.push(() => say('safe'))
    return undefined
  }
  const { buffer } = packPlan(await compilePolicy(policy, { file: 'shared.yaml', readFile: () => new Uint8Array() }))
  const at = (name: string): string => `${judge.url}/${name}/v1`
  worker = await startWorkerd(
    {
      OPENAI_BASE_URL: `${provider.url}/v1`,
      // While nothing flows, the end of a connection shows at the next keep-alive.
      KEEP_ALIVE_MS: '200',
      CROWDED: at('crowded'),
      FRAGILE: at('fragile'),
      KNOWN: at('known'),
      DOORMAN: at('doorman'),
    },
    buffer as ArrayBuffer,
  )
}, 120_000)

afterAll(async () => {
  await worker?.stop()
  await judge?.close()
  await provider?.close()
})

beforeEach(() => {
  answers.length = 0
})

let calls = 0

function ask(content: string, behaviour = 'say', signal?: AbortSignal): { model: string; response: Promise<Response> } {
  const model = `${behaviour}/${calls++}`
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content }] })
  const headers = { 'content-type': 'application/json' }
  return {
    model,
    response: fetch(`${worker.url}/v1/chat/completions`, { method: 'POST', body, headers, ...(signal && { signal }) }),
  }
}

const asked = (name: string): number => judge.asked.filter(({ path }) => path.startsWith(`/${name}/`)).length

describe('requests of one isolate', () => {
  test('take turns at a judge that has one place, and each gets its answer', async () => {
    const before = asked('crowded')
    const responses = await Promise.all([1, 2, 3, 4].map((each) => ask(`a crowded place ${each}.`).response))
    const texts = responses.map((response) => response.text())
    for (let turn = 1; turn <= 4; turn++) {
      await vi.waitFor(() => expect(asked('crowded') - before).toBe(turn), { timeout: 5000 })
      for (const answer of answers.splice(0)) answer()
    }
    for (const [index, text] of (await Promise.all(texts)).entries()) expect(text).toContain(`${index + 1}.`)
    expect(most).toBe(1)
    for (const response of responses)
      expect(await recorded(worker.trails, response)).toMatchObject({ verdict: 'clear', faults: [] })
  })

  test('whose reader leaves give their place to the next', async () => {
    const before = asked('crowded')
    const leaving = new AbortController()
    const left = await ask('a crowded place, left.', 'say', leaving.signal).response
    await vi.waitFor(() => expect(asked('crowded') - before).toBe(1))
    const next = await ask('a crowded place, next.').response
    const text = next.text()
    leaving.abort()
    await left.text().catch(() => {})
    await vi.waitFor(() => expect(asked('crowded') - before).toBe(2), { timeout: 5000 })
    for (const answer of answers.splice(0)) answer()
    expect(await text).toContain('next.')
  })

  test('leave a judge alone that is down for one of them', async () => {
    const details: string[] = []
    for (let turn = 0; turn < 4; turn++) {
      const response = await ask(`fragile, ${turn}.`).response
      expect(await response.text()).toContain('content_filter')
      details.push(...(await recorded(worker.trails, response)).faults.map(({ code, detail }) => `${code}: ${detail}`))
    }
    expect(details).toEqual([
      'judge_busy: fragile: answered HTTP 503',
      'judge_busy: fragile: answered HTTP 503',
      'judge_busy: fragile: left alone after 2 faults in a row',
      'judge_busy: fragile: left alone after 2 faults in a row',
    ])
    expect(asked('fragile')).toBe(2)
    const health = await fetch(`${worker.url}/_sluice/health`)
    expect(await health.json()).toMatchObject({
      status: 'degraded',
      judges: { shared: { crowded: 'ready', fragile: { left_alone: 'after 2 faults in a row' } } },
    })
  })

  test('remember what a judge said to one of them', async () => {
    for (const calls of [1, 0, 0]) {
      const response = await ask('all is known.').response
      await response.text()
      expect((await recorded(worker.trails, response)).judges).toMatchObject({ inquiries: 1, calls })
    }
    expect(asked('known')).toBe(1)
  })
})

describe('a prompt that is judged', () => {
  test.each(['say', 'stall'])(
    'blocks while the provider is at work (%s): its call ends, nothing of it shows',
    async (behaviour) => {
      const { model, response } = ask('guess my password', behaviour)
      await vi.waitFor(() => expect(answers).toHaveLength(1))
      const states = async (): Promise<string[]> => {
        const calls = await fetch(`${provider.url}/calls?model=${encodeURIComponent(model)}`)
        return ((await calls.json()) as { state: string }[]).map(({ state }) => state)
      }
      // The provider is asked before the judge has answered.
      await vi.waitFor(async () => expect(await states()).toHaveLength(1))
      for (const answer of answers.splice(0)) answer()
      const told = await response
      expect(told.status).toBe(400)
      expect(await told.text()).not.toContain('password')
      expect(await recorded(worker.trails, told)).toMatchObject({
        exit: 'blocked',
        verdict: 'block',
        faults: [],
        cuts: [{ by: ['door'] }],
      })
      if (behaviour === 'stall') await vi.waitFor(async () => expect(await states()).toEqual(['left']), { timeout: 5000 })
    },
  )

  test('passes once it is cleared, as it came', async () => {
    const { response } = ask('reset my password', 'say')
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    for (const answer of answers.splice(0)) answer()
    const told = await response
    expect(await told.text()).toContain('password')
    expect(await recorded(worker.trails, told)).toMatchObject({ exit: 'done', verdict: 'clear' })
  })
})
