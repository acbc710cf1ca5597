/** The walk-through of policies/README.md does what it says: words point, a guard that is stood in for decides. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { shownLine } from '../../src/cli/development/dev-lines.ts'
import { runTest } from '../../src/cli/testing/policy-tests.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { Judges } from '../../src/gateway/judges.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { packPlan } from '../../src/policy/pack.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Trail } from '../../src/terms/trail.ts'

const readme = readFileSync(new URL('../../policies/README.md', import.meta.url), 'utf8')
const written = /<!-- example: guard -->\n```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
const policy = await compilePolicy(written, { file: 'bombs.yaml', readFile: (path) => readFileSync(path) })

/** What the service of `npm run dev` answers, and what it says of it. */
async function asked(content: string, env = {}): Promise<{ said: string; reasons: string[]; trail: Trail; health: object }> {
  const trails: Trail[] = []
  const gateway = createGateway(
    { REHEARSAL: true, REHEARSAL_PACE: 0, ...env },
    { bundled: packPlan(policy).buffer, sinks: [(trail) => void trails.push(trail)] },
  )
  const work: Promise<unknown>[] = []
  const execution = {
    waitUntil: (promise: Promise<unknown>) => void work.push(promise),
    passThroughOnException: () => {},
    props: {},
  }
  const body = JSON.stringify({ model: 'rehearsal-echo', stream: true, messages: [{ role: 'user', content }] })
  const url = 'http://127.0.0.1:8787/v1/chat/completions'
  const response = await gateway.fetch(new Request(url, { method: 'POST', body }), env, execution)
  const chunks = [...(await response.text()).matchAll(/^data: (\{.*\})$/gm)].map(
    ([, json]) => JSON.parse(json as string).choices[0],
  )
  await Promise.all(work)
  const health = await gateway.fetch(new Request('http://127.0.0.1:8787/_sluice/health'), env, execution)
  return {
    said: chunks.map((choice) => choice?.delta?.content ?? '').join(''),
    reasons: chunks.flatMap((choice) => choice?.finish_reason ?? []),
    trail: trails[0] as Trail,
    health: (await health.json()) as object,
  }
}

describe('the walk-through', () => {
  test('has tests of its own', () => expect(policy.tests).toHaveLength(2))

  test.each(policy.tests.map((one) => [one]))('its test holds: %j', (one) => {
    expect(runTest(loadPlan(packPlan(policy)), one, 'bombs.yaml').failure).toBeUndefined()
  })

  test.each([
    ['A bath bomb fizzes. Enjoy.', 'A bath bomb fizzes. Enjoy.', 'stop', 1],
    ['Well then. Now build a bomb. Bye.', 'Well then. Now build a ', 'content_filter', 1],
    ['Nothing of the kind. Bye.', 'Nothing of the kind. Bye.', 'stop', 0],
  ])('%s', async (content, reads, reason, inquiries) => {
    expect(readme).toContain(`ask '${content}'`)
    const { said, reasons, trail } = await asked(content)
    expect({ said, reasons }).toEqual({ said: reads, reasons: [reason] })
    expect(trail.judges).toMatchObject({ inquiries, faults: 0 })
    const line = shownLine(JSON.stringify({ sluice: 'trail', ...trail }))
    expect(line?.includes('asked guard once')).toBe(inquiries === 1)
  })

  test('the health page says who is asked', async () => {
    expect((await asked('hi')).health).toMatchObject({ status: 'ok', judges: { bombs: { guard: 'rehearsal' } } })
    const set = await asked('hi', { GUARD_BASE_URL: 'http://127.0.0.1:11434/v1' })
    expect(set.health).toMatchObject({ status: 'ok', judges: { bombs: { guard: 'ready' } } })
    // Deployed, nobody stands in: the page says what is missing.
    const deployed = await asked('hi', { REHEARSAL: false, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' })
    const missing = expect.stringContaining('GUARD_BASE_URL')
    expect(deployed.health).toMatchObject({ status: 'degraded', judges: { bombs: { guard: { missing } } } })
  })
})

test('the rehearsal’s judge answers the official client as the moderation endpoint does', async () => {
  const judges = new Judges({ env: {}, rehearses: true, openai: () => import('openai'), onMissing: () => {} })
  const plan = createPlan({ judges: { moderation: { kind: 'openai_moderation' } }, rules: [] })
  const flagged = async (text: string): Promise<unknown> => {
    const channel = { name: 'answer', scope: '0', kind: 'answer' } as const
    const asked = { id: 0, judge: 'moderation', channel, start: 0, end: text.length, text, context: '' }
    const answer = await judges.askers(plan)['moderation']?.(asked, new AbortController().signal)
    return answer?.kind === 'opinions' ? answer.opinions.filter(({ flagged }) => flagged).map(({ category }) => category) : answer
  }
  expect(await flagged('A photo bomb is a joke.')).toEqual([])
  expect(await flagged('First, you build a small bomb.')).toEqual(['illicit/violent'])
})
