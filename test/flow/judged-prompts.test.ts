/** What judges are asked about prompts, and what a cheap rule may leave to them there. */
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { sluice } from '../../src/hono.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, AskJudge, Opinion, Question } from '../../src/terms/judge.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { answering, chunk, done, exchange, until } from './upstream.ts'

const stream = [chunk({ content: 'Hello.' }), chunk({}, 'stop'), done]
const user = (content: unknown) => ({ role: 'user', content })

/** A judge that says so, and what it was asked. */
function judge(opinions: readonly Opinion[] = []): { asked: Question[]; guard: AskJudge } {
  const asked: Question[] = []
  const guard: AskJudge = async (question): Promise<Answer> => {
    asked.push(question)
    return { kind: 'opinions', opinions }
  }
  return { asked, guard }
}

const asking = (then: 'cut' | 'mask', boundary: 'word' | 'none' = 'none') =>
  createPlan({
    judges: { guard: {} },
    rules: [
      {
        id: 'mention',
        words: { terms: ['bomb'], boundary },
        channels: ['prompt'],
        action: 'ask',
        ask: { judge: 'guard', where: { category: 'weapons' }, then },
        ...(then === 'mask' && { with: '[x]' }),
      },
    ],
  })
const weapons = [{ category: 'weapons' }]

describe('a cheap rule on prompts that asks', () => {
  it('lets pass what the judge finds harmless, and blocks what it does not', async () => {
    for (const [opinions, exit] of [
      [[], 'done'],
      [weapons, 'blocked'],
    ] as const) {
      const { guard, asked } = judge(opinions)
      const { response, trails } = await exchange(
        answering(stream),
        { messages: [user('A bath bomb, please.')] },
        { plan: asking('cut'), judges: { guard } },
      )
      await response.text()
      await until(() => trails.length === 1)
      expect(trails).toMatchObject([{ exit, faults: [] }])
      expect(asked.map(({ text }) => text)).toEqual(['A bath bomb, please.'])
    }
  })

  it('asks nobody about what has no such word', async () => {
    const { guard, asked } = judge(weapons)
    const { response } = await exchange(answering(stream), {}, { plan: asking('cut'), judges: { guard } })
    expect(await response.text()).toBe(stream.join(''))
    expect(asked).toEqual([])
  })

  it('masks what the judge agrees about before the model is asked', async () => {
    for (const [opinions, sent] of [
      [[], 'The bomb scene'],
      [weapons, 'The [x] scene'],
    ] as const) {
      const up = answering(stream)
      const { response } = await exchange(
        up,
        { messages: [user('The bomb scene')] },
        { plan: asking('mask'), judges: { guard: judge(opinions).guard } },
      )
      await response.text()
      expect(JSON.parse(up.asked).messages[0].content).toBe(sent)
    }
  })

  it('takes for meant what only a border between parts makes a word, for nobody was asked about that', async () => {
    const { guard } = judge([])
    const parts = [
      { type: 'text', text: 'a bomb' },
      { type: 'text', text: 'astic speech' },
    ]
    const { response, trails } = await exchange(
      answering(stream),
      { messages: [user(parts)] },
      { plan: asking('cut', 'word'), judges: { guard } },
    )
    await response.text()
    expect(trails).toMatchObject([{ exit: 'blocked', cuts: [{ by: ['mention'] }] }])
  })
})

const looking = createPlan({
  judges: { guard: { stretch: { first: 10, grow_to: 10 } } },
  rules: [{ id: 'seen', judge: 'guard', channels: ['prompt'], action: 'cut' }],
})
const there = 'https://images.example/cat.png'
const image = { type: 'image_url', image_url: { url: there } }

describe('what a judge of prompts sees', () => {
  it('the images go along with the first stretch, once', async () => {
    const { guard, asked } = judge()
    const { response } = await exchange(
      answering(stream),
      { messages: [user([{ type: 'text', text: 'What is that? Tell me at length.' }, image])] },
      { plan: looking, judges: { guard } },
    )
    await response.text()
    expect(asked.map(({ images }) => images)).toEqual([[there], ...asked.slice(1).map(() => undefined)])
    expect(asked.length).toBeGreaterThan(1)
  })

  it('a prompt that is nothing but an image is asked about all the same', async () => {
    for (const opinions of [[], weapons]) {
      const { guard, asked } = judge(opinions)
      const { response, trails } = await exchange(
        answering(stream),
        { messages: [user([image])] },
        { plan: looking, judges: { guard } },
      )
      await response.text()
      await until(() => trails.length === 1)
      expect(asked).toMatchObject([{ text: '\ufffc', images: [there] }])
      expect(trails).toMatchObject([{ exit: opinions.length > 0 ? 'blocked' : 'done' }])
    }
  })

  it('images before the last answer are history', async () => {
    const { guard, asked } = judge()
    const { response } = await exchange(
      answering(stream),
      { messages: [user([image]), { role: 'assistant', content: 'A cat.' }, user('Sure?')] },
      { plan: looking, judges: { guard } },
    )
    await response.text()
    expect(asked.map(({ images }) => images)).toEqual([undefined])
  })

  it('a judge of the answer is told what was asked last, and of a long prompt its end', async () => {
    const { guard, asked } = judge()
    const plan = createPlan({ judges: { guard: {} }, rules: [{ id: 'seen', judge: 'guard', action: 'cut' }] })
    const long = `${'so '.repeat(5000)}\u{1f600}${'x'.repeat(7999)}`
    for (const [messages, prompt] of [
      [[user('first'), { role: 'assistant', content: 'yes' }, user('second')], 'second'],
      [[user(long)], 'x'.repeat(7999)],
    ] as const) {
      asked.length = 0
      const { response } = await exchange(answering(stream), { messages }, { plan, judges: { guard } })
      await response.text()
      expect(asked.map((question) => question.prompt)).toEqual([prompt])
    }
  })
})

