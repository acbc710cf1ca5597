/** A second try, a judge left alone, places, and a memory: each in logical time, and none of them ever makes a pass of a fault. */
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/judges/patience/clock.ts'
import { systemClock } from '../../src/judges/patience/clock.ts'
import { steady } from '../../src/judges/patience/steady.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, AskJudge, Judge, Question } from '../../src/terms/judge.ts'

const clear: Answer = { kind: 'opinions', opinions: [] }
const bad: Answer = { kind: 'opinions', opinions: [{ category: 'weapons', score: 0.9 }], tokens: 5 }
const busy = (retry_after_ms?: number): Answer => ({
  kind: 'fault',
  fault: 'busy',
  detail: 'HTTP 429',
  ...(retry_after_ms !== undefined && { retry_after_ms }),
})

/** A clock that stands still until it is moved on; what is waited for passes at once. */
class SteppedClock implements Clock {
  ms = 0
  readonly waits: number[] = []
  now = (): number => this.ms
  wait = async (ms: number): Promise<void> => {
    this.waits.push(ms)
    this.ms += ms
  }
}

const judgeOf = (fields: object): Judge =>
  createPlan({ judges: { guard: { timeout_ms: 1000, retry: false, breaker: false, ...fields } }, rules: [] }).judges[0] as Judge

const question = (text = 'words', more: Partial<Question> = {}): Question => ({
  id: 0,
  judge: 'guard',
  channel: { name: 'answer', scope: '0', kind: 'answer' },
  start: 0,
  end: text.length,
  text,
  context: '',
  ...more,
})

const unfired = (): AbortSignal => new AbortController().signal
const timeIsOver = (): DOMException => new DOMException('the time is over', 'TimeoutError')
const nobodyWaits = (): DOMException => new DOMException('nobody needs the answer', 'AbortError')

