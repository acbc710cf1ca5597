/** What becomes of questions to judges: in time or a fault, a few at once, counted, and left alone when nobody waits for them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Asking } from '../../src/flow/asking.ts'
import { Desk } from '../../src/flow/desk.ts'
import type { Topic } from '../../src/flow/topic.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, AskJudge, Inquiry, Question } from '../../src/terms/judge.ts'

const plan = createPlan({
  settings: { hold: { most_ms: 1000 } },
  judges: { guard: { timeout_ms: 100 } },
  rules: [{ id: 'r', judge: 'guard', action: 'cut' }],
})

const inquiry = (id: number, text = 'words', scope = '0', kind: 'answer' | 'prompt' = 'answer'): Inquiry => ({
  id,
  judge: 'guard',
  channel: { name: kind, scope, kind },
  start: 0,
  end: text.length,
  text,
  context: '',
})

function askingOf(guard: AskJudge | undefined, { most = 100, topic = {} as Topic, desk = new Desk(most) } = {}) {
  const asking = new Asking({ plan, ...(guard && { judges: { guard } }) }, desk, topic)
  return { asking, desk }
}

const clear: Answer = { kind: 'opinions', opinions: [] }
const never: AskJudge = () => new Promise(() => {})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** All that comes of so many questions. */
async function answersOf(guard: AskJudge | undefined, ms = 0): Promise<Answer[]> {
  const { asking } = askingOf(guard)
  asking.ask([inquiry(0)])
  await vi.advanceTimersByTimeAsync(ms)
  return asking.take().map(({ answer }) => answer)
}

describe('what is no answer is a fault', () => {
  const bad =
    (opinion: object): AskJudge =>
    async () =>
      ({ kind: 'opinions', opinions: [opinion] }) as unknown as Answer
  it.each([
    ['nobody to ask', undefined, 'refused', /nobody knows/],
    [
      'an asker that throws at once',
      () => {
        throw new TypeError('secret words')
      },
      'busy',
      /^TypeError$/,
    ],
    ['an asker that rejects', () => Promise.reject(new Error('secret words')), 'busy', /^Error$/],
    ['JSON that is none', async () => JSON.parse('secret words') as Answer, 'unreadable', /not JSON/],
    ['nothing', async () => undefined as unknown as Answer, 'unreadable', /no answer/],
    ['another word', async () => ({ kind: 'pass' }) as unknown as Answer, 'unreadable', /no answer/],
    [
      'a fault of an unknown kind',
      async () => ({ kind: 'fault', fault: 'tired', detail: '' }) as unknown as Answer,
      'unreadable',
      /no answer/,
    ],
    ['an opinion without a name', bad({ score: 1 }), 'unreadable', /no answer/],
    ['a score that is none', bad({ category: 'a', score: Number.NaN }), 'unreadable', /no answer/],
    ['a score in words', bad({ category: 'a', score: '0.9' }), 'unreadable', /no answer/],
    ['a place beyond the text', bad({ category: 'a', span: { start: 3, end: 6 } }), 'unreadable', /no answer/],
    ['a place before the text', bad({ category: 'a', span: { start: -1, end: 2 } }), 'unreadable', /no answer/],
    ['a place of nothing', bad({ category: 'a', span: { start: 2, end: 2 } }), 'unreadable', /no answer/],
    ['silence', never, 'timeout', /within 100 ms/],
  ] as [string, AskJudge | undefined, string, RegExp][])('%s', async (_, guard, fault, detail) => {
    expect(await answersOf(guard, 100)).toMatchObject([{ kind: 'fault', fault, detail: expect.stringMatching(detail) }])
  })

  it('what comes after the time was over is not heard, and the judge was told that it was over', async () => {
    let late: ((answer: Answer) => void) | undefined
    let reason: unknown
    const { asking } = askingOf((_, signal) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason
      })
      return new Promise((resolve) => {
        late = resolve
      })
    })
    asking.ask([inquiry(0)])
    await vi.advanceTimersByTimeAsync(100)
    expect(asking.take()).toHaveLength(1)
    expect((reason as DOMException).name).toBe('TimeoutError')
    late?.(clear)
    await vi.advanceTimersByTimeAsync(0)
    expect(asking.take()).toEqual([])
    expect(asking.isIdle).toBe(true)
  })
})

