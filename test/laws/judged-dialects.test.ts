/** Laws 1 to 3 with judges over the other protocols: after every event and every answer, what has left is what the oracle lets go. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { anthropicMessages } from '../../src/wire/anthropic-messages.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { joinBytes } from '../generators/frames.ts'
import { someJudgedPolicy } from '../generators/judges.ts'
import { messageCase, spelled, streamOf } from '../generators/messages.ts'
import { responsesEvents, responsesFrames, someResponses, someResponsesStyle } from '../generators/responses.ts'
import { patience, runs } from '../generators/settings.ts'
import { matches } from '../oracle/fates.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { HoldingReader } from '../oracle/queue.ts'
import type { Step } from '../oracle/response.ts'
import { withText } from './guard-chat.ts'
import { readResponses, responsesFacts } from './guard-responses.ts'
import { Judged } from './judged.ts'
import { planOf } from './plan.ts'
import { readMessage } from './read-messages.ts'

interface Event {
  readonly bytes: Uint8Array
  readonly steps: readonly Step[]
  readonly undivided: boolean
}

const someDelays = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 })

/** One scope; `said` reads by channel what has left so far. */
function hear(
  policy: OraclePolicy,
  gate: Gate,
  events: readonly Event[],
  delays: readonly number[],
  said: (out: Uint8Array) => ReadonlyMap<string, string>,
): void {
  const sse = new SseFrames({ most_frame_bytes: 1_000_000 })
  const judged = new Judged(policy, delays)
  const steps = events.flatMap((event) => event.steps)
  const oracle = new HoldingReader(policy, ['0'], steps, judged.answered)
  const sent: Uint8Array[] = []
  const compare = (): void => {
    sent.push(...gate.flush().map(({ bytes }) => bytes))
    const meant = new Map([...oracle.flush()].map(([name, text]) => [name.replace(/^0\//, ''), text]))
    expect(withText(said(joinBytes(sent)))).toEqual(meant)
  }
  const told = (): void => {
    oracle.proceed()
    compare()
  }
  for (const [index, event] of events.entries()) {
    oracle.take(event.steps, index === events.length - 1, event.undivided)
    for (const read of sse.push(event.bytes)) if (!gate.over) gate.read(read)
    judged.repeat(gate)
    compare()
    judged.turn(gate, told)
    if (gate.over) return
  }
  judged.turn(gate, told, true)
  expect(gate.waits).toBe(false)
}

const policies = fc.oneof(someJudgedPolicy(), someJudgedPolicy({ fails: true }))

describe('laws 1 to 3 with judges', () => {
  test(
    'in Anthropic’s messages',
    () => {
      fc.assert(
        fc.property(messageCase(policies), someDelays, ({ policy, message, style }, delays) => {
          // A block's start is never divided; one that brings text waits for it whole.
          const blocks = message.blocks.map((block) => ('starts' in block ? { ...block, starts: false } : block))
          const script = { ...message, blocks }
          const facts = { stream: true, scopes: 1, json: script.json, usage: true, model: 'm-9' }
          const gate = new Gate(planOf(policy), anthropicMessages.stream(facts), 1)
          const frames = spelled(streamOf(script), { ...style, bom: false, sentinel: false })
          const events = frames.map(({ bytes, steps }) => ({ bytes, steps, undivided: false }))
          hear(policy, gate, events, delays, (out) => readMessage(out, script).said)
        }),
        runs(80),
      )
    },
    patience,
  )

  test(
    'in OpenAI’s responses',
    () => {
      const noise = ['mystery', '{"type":"search","query":""}', 'search']
      const some = policies
        .filter(({ rules }) => rules.every((rule) => noise.every((text) => matches(rule, text).length === 0)))
        .chain((policy) => fc.record({ policy: fc.constant(policy), script: someResponses(policy), style: someResponsesStyle }))
      fc.assert(
        fc.property(some, someDelays, ({ policy, script, style }, delays) => {
          const form = { ...style, logprobs: false, sentinel: false }
          const said = responsesEvents(script, form)
          const frames = responsesFrames(
            said.map(({ event }) => event),
            form,
          )
          const gate = new Gate(planOf(policy), openaiResponses.stream(responsesFacts(script)), 1)
          const events = said.map(({ event: { type }, steps }, index) => ({
            bytes: frames[index]?.bytes as Uint8Array,
            steps,
            undivided: !String(type).endsWith('.delta') || type === 'response.news.delta',
          }))
          hear(policy, gate, events, delays, (out) => readResponses(out).said)
        }),
        runs(80),
      )
    },
    patience,
  )
})
