/** Law 4: a frame that no verdict touched goes out as the very bytes that came in, in order. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chatCase, someChatCase } from '../generators/cases.ts'
import { channelName } from '../generators/chat.ts'
import { framesOf, joinBytes, onTheNetwork, type SentFrame } from '../generators/frames.ts'
import { somePolicy } from '../generators/policies.ts'
import { patience, runs } from '../generators/settings.ts'
import { inForce, type OraclePolicy } from '../oracle/policy.ts'
import type { ResponseReader } from '../oracle/response.ts'
import { factsOf, guardChat, releasedBy, tellChat, withText } from './guard-chat.ts'
import { expectInOrder } from './in-order.ts'
import { planOf } from './plan.ts'

const onlyFlags: fc.Arbitrary<OraclePolicy> = fc.oneof(
  fc.constant({ rules: [] }),
  somePolicy.map((policy) => ({ mode: 'shadow' as const, rules: policy.rules })),
  somePolicy.map(({ rules }) => ({ rules: rules.map(({ with: _with, ...rule }) => ({ ...rule, action: 'flag' as const })) })),
)

const masksOnly: fc.Arbitrary<OraclePolicy> = somePolicy.map((policy) => ({
  rules: policy.rules.filter(({ action }) => action !== 'cut'),
}))

/** Nothing that acts finds anything anywhere in the stream. */
function isClean(policy: OraclePolicy, reader: ResponseReader): boolean {
  return [...reader.scopes.values()].every((scope) =>
    [...scope.channels.values()].every((channel) => channel.found.every(({ rule }) => !inForce(policy, rule))),
  )
}

describe('law 4: clean frames leave as they came', () => {
  test(
    'a policy that only flags or looks on from the shadow changes no byte of any stream',
    async () => {
      await fc.assert(
        fc.asyncProperty(chatCase(onlyFlags), async ({ policy, chat, style, places }) => {
          const frames = framesOf(chat, style)
          const { bytes, trail } = await guardChat(planOf(policy), factsOf(chat), onTheNetwork(frames, places))
          expect(bytes).toEqual(joinBytes(frames.map((frame) => frame.bytes)))
          expect(trail.frames).toMatchObject({ touched: 0, divided: 0, keep_alives: 0 })
        }),
        runs(120),
      )
    },
    patience,
  )

  test(
    'a policy that finds nothing changes no byte outside the frames it had to divide, which it counts',
    async () => {
      await fc.assert(
        fc.asyncProperty(someChatCase, async ({ policy, chat, style, places }) => {
          const reader = tellChat(policy, chat)
          fc.pre(isClean(policy, reader))
          const frames = framesOf(chat, style)
          const { bytes, reading, trail } = await guardChat(planOf(policy), factsOf(chat), onTheNetwork(frames, places))
          if (trail.frames.divided === 0) expect(bytes).toEqual(joinBytes(frames.map((frame) => frame.bytes)))
          expect(withText(reading.said)).toEqual(releasedBy(reader))
        }),
        runs(120),
      )
    },
    patience,
  )

  test(
    'in a stream with masks, every frame in which nothing is masked is still the very same, in its place',
    async () => {
      await fc.assert(
        fc.asyncProperty(chatCase(masksOnly), async (one) => {
          // What describes changed text (probabilities, padding of a divided frame) may have to change with it.
          const { policy, chat, places } = one
          const style = { ...one.style, logprobs: 'none' as const }
          const reader = tellChat(policy, chat)
          fc.pre([...reader.scopes.values()].every(({ cut }) => cut === undefined))
          const frames = framesOf(chat, style)
          const { bytes, trail } = await guardChat(planOf(policy), factsOf(chat), onTheNetwork(frames, places))
          if (trail.frames.divided > 0) return
          expectInOrder(bytes, untouched(frames, reader))
        }),
        runs(120),
      )
    },
    patience,
  )
})

/** The frames of which no unit is masked, swallowed as a mask's tail, or part of a tool call that was changed. */
function untouched(frames: readonly SentFrame[], reader: ResponseReader): SentFrame[] {
  const read = new Map<string, number>()
  return frames.filter(({ chunk }) => {
    const clean = chunk.map((part) => {
      if (part.field === 'finish') return true
      const name = channelName(part)
      const from = read.get(`${part.choice}/${name}`) ?? 0
      read.set(`${part.choice}/${name}`, from + part.text.length)
      const masks = reader.scope(`${part.choice}`).channels.get(name)?.masks ?? []
      // A mask swallows up to 32 units that follow it.
      return part.text === '' || masks.every(({ start, end }) => end + 32 <= from || start >= from + part.text.length)
    })
    return clean.every(Boolean)
  })
}
