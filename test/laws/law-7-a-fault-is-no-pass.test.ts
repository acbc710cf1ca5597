/** Law 7: a check that fails, is silent or answers nonsense has not cleared anything; the policy says what then, and the trail says fault. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, AskJudge, FaultKind, OnFault, Question } from '../../src/terms/judge.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { answering, chunk, done, exchange, until } from '../flow/upstream.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'

const clear: Answer = { kind: 'opinions', opinions: [] }

/** Every way not to answer, and the fault it is. */
const failures: readonly [string, FaultKind, AskJudge | undefined][] = [
  ['is silent', 'timeout', () => new Promise(() => {})],
  ['refuses', 'refused', async () => ({ kind: 'fault', fault: 'refused', detail: 'HTTP 400' })],
  ['asks for patience', 'busy', async () => ({ kind: 'fault', fault: 'busy', detail: 'HTTP 429', retry_after_ms: 1 })],
  ['cannot be reached', 'busy', () => Promise.reject(new TypeError('fetch failed'))],
  [
    'throws at once',
    'busy',
    () => {
      throw new Error('no')
    },
  ],
  ['says no JSON', 'unreadable', async () => JSON.parse('{')],
  ['says nothing', 'unreadable', async () => undefined as unknown as Answer],
  ['says something else', 'unreadable', async () => ({ kind: 'passed' }) as unknown as Answer],
  [
    'names a place that is not there',
    'unreadable',
    async () => ({ kind: 'opinions', opinions: [{ category: 'weapons', span: { start: -3, end: 400 } }] }),
  ],
  ['is nobody', 'refused', undefined],
]

const text = 'One plain word. Two plain words. Three plain words. And so on it goes until the end.'

type Said = 'answer' | 'reasoning' | 'refusal' | 'tool_input'

const call = (args: string, first: boolean): object => ({
  tool_calls: [
    { index: 0, ...(first && { id: 'call', type: 'function' }), function: { ...(first && { name: 'say' }), arguments: args } },
  ],
})

/** How a chat says a text on a channel: in a delta, and in a whole message. */
const ways: Readonly<Record<Said, { delta(piece: string, first: boolean): object; message: object; told: string }>> = {
  answer: { delta: (content) => ({ content }), message: { content: text }, told: text },
  reasoning: { delta: (reasoning_content) => ({ reasoning_content }), message: { reasoning_content: text }, told: text },
  refusal: { delta: (refusal) => ({ refusal }), message: { refusal: text }, told: text },
  tool_input: {
    delta: call,
    message: { tool_calls: [{ id: 'call', type: 'function', function: { name: 'say', arguments: JSON.stringify({ text }) } }] },
    told: JSON.stringify({ text }),
  },
}

const planOf = (channel: Said | 'prompt' | 'prompt.system', judge: object, rule: object = { action: 'cut' }) =>
  createPlan({
    settings: { prompt: { overlap: true } },
    judges: { guard: { stretch: { first: 10, grow_to: 20 }, timeout_ms: 10, ...judge } },
    rules: [{ id: 'weapons', judge: 'guard', channels: [channel], ...rule }] as never,
  })

/** The text that a reader gets on a channel, streamed or whole. */
function readOn(channel: Said, body: string): string {
  const messages = body.startsWith('{')
    ? [(JSON.parse(body) as { choices?: { message?: object }[] }).choices?.[0]?.message]
    : [...body.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json as string).choices?.[0]?.delta)
  return messages
    .map((part) => {
      const { content, reasoning_content, refusal, tool_calls } = (part ?? {}) as Record<string, unknown>
      const args = (tool_calls as { function?: { arguments?: string } }[] | undefined)?.[0]?.function?.arguments
      return { answer: content, reasoning: reasoning_content, refusal, tool_input: args }[channel] ?? ''
    })
    .join('')
}

