/** Judges in the Worker as it is deployed: asked over the network, the official client from its module beside the script. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { packPlan } from '../../../src/policy/pack.ts'
import type { Trail } from '../../../src/terms/trail.ts'
import { type Provider, startProvider } from '../provider.ts'
import { recorded } from '../recorded.ts'
import { type RunningWorker, startWorkerd } from '../workerd.ts'
import { type StandIn, secret, standIn } from './stand-in.ts'

const policy = `name: judged
judges:
  moderation: { kind: openai_moderation, base_url: JUDGE_BASE_URL, api_key: JUDGE_KEY, timeout_ms: 5000 }
  guard: { kind: openai_chat, template: llama-guard-3, model: guard, base_url: JUDGE_BASE_URL, timeout_ms: 5000 }
rules:
  - { id: violence, judge: moderation, where: { category: violence, at_least: 0.6 }, action: cut }
  - { id: weapons, words: { terms: [bomb] }, action: ask, ask: { judge: guard, where: { category: S9 }, then: mask }, with: "***" }
`

let provider: Provider
let judge: StandIn
let worker: RunningWorker

beforeAll(async () => {
  provider = await startProvider()
  judge = await standIn()
  judge.behaviour = ({ path, body }, response) => {
    const violence = body.includes('fight') ? 0.9 : 0.1
    const verdict = body.includes('bomb disposal') ? 'safe' : 'unsafe\nS9'
    const answer = path.endsWith('/moderations')
      ? { results: [{ flagged: violence > 0.5, categories: { violence: violence > 0.5 }, category_scores: { violence } }] }
      : { choices: [{ message: { role: 'assistant', content: verdict }, finish_reason: 'stop' }] }
    if (body.includes('broken')) return void response.writeHead(500).end(body)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }
  const { buffer } = packPlan(await compilePolicy(policy, { file: 'judged.yaml', readFile: () => new Uint8Array() }))
  worker = await startWorkerd(
    { OPENAI_BASE_URL: `${provider.url}/v1`, JUDGE_BASE_URL: `${judge.url}/v1`, JUDGE_KEY: secret },
    buffer as ArrayBuffer,
  )
}, 120_000)

afterAll(async () => {
  await worker?.stop()
  await judge?.close()
  await provider?.close()
})

/** What the reader gets of an answer that says `content`, and what the trail says of it. */
async function answered(content: string): Promise<{ text: string; finish: string | null; trail: Trail }> {
  const body = JSON.stringify({ model: `say/${content}`, messages: [{ role: 'user', content }] })
  const response = await fetch(`${worker.url}/v1/chat/completions`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  const { choices } = (await response.json()) as { choices: { message: { content: string }; finish_reason: string | null }[] }
  const trail = await recorded(worker.trails, response)
  return { text: choices[0]?.message.content ?? '', finish: choices[0]?.finish_reason ?? null, trail }
}

describe('the deployed Worker', () => {
  test('lets pass what its judges clear, and asks the dear one nothing about it', async () => {
    judge.asked.length = 0
    expect(await answered('All is well here.')).toMatchObject({
      text: 'All is well here.',
      trail: { verdict: 'clear', faults: [] },
    })
    expect(judge.asked.map(({ path }) => path)).toEqual(['/v1/moderations'])
    expect(judge.asked[0]?.headers.authorization).toBe(`Bearer ${secret}`)
  })

  test('cuts by the moderation endpoint', async () => {
    expect(await answered('They fight.')).toMatchObject({
      text: '',
      finish: 'content_filter',
      trail: { cuts: [{ by: ['violence'] }] },
    })
  })

  test('masks what a word found and a guard model confirmed, and only that', async () => {
    expect(await answered('A bomb is here.')).toMatchObject({ text: 'A *** is here.' })
    expect(await answered('The bomb disposal came.')).toMatchObject({ text: 'The bomb disposal came.' })
  })

  test('cuts where a judge is broken; the record says what happened, and nothing of the text or the key', async () => {
    const { text, trail } = await answered('This is broken CANARY.')
    expect(text).toBe('')
    expect(trail.faults.length).toBeGreaterThan(0)
    expect(JSON.stringify(trail)).toContain('answered HTTP 500')
    expect(JSON.stringify(trail)).not.toMatch(/CANARY|SECRET/)
  })

  test('reads at its start no more than 150 kB, compressed: the openai package and the tokenizer table lie beside it', () => {
    expect(worker.scriptBytes).toBeLessThanOrEqual(150_000)
  })
})
