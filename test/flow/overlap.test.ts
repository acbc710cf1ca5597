/** A prompt's judges think while the upstream works: nothing of the answer shows before they have cleared it, and the outcome is no other. */
import { describe, expect, it } from 'vitest'
import { guardExchange } from '../../src/flow/index.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, JudgeAskers, Question } from '../../src/terms/judge.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { type Speaker, speakers } from '../laws/speakers.ts'
import { until } from './upstream.ts'

const clear: Answer = { kind: 'opinions', opinions: [] }
const agreed: Answer = { kind: 'opinions', opinions: [{ category: 'weapons' }] }
const fault: Answer = { kind: 'fault', fault: 'busy', detail: 'down' }

const planOf = (overlap = true, rules: object[] = [], judge: object = {}): Plan =>
  createPlan({
    settings: { prompt: { overlap } },
    judges: { guard: { stretch: 'whole', timeout_ms: 5000, ...judge } },
    rules: [{ id: 'judged', judge: 'guard', channels: ['prompt'], action: 'cut' }, ...rules] as never,
  })

/** Everything that could happen by itself has happened. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
}

interface Asked {
  readonly question: Question
  readonly signal: AbortSignal
  answer(answer: Answer): void
}

/** An exchange both of whose sides are in the test's hand. */
class Staged {
  readonly trails: Trail[] = []
  readonly work: Promise<unknown>[] = []
  readonly asked: Asked[] = []
  readonly leaving = new AbortController()
  called = 0
  /** What was taken from the upstream. */
  taken = 0
  aborted = false
  answered = false
  readonly response: Promise<Response>
  readonly #pieces: (Uint8Array | 'end' | 'reset')[] = []
  #headers = (_: Response): void => {}
  #unreachable = (_: Error): void => {}
  #more = (): void => {}

  constructor(plan: Plan, speaker: Speaker, body: object = speaker.body) {
    const guard: JudgeAskers['guard'] = (question, signal) =>
      new Promise((resolve) => {
        this.asked.push({ question, signal, answer: resolve })
      })
    this.response = guardExchange({
      request: { method: 'POST', url: `http://sluice.example${speaker.path}`, body: new Response(JSON.stringify(body)).body },
      plan,
      judges: { guard, other: guard },
      signal: this.leaving.signal,
      waitUntil: (promise) => this.work.push(promise),
      onEnd: (trail) => this.trails.push(trail),
      call: (_, signal) => {
        this.called++
        signal.addEventListener('abort', () => {
          this.aborted = true
          this.#unreachable(new Error('aborted'))
        })
        return new Promise((resolve, reject) => {
          this.#headers = resolve
          this.#unreachable = reject
        })
      },
    })
    this.response.then(
      () => {
        this.answered = true
      },
      () => {},
    )
  }

  /** The upstream's headers come. */
  headers(type: string, status = 200, body?: string): void {
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          while (this.#pieces.length === 0) {
            await new Promise<void>((resolve) => {
              this.#more = resolve
            })
          }
          const piece = this.#pieces.shift() as Uint8Array | 'end' | 'reset'
          if (piece === 'end') controller.close()
          else if (piece === 'reset') controller.error(new Error('reset'))
          else {
            this.taken += piece.length
            controller.enqueue(piece)
          }
        },
        cancel: () => {
          this.aborted = true
        },
      },
      { highWaterMark: 0 },
    )
    this.#headers(new Response(body ?? stream, { status, headers: { 'content-type': type, 'x-request-id': 'upstreams-own' } }))
  }

  send(...pieces: (string | 'end' | 'reset')[]): void {
    for (const piece of pieces) this.#pieces.push(piece === 'end' || piece === 'reset' ? piece : new TextEncoder().encode(piece))
    this.#more()
  }

  unreachable(): void {
    this.#unreachable(new Error('refused'))
  }

  get judge(): Asked {
    return this.asked[0] as Asked
  }
}

/** What a client makes out of a response, but for the names of the exchange. */
async function told(response: Response): Promise<object> {
  const headers = [...response.headers].filter(([name]) => name !== 'x-sluice-id')
  const body = (await response.text())
    .replace(/"(?:created(?:_at)?|completed_at)":\d+/g, '"at"')
    .replace(/"(?:id|item_id|responseId)":"[^"]*"/g, '"id"')
  return { status: response.status, headers, body }
}

const all = Object.entries(speakers)
const said = ({ opening, says }: Speaker): string[] => [...opening, says('All is '), says('well.')]