async function guarded(
  channel: Said,
  form: 'streamed' | 'whole',
  plan: ReturnType<typeof planOf>,
  guard: AskJudge | undefined,
  pieces = [text],
): Promise<{ read: string; trail: Trail }> {
  const { delta, message, told } = ways[channel]
  const said = channel === 'tool_input' ? [told.slice(0, 30), told.slice(30)] : pieces
  const streamed = [...said.map((piece, index) => chunk(delta(piece, index === 0))), chunk({}, 'stop'), done]
  const choices = [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: 'stop' }]
  const whole = JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices })
  const up = form === 'streamed' ? answering(streamed) : answering([whole], 'application/json')
  const { response, trails } = await exchange(up, { stream: form === 'streamed' }, { plan, judges: guard ? { guard } : {} })
  const read = readOn(channel, await response.text())
  await until(() => trails.length === 1)
  return { read, trail: trails[0] as Trail }
}

const everyFault = (on_fault: OnFault): object => ({ on_fault })
/** Only the kind that happens is let go on, or only that one is not. */
const onlyThis = (kind: FaultKind, on_fault: OnFault): object => ({ on_fault: { [kind]: on_fault } })

describe.each(failures)('a judge that %s', (_, kind, guard) => {
  describe.each(['answer', 'reasoning', 'refusal', 'tool_input'] as const)('of %s', (channel) => {
    const { told } = ways[channel]
    // A tool's name is judged as well.
    const unjudged = told.length + (channel === 'tool_input' ? 'say'.length : 0)

    test.each(['streamed', 'whole'] as const)('%s: cuts, and what was not judged does not leave', async (form) => {
      for (const wait of ['hold', 'trail'] as const) {
        const most_ahead = 25
        const { read, trail } = await guarded(channel, form, planOf(channel, { ...everyFault('cut'), wait, most_ahead }), guard)
        expect(told.startsWith(read)).toBe(true)
        expect(read.length).toBeLessThanOrEqual(wait === 'hold' || channel === 'tool_input' ? 0 : most_ahead)
        expect(trail).toMatchObject({ verdict: 'fault', cuts: [{ by: ['guard'] }], findings: [], leaked: { unjudged: 0 } })
        expect(trail.faults[0]?.code).toBe(`judge_${kind}`)
        expect(trail.judges.faults).toBeGreaterThan(0)
      }
    })

    test.each(['streamed', 'whole'] as const)('%s: goes on only where the policy says so, and is counted', async (form) => {
      for (const judge of [everyFault('forward'), everyFault('flag'), onlyThis(kind, 'forward')]) {
        const { read, trail } = await guarded(channel, form, planOf(channel, judge), guard)
        expect(read).toBe(told)
        expect(trail).toMatchObject({ verdict: 'fault', exit: 'done', cuts: [], leaked: { unjudged } })
        expect(new Set(trail.faults.map(({ code }) => code))).toEqual(new Set([`judge_${kind}`]))
      }
    })

    test('what the policy says of other faults is nothing to it', async () => {
      const others = Object.fromEntries(
        (['timeout', 'refused', 'busy', 'unreadable'] as const).filter((one) => one !== kind).map((one) => [one, 'forward']),
      )
      const { read, trail } = await guarded(channel, 'streamed', planOf(channel, { on_fault: others }), guard)
      expect({ read, verdict: trail.verdict }).toEqual({ read: '', verdict: 'fault' })
    })

    test('is a fault in the record where nothing waits for it: a flag, a rule in the shadow', async () => {
      for (const form of ['streamed', 'whole'] as const)
        for (const rule of [{ action: 'flag' }, { action: 'cut', mode: 'shadow' }]) {
          const { read, trail } = await guarded(channel, form, planOf(channel, {}, rule), guard)
          expect(read).toBe(told)
          expect(trail).toMatchObject({ verdict: 'fault', exit: 'done', cuts: [], findings: [] })
          expect(trail.faults[0]?.code).toBe(`judge_${kind}`)
        }
    })
  })

  test('asked about what a cheap rule found: that does not leave, what stands before it does', async () => {
    const rule = {
      id: 'words',
      words: { terms: ['Three'] },
      action: 'ask',
      ask: { judge: 'guard', then: 'mask' },
      with: '***',
    }
    for (const on_fault of ['cut', 'forward'] as const) {
      const plan = createPlan({
        judges: { guard: { stretch: { first: 10, grow_to: 20 }, timeout_ms: 10, on_fault } },
        rules: [rule] as never,
      })
      const { read, trail } = await guarded('answer', 'streamed', plan, guard)
      expect(read).toBe(on_fault === 'cut' ? text.slice(0, text.indexOf('Three')) : text)
      expect(trail).toMatchObject({ verdict: 'fault', faults: [{ code: `judge_${kind}` }] })
    }
  })

  test.each(['prompt', 'prompt.system'] as const)('of a %s: blocks, or lets pass where the policy says so', async (channel) => {
    const messages = [{ role: channel === 'prompt' ? 'user' : 'system', content: text }]
    for (const overlap of [true, false])
      for (const on_fault of ['cut', 'forward', 'flag'] as const) {
        const plan = createPlan({
          settings: { prompt: { overlap } },
          judges: { guard: { stretch: 'whole', timeout_ms: 10, on_fault } },
          rules: [{ id: 'weapons', judge: 'guard', channels: [channel], action: 'cut' }],
        })
        const up = answering([chunk({ content: 'Hello.' }), chunk({}, 'stop'), done])
        const { response, trails } = await exchange(up, { messages }, { plan, judges: guard ? { guard } : {} })
        const body = await response.text()
        await until(() => trails.length === 1)
        expect(trails).toMatchObject([{ verdict: 'fault', faults: [{ code: `judge_${kind}` }] }])
        expect(trails[0]?.exit).toBe(on_fault === 'cut' ? 'blocked' : 'done')
        expect(body.includes('Hello.')).toBe(on_fault !== 'cut')
        expect(trails[0]?.leaked.unjudged).toBe(on_fault === 'cut' ? 0 : text.length)
      }
  })
})

