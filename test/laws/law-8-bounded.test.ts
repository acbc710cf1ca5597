/** Law 8: work is linear in the text, memory is bounded by the policy's caps and the largest frame. Shown by counting, not by the clock. */
import { describe, expect, test } from 'vitest'
import { guardResponse } from '../../src/flow/index.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { counting } from '../gate/counting.ts'
import type { OracleRule } from '../oracle/policy.ts'
import { chatDialect, factsOf } from './guard-chat.ts'
import { planOf } from './plan.ts'

const word = (id: string, action: 'mask' | 'cut' | 'flag', terms: string[]): OracleRule => ({
  id,
  action,
  ...(action === 'mask' ? { with: '#' } : {}),
  words: { terms, except: [], fold: 'case', boundary: 'none' },
})
const pattern = (id: string, action: 'mask' | 'cut', source: string): OracleRule => ({
  id,
  action,
  ...(action === 'mask' ? { with: '#' } : {}),
  pattern: { source, most: 200 },
})
const rules = [
  word('w', 'mask', ['bomb', 'ab', 'ba']),
  word('f', 'flag', ['a']),
  pattern('p', 'mask', 'b[a-z]+d'),
  pattern('k', 'cut', 'sk-[a-z]{30}'),
]
/** Units after which a copy of the runs is made for a decision in the midst of what comes next. */
const mostSince = 1024

/** Full of matches, of candidates that come to nothing and of ones that nearly do. */
const text = 'abba bomb bxxxxxxxxxxxx sk-abcdefgh baaaaaad. '.repeat(300)