/** Answers one after the other; an error is thrown. */
function saying(...answers: (Answer | Error)[]): { ask: AskJudge; calls: number } {
  const said = {
    calls: 0,
    ask: async (): Promise<Answer> => {
      const answer = answers[said.calls++]
      if (answer === undefined) throw new Error('asked too often')
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  return said
}

describe('a second try', () => {
  const tried = async (answers: (Answer | Error)[], timeout_ms = 1000) => {
    const clock = new SteppedClock()
    const judge = saying(...answers)
    const answer = await steady(judgeOf({ retry: true, timeout_ms }), judge.ask, clock)(question(), unfired())
    return { answer, calls: judge.calls, waits: clock.waits }
  }

  it.each([
    ['could not be reached', [new TypeError('fetch failed'), clear], 100],
    ['is busy and says nothing more', [busy(), clear], 100],
    ['asks for patience that there is', [busy(700), clear], 700],
  ] as [string, (Answer | Error)[], number][])('of a judge that %s', async (_, answers, pause) => {
    const { answer, calls, waits } = await tried(answers)
    expect({ answer, calls, waits }).toEqual({ answer: { ...clear, calls: 2 }, calls: 2, waits: [pause] })
  })

  it.each([
    ['asks for more patience than there is', [busy(1000)], /HTTP 429/],
    ['refuses', [{ kind: 'fault', fault: 'refused', detail: 'HTTP 400' }], /HTTP 400/],
    ['says nonsense', [{ kind: 'fault', fault: 'unreadable', detail: 'no JSON' }], /no JSON/],
    ['answers in half a JSON', [new SyntaxError('Unexpected end: "secret')], /^what came back is not JSON$/],
  ] as [string, (Answer | Error)[], RegExp][])('is not given to one that %s', async (_, answers, detail) => {
    const { answer, calls } = await tried(answers)
    expect(answer).toMatchObject({ kind: 'fault', detail: expect.stringMatching(detail) })
    expect(calls).toBe(1)
  })

  it('is one: what fails twice has failed, and both calls and their tokens are counted', async () => {
    const { answer, calls } = await tried([{ ...busy(1), tokens: 3 } as Answer, { ...busy(1), tokens: 4 } as Answer, clear])
    expect(answer).toEqual({ ...busy(1), tokens: 7, calls: 2 })
    expect(calls).toBe(2)
  })

  it('never comes after the time was over, and not for one whom nobody waits for', async () => {
    for (const reason of [timeIsOver(), nobodyWaits()]) {
      const controller = new AbortController()
      let calls = 0
      const ask: AskJudge = async () => {
        calls++
        controller.abort(reason)
        throw reason
      }
      const answer = await steady(judgeOf({ retry: true }), ask, new SteppedClock())(question(), controller.signal)
      expect(answer).toMatchObject({ kind: 'fault', fault: 'busy' })
      expect(calls).toBe(1)
    }
  })

  it('is not made when nobody waits any more after the pause', async () => {
    const controller = new AbortController()
    const judge = saying(busy(60_000), clear)
    const asked = steady(judgeOf({ retry: true, timeout_ms: 120_000 }), judge.ask, systemClock)(question(), controller.signal)
    await Promise.resolve()
    await Promise.resolve()
    controller.abort(nobodyWaits())
    expect(await asked).toMatchObject({ kind: 'fault' })
    expect(judge.calls).toBe(1)
  })
})

describe('a judge that is left alone', () => {
  const down = new TypeError('fetch failed')
  const breaker = { faults: 3, open_ms: 500 }
  const ask = (asker: AskJudge, signal = unfired()): Promise<string> =>
    asker(question(), signal).then(
      (answer) => (answer.kind === 'opinions' ? 'answered' : `${answer.fault}: ${answer.detail}`),
      () => 'failed',
    )
  const alone = 'busy: left alone after 3 faults in a row'

  it('after so many faults in a row, for so long; then one question is the trial', async () => {
    const clock = new SteppedClock()
    let finish = (_: Answer): void => {}
    const judge = saying(down, busy(), clear, down, busy(), { kind: 'fault', fault: 'timeout', detail: '' })
    const trial: AskJudge = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    let current: AskJudge = judge.ask
    const guard = steady(judgeOf({ breaker }), (...asked) => current(...asked), clock)
    for (const _ of [1, 2, 3, 4, 5, 6]) await ask(guard)
    expect(judge.calls).toBe(6)
    expect(await ask(guard)).toBe(alone)
    clock.ms += 499
    expect(await ask(guard)).toBe(alone)
    clock.ms += 1
    current = trial
    const tried = ask(guard)
    expect(await ask(guard)).toBe(alone)
    finish(clear)
    expect(await tried).toBe('answered')
    current = saying(clear, clear).ask
    expect([await ask(guard), await ask(guard)]).toEqual(['answered', 'answered'])
    expect(judge.calls).toBe(6)
  })

  it('longer, where it fails on trial', async () => {
    const clock = new SteppedClock()
    const judge = saying(down, down, down, down, clear)
    const guard = steady(judgeOf({ breaker }), judge.ask, clock)
    for (const _ of [1, 2, 3]) await ask(guard)
    clock.ms += 500
    expect(await ask(guard)).toBe('failed')
    expect(await ask(guard)).toMatch(/left alone/)
    clock.ms += 500
    expect(await ask(guard)).toBe('answered')
  })

  it('which is told, and told again when it answers', async () => {
    const clock = new SteppedClock()
    const told: [string, number][] = []
    const judge = saying(down, clear, down, down, down, down, clear, down)
    const guard = steady(judgeOf({ breaker }), judge.ask, clock, (...turn) => told.push(turn))
    for (const _ of [1, 2, 3, 4]) await ask(guard)
    expect(told).toEqual([])
    await ask(guard)
    expect(told).toEqual([['guard', 3]])
    for (const _ of [1, 2, 3]) {
      clock.ms += 500
      await ask(guard)
    }
    expect(told).toEqual([
      ['guard', 3],
      ['guard', 4],
      ['guard', 0],
    ])
  })

  it('for silence, but not because nobody waited', async () => {
    const clock = new SteppedClock()
    const silent: AskJudge = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    const guard = steady(judgeOf({ breaker }), silent, clock)
    const giveUp = async (reason: DOMException): Promise<string> => {
      const controller = new AbortController()
      const asked = ask(guard, controller.signal)
      await Promise.resolve()
      controller.abort(reason)
      return await asked
    }
    for (const _ of [1, 2, 3, 4]) expect(await giveUp(nobodyWaits())).toBe('failed')
    for (const _ of [1, 2, 3]) expect(await giveUp(timeIsOver())).toBe('failed')
    expect(await ask(guard)).toBe(alone)
    // A trial that nobody waited for has told nothing: the next question is the trial.
    clock.ms += 500
    expect(await giveUp(nobodyWaits())).toBe('failed')
    expect(await giveUp(timeIsOver())).toBe('failed')
    expect(await ask(guard)).toMatch(/left alone/)
  })

  it('not for what a text may have brought about: refusals and answers that cannot be read', async () => {
    const judge = saying(
      ...Array.from(
        { length: 9 },
        (_, index): Answer => ({
          kind: 'fault',
          fault: index % 2 ? 'refused' : 'unreadable',
          detail: '',
        }),
      ),
      clear,
    )
    const guard = steady(judgeOf({ breaker }), judge.ask, new SteppedClock())
    for (let turn = 0; turn < 9; turn++) expect(await ask(guard)).not.toMatch(/left alone/)
    expect(await ask(guard)).toBe('answered')
  })

  it('not for ever, where the platform dropped the trial', async () => {
    const clock = new SteppedClock()
    let current: AskJudge = saying(down, down, down).ask
    const guard = steady(judgeOf({ breaker }), (...asked) => current(...asked), clock)
    for (const _ of [1, 2, 3]) await ask(guard)
    clock.ms += 500
    current = () => new Promise(() => {})
    void ask(guard)
    await Promise.resolve()
    expect(await ask(guard)).toBe(alone)
    clock.ms += 1000
    current = saying(clear).ask
    expect(await ask(guard)).toBe('answered')
  })
})

describe('places', () => {
  function held(): { ask: AskJudge; put: string[]; answer: (() => void)[] } {
    const put: string[] = []
    const answer: (() => void)[] = []
    return {
      put,
      answer,
      ask: ({ text }) =>
        new Promise((resolve) => {
          put.push(text)
          answer.push(() => resolve(clear))
        }),
    }
  }
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

  it('so many questions are open at a time, over all exchanges; the others take their turn', async () => {
    const judge = held()
    const guard = steady(judgeOf({ most_open: 2 }), judge.ask, new SteppedClock())
    const asked = ['a', 'b', 'c', 'd'].map((text) => guard(question(text), unfired()))
    await settle()
    expect(judge.put).toEqual(['a', 'b'])
    judge.answer[1]?.()
    await asked[1]
    await settle()
    expect(judge.put).toEqual(['a', 'b', 'c'])
    judge.answer[0]?.()
    judge.answer[2]?.()
    await settle()
    judge.answer[3]?.()
    expect(await Promise.all(asked)).toEqual([clear, clear, clear, clear])
  })

  it('who stops waiting leaves its turn to the next', async () => {
    const judge = held()
    const guard = steady(judgeOf({ most_open: 1 }), judge.ask, new SteppedClock())
    const leaving = new AbortController()
    void guard(question('a'), unfired())
    const left = guard(question('b'), leaving.signal)
    void guard(question('c'), unfired())
    await settle()
    leaving.abort(timeIsOver())
    expect(await left).toMatchObject({ kind: 'fault', fault: 'busy', calls: 0 })
    judge.answer[0]?.()
    await settle()
    expect(judge.put).toEqual(['a', 'c'])
  })

  it('who leaves while its question is open gives its place up at once, whatever becomes of the question', async () => {
    const judge = held()
    const guard = steady(judgeOf({ most_open: 1 }), judge.ask, new SteppedClock())
    const leaving = new AbortController()
    void guard(question('a'), leaving.signal)
    void guard(question('b'), unfired())
    await settle()
    expect(judge.put).toEqual(['a'])
    leaving.abort(nobodyWaits())
    await settle()
    expect(judge.put).toEqual(['a', 'b'])
    // Its late end gives nobody a place for a second time.
    void guard(question('c'), unfired())
    judge.answer[0]?.()
    await settle()
    expect(judge.put).toEqual(['a', 'b'])
  })

  it('a place that is never given back is not lost for ever', async () => {
    const clock = new SteppedClock()
    const judge = held()
    const guard = steady(judgeOf({ most_open: 1 }), judge.ask, clock)
    void guard(question('dropped by the platform'), unfired())
    await settle()
    clock.ms += 2000
    void guard(question('next'), unfired())
    await settle()
    expect(judge.put).toEqual(['dropped by the platform', 'next'])
  })
})

describe('a memory', () => {
  const cache = { seconds: 60, most: 2 }

  it('answers what was asked before, for so long, and says that nobody was asked', async () => {
    const clock = new SteppedClock()
    const judge = saying(bad, clear)
    const guard = steady(judgeOf({ cache }), judge.ask, clock)
    expect(await guard(question(), unfired())).toEqual(bad)
    clock.ms += 59_999
    const opinions = [{ category: 'weapons', score: 0.9 }]
    expect(await guard(question('words', { id: 9, start: 7, end: 12 }), unfired())).toEqual({
      kind: 'opinions',
      opinions,
      calls: 0,
    })
    clock.ms += 1
    expect(await guard(question(), unfired())).toEqual(clear)
    expect(judge.calls).toBe(2)
  })

  it.each([
    ['text', question('other')],
    ['context', question('words', { context: 'before' })],
    ['prompt', question('words', { prompt: 'asked' })],
    ['image', question('words', { images: ['data:,'] })],
    ['kind of channel', question('words', { channel: { name: 'prompt', scope: '0', kind: 'prompt' } })],
  ])('does not take another %s for the same', async (_, other) => {
    const judge = saying(bad, clear)
    const guard = steady(judgeOf({ cache }), judge.ask, new SteppedClock())
    await guard(question(), unfired())
    expect(await guard(other, unfired())).toEqual(clear)
  })

  it('never remembers a fault', async () => {
    const judge = saying(busy(), { kind: 'fault', fault: 'unreadable', detail: '' }, clear)
    const guard = steady(judgeOf({ cache }), judge.ask, new SteppedClock())
    expect(await guard(question(), unfired())).toMatchObject({ kind: 'fault', fault: 'busy' })
    expect(await guard(question(), unfired())).toMatchObject({ kind: 'fault', fault: 'unreadable' })
    expect(await guard(question(), unfired())).toEqual(clear)
  })

  it('keeps so many, and those that were asked for last', async () => {
    const judge = saying(clear, clear, clear, clear)
    const guard = steady(judgeOf({ cache }), judge.ask, new SteppedClock())
    for (const text of ['a', 'b', 'a', 'c', 'a']) await guard(question(text), unfired())
    expect(judge.calls).toBe(3)
    await guard(question('b'), unfired())
    expect(judge.calls).toBe(4)
  })

  it('is off unless asked for', async () => {
    const judge = saying(clear, clear)
    const guard = steady(judgeOf({}), judge.ask, new SteppedClock())
    await guard(question(), unfired())
    await guard(question(), unfired())
    expect(judge.calls).toBe(2)
  })
})
