/** Law 3: nothing is held longer than some continuation could still change its fate, or that of text in an earlier frame. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { someChatCase, textCase } from '../generators/cases.ts'
import { type OpenCalls, stepsOf } from '../generators/chat.ts'
import { framesOf, joinBytes, type SentFrame } from '../generators/frames.ts'
import { someLenientPolicy, somePatientPolicy, someTightPolicy } from '../generators/policies.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import { HoldingReader } from '../oracle/queue.ts'
import { tellText } from '../oracle/text.ts'
import { chatDialect, factsOf, withText } from './guard-chat.ts'
import { planOf } from './plan.ts'
import { readChat } from './read-chat.ts'
import { readText } from './read-text.ts'

describe('law 3: the hold is the least possible', () => {
  test(
    'after every unit of a text, held and released are what brute force says',
    () => {
      fc.assert(
        fc.property(
          fc.oneof(textCase(), textCase(someTightPolicy), textCase(someLenientPolicy), textCase(somePatientPolicy)),
          ({ policy, text }) => {
            const { held, releasedAfter } = tellText(policy, text)
            for (const step of readText(planOf(policy), text.split('')).steps) {
              expect(step).toEqual({ read: step.read, held: held[step.read], released: releasedAfter[step.read] })
            }
          },
        ),
        runs(300),
      )
    },
    patience,
  )

  test(
    'after pieces of any length, no more is held than after the same units one by one',
    () => {
      fc.assert(
        fc.property(
          fc.oneof(textCase(), textCase(someLenientPolicy), textCase(somePatientPolicy)),
          somePlaces,
          ({ policy, text }, places) => {
            const { held } = tellText(policy, text)
            for (const step of readText(planOf(policy), divide(text, places)).steps) {
              expect(step.held).toBe(held[step.read])
            }
          },
        ),
        runs(150),
      )
    },
    patience,
  )

  test(
    'after every frame of a stream, what has left is what the queue of the oracle lets go',
    () => {
      fc.assert(
        fc.property(
          someChatCase,
          fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 }),
          ({ policy, chat, style }, reads) => {
            // A frame whose probabilities must not be torn waits for its entries' ends: law 2 and 4 look at those.
            const frames = framesOf(chat, { ...style, logprobs: 'none', bom: false })
            const facts = factsOf(chat)
            const lens = chatDialect.stream(facts)
            const gate = new Gate(planOf(policy), lens, facts.scopes)
            const reader = new SseFrames({ most_frame_bytes: 1_000_000 })
            const oracle = new HoldingReader(policy, Object.keys(Array.from({ length: chat.choices })))
            const open: OpenCalls = new Map()
            const out: Uint8Array[] = []
            for (const batch of inReads(frames, reads)) {
              for (const frame of batch) {
                oracle.take(stepsOf(frame.chunk, chat.json, open), frame === frames.at(-1))
                for (const read of reader.push(frame.bytes)) if (!gate.over) gate.read(read)
              }
              out.push(...gate.flush().map(({ bytes }) => bytes))
              expect(withText(readChat(joinBytes(out)).said)).toEqual(oracle.flush())
              if (gate.over) return
            }
          },
        ),
        runs(120),
      )
    },
    patience,
  )
})

/** Frames that come in one read of the network. */
function inReads(frames: readonly SentFrame[], lengths: readonly number[]): SentFrame[][] {
  const left = [...frames]
  const out: SentFrame[][] = []
  for (let turn = 0; left.length > 0; turn++) out.push(left.splice(0, lengths[turn % lengths.length]))
  return out
}