describe('law 7', () => {
  test(
    'however many of a judge’s answers fail, and in whatever order they come: all before the first that failed leaves, nothing after',
    async () => {
      const someFate = fc.record({ fails: fc.constantFrom(false, false, false, true), turns: fc.nat(6) })
      await fc.assert(
        fc.asyncProperty(fc.array(someFate, { minLength: 1, maxLength: 6 }), somePlaces, async (fates, places) => {
          const asked: { question: Question; fails: boolean }[] = []
          const guard: AskJudge = async (question) => {
            const { fails, turns } = fates[asked.length % fates.length] as (typeof fates)[number]
            asked.push({ question, fails })
            for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
            return fails ? { kind: 'fault', fault: 'busy', detail: '' } : clear
          }
          const plan = planOf('answer', { timeout_ms: 5000 })
          const { read, trail } = await guarded('answer', 'streamed', plan, guard, divide(text, places))
          const failed = asked.filter(({ fails }) => fails).map(({ question }) => question.start)
          expect(read).toBe(text.slice(0, Math.min(text.length, ...failed)))
          expect(trail.verdict).toBe(failed.length > 0 ? 'fault' : 'clear')
        }),
        runs(60),
      )
    },
    patience,
  )

  test('a judge that has answered once in vain is not taken for one that agreed: each stretch counts by itself', async () => {
    let calls = 0
    const guard: AskJudge = async () => (calls++ === 0 ? { kind: 'fault', fault: 'busy', detail: '' } : clear)
    const { read, trail } = await guarded('answer', 'streamed', planOf('answer', { on_fault: 'forward' }), guard)
    expect(read).toBe(text)
    expect(trail.verdict).toBe('fault')
    expect(trail.leaked.unjudged).toBeGreaterThan(0)
    expect(trail.leaked.unjudged).toBeLessThan(text.length)
  })

  test('beyond what a request may ask, what was not asked about was not cleared', async () => {
    const guard: AskJudge = async () => clear
    const up = answering([chunk({ content: text }), chunk({}, 'stop'), done])
    const { response, trails } = await exchange(
      up,
      {},
      { plan: planOf('answer', {}), judges: { guard }, limits: { most_inquiries: 2 } },
    )
    const read = readOn('answer', await response.text())
    await until(() => trails.length === 1)
    expect(text.startsWith(read)).toBe(true)
    expect(read.length).toBeGreaterThan(0)
    expect(read.length).toBeLessThan(text.length)
    expect(trails).toMatchObject([{ verdict: 'fault', faults: [{ code: 'judge_busy' }], judges: { inquiries: 2, calls: 2 } }])
  })
})
