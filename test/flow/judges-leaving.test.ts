/** Law 9 for judges: when nobody needs an answer any more, its call ends, and the exchange is recorded once. */
import { describe, expect, it } from 'vitest'
import { createPlan } from '../../src/policy/plan.ts'
import type { AskJudge, Question } from '../../src/terms/judge.ts'
import { answering, chunk, done, exchange, until, upstream } from './upstream.ts'

const plan = createPlan({
  judges: { guard: { stretch: { first: 5, grow_to: 5 }, timeout_ms: 60_000 } },
  rules: [
    { id: 'seen', judge: 'guard', action: 'cut' },
    { id: 'word', words: { terms: ['now'] }, action: 'cut' },
  ],
})

/** A judge that thinks for ever, unless nobody waits. */
function thinking(): { asked: Question[]; reasons: string[]; guard: AskJudge } {
  const asked: Question[] = []
  const reasons: string[] = []
  const guard: AskJudge = (question, signal) => {
    asked.push(question)
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reasons.push((signal.reason as DOMException).name)
        reject(signal.reason)
      })
    })
  }
  return { asked, reasons, guard }
}

describe('a judge’s call ends', () => {
  it('when the reader of a stream leaves, by its signal or by closing the stream', async () => {
    for (const way of ['signal', 'stream']) {
      const { asked, reasons, guard } = thinking()
      const up = upstream()
      const leaving = new AbortController()
      const { response, trails } = await exchange(up, {}, { plan, judges: { guard }, signal: leaving.signal })
      const reader = (response.body as ReadableStream<Uint8Array>).getReader()
      up.send(chunk({ role: 'assistant', content: 'All is well. Truly.' }))
      await until(() => asked.length > 0)
      if (way === 'signal') leaving.abort()
      else await reader.cancel()
      await until(() => trails.length === 1)
      expect(trails).toMatchObject([{ exit: 'client_left', faults: [], judges: { faults: 0 } }])
      expect(reasons).toEqual(asked.map(() => 'AbortError'))
      expect(up.left).toBe(true)
    }
  })

  it('when the reader of a whole body leaves', async () => {
    const { asked, reasons, guard } = thinking()
    const choices = [{ index: 0, message: { role: 'assistant', content: 'All is well.' }, finish_reason: 'stop' }]
    const up = answering(
      [JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices })],
      'application/json',
    )
    const leaving = new AbortController()
    const exchanged = exchange(up, { stream: false }, { plan, judges: { guard }, signal: leaving.signal })
    await until(() => asked.length > 0)
    leaving.abort()
    const { trails } = await exchanged
    await until(() => trails.length === 1)
    expect(trails).toMatchObject([{ exit: 'client_left', faults: [] }])
    expect(reasons).toEqual(asked.map(() => 'AbortError'))
  })

  it('when the answer is cut by something else', async () => {
    const { reasons, guard } = thinking()
    const cutting: AskJudge = (question, signal) =>
      question.start === 0
        ? new Promise((resolve) => setTimeout(() => resolve({ kind: 'opinions', opinions: [{ category: 'x' }] }), 1))
        : guard(question, signal)
    const pieces = [chunk({ content: 'All is well. Truly. So it is. And on.' }), chunk({}, 'stop'), done]
    const { response, trails } = await exchange(answering(pieces), {}, { plan, judges: { guard: cutting } })
    await response.text()
    await until(() => trails.length === 1)
    expect(trails).toMatchObject([{ exit: 'cut', faults: [] }])
    expect(reasons.length).toBeGreaterThan(0)
    expect(new Set(reasons)).toEqual(new Set(['AbortError']))
  })

  it('when the upstream fails', async () => {
    const { asked, reasons, guard } = thinking()
    const up = upstream()
    const { response, trails } = await exchange(up, {}, { plan, judges: { guard } })
    const text = response.text()
    up.send(chunk({ role: 'assistant', content: 'All is well. Truly.' }))
    await until(() => asked.length > 0)
    up.fail()
    expect(await text).not.toContain('well')
    await until(() => trails.length === 1)
    expect(trails).toMatchObject([{ exit: 'upstream_failed' }])
    expect(reasons).toEqual(asked.map(() => 'AbortError'))
  })
})
