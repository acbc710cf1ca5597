/** Law 9 in every protocol: the reader's leaving, a cut, a reset and a lawful end are each noticed, once, and end what they should. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardExchange } from '../../src/flow/index.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { dialects } from '../../src/wire/index.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import { type Speaker, speakers } from './speakers.ts'
import { type After, bodyOf } from './upstream.ts'

const secret = 'zyxwv'
const plan = createPlan({ rules: [{ id: 'secret', action: 'cut', words: { terms: [secret] } }] })

interface Course {
  readonly trails: readonly Trail[]
  readonly text: string
  readonly aborted: boolean
}

/** @param reads how often the reader reads before it leaves; it stays where that is left out. */
async function course(speaker: Speaker, pieces: readonly string[], after: After, reads?: number): Promise<Course> {
  const trails: Trail[] = []
  const work: Promise<unknown>[] = []
  let asked: AbortSignal | undefined
  const body = bodyOf(
    pieces.map((piece) => new TextEncoder().encode(piece)),
    after,
  )
  const response = await guardExchange({
    request: {
      method: 'POST',
      url: `http://sluice.example${speaker.path}`,
      body: new Response(JSON.stringify(speaker.body)).body,
    },
    plan,
    waitUntil: (promise) => work.push(promise),
    onEnd: (trail) => trails.push(trail),
    call: async (_body, signal) => {
      asked = signal
      return new Response(body, { headers: { 'content-type': speaker.type } })
    },
  })
  let text = ''
  if (reads === undefined) text = await response.text()
  else {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    for (let turn = 0; turn < reads; turn++) text += new TextDecoder().decode((await reader.read()).value)
    await reader.cancel('enough')
  }
  await Promise.all(work)
  return { trails, text, aborted: asked?.aborted ?? false }
}

const someSpeaker = fc.constantFrom(...Object.values(speakers))
const someWords = fc.array(fc.constantFrom('one ', 'two ', 'three, ', '四'), { minLength: 1, maxLength: 5 })

describe('law 9 in every protocol', () => {
  test('each has a speaker here', () => {
    expect(new Set(Object.values(speakers).map(({ dialect }) => dialect))).toEqual(new Set(dialects.map(({ name }) => name)))
  })

  test(
    'a reader that leaves ends the call, and the record says so',
    async () => {
      await fc.assert(
        fc.asyncProperty(someSpeaker, someWords, async (speaker, words) => {
          const pieces = [...speaker.opening, ...words.map(speaker.says)]
          const { trails, aborted } = await course(speaker, pieces, 'hang', 1)
          expect(trails.map(({ exit }) => exit)).toEqual(['client_left'])
          expect(aborted).toBe(true)
        }),
        runs(60),
      )
    },
    patience,
  )

  test(
    'a cut ends the call while the upstream would go on, and nothing of what was cut leaves',
    async () => {
      await fc.assert(
        fc.asyncProperty(someSpeaker, someWords, somePlaces, async (speaker, words, places) => {
          const said = [...words, ...divide(secret, places)].map(speaker.says)
          const { trails, aborted, text } = await course(speaker, [...speaker.opening, ...said, speaker.says(' more')], 'hang')
          expect(trails.map(({ exit }) => exit)).toEqual(['cut'])
          expect(aborted).toBe(true)
          expect(text).not.toMatch(/[zyxwv]{2}/)
        }),
        runs(60),
      )
    },
    patience,
  )

  test(
    'an upstream that is reset is a failure, told in the protocol and once in the record',
    async () => {
      await fc.assert(
        fc.asyncProperty(someSpeaker, someWords, async (speaker, words) => {
          const pieces = [...speaker.opening, ...words.map(speaker.says)]
          const { trails, text } = await course(speaker, pieces, 'reset')
          expect(trails.map(({ exit }) => exit)).toEqual(['upstream_failed'])
          expect(text).toContain('error')
        }),
        runs(60),
      )
    },
    patience,
  )

  test(
    'a lawful end closes the record once, and every byte is as it came',
    async () => {
      await fc.assert(
        fc.asyncProperty(someSpeaker, someWords, async (speaker, words) => {
          const pieces = [...speaker.opening, ...words.map(speaker.says), ...speaker.ending]
          const { trails, text } = await course(speaker, pieces, 'close')
          expect(trails.map(({ exit, verdict }) => [exit, verdict])).toEqual([['done', 'clear']])
          expect(text).toBe(pieces.join(''))
        }),
        runs(60),
      )
    },
    patience,
  )
})