describe('how many, and how long', () => {
  it('four at once, the others in their order, and what two texts ask counts together', async () => {
    const put: string[] = []
    const answers: (() => void)[] = []
    const guard: AskJudge = ({ text }) =>
      new Promise((resolve) => {
        put.push(text)
        answers.push(() => resolve(clear))
      })
    const { asking, desk } = askingOf(guard)
    const { asking: other } = askingOf(guard, { desk })
    asking.ask([inquiry(0, 'a'), inquiry(1, 'b'), inquiry(2, 'c')])
    other.ask([inquiry(0, 'd'), inquiry(1, 'e'), inquiry(2, 'f')])
    expect(put).toEqual(['a', 'b', 'c', 'd'])
    answers[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(put).toEqual(['a', 'b', 'c', 'd', 'e'])
    other.stop()
    asking.ask([inquiry(3, 'g'), inquiry(4, 'h')])
    expect(put).toEqual(['a', 'b', 'c', 'd', 'e', 'g', 'h'])
  })

  it('who looks on has one place of its own, and takes none from whoever rules', async () => {
    const put: string[] = []
    const guard: AskJudge = ({ text }) => {
      put.push(text)
      return new Promise(() => {})
    }
    const { asking: onlooker } = askingOf(guard, { desk: Desk.onlookers(100) })
    const { asking } = askingOf(guard)
    onlooker.ask([inquiry(0, 'a'), inquiry(1, 'b')])
    asking.ask(['c', 'd', 'e', 'f', 'g'].map((text, id) => inquiry(id, text)))
    expect(put).toEqual(['a', 'c', 'd', 'e', 'f'])
  })

  it('the time of the text runs while a question waits for its turn', async () => {
    const { asking } = askingOf(
      (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    asking.ask(Array.from({ length: 50 }, (_, id) => inquiry(id)))
    await vi.advanceTimersByTimeAsync(1000)
    const answers = asking.take()
    expect(answers).toHaveLength(50)
    for (const { answer } of answers) expect(answer).toMatchObject({ kind: 'fault', fault: 'timeout' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('no timer is left behind by what stopped, was dropped or answered', async () => {
    const { asking } = askingOf(({ id }) => (id === 0 ? Promise.resolve(clear) : new Promise(() => {})))
    asking.ask([inquiry(0), inquiry(1), inquiry(2, 'words', '1'), inquiry(3), inquiry(4), inquiry(5), inquiry(6)])
    await vi.advanceTimersByTimeAsync(0)
    asking.keep(({ channel }) => channel.scope !== '1')
    expect(vi.getTimerCount()).toBe(5)
    asking.stop()
    expect(vi.getTimerCount()).toBe(0)
    asking.ask([inquiry(7)])
    expect(vi.getTimerCount()).toBe(0)
    await asking.answered()
  })

  it('beyond what an exchange may ask, each question is a fault, told and never thrown', async () => {
    let calls = 0
    const guard: AskJudge = async () => {
      calls++
      return clear
    }
    const { asking, desk } = askingOf(guard, { most: 2 })
    asking.ask([inquiry(0), inquiry(1), inquiry(2)])
    await asking.answered()
    await vi.advanceTimersByTimeAsync(0)
    const answers = new Map(asking.take().map(({ id, answer }) => [id, answer]))
    expect(answers.get(2)).toMatchObject({ kind: 'fault', fault: 'busy' })
    expect([answers.get(0), answers.get(1)]).toEqual([clear, clear])
    expect(calls).toBe(2)
    expect(desk.bill.total).toMatchObject({ inquiries: 2, calls: 2 })
  })
})

describe('what it costs', () => {
  it('is counted for each judge and for all: inquiries, units, calls, milliseconds, tokens, faults', async () => {
    const guard: AskJudge = ({ id }) =>
      new Promise((resolve) =>
        setTimeout(() => {
          if (id === 0) resolve({ ...clear, tokens: 7 } as Answer)
          else if (id === 1) resolve({ ...clear, calls: 0 } as Answer)
          else resolve({ kind: 'fault', fault: 'busy', detail: '', calls: 2, tokens: 1 })
        }, 10),
      )
    const { asking, desk } = askingOf(guard)
    asking.ask([inquiry(0, 'four'), inquiry(1, 'nine nine'), inquiry(2, '')])
    await vi.advanceTimersByTimeAsync(10)
    const cost = { inquiries: 3, units: 13, calls: 3, waited_ms: 30, tokens: 8, faults: 1 }
    expect(desk.bill.total).toEqual({ ...cost, each: { guard: cost } })
  })

  it('counts what nobody waited for any more: it was asked all the same', async () => {
    const { asking, desk } = askingOf(never)
    asking.ask([0, 1, 2, 3, 4].map((id) => inquiry(id)))
    await vi.advanceTimersByTimeAsync(20)
    asking.stop()
    expect(desk.bill.total).toMatchObject({ inquiries: 5, calls: 4, waited_ms: 100, tokens: null, faults: 0 })
  })
})

describe('what a judge is told beside the text', () => {
  const told = async (about: Inquiry): Promise<Question> => {
    let question: Question | undefined
    const topic = { prompt: 'asked', images: ['data:image/png;base64,AA=='] }
    const { asking } = askingOf(
      async (given) => {
        question = given
        return clear
      },
      { topic },
    )
    asking.ask([about])
    await vi.advanceTimersByTimeAsync(0)
    return question as Question
  }

  it('of an answer: what was asked', async () => {
    expect(await told(inquiry(0))).toEqual({ ...inquiry(0), prompt: 'asked' })
  })

  it('of a prompt: its images, once', async () => {
    const about = inquiry(0, 'words', '0', 'prompt')
    expect(await told(about)).toEqual({ ...about, images: ['data:image/png;base64,AA=='] })
    const later = { ...about, start: 5, end: 10 }
    expect(await told(later)).toEqual(later)
  })
})
