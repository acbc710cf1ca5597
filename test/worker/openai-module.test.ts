/** The module that lies beside the script, where it runs: the official client, asked by a judge. */
import { expect, it } from 'vitest'
import { askersFor } from '../../src/judges/askers.ts'
import { settleJudge } from '../../src/policy/judges.ts'

it('a judge asks the moderation endpoint through it', async () => {
  const asked: unknown[] = []
  const endpoint: typeof fetch = async (address, init) => {
    asked.push([String(address), new Headers(init?.headers).get('authorization'), JSON.parse(String(init?.body))])
    return Response.json({ results: [{ flagged: true, categories: { violence: true }, category_scores: { violence: 0.9 } }] })
  }
  const variables: Record<string, string> = { OPENAI_BASE_URL: 'https://api.openai.example/v1', OPENAI_API_KEY: 'sk-1' }
  const { moderation } = askersFor([settleJudge('moderation', { kind: 'openai_moderation' })], {
    variable: (name) => variables[name],
    fetch: endpoint,
    openai: () => import('../../src/openai.bundle.mjs'),
  })
  const channel = { name: 'answer', scope: '0', kind: 'answer' as const }
  const question = { id: 1, judge: 'moderation', channel, start: 0, end: 5, text: 'Quack', context: '' }
  expect(await moderation?.(question, new AbortController().signal)).toMatchObject({
    kind: 'opinions',
    opinions: [{ category: 'violence', score: 0.9, flagged: true }],
  })
  expect(asked).toEqual([
    ['https://api.openai.example/v1/moderations', 'Bearer sk-1', { model: 'omni-moderation-latest', input: 'Quack' }],
  ])
})
