/** Laws 1 to 4 over plain completions: chat streams of every kind, told in the older API, through its dialect. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { openaiCompletions } from '../../src/wire/openai-completions.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { asMessages, bodyOf, spellBody } from '../generators/bodies.ts'
import { secretFrames, someSecretCase } from '../generators/carriers.ts'
import { chatCase, someChatCase } from '../generators/cases.ts'
import { type ChatScript, type OpenCalls, stepsOf } from '../generators/chat.ts'
import { asCompletion, completionOf } from '../generators/completions.ts'
import { framesOf, joinBytes, onTheNetwork, type SentFrame, type Style } from '../generators/frames.ts'
import { somePolicy } from '../generators/policies.ts'
import { leaks } from '../generators/secrets.ts'
import { patience, runs } from '../generators/settings.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { HoldingReader } from '../oracle/queue.ts'
import { guardBody, guardStream } from './guard.ts'
import { factsOf, finishesOf, releasedBy, tellChat, withText } from './guard-chat.ts'
import { planOf } from './plan.ts'
import { type ChatReading, readChat } from './read-chat.ts'

const said = ({ text, ...choice }: Record<string, unknown>): Record<string, unknown> => ({ ...choice, content: text })

const sent = (chat: ChatScript, style: Style): SentFrame[] =>
  framesOf(chat, style, (data) => ({ data: completionOf(data), lines: [] }))

async function guarded(plan: Plan, chat: ChatScript, frames: readonly SentFrame[], places: readonly number[]) {
  const out = await guardStream(openaiCompletions, plan, factsOf(chat), onTheNetwork(frames, places))
  return { ...out, reading: readChat(out.bytes, said) satisfies ChatReading }
}

const cases = someChatCase.map((one) => ({ ...one, chat: asCompletion(one.chat) }))

describe('plain completions', () => {
  test(
    'law 1: nothing leaks, in whatever field and spelling secrets come',
    async () => {
      await fc.assert(
        fc.asyncProperty(someSecretCase, async ({ secret, stream, places }) => {
          const chat = asCompletion(stream.chat)
          const frames = secretFrames({ ...stream, chat }, completionOf)
          const { bytes, reading } = await guarded(planOf(secret.policy), chat, frames, places)
          expect(leaks(bytes, reading.events)).toBe(false)
          expect(bytesLeak(reading.events)).toBe(false)
        }),
        runs(200),
      )
    },
    patience,
  )

  test(
    'law 1: what the reader gets is what the policy means, and every choice ends once',
    async () => {
      await fc.assert(
        fc.asyncProperty(cases, async ({ policy, chat, style, places }) => {
          const meant = tellChat(policy, chat)
          const { reading, trail } = await guarded(planOf(policy), chat, sent(chat, style), places)
          expect(trail.faults).toEqual([])
          expect(withText(reading.said)).toEqual(releasedBy(meant))
          expect(reading.finishes).toEqual(finishesOf(meant, chat.choices))
          expect([reading.dones, reading.afterDone]).toEqual([1, 0])
          for (const event of reading.events) expect(hasTexts(event)).toBe(true)
        }),
        runs(150),
      )
    },
    patience,
  )

  test(
    'law 1: what the reader gets of a whole body is what the policy means, and clean bodies are the very same',
    async () => {
      await fc.assert(
        fc.asyncProperty(cases, async ({ policy, chat, style }) => {
          const messages = asMessages(chat)
          const meant = tellChat(policy, { ...chat, chunks: [messages] })
          const body = spellBody(completionOf(bodyOf(messages)), style.escaped)
          const { bytes, trail } = await guardBody(openaiCompletions, planOf(policy), factsOf(chat), body)
          const line = new TextEncoder().encode(`data: ${new TextDecoder().decode(bytes)}\n\n`)
          const reading = readChat(line, said)
          expect(withText(reading.said)).toEqual(releasedBy(meant))
          expect(reading.finishes).toEqual(finishesOf(meant, chat.choices))
          if (trail.verdict === 'clear') expect(bytes).toEqual(body)
        }),
        runs(100),
      )
    },
    patience,
  )

  test(
    'law 2: any spelling and any network have the same outcome',
    async () => {
      const other = chatCase().map(({ style, places }) => ({ style, places }))
      await fc.assert(
        fc.asyncProperty(cases, other, async ({ policy, chat, style, places }, { style: otherStyle, places: otherPlaces }) => {
          const plan = planOf(policy)
          const one = await guarded(plan, chat, sent(chat, style), places)
          const two = await guarded(plan, chat, sent(chat, otherStyle), otherPlaces)
          expect(withText(two.reading.said)).toEqual(withText(one.reading.said))
          expect(two.reading.finishes).toEqual(one.reading.finishes)
          expect([two.trail.verdict, two.trail.exit, two.trail.cuts]).toEqual([one.trail.verdict, one.trail.exit, one.trail.cuts])
        }),
        runs(100),
      )
    },
    patience,
  )

  test(
    'law 3: after every frame, what has left is what the queue of the oracle lets go',
    () => {
      fc.assert(
        fc.property(cases, ({ policy, chat, style }) => {
          // A frame whose probabilities must not be torn waits for its entries' ends.
          const frames = sent(chat, { ...style, logprobs: 'none', bom: false })
          const facts = factsOf(chat)
          const gate = new Gate(planOf(policy), openaiCompletions.stream(facts), facts.scopes)
          const reader = new SseFrames({ most_frame_bytes: 1_000_000 })
          const oracle = new HoldingReader(policy, Object.keys(Array.from({ length: chat.choices })))
          const open: OpenCalls = new Map()
          const out: Uint8Array[] = []
          for (const frame of frames) {
            oracle.take(stepsOf(frame.chunk, chat.json, open), frame === frames.at(-1))
            for (const read of reader.push(frame.bytes)) if (!gate.over) gate.read(read)
            out.push(...gate.flush().map(({ bytes }) => bytes))
            expect(withText(readChat(joinBytes(out), said).said)).toEqual(oracle.flush())
            if (gate.over) return
          }
        }),
        runs(100),
      )
    },
    patience,
  )

  test(
    'law 4: a policy that looks on from the shadow changes no byte',
    async () => {
      const shadow = somePolicy.map((policy): OraclePolicy => ({ mode: 'shadow', rules: policy.rules }))
      await fc.assert(
        fc.asyncProperty(chatCase(shadow), async ({ policy, chat: told, style, places }) => {
          const chat = asCompletion(told)
          const frames = sent(chat, style)
          const { bytes, trail } = await guarded(planOf(policy), chat, frames, places)
          expect(bytes).toEqual(joinBytes(frames.map((frame) => frame.bytes)))
          expect(trail.frames).toMatchObject({ touched: 0, divided: 0 })
        }),
        runs(100),
      )
    },
    patience,
  )
})

/** A choice without a text makes clients write `undefined`. */
function hasTexts(event: unknown): boolean {
  const { choices } = event as { choices?: { text?: unknown }[] }
  return choices?.every(({ text }) => typeof text === 'string') ?? true
}

/** Runes and Gothic letters spelled as tokens of bytes. */
function bytesLeak(events: readonly unknown[]): boolean {
  return /\\+xe1\\+x9a|\\+xf0\\+x90\\+x8c/.test(JSON.stringify(events).replaceAll('","', '').replaceAll('bytes:', ''))
}