describe.each(all)('%s', (_, speaker) => {
  const whole = [...said(speaker), ...speaker.ending]

  it.each(['before the headers', 'before the first frame', 'in the middle', 'after the end'])(
    'an answer that the judge clears %s leaves as it came, and not before',
    async (when) => {
      const staged = new Staged(planOf(), speaker)
      await until(() => staged.asked.length === 1)
      expect(staged.called).toBe(1)
      const steps: [string, () => void][] = [
        ['before the headers', () => staged.headers(speaker.type)],
        ['before the first frame', () => staged.send(...said(speaker))],
        ['in the middle', () => staged.send(...speaker.ending, 'end')],
        ['after the end', () => {}],
      ]
      for (const [point, goOn] of steps) {
        await quiet()
        if (point === when) staged.judge.answer(clear)
        else if (steps.findIndex(([name]) => name === when) > steps.findIndex(([name]) => name === point))
          expect(staged.answered).toBe(false)
        goOn()
      }
      const response = await staged.response
      expect(await response.text()).toBe(whole.join(''))
      await Promise.all(staged.work)
      expect(staged.trails).toMatchObject([{ exit: 'done', verdict: 'clear', faults: [], frames: { touched: 0 } }])
    },
  )

  it.each(['before the headers', 'after the headers', 'in the middle', 'after the end'])(
    'a block %s ends the call, nothing of the upstream shows, and the client is told what it would be told without it',
    async (when) => {
      const alone = new Staged(planOf(false), speaker)
      await until(() => alone.asked.length === 1)
      alone.judge.answer(agreed)
      const expected = await told(await alone.response)
      expect(alone.called).toBe(0)

      const staged = new Staged(planOf(), speaker)
      await until(() => staged.asked.length === 1)
      if (when !== 'before the headers') staged.headers(speaker.type)
      if (when === 'in the middle') staged.send(...said(speaker))
      if (when === 'after the end') staged.send(...whole, 'end')
      await quiet()
      staged.judge.answer(agreed)
      const response = await staged.response
      expect(response.headers.get('x-request-id')).toBeNull()
      expect(await told(response)).toEqual(expected)
      await quiet()
      expect(staged.aborted).toBe(true)
      await Promise.all(staged.work)
      expect(staged.trails).toMatchObject([{ exit: 'blocked', verdict: 'block', faults: [], cuts: [{ by: ['judged'] }] }])
      expect(staged.trails[0]?.units.released).toBe(0)
    },
  )

  it.each([
    ['cannot be reached', (staged: Staged) => staged.unreachable()],
    ['refuses', (staged: Staged) => staged.headers('application/json', 429, '{"error":{"message":"slow down"}}')],
    [
      'is reset in the middle',
      (staged: Staged) => {
        staged.headers(speaker.type)
        staged.send(...said(speaker), 'reset')
      },
    ],
    [
      'answers with a page',
      (staged: Staged) => {
        staged.headers('text/html', 502, '<html>')
      },
    ],
  ])('an upstream that %s while the judge thinks: the prompt counts first', async (_what, fail) => {
    const alone = new Staged(planOf(false), speaker)
    await until(() => alone.asked.length === 1)
    alone.judge.answer(clear)
    await until(() => alone.called === 1)
    fail(alone)
    const expected = await told(await alone.response)
    await Promise.all(alone.work)

    const staged = new Staged(planOf(), speaker)
    await until(() => staged.asked.length === 1)
    fail(staged)
    await quiet()
    expect(staged.answered).toBe(false)
    expect(staged.trails).toEqual([])
    staged.judge.answer(clear)
    expect(await told(await staged.response)).toEqual(expected)
    await Promise.all(staged.work)
    expect(staged.trails.map(({ exit, faults, verdict }) => ({ exit, faults, verdict }))).toEqual(
      alone.trails.map(({ exit, faults, verdict }) => ({ exit, faults, verdict })),
    )

    const blocked = new Staged(planOf(), speaker)
    await until(() => blocked.asked.length === 1)
    fail(blocked)
    await quiet()
    blocked.judge.answer(agreed)
    await blocked.response
    await Promise.all(blocked.work)
    expect(blocked.trails).toMatchObject([{ exit: 'blocked', verdict: 'block', faults: [] }])
  })

  it('a judge that fails blocks, and the trail says fault; where the policy says so it lets pass, and the trail says fault', async () => {
    for (const on_fault of ['cut', 'forward'] as const) {
      const staged = new Staged(planOf(true, [], { on_fault }), speaker)
      await until(() => staged.asked.length === 1)
      staged.headers(speaker.type)
      staged.send(...whole, 'end')
      await quiet()
      staged.judge.answer(fault)
      const text = await (await staged.response).text()
      await Promise.all(staged.work)
      const exit = on_fault === 'cut' ? 'blocked' : 'done'
      expect(staged.trails).toMatchObject([{ exit, verdict: 'fault', faults: [{ code: 'judge_busy' }] }])
      if (on_fault === 'cut') expect(text).not.toContain('All is')
      else expect(text).toBe(whole.join(''))
      expect(staged.trails[0]?.leaked.unjudged).toBe(on_fault === 'cut' ? 0 : 2)
    }
  })

  it.each(['before the headers', 'after the headers', 'in the middle'])(
    'a reader that leaves %s, while the judge thinks: both calls end, once for the record, and for nobody a fault',
    async (when) => {
      const staged = new Staged(planOf(), speaker)
      await until(() => staged.asked.length === 1)
      if (when !== 'before the headers') staged.headers(speaker.type)
      if (when === 'in the middle') staged.send(...said(speaker))
      await quiet()
      staged.leaving.abort()
      await staged.response
      await Promise.all(staged.work)
      await quiet()
      expect(staged.judge.signal.aborted).toBe(true)
      expect(staged.aborted).toBe(true)
      staged.judge.answer(agreed)
      await quiet()
      expect(staged.trails).toMatchObject([{ exit: 'client_left', faults: [] }])
    },
  )

  it('waits with the call where a rule would mask the prompt', async () => {
    const masking = [{ id: 'mask', words: { terms: ['nightjar'] }, channels: ['prompt'], action: 'mask', with: '*' }]
    const staged = new Staged(planOf(true, masking), speaker)
    await until(() => staged.asked.length === 1)
    await quiet()
    expect(staged.called).toBe(0)
    staged.judge.answer(clear)
    await until(() => staged.called === 1)
  })

  it('what needs no judge is decided before any call', async () => {
    const words = [{ id: 'words', words: { terms: ['hi'] }, channels: ['prompt'], action: 'cut' }]
    const staged = new Staged(planOf(true, words), speaker)
    await staged.response
    expect([staged.called, staged.asked.length]).toEqual([0, 0])
    expect(staged.trails).toMatchObject([{ exit: 'blocked', cuts: [{ by: ['words'] }] }])
  })

  it('the judges of the answer are asked while that of the prompt still thinks, and a cut ends the call at once', async () => {
    const answers = [{ id: 'answers', judge: 'other', action: 'cut' }]
    const plan = createPlan({
      judges: { guard: { stretch: 'whole' }, other: { stretch: { first: 5, grow_to: 5 } } },
      rules: [{ id: 'judged', judge: 'guard', channels: ['prompt'], action: 'cut' }, ...answers] as never,
    })
    const staged = new Staged(plan, speaker)
    await until(() => staged.asked.length === 1)
    staged.headers(speaker.type)
    staged.send(...speaker.opening, speaker.says('All is well. '), speaker.says('Truly.'))
    await until(() => staged.asked.length > 1)
    for (const { question, answer } of staged.asked.slice(1)) {
      expect(question).toMatchObject({ judge: 'other', prompt: 'hi' })
      answer(agreed)
    }
    await until(() => staged.aborted)
    expect(staged.answered).toBe(false)
    staged.judge.answer(clear)
    const text = await (await staged.response).text()
    expect(text).not.toMatch(/All is|well/)
    await Promise.all(staged.work)
    expect(staged.trails).toMatchObject([{ exit: 'cut', cuts: [{ by: ['answers'] }] }])
  })
})

