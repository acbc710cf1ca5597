/** Judges decide about what they were asked, hold no more than that, and their faults are no pass. */
import { describe, expect, it } from 'vitest'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, AskJudge, Opinion } from '../../src/terms/judge.ts'
import { answering, chunk, data, done, exchange, until, upstream } from './upstream.ts'

const saying =
  (opinionsOf: (text: string) => readonly Opinion[], ms = 0): AskJudge =>
  async ({ text, context }): Promise<Answer> => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return { kind: 'opinions', opinions: opinionsOf(context + text) }
  }

const seesBomb = (text: string): readonly Opinion[] => (text.includes('bomb') ? [{ category: 'weapons', score: 0.9 }] : [])

const holding = (more: object = {}, action: object = { action: 'cut' }) =>
  createPlan({
    judges: { guard: { kind: 'embedded', stretch: { first: 10, grow_to: 10 }, timeout_ms: 200, ...more } },
    rules: [{ id: 'weapons', judge: 'guard', where: { category: 'weapons', at_least: 0.5 }, ...action } as never],
  })

const asking = createPlan({
  judges: { guard: { kind: 'embedded', stretch: { first: 10, grow_to: 10 }, timeout_ms: 200 } },
  rules: [
    {
      id: 'mention',
      words: { terms: ['bomb'] },
      action: 'ask',
      with: '***',
      ask: { judge: 'guard', where: { category: 'weapons' }, then: 'mask' },
    },
  ],
})

const said = (text: string): string =>
  [...text.matchAll(/^data: (\{.*\})$/gm)]
    .map(([, json]) => JSON.parse(json as string).choices?.[0]?.delta?.content ?? '')
    .join('')

const sentences = ['All is well. ', 'Nothing to see. ', 'The bomb is here. ', 'And so on it goes.']
const stream = [...sentences.map((content) => chunk({ content })), chunk({}, 'stop'), done]

describe('a judge that holds', () => {
  it('lets what it clears go as it came', async () => {
    const clean = [chunk({ content: 'All is well.' }), chunk({ content: ' Nothing to see.' }), chunk({}, 'stop'), done]
    const { response, trails } = await exchange(answering(clean), {}, { plan: holding(), judges: { guard: saying(seesBomb) } })
    expect(await response.text()).toBe(clean.join(''))
    await until(() => trails.length > 0)
    expect(trails).toMatchObject([{ exit: 'done', verdict: 'clear', faults: [], frames: { touched: 0 } }])
    expect(trails[0]?.judges.inquiries).toBeGreaterThan(0)
  })

  it('cuts before the stretch it finds something in, and the upstream with it', async () => {
    const up = answering(stream)
    const { response, trails } = await exchange(up, {}, { plan: holding(), judges: { guard: saying(seesBomb) } })
    const text = await response.text()
    expect(said(text)).toBe('All is well. Nothing to see.')
    expect(text.match(/"finish_reason":"content_filter"/g)).toHaveLength(1)
    expect(text.endsWith(done)).toBe(true)
    await until(() => trails.length > 0)
    expect(trails).toMatchObject([{ exit: 'cut', verdict: 'cut', cuts: [{ by: ['weapons'] }] }])
    expect(up.left).toBe(true)
  })

  it('holds only what is unanswered, while the upstream goes on', async () => {
    const up = upstream()
    const answers: (() => void)[] = []
    const slow: AskJudge = () => new Promise((resolve) => answers.push(() => resolve({ kind: 'opinions', opinions: [] })))
    const { response } = await exchange(up, {}, { plan: holding({ timeout_ms: 5000 }), judges: { guard: slow } })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value)
    up.send(chunk({ role: 'assistant', content: '' }))
    expect(await read()).toContain('"role":"assistant"')
    up.send(chunk({ content: 'All is well. N' }))
    await until(() => answers.length === 1)
    const next = read()
    expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 20, 'nothing yet'))])).toBe('nothing yet')
    answers[0]?.()
    expect(said(await next)).toBe('All is well.')
    up.send(chunk({ content: 'othing there. And more' }))
    await until(() => answers.length === 2)
    answers[1]?.()
    expect(said(await read())).toBe(' Nothing there.')
    await reader.cancel()
    expect(up.left).toBe(true)
  })

  it('finds the same in a whole body', async () => {
    const body = JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: sentences.join('') }, finish_reason: 'stop' }],
    })
    const { response } = await exchange(
      answering([body], 'application/json'),
      { stream: false },
      { plan: holding(), judges: { guard: saying(seesBomb) } },
    )
    const { choices } = (await response.json()) as { choices: { message: { content: string }; finish_reason: string }[] }
    expect(choices[0]).toMatchObject({ message: { content: 'All is well. Nothing to see.' }, finish_reason: 'content_filter' })
  })

  it('blocks a prompt', async () => {
    const plan = holding({}, { action: 'cut', channels: ['prompt'] })
    const up = answering(stream)
    const { response } = await exchange(
      up,
      { messages: [{ role: 'user', content: 'How do I build a bomb?' }] },
      { plan, judges: { guard: saying(seesBomb) } },
    )
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'content_filter' } })
    // It was asked meanwhile, and is not heard.
    expect(up.left).toBe(true)
  })
})

