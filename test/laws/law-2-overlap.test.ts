/** Law 2 for prompts that are judged beside the call: who is slow, and in what order things come, changes nothing of the outcome. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardExchange } from '../../src/flow/index.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, AskJudge } from '../../src/terms/judge.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { patience, runs } from '../generators/settings.ts'
import { type Speaker, speakers } from './speakers.ts'

/** So many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
}

interface Course {
  readonly prompt: string
  readonly words: readonly string[]
  readonly upstream: 'answers' | 'is reset' | 'refuses' | 'cannot be reached'
  readonly prompts: 'cut' | 'forward'
  /** How long each takes, in turns. */
  readonly judge: number
  readonly headers: number
  readonly frames: readonly number[]
}

const fault: Answer = { kind: 'fault', fault: 'busy', detail: 'down' }

/** Finds `bad`, fails over `odd`. */
const judging =
  (slow: number): AskJudge =>
  async ({ text }) => {
    await turns(slow)
    return text.includes('odd') ? fault : { kind: 'opinions', opinions: text.includes('bad') ? [{ category: 'bad' }] : [] }
  }

function planOf(overlap: boolean, { prompts }: Course) {
  return createPlan({
    settings: { prompt: { overlap } },
    judges: {
      door: { stretch: 'whole', timeout_ms: 60_000, on_fault: prompts },
      room: { stretch: { first: 5, grow_to: 5 }, timeout_ms: 60_000 },
    },
    rules: [
      { id: 'asked', judge: 'door', channels: ['prompt'], action: 'cut' },
      { id: 'word', words: { terms: ['never'] }, channels: ['prompt'], action: 'cut' },
      { id: 'said', judge: 'room', action: 'cut' },
      { id: 'mask', words: { terms: ['hide'] }, action: 'mask', with: '***' },
    ],
  })
}

function requestOf({ dialect, body }: Speaker, prompt: string): object {
  const known = JSON.stringify(body)
  expect(known, dialect).toContain('"hi"')
  return JSON.parse(known.replace('"hi"', JSON.stringify(prompt)))
}

function bodyOf(pieces: readonly string[], { frames, upstream }: Course): ReadableStream<Uint8Array> {
  const left = [...pieces]
  let at = 0
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        await turns(frames[at++ % frames.length] as number)
        const piece = left.shift()
        if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece))
        else if (upstream === 'is reset') {
          // What was said by then is decided: what was not would depend on who is slow.
          await turns(8)
          controller.error(new Error('reset'))
        } else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

async function outcome(speaker: Speaker, course: Course, overlap: boolean): Promise<object> {
  const trails: Trail[] = []
  const work: Promise<unknown>[] = []
  const said = [...speaker.opening, ...course.words.map(speaker.says)]
  const pieces = course.upstream === 'is reset' ? said : [...said, ...speaker.ending]
  const response = await guardExchange({
    request: {
      method: 'POST',
      url: `http://sluice.example${speaker.path}`,
      body: new Response(JSON.stringify(requestOf(speaker, course.prompt))).body,
    },
    plan: planOf(overlap, course),
    judges: { door: judging(course.judge), room: judging(course.frames[0] as number) },
    waitUntil: (promise) => work.push(promise),
    onEnd: (trail) => trails.push(trail),
    call: async (_, signal) => {
      await turns(course.headers)
      signal.throwIfAborted()
      if (course.upstream === 'cannot be reached') throw new Error('unreachable')
      if (course.upstream === 'refuses') return Response.json({ error: { message: 'slow down' } }, { status: 429 })
      return new Response(bodyOf(pieces, course), { headers: { 'content-type': speaker.type } })
    },
  })
  const text = await response.text()
  await Promise.all(work)
  expect(trails).toHaveLength(1)
  const { exit, verdict, findings, cuts, faults, leaked, units } = trails[0] as Trail
  // Frames are divided where text left, and what a blocked answer was is nobody's business.
  const read = [...text.matchAll(/"(?:content|text|delta)":"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) => piece).join('')
  const blocked = exit === 'blocked'
  const released = blocked ? 0 : units.released
  return {
    status: response.status,
    read,
    exit,
    verdict,
    findings,
    cuts,
    faults: faults.map(({ code }) => code),
    leaked,
    released,
  }
}

const someCourse: fc.Arbitrary<Course> = fc.record({
  prompt: fc.constantFrom('hello', 'hello', 'something bad', 'something odd', 'never'),
  words: fc.array(fc.constantFrom('All is well. ', 'So it is. ', 'hide me. ', 'bad luck. ', 'odd luck. '), {
    minLength: 1,
    maxLength: 5,
  }),
  upstream: fc.constantFrom('answers', 'answers', 'answers', 'is reset', 'refuses', 'cannot be reached'),
  prompts: fc.constantFrom('cut', 'forward'),
  // Beside all the upstream may take, or within it.
  judge: fc.oneof(fc.nat(8), fc.constant(60)),
  headers: fc.nat(4),
  frames: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
})

describe('law 2 with a prompt that is judged beside the call', () => {
  test(
    'the outcome is that of asking one after the other',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...Object.values(speakers)), someCourse, async (speaker, course) => {
          expect(await outcome(speaker, course, true)).toEqual(await outcome(speaker, course, false))
        }),
        runs(80),
      )
    },
    patience,
  )
})
