/** Law 1: no unit of a span that a mask or cut rule finds is ever sent, in any field of any frame. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asMessages, bodyOf, spellBody } from '../generators/bodies.ts'
import { secretFrames, someSecretCase } from '../generators/carriers.ts'
import { someChatCase, textCase } from '../generators/cases.ts'
import { framesOf, onTheNetwork } from '../generators/frames.ts'
import { someLenientPolicy, somePatientPolicy, someTightPolicy } from '../generators/policies.ts'
import { leaks, secretCase, showsTrace, textWith } from '../generators/secrets.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import { tellText } from '../oracle/text.ts'
import { guardBody } from './guard.ts'
import { chatDialect, factsOf, finishesOf, guardChat, releasedBy, tellChat, withText } from './guard-chat.ts'
import { planOf } from './plan.ts'
import { readBody } from './read-chat.ts'
import { readText } from './read-text.ts'

describe('law 1: nothing leaks', () => {
  test(
    'from a text, wherever secrets stand in it and however it is cut',
    () => {
      const withText = secretCase.chain((secret) =>
        fc.record({ secret: fc.constant(secret), text: textWith(secret.secrets), places: somePlaces }),
      )
      fc.assert(
        fc.property(withText, ({ secret, text, places }) => {
          expect(showsTrace(readText(planOf(secret.policy), divide(text, places)).released)).toBe(false)
        }),
        runs(300),
      )
    },
    patience,
  )

  test(
    'from a stream, in whatever field and spelling secrets come',
    async () => {
      await fc.assert(
        fc.asyncProperty(someSecretCase, async ({ secret, stream, places }) => {
          const { bytes, reading } = await guardChat(
            planOf(secret.policy),
            factsOf(stream.chat),
            onTheNetwork(secretFrames(stream), places),
          )
          expect(leaks(bytes, reading.events)).toBe(false)
        }),
        runs(250),
      )
    },
    patience,
  )

  test(
    'what the reader gets of a text is what the policy means',
    () => {
      fc.assert(
        fc.property(
          fc.oneof(textCase(), textCase(someTightPolicy), textCase(someLenientPolicy), textCase(somePatientPolicy)),
          somePlaces,
          ({ policy, text }, places) => {
            const meant = tellText(policy, text)
            expect(readText(planOf(policy), divide(text, places)).released).toBe(meant.released)
          },
        ),
        runs(300),
      )
    },
    patience,
  )

  test(
    'what the reader gets of a stream is what the policy means',
    async () => {
      await fc.assert(
        fc.asyncProperty(someChatCase, async ({ policy, chat, style, places }) => {
          const meant = tellChat(policy, chat)
          const { reading, trail } = await guardChat(planOf(policy), factsOf(chat), onTheNetwork(framesOf(chat, style), places))
          expect(trail.faults).toEqual([])
          expect(withText(reading.said)).toEqual(releasedBy(meant))
          expect(reading.finishes).toEqual(finishesOf(meant, chat.choices))
          expect([reading.dones, reading.afterDone]).toEqual([1, 0])
        }),
        runs(200),
      )
    },
    patience,
  )

  test(
    'what the reader gets of a whole body is what the policy means, and clean bodies are the very same',
    async () => {
      await fc.assert(
        fc.asyncProperty(someChatCase, async ({ policy, chat, style }) => {
          const messages = asMessages(chat)
          const meant = tellChat(policy, { ...chat, chunks: [messages] })
          const sent = spellBody(bodyOf(messages), style.escaped)
          const { bytes, trail } = await guardBody(chatDialect, planOf(policy), factsOf(chat), sent)
          const { said, finishes } = readBody(bytes)
          expect(withText(said)).toEqual(releasedBy(meant))
          expect(finishes).toEqual(finishesOf(meant, chat.choices))
          if (trail.verdict === 'clear') expect(bytes).toEqual(sent)
        }),
        runs(150),
      )
    },
    patience,
  )
})