describe('a fault is not a pass', () => {
  it.each([
    ['is silent', () => new Promise<Answer>(() => {}), 'judge_timeout'],
    ['fails', () => Promise.reject(new Error('connection refused')), 'judge_busy'],
    ['says nonsense', async () => ({ kind: 'fault', fault: 'unreadable', detail: 'no JSON' }) as Answer, 'judge_unreadable'],
    ['is unknown', undefined, 'judge_refused'],
  ] as [string, AskJudge | undefined, string][])('a judge that %s cuts', async (_, guard, code) => {
    const { response, trails } = await exchange(
      answering(stream),
      {},
      { plan: holding({ timeout_ms: 30 }), judges: guard ? { guard } : {} },
    )
    expect(said(await response.text())).toBe('')
    await until(() => trails.length > 0)
    expect(trails).toMatchObject([{ verdict: 'fault', exit: 'cut' }])
    expect(trails[0]?.faults[0]?.code).toBe(code)
  })

  it('goes on where the policy says so, and the trail counts what left unjudged', async () => {
    const plan = holding({ on_fault: 'forward' })
    const guard: AskJudge = () => Promise.reject(new Error('down'))
    const { response, trails } = await exchange(answering(stream), {}, { plan, judges: { guard } })
    expect(said(await response.text())).toBe(sentences.join(''))
    await until(() => trails.length > 0)
    expect(trails).toMatchObject([{ verdict: 'fault', exit: 'done', leaked: { unjudged: sentences.join('').length } }])
  })
})

describe('a judge that is asked', () => {
  it('is not asked about clean text', async () => {
    const clean = [chunk({ content: sentences[0] }), chunk({}, 'stop'), done]
    const { response, trails } = await exchange(answering(clean), {}, { plan: asking, judges: { guard: saying(seesBomb) } })
    expect(await response.text()).toBe(clean.join(''))
    await until(() => trails.length > 0)
    expect(trails[0]?.judges).toMatchObject({ inquiries: 0, units: 0, calls: 0 })
  })

  it('decides about what a word list found', async () => {
    const agreed = await exchange(answering(stream), {}, { plan: asking, judges: { guard: saying(seesBomb) } })
    expect(said(await agreed.response.text())).toBe(sentences.join('').replace('bomb', '***'))
    const harmless = await exchange(answering(stream), {}, { plan: asking, judges: { guard: saying(() => []) } })
    expect(said(await harmless.response.text())).toBe(sentences.join(''))
    await until(() => agreed.trails.length + harmless.trails.length === 2)
    expect(agreed.trails).toMatchObject([{ verdict: 'mask', findings: [{ rule: 'mention', action: 'ask' }] }])
    expect(harmless.trails).toMatchObject([{ verdict: 'clear', findings: [] }])
  })

  it.each([
    ['cut', 4],
    ['flag', 0],
  ] as const)('and would %s, in the shadow, leaks %i units', async (then, leaked) => {
    const plan = createPlan({
      mode: 'shadow',
      judges: { guard: { kind: 'embedded', timeout_ms: 200 } },
      rules: [
        {
          id: 'mention',
          words: { terms: ['bomb'] },
          action: 'ask',
          ask: { judge: 'guard', where: { category: 'weapons' }, then },
        },
      ],
    })
    const { response, trails } = await exchange(answering(stream), {}, { plan, judges: { guard: saying(seesBomb) } })
    expect(said(await response.text())).toBe(sentences.join(''))
    await until(() => trails.length > 0)
    expect(trails).toMatchObject([
      { verdict: 'clear', findings: [{ rule: 'mention', mode: 'shadow' }], leaked: { shadow: leaked } },
    ])
  })
})

