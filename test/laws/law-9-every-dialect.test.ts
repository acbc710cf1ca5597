/** Law 9 in every protocol: the reader's leaving, a cut, a reset and a lawful end are each noticed, once, and end what they should. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPlan } from '../../src/policy/plan.ts'
import { dialects } from '../../src/wire/index.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import { courseOf } from './course.ts'
import { type Speaker, someWords, speakers } from './speakers.ts'
import type { After } from './upstream.ts'

const secret = 'zyxwv'
const plan = createPlan({ rules: [{ id: 'secret', action: 'cut', words: { terms: [secret] } }] })

/** @param reads how often the reader reads before it leaves; it stays where that is left out. */
const course = (speaker: Speaker, pieces: readonly string[], after: After, reads?: number) =>
  courseOf(speaker, pieces, after, { plan, ...(reads !== undefined && { reads }) })

const someSpeaker = fc.constantFrom(...Object.values(speakers))

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