describe('law 8: bounded', () => {
  for (const length of [1, 4, 1000, text.length]) {
    test(`each matcher reads each unit once, in pieces of ${length}; a cut costs no more than its piece and a thousand units again`, () => {
      const { plan, work } = counting(planOf({ rules }))
      const matchers = plan.matchers.answer.length
      const gate = new TextGate(plan)
      for (let at = 0; at < text.length; at += length) gate.push(text.slice(at, at + length))
      expect(work.units).toBe(matchers * text.length)
      gate.push(`sk-${'a'.repeat(40)}${'x'.repeat(length)}`)
      expect(gate.isCut).toBe(true)
      expect(work.units - matchers * text.length).toBeLessThanOrEqual(2 * matchers * (length + 80) + matchers * mostSince)
    })
  }

  test('masks cost nothing extra where every word is one', () => {
    const { plan, work } = counting(planOf({ rules: [word('w', 'mask', ['ab'])] }))
    const gate = new TextGate(plan)
    for (let turn = 0; turn < 20_000; turn++) gate.push('ab ')
    gate.end()
    expect(work.units).toBe(60_000)
  })

  test('JSON is read twice: as it is written and as it reads', () => {
    const { plan, work } = counting(planOf({ rules }))
    const gate = new TextGate(plan, { name: 'answer', scope: '0', kind: 'answer', json: true })
    const json = JSON.stringify({ a: 'bomb \n'.repeat(1000), b: ['abba'.repeat(1000)] })
    for (const unit of json.split('')) gate.push(unit)
    gate.end()
    expect(work.units).toBeLessThanOrEqual(2 * plan.matchers.answer.length * json.length)
  })

  test.each(['answer', 'tool_input'] as const)('JSON full of findings costs no more for coming in one piece (%s)', (kind) => {
    const { plan, work } = counting(planOf({ rules }))
    const gate = new TextGate(plan, { name: kind, scope: '0', kind, json: true, atomic: kind === 'tool_input' })
    const json = JSON.stringify({ a: 'bxxd '.repeat(3000), b: ['bomb \n'.repeat(1000)] })
    gate.push(json)
    gate.end()
    // Twice, as above, and up to each finding's unit once more, with what is read ahead until the next.
    expect(work.units).toBeLessThanOrEqual(8 * plan.matchers.answer.length * json.length)
  })

  test('findings are kept to a number, the rest is counted', async () => {
    const { trail } = await stream(
      planOf({ rules: [word('f', 'flag', ['a'])] }),
      endless(() => event('a '.repeat(50)), 60),
    )
    expect(trail.findings).toHaveLength(1000)
    expect(trail.findings_dropped).toBe(2000)
  })

  test('a text that is held without end is cut at the cap, and its upstream is told to stop', async () => {
    const policy = { rules: [pattern('p', 'cut', 'b[^c]{0,150}c')], hold: { most_chars: 100 } }
    const { trail, pulled, aborted } = await stream(
      planOf(policy),
      endless(() => event('bbbbbbbbbb')),
    )
    expect(trail.cuts).toEqual([{ scope: '0', channel: 'answer', at: 0, decided: 101, by: ['most_chars'] }])
    expect(pulled).toBeLessThan(40)
    expect(aborted).toBe(true)
  })

  test('frames that wait behind a short hold of another channel are bounded in bytes, beyond which it is a fault', async () => {
    const reasoning = data({ choices: [{ index: 0, delta: { reasoning: 'so bo' } }] })
    let turn = 0
    const source = endless(() => (turn++ === 0 ? reasoning : event('hello')), 3000)
    const { trail, pulled, aborted } = await stream(planOf({ rules }), source, { most_held_bytes: 10_000 })
    expect(trail.faults).toMatchObject([{ code: 'hold_too_large' }])
    expect(pulled).toBeLessThan(100)
    expect(aborted).toBe(true)
  })

  test('a tool call without end is cut at its own cap', async () => {
    const call = (): string =>
      data({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: '1'.repeat(100) } }] } }] })
    const { trail, pulled } = await stream(planOf({ rules, hold: { tool_most_chars: 1000 } }), endless(call))
    expect(trail.cuts).toMatchObject([{ decided: 1001, by: ['tool_most_chars'] }])
    expect(pulled).toBeLessThan(20)
  })

  test('an event without end is a fault', async () => {
    const { trail, pulled, aborted } = await stream(
      planOf({ rules: [] }),
      endless(() => `${'x'.repeat(1000)}`),
      { most_frame_bytes: 20_000 },
    )
    expect(trail.faults).toMatchObject([{ code: 'frame_too_large' }])
    expect(trail.verdict).toBe('fault')
    expect(pulled).toBeLessThan(40)
    expect(aborted).toBe(true)
  })

  test('a reader who does not read stops the upstream: nothing piles up in between', async () => {
    const source = endless(() => event('hello'))
    const response = await guardResponse(new Response(source.body, sse), { plan: planOf({ rules }), dialect: chatDialect, facts })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(source.pulled()).toBeLessThan(10)
    await response.body?.cancel()
  })
})

const sse = { headers: { 'content-type': 'text/event-stream' } }
const facts = factsOf({ choices: 1, json: false })
const data = (value: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', ...value })}\n\n`
const event = (content: string): string => data({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })

interface Source {
  readonly body: ReadableStream<Uint8Array>
  readonly pulled: () => number
}

/** An upstream that goes on for as long as it is read, or for `turns` pieces. */
function endless(piece: () => string, turns = Number.POSITIVE_INFINITY): Source {
  const encoder = new TextEncoder()
  let pulled = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulled++ < turns) controller.enqueue(encoder.encode(piece()))
      else controller.close()
    },
  })
  return { body, pulled: () => pulled }
}

async function stream(plan: Plan, source: Source, limits = {}): Promise<{ trail: Trail; pulled: number; aborted: boolean }> {
  const trails: Trail[] = []
  const work: Promise<unknown>[] = []
  let aborted = false
  const response = await guardResponse(new Response(source.body, sse), {
    plan,
    dialect: chatDialect,
    facts,
    limits,
    onEnd: (trail) => trails.push(trail),
    waitUntil: (promise) => work.push(promise),
    abort: () => {
      aborted = true
    },
  })
  await response.arrayBuffer()
  await Promise.all(work)
  return { trail: trails[0] as Trail, pulled: source.pulled(), aborted }
}