describe('a judge that trails', () => {
  it('lets no more than so many units go ahead, and cuts when its answer comes', async () => {
    const plan = holding({ wait: 'trail', most_ahead: 25, timeout_ms: 5000 })
    const { response } = await exchange(answering(stream), {}, { plan, judges: { guard: saying(seesBomb, 20) } })
    const text = said(await response.text())
    expect(sentences.join('').startsWith(text)).toBe(true)
    expect(text.length).toBeLessThan(sentences.join('').indexOf('bomb') + 25)
  })
})

it('what judges answer after a cut, or after the reader left, changes nothing', async () => {
  const up = upstream()
  const { response, trails } = await exchange(
    up,
    {},
    { plan: holding({ timeout_ms: 5000 }), judges: { guard: saying(seesBomb, 50) } },
  )
  up.send(
    data({
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: { content: sentences.join('') }, finish_reason: null }],
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, 10))
  await response.body?.cancel()
  await until(() => trails.length > 0)
  expect(trails).toMatchObject([{ exit: 'client_left' }])
  expect(up.left).toBe(true)
})

describe('a judge that holds nothing, where a cut comes before its answer', () => {
  const plan = createPlan({
    judges: { guard: { stretch: { first: 10, grow_to: 30 }, timeout_ms: 5000 } },
    rules: [
      { id: 'rope', words: { terms: ['rope'] }, action: 'ask', ask: { judge: 'guard', where: { category: 'w' }, then: 'flag' } },
      { id: 'end', words: { terms: ['DETONATE'] }, action: 'cut' },
    ],
  })
  const text = 'A long rope. And DETONATE now. The rope is long.'
  const streamed = (pieces: readonly string[]) =>
    answering([...pieces.map((content) => chunk({ content })), chunk({}, 'stop'), done])
  const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }]
  const body = JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices })

  it.each([
    ['a stream of one piece', () => streamed([text]), true],
    ['a stream of many', () => streamed(text.split('')), true],
    ['a whole body', () => answering([body], 'application/json'), false],
  ] as const)('is heard for the record of %s, once the reader has everything', async (_, up, isStream) => {
    const answers: (() => void)[] = []
    const guard: AskJudge = () =>
      new Promise((resolve) => answers.push(() => resolve({ kind: 'opinions', opinions: [{ category: 'w' }] })))
    const { response, trails } = await exchange(up(), isStream ? {} : { stream: false }, { plan, judges: { guard } })
    expect(await response.text()).toContain('"finish_reason":"content_filter"')
    expect([answers.length, trails]).toEqual([1, []])
    for (const answer of answers) answer()
    await until(() => trails.length > 0)
    expect(trails).toMatchObject([
      {
        verdict: 'cut',
        findings: [
          { rule: 'rope', start: 7, end: 11 },
          { rule: 'end', start: 17, end: 25 },
        ],
        cuts: [{ by: ['end'], decided: 25 }],
        judges: { inquiries: 1, calls: 1 },
      },
    ])
  })

  it('is heard by a plan that looks on as by one that rules', async () => {
    const guard = saying((asked) => (asked.includes('rope') ? [{ category: 'w' }] : []), 5)
    for (const pieces of [[text], text.split('')]) {
      const shadow = { plan, judges: { guard } }
      const { response, trails } = await exchange(streamed(pieces), {}, { plan, judges: { guard }, shadow })
      await response.text()
      await until(() => trails.length > 0)
      const [trail] = trails
      expect(trail?.findings.map(({ rule }) => rule)).toEqual(['rope', 'end'])
      expect(trail?.shadow?.findings).toEqual(trail?.findings)
    }
  })
})
