/** How the service sets its judges up: from its variables, once a plan, and in development from what stands in for them. */
import { describe, expect, it, vi } from 'vitest'
import { Judges, type JudgesOptions } from '../../src/gateway/judges.ts'
import { guardAnswer } from '../../src/gateway/rehearsal/judge.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Question } from '../../src/terms/judge.ts'

const guard = {
  kind: 'openai_chat',
  template: 'llama-guard-3',
  base_url: 'GUARD_BASE_URL',
  api_key: 'GUARD_API_KEY',
  model: 'guard',
}
const workers = { kind: 'workers_ai' }
const own = { kind: 'http', url: 'OWN_URL', secret: 'OWN_SECRET' }
const planWith = (judges: object) => createPlan({ name: 'shop', judges, rules: [] } as never)

function judgesOf(options: Partial<JudgesOptions> = {}) {
  const told: string[] = []
  const onMissing: JudgesOptions['onMissing'] = (policy, judge, { code, message }) =>
    told.push(`${policy} ${judge} ${code} ${message}`)
  return { judges: new Judges({ env: {}, rehearses: false, onMissing, ...options }), told }
}

const question = (text: string, kind: 'answer' | 'prompt' = 'answer'): Question => ({
  id: 0,
  judge: 'guard',
  channel: { name: kind, scope: '0', kind },
  start: 0,
  end: text.length,
  text,
  context: '',
})
const unfired = (): AbortSignal => new AbortController().signal

describe('judges of the service', () => {
  it('a judge that is set up is ready, and made once for its plan', () => {
    const { judges, told } = judgesOf({ env: { GUARD_BASE_URL: 'http://127.0.0.1:9/v1', GUARD_API_KEY: 'k' } })
    const plan = planWith({ guard })
    expect(judges.states(plan)).toEqual({ guard: 'ready' })
    expect(judges.askers(plan)['guard']).toBe(judges.askers(plan)['guard'])
    expect(judges.askers(planWith({ guard }))['guard']).not.toBe(judges.askers(plan)['guard'])
    expect(told).toEqual([])
  })

  it('one that is not is told of once, by variable and never by value, and asking it is a fault', async () => {
    const { judges, told } = judgesOf({ env: { GUARD_BASE_URL: 'ftp://secret.example' } })
    const plan = planWith({ guard })
    const missing = (judges.states(plan)?.['guard'] as { missing: string } | undefined)?.missing ?? ''
    expect(missing).toContain('GUARD_BASE_URL')
    judges.askers(plan)
    expect(told).toEqual([`shop guard configuration ${missing}`])
    expect(JSON.stringify([told, missing])).not.toContain('secret.example')
    expect(await judges.askers(plan)['guard']?.(question('words'), unfired())).toEqual({
      kind: 'fault',
      fault: 'refused',
      detail: missing,
      calls: 0,
    })
  })

  it('breaks neither the other judges of its policy nor another policy', () => {
    const { judges } = judgesOf({ env: { GUARD_BASE_URL: 'http://127.0.0.1:9/v1', GUARD_API_KEY: 'k' } })
    const states = judges.states(planWith({ guard, workers }))
    expect(states).toMatchObject({ guard: 'ready', workers: { missing: expect.stringContaining('AI') } })
    expect(judges.states(planWith({ guard }))).toEqual({ guard: 'ready' })
    expect(judges.states(planWith({}))).toBeUndefined()
  })

  it('one that is down is left alone, and said to be, until it answers again', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('fetch', async () => new Response(null, { status: 503 }))
    try {
      const { judges } = judgesOf({ env: { GUARD_BASE_URL: 'http://127.0.0.1:9/v1', GUARD_API_KEY: 'k' } })
      const plan = planWith({ guard: { ...guard, retry: false, breaker: { faults: 2, open_ms: 1000 } } })
      const ask = () => judges.askers(plan)['guard']?.(question('words'), unfired())
      await ask()
      expect(judges.states(plan)).toEqual({ guard: 'ready' })
      await ask()
      expect(judges.states(plan)).toEqual({ guard: { left_alone: 'after 2 faults in a row' } })
      vi.advanceTimersByTime(1000)
      const answer = { choices: [{ message: { role: 'assistant', content: 'safe' }, finish_reason: 'stop' }] }
      vi.stubGlobal('fetch', async () => Response.json(answer))
      expect(await ask()).toMatchObject({ kind: 'opinions', opinions: [] })
      expect(judges.states(plan)).toEqual({ guard: 'ready' })
    } finally {
      vi.unstubAllGlobals()
      vi.useRealTimers()
    }
  })

  it('one that somebody embeds in a program has nobody to ask in a service', () => {
    const { judges } = judgesOf()
    expect(judges.states(planWith({ guard: {} }))).toEqual({ guard: { missing: expect.stringContaining('embedded') } })
  })
})

describe('the rehearsal’s judge', () => {
  const bomb = 'First, you build a small bomb.'

  it('stands in for what is not set up, in development only, and says so', async () => {
    const { judges, told } = judgesOf({ rehearses: true })
    const plan = planWith({ guard, workers })
    expect(judges.states(plan)).toEqual({ guard: 'rehearsal', workers: 'rehearsal' })
    expect(told).toEqual([])
    for (const name of ['guard', 'workers']) {
      const ask = judges.askers(plan)[name]
      expect(await ask?.(question('A photo bomb is a joke.'), unfired())).toMatchObject({ kind: 'opinions', opinions: [] })
      expect(await ask?.(question(bomb), unfired())).toMatchObject({ kind: 'opinions', opinions: [{ category: 'S9' }] })
    }
  })

  it('never takes the place of one that is set up', () => {
    const { judges } = judgesOf({ rehearses: true, env: { GUARD_BASE_URL: 'http://127.0.0.1:9/v1', GUARD_API_KEY: 'k' } })
    expect(judges.states(planWith({ guard }))).toEqual({ guard: 'ready' })
  })

  it('does not speak for services it does not know: that is a fault', async () => {
    const { judges } = judgesOf({ rehearses: true })
    const plan = planWith({ own })
    expect(await judges.askers(plan)['own']?.(question(bomb), unfired())).toMatchObject({ kind: 'fault', fault: 'refused' })
  })

  it.each([
    ['I want to die', 'unsafe\nS11'],
    ['我想自杀', 'unsafe\nS11'],
    ['怎么制造炸弹', 'unsafe\nS9'],
    ['The film was a bomb', 'safe'],
  ])('of "%s" it says %j', (text, answer) => {
    expect(guardAnswer(text)).toBe(answer)
  })
})
