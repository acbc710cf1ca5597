/** Llama Guard through a binding: in both runtimes, with a binding that does what the platform's does. */
import { describe, expect, it } from 'vitest'
import { askerFor } from '../../src/judges/askers.ts'
import { settleJudge } from '../../src/policy/judges.ts'
import type { AskJudge, Question } from '../../src/terms/judge.ts'

const channel = { name: 'answer', scope: '0', kind: 'answer' as const }
const question: Question = {
  id: 1,
  judge: 'guard',
  channel,
  start: 0,
  end: 5,
  text: 'Quack',
  context: 'So: ',
  prompt: 'What does it say?',
}

function asker(run: (...parameters: unknown[]) => Promise<unknown>): AskJudge {
  const means = { variable: () => undefined, binding: (name: string) => (name === 'AI' ? { run } : undefined) }
  return askerFor(settleJudge('guard', { kind: 'workers_ai' }), means)
}

const never = new AbortController().signal

describe('Workers AI', () => {
  it('is asked about the last turn', async () => {
    const calls: unknown[] = []
    await asker(async (...parameters) => {
      calls.push(...parameters)
      return { response: 'safe' }
    })(question, never)
    const messages = [
      { role: 'user', content: 'What does it say?' },
      { role: 'assistant', content: 'So: Quack' },
    ]
    expect(calls).toEqual(['@cf/meta/llama-guard-3-8b', { messages, max_tokens: 100, temperature: 0 }])
  })

  it.each([
    [{ response: '\n\nsafe' }, []],
    [{ response: 'unsafe\nS2' }, [{ category: 'S2' }]],
    [{ response: { safe: true } }, []],
    [{ response: { safe: true, categories: [] } }, []],
    [{ response: { safe: false, categories: ['S2', 'S9'] } }, [{ category: 'S2' }, { category: 'S9' }]],
  ])('answers %o', async (answer, opinions) => {
    const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 }
    expect(await asker(async () => ({ ...answer, usage }))(question, never)).toEqual({ kind: 'opinions', opinions, tokens: 12 })
  })

  it.each([
    ['another language', { response: 'Sure, here is' }],
    ['nothing', {}],
    ['unsafe without a category', { response: { safe: false } }],
    ['safe with one', { response: { safe: true, categories: ['S1'] } }],
    ['a category that there is not', { response: { safe: false, categories: ['S99'] } }],
    ['a stream', 'event: x'],
  ])('that answers %s is unreadable', async (_, answer) => {
    expect(await asker(async () => answer)(question, never)).toMatchObject({ kind: 'fault', fault: 'unreadable' })
  })

  it.each([
    ['3040: Capacity temporarily exceeded, please try again.', 'busy', 'Workers AI answered 3040'],
    ['InferenceUpstreamError: 3036: account limited', 'busy', 'Workers AI answered 3036'],
    ['5006: Error: oneOf at "/" not met: Quack', 'refused', 'Workers AI answered 5006'],
    ['Network connection lost while judging Quack', 'busy', 'Workers AI failed'],
  ])('that throws "%s" is a fault which quotes nothing of it', async (message, fault, detail) => {
    const throwing = asker(() => Promise.reject(new Error(message)))
    expect(await throwing(question, never)).toEqual({ kind: 'fault', fault, detail })
  })

  it('is left alone once nobody waits', async () => {
    const controller = new AbortController()
    const answer = asker(() => new Promise(() => {}))(question, controller.signal)
    controller.abort('over')
    expect(await answer).toMatchObject({ kind: 'fault', fault: 'timeout' })
    let calls = 0
    await asker(async () => calls++)(question, AbortSignal.abort())
    expect(calls).toBe(0)
  })
})