const chat = speakers['chat'] as Speaker

describe('beside a prompt that is judged', () => {
  it('a whole body waits as well', async () => {
    const body = JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: 'All is well.' }, finish_reason: 'stop' }],
    })
    for (const verdict of [clear, agreed]) {
      const staged = new Staged(planOf(), chat, { ...chat.body, stream: false })
      await until(() => staged.asked.length === 1)
      staged.headers('application/json', 200, body)
      await quiet()
      expect(staged.answered).toBe(false)
      staged.judge.answer(verdict)
      const text = await (await staged.response).text()
      if (verdict === clear) expect(text).toBe(body)
      else expect(text).not.toContain('All is well')
      await Promise.all(staged.work)
      expect(staged.trails).toMatchObject([{ exit: verdict === clear ? 'done' : 'blocked' }])
    }
  })

  it('an upstream that says more than may wait is read no further until the judge has answered', async () => {
    const staged = new Staged(planOf(), chat)
    await until(() => staged.asked.length === 1)
    staged.headers(chat.type)
    const long = 'word '.repeat(20_000)
    const pieces = Array.from({ length: 100 }, () => chat.says(long))
    staged.send(...chat.opening, ...pieces, ...chat.ending, 'end')
    await quiet()
    const taken = staged.taken
    await quiet()
    expect(staged.taken).toBe(taken)
    expect(taken).toBeLessThan(5 * 1024 * 1024)
    staged.judge.answer(clear)
    expect(await (await staged.response).text()).toBe([...chat.opening, ...pieces, ...chat.ending].join(''))
  })
})
