/** A policy that only looks on changes nothing, and its record is the one it would have written had it ruled. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../src/terms/dialect.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Trail, TrailShadow } from '../../src/terms/trail.ts'
import { dialectFor } from '../../src/wire/index.ts'
import { asMessages, bodyOf, spellBody } from '../generators/bodies.ts'
import { chatCase } from '../generators/cases.ts'
import { framesOf, onTheNetwork } from '../generators/frames.ts'
import { messageCase, spelled, streamOf } from '../generators/messages.ts'
import { somePolicy } from '../generators/policies.ts'
import { patience, runs } from '../generators/settings.ts'
import { guardBody, guardStream } from './guard.ts'
import { chatDialect, factsOf } from './guard-chat.ts'
import { planOf } from './plan.ts'

const messages = dialectFor('POST', '/v1/messages') as Dialect

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
        fc.asyncProperty(chatCase(), somePolicy, async ({ policy, chat, style, places }, other) => {
          const [ruling, looking] = [planOf(other), planOf(policy)]
          const pieces = onTheNetwork(framesOf(chat, style), places)
          const guard = (plan: Plan, shadow?: Plan) => guardStream(chatDialect, plan, factsOf(chat), pieces, shadow)
          const [alone, watched] = [await guard(ruling), await guard(ruling, looking)]
          expect(watched.bytes).toEqual(alone.bytes)
          expect({ ...watched.trail, id: '', ms: null, shadow: null }).toEqual({ ...alone.trail, id: '', ms: null, shadow: null })
          const ruled = await guard(looking)
          expect((await guard(idle, looking)).trail.shadow).toEqual(asShadow(ruled.trail))
        }),
        runs(200),
      )
    },
    patience,
  )

  test(
    'and in a stream of another protocol, where text is signed and calls come in pieces',
    async () => {
      await fc.assert(
        fc.asyncProperty(messageCase(), async ({ policy, message, style, places }) => {
          const looking = planOf(policy)
          const pieces = onTheNetwork(spelled(streamOf(message), style), places)
          const facts = { stream: true, scopes: 1, json: message.json, usage: true, model: 'm-9' }
          const guard = (plan: Plan, shadow?: Plan) => guardStream(messages, plan, facts, pieces, shadow)
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
        fc.asyncProperty(chatCase(), async ({ policy, chat, style }) => {
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
