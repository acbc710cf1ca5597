/** A policy that only looks on changes nothing, and its record is the one it would have written had it ruled. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dialect, RequestFacts } from '../../src/terms/dialect.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Trail, TrailShadow } from '../../src/terms/trail.ts'
import { dialectFor } from '../../src/wire/index.ts'
import { asMessages, bodyOf, spellBody } from '../generators/bodies.ts'
import { chatCase } from '../generators/cases.ts'
import { framesOf, onTheNetwork } from '../generators/frames.ts'
import { geminiFrames, geminiMessages, someGemini, someGeminiStyle } from '../generators/gemini.ts'
import { messageCase, spelled, streamOf } from '../generators/messages.ts'
import { everyPolicy } from '../generators/policies.ts'
import { responsesEvents, responsesFrames, someResponses, someResponsesStyle } from '../generators/responses.ts'
import { patience, runs } from '../generators/settings.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { guardBody, guardStream } from './guard.ts'
import { chatDialect, factsOf } from './guard-chat.ts'
import { geminiFacts } from './guard-gemini.ts'
import { responsesFacts } from './guard-responses.ts'
import { planOf } from './plan.ts'

interface SomeStream {
  readonly policy: OraclePolicy
  readonly dialect: Dialect
  readonly facts: RequestFacts
  readonly pieces: readonly Uint8Array[]
}

const somePlaces = fc.array(fc.nat(100_000), { maxLength: 6 })
const dialectAt = (path: string): Dialect => dialectFor('POST', path) as Dialect

/** Where text is signed and calls come in pieces; where a text comes again; where candidates speak by turns. */
const others: readonly (readonly [string, fc.Arbitrary<SomeStream>])[] = [
  [
    'messages',
    messageCase(everyPolicy).map(({ policy, message, style, places }) => ({
      policy,
      dialect: dialectAt('/v1/messages'),
      facts: { stream: true, scopes: 1, json: message.json, usage: true, model: 'm-9' },
      pieces: onTheNetwork(spelled(streamOf(message), style), places),
    })),
  ],
  [
    'responses',
    everyPolicy.chain((policy) =>
      fc
        .record({ script: someResponses(policy), style: someResponsesStyle, places: somePlaces })
        .map(({ script, style, places }) => ({
          policy,
          dialect: dialectAt('/v1/responses'),
          facts: responsesFacts(script),
          pieces: onTheNetwork(
            responsesFrames(
              responsesEvents(script, style).map(({ event }) => event),
              style,
            ),
            places,
          ),
        })),
    ),
  ],
  [
    'candidates',
    everyPolicy.chain((policy) =>
      fc.record({ script: someGemini(policy), style: someGeminiStyle, places: somePlaces }).map(({ script, style, places }) => ({
        policy,
        dialect: dialectAt('/v1beta/models/m:generateContent'),
        facts: geminiFacts(script, style),
        pieces: onTheNetwork(
          geminiFrames(geminiMessages(script, style), style).map((bytes) => ({ bytes })),
          places,
        ),
      })),
    ),
  ],
]

const idle = planOf({ rules: [] })

function asShadow({
  policy,
  verdict,
  findings,
  findings_dropped,
  cuts,
  faults,
  units,
  leaked,
  held,
  judges,
}: Trail): TrailShadow {
  return { policy, verdict, findings, findings_dropped, cuts, faults, units, leaked, held, judges, whole: true }
}

describe('a policy in the shadow of another', () => {
  test(
    'finds, cuts and holds in a chat stream what it would have found, cut and held',
    async () => {
      await fc.assert(
        fc.asyncProperty(chatCase(everyPolicy), everyPolicy, async ({ policy, chat, style, places }, other) => {
          const [ruling, looking] = [planOf(other), planOf(policy)]
          const pieces = onTheNetwork(framesOf(chat, style), places)
          const guard = (plan: Plan, shadow?: Plan) => guardStream(chatDialect, plan, factsOf(chat), pieces, shadow)
          const [alone, watched] = [await guard(ruling), await guard(ruling, looking)]
          expect(watched.bytes).toEqual(alone.bytes)
          expect({ ...watched.trail, id: '', ms: null, shadow: null }).toEqual({ ...alone.trail, id: '', ms: null, shadow: null })
          const ruled = await guard(looking)
          expect((await guard(idle, looking)).trail.shadow).toEqual(asShadow(ruled.trail))
        }),
        runs(100),
      )
    },
    patience,
  )

  test.each([...others])(
    'and in a stream of %s',
    async (_, someStream) => {
      await fc.assert(
        fc.asyncProperty(someStream, async ({ policy, dialect, facts, pieces }) => {
          const looking = planOf(policy)
          const guard = (plan: Plan, shadow?: Plan) => guardStream(dialect, plan, facts, pieces, shadow)
          const watched = await guard(idle, looking)
          expect(watched.bytes).toEqual((await guard(idle)).bytes)
          expect(watched.trail.shadow).toEqual(asShadow((await guard(looking)).trail))
        }),
        runs(100),
      )
    },
    patience,
  )

  test(
    'and in a whole body',
    async () => {
      await fc.assert(
        fc.asyncProperty(chatCase(everyPolicy), async ({ policy, chat, style }) => {
          const looking = planOf(policy)
          const body = spellBody(bodyOf(asMessages(chat)), style.escaped)
          const guard = (plan: Plan, shadow?: Plan) => guardBody(chatDialect, plan, factsOf(chat), body, shadow)
          const watched = await guard(idle, looking)
          expect(watched.bytes).toEqual((await guard(idle)).bytes)
          expect(watched.trail.shadow).toEqual(asShadow((await guard(looking)).trail))
        }),
        runs(100),
      )
    },
    patience,
  )
})