describe('what nothing waits for is heard for the record', () => {
  const slow =
    (): AskJudge =>
    async ({ text }) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return { kind: 'opinions', opinions: [{ category: 'seen', span: { start: 0, end: text.length } }] }
    }

  it.each([
    ['a flag', { action: 'flag' }],
    ['a rule in the shadow', { action: 'cut', mode: 'shadow' }],
  ])('%s, of a prompt and of the answer, streamed and whole', async (_, rule) => {
    const plan = createPlan({
      judges: { guard: {} },
      rules: [{ id: 'seen', judge: 'guard', channels: ['prompt', 'answer'], ...rule }] as never,
    })
    const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }]
    const whole = JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices })
    for (const up of [answering(stream), answering([whole], 'application/json')]) {
      const { response, trails } = await exchange(up, {}, { plan, judges: { guard: slow() } })
      await response.text()
      await until(() => trails.length === 1)
      expect(trails[0]?.findings.map(({ channel, start, end }) => [channel, start, end])).toEqual([
        ['prompt', 0, 2],
        ['answer', 0, 6],
      ])
      expect(trails).toMatchObject([{ exit: 'done', cuts: [], faults: [] }])
    }
  })

  it('after a cut as well, which is not kept waiting', async () => {
    const plan = createPlan({
      judges: { guard: { timeout_ms: 60_000 } },
      rules: [
        { id: 'seen', judge: 'guard', channels: ['prompt'], action: 'flag' },
        { id: 'hello', words: { terms: ['Hello'] }, action: 'cut' },
      ],
    })
    const answers: (() => void)[] = []
    const guard: AskJudge = () =>
      new Promise((resolve) => answers.push(() => resolve({ kind: 'opinions', opinions: [{ category: 'seen' }] })))
    const { response, trails } = await exchange(answering(stream), {}, { plan, judges: { guard } })
    await response.text()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect([answers.length, trails]).toEqual([1, []])
    for (const answer of answers) answer()
    await until(() => trails.length === 1)
    expect(trails).toMatchObject([
      { exit: 'cut', findings: [{ channel: 'prompt', rule: 'seen' }, { rule: 'hello' }], faults: [] },
    ])
  })
})

it('questions about a choice that is cut are not waited for; those about the others are', async () => {
  const plan = createPlan({
    judges: { guard: { stretch: { first: 5, grow_to: 5 }, timeout_ms: 60_000 } },
    rules: [{ id: 'seen', judge: 'guard', action: 'cut' }],
  })
  const ended: number[] = []
  const guard: AskJudge = ({ channel, start }, signal) => {
    if (channel.scope === '1' && start === 0) return Promise.resolve({ kind: 'opinions', opinions: weapons })
    if (channel.scope === '0') return Promise.resolve({ kind: 'opinions', opinions: [] })
    return new Promise(() => signal.addEventListener('abort', () => ended.push(start)))
  }
  const pieces = [
    chunk({ content: 'All is well. Truly so. Really.' }, null, 1),
    chunk({ content: 'All is well here.' }, null, 0),
    chunk({}, 'stop', 0),
    chunk({}, 'stop', 1),
    done,
  ]
  const { response, trails } = await exchange(answering(pieces), { n: 2 }, { plan, judges: { guard } })
  const deltas = [...(await response.text()).matchAll(/"content":"([^"]*)"/g)].map(([, content]) => content)
  expect(deltas.join('')).toBe('All is well here.')
  await until(() => trails.length === 1)
  expect(ended.length).toBeGreaterThan(0)
  expect(trails).toMatchObject([{ cuts: [{ scope: '1' }], faults: [] }])
})

it('in a Hono app a block stands, whatever the handler makes of its call that ends', async () => {
  const trails: Trail[] = []
  const app = new Hono()
  const { guard } = judge(weapons)
  const late: AskJudge = async (...asked) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return guard(...asked)
  }
  app.use('*', async (c, next) => {
    await next()
    // Others still work on what was answered.
    await new Promise((resolve) => setTimeout(resolve, 5))
    c.header('x-app', 'yes')
  })
  app.use('/v1/*', sluice({ plan: looking, judges: { guard: late }, onEnd: (trail) => trails.push(trail) }))
  app.post('/v1/chat/completions', async (c) => {
    const { signal } = c.req.raw
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('the call ended'))))
    return c.text('never')
  })
  app.onError((_, c) => c.text('an error page', 500))
  const body = JSON.stringify({ model: 'm', stream: true, messages: [user('hi')] })
  const response = await app.request('/v1/chat/completions', { method: 'POST', body })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('content_filter')
  expect(trails).toMatchObject([{ exit: 'blocked' }])
})
