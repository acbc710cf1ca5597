/** Laws 1 to 4 and 8 with judges, frame by frame: whoever answers when and what, what leaves is what may. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Docket } from '../../src/gate/docket.ts'
import { Gate } from '../../src/gate/gate.ts'
import type { Inquiry } from '../../src/terms/judge.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { type ChatCase, chatCase } from '../generators/cases.ts'
import { type ChatScript, type OpenCalls, stepsOf, type Utterance } from '../generators/chat.ts'
import { framesOf, joinBytes, type Style } from '../generators/frames.ts'
import { someJudgedPolicy } from '../generators/judges.ts'
import { patience, runs } from '../generators/settings.ts'
import type { OracleJudge } from '../oracle/judges.ts'
import { inForce, looksAt, type OraclePolicy } from '../oracle/policy.ts'
import { HoldingReader } from '../oracle/queue.ts'
import { chatDialect, factsOf, withText } from './guard-chat.ts'
import { Judged } from './judged.ts'
import { planOf } from './plan.ts'
import { readChat } from './read-chat.ts'

const someDelays = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 })
const someJudgedCase = fc.oneof(chatCase(someJudgedPolicy()), chatCase(someJudgedPolicy({ fails: true })))

/** Nothing is said by halves of nothing: which channel appears first is told by text. */
const spoken = (chat: ChatScript): ChatScript => ({
  ...chat,
  chunks: chat.chunks
    .map((chunk) => chunk.filter((part) => part.field === 'finish' || part.text !== ''))
    .filter((chunk) => chunk.length > 0),
})

/** Sends a chat through the gate while judges take their time; `look` after every event and every answer. */
function hear(
  { policy, chat, style }: Pick<ChatCase, 'policy' | 'chat' | 'style'>,
  delays: readonly number[],
  look: (out: Uint8Array, oracle: HoldingReader, gate: Gate, judged: Judged) => void,
  ahead?: number,
): { gate: Gate; judged: Judged; out: Uint8Array } {
  const frames = framesOf(chat, style)
  const facts = factsOf(chat)
  const gate = new Gate(planOf(policy, {}, ahead), chatDialect.stream(facts), facts.scopes)
  const sse = new SseFrames({ most_frame_bytes: 1_000_000 })
  const judged = new Judged(policy, delays)
  const open: OpenCalls = new Map()
  const steps = frames.map(({ chunk }) => stepsOf(chunk, chat.json, open))
  const oracle = new HoldingReader(policy, Object.keys(Array.from({ length: chat.choices })), steps.flat(), judged.answered)
  const sent: Uint8Array[] = []
  const flush = (): void => {
    sent.push(...gate.flush().map(({ bytes }) => bytes))
    look(joinBytes(sent), oracle, gate, judged)
  }
  const told = (): void => {
    oracle.proceed()
    flush()
  }
  for (const [index, frame] of frames.entries()) {
    oracle.take(steps[index] ?? [], index === frames.length - 1)
    for (const read of sse.push(frame.bytes)) if (!gate.over) gate.read(read)
    judged.repeat(gate)
    flush()
    judged.turn(gate, told)
    if (gate.over) return { gate, judged, out: joinBytes(sent) }
  }
  judged.turn(gate, told, true)
  expect(gate.waits).toBe(false)
  return { gate, judged, out: joinBytes(sent) }
}

const plain: Style = {
  ...({} as Style),
  newline: '\n',
  logprobs: 'none',
  roles: 'first',
  tuned: {},
}
const said = (field: Utterance['field'], text: string): Utterance => ({ choice: 0, field, tool: 0, text })
const finish = { choice: 0, field: 'finish' } as const
const sees = (text: string) => (text.includes('bad') ? [{ category: 'bad' }] : [])
const guard = (name: string) => ({ name, first: 4, growTo: 4, context: 0, says: sees })
const judging = (judge: string) => ({ id: `by-${judge}`, judge, action: 'cut' as const })

describe('laws 1 to 3 with judges', () => {
  test(
    'after every event and every answer of a chat, what has left is what the oracle lets go',
    () => {
      fc.assert(
        fc.property(someJudgedCase, someDelays, ({ policy, chat, style }, delays) => {
          const one = { policy, chat: spoken(chat), style: { ...style, logprobs: 'none' as const, bom: false } }
          hear(one, delays, (out, oracle) => expect(withText(readChat(out).said)).toEqual(oracle.flush()))
        }),
        runs(150),
      )
    },
    patience,
  )

  test('of a frame that was read in part nothing leaves that was not read, and after a cut neither', () => {
    const policy: OraclePolicy = { rules: [], judges: [guard('one')], judged: [judging('one')] }
    const chat = { choices: 1, json: false, chunks: [[said('content', 'good bad'), said('refusal', 'worse')], [finish]] }
    const seen: string[] = []
    const { out } = hear({ policy, chat, style: plain }, [9], (sent) => seen.push(new TextDecoder().decode(sent)))
    expect(seen.every((text) => !text.includes('worse'))).toBe(true)
    expect(withText(readChat(out).said)).toEqual(new Map())
    expect(readChat(out).finishes.get('0')).toEqual(['content_filter'])
  })

  test('what a cut leaves of a choice is sent once, into however many parts another choice divides their frame', () => {
    const points = (text: string) =>
      text.includes('bad') ? [{ category: 'bad', span: { start: text.indexOf('bad'), end: text.length } }] : []
    const policy: OraclePolicy = { rules: [], judges: [{ ...guard('one'), says: points }], judged: [judging('one')] }
    const chunks = [
      [{ ...said('content', 'good bad'), choice: 1 }, said('content', 'fine.')],
      [{ ...finish, choice: 1 }],
      [said('content', ' Fine.')],
      [finish],
    ]
    const seen: string[] = []
    const { out } = hear({ policy, chat: { choices: 2, json: false, chunks }, style: plain }, [0, 2], (sent, oracle) => {
      seen.push(new TextDecoder().decode(sent))
      expect(withText(readChat(sent).said)).toEqual(oracle.flush())
    })
    expect(seen.every((text) => !text.includes('bad'))).toBe(true)
    expect(withText(readChat(out).said)).toEqual(
      new Map([
        ['1/content', 'good '],
        ['0/content', 'fine. Fine.'],
      ]),
    )
    expect(readChat(out).finishes.get('1')).toEqual(['content_filter'])
  })

  test('what came before a mask does not wait for the next one that begins in the same piece', () => {
    const says = (text: string) =>
      ['abcdef', 'yz'].flatMap((word) => {
        const start = text.indexOf(word)
        return start < 0 ? [] : [{ category: 'bad', span: { start, end: start + word.length } }]
      })
    const policy: OraclePolicy = {
      rules: [],
      judges: [{ ...guard('one'), first: 9, growTo: 9, says }, guard('two')],
      judged: [
        { id: 'masks', judge: 'one', channels: ['refusal'], action: 'mask', with: '#' },
        { id: 'cuts', judge: 'two', channels: ['answer'], action: 'cut' },
      ],
    }
    // The second mask goes on behind an answer that is still judged.
    const pieces = [said('refusal', 'abc'), said('refusal', 'def.y'), said('content', 'fine'), said('refusal', 'z'), finish]
    const chat = { choices: 1, json: false, chunks: pieces.map((piece) => [piece]) }
    const seen: string[] = []
    hear({ policy, chat, style: plain }, [0, 9], (sent, oracle) => {
      const read = withText(readChat(sent).said)
      expect(read).toEqual(oracle.flush())
      seen.push([...read.values()].join(' '))
    })
    expect([...new Set(seen)]).toEqual(['', '#', '#.# fine'])
  })

  test('the parts of a tool call wait for every judge of every part', () => {
    const policy: OraclePolicy = {
      rules: [],
      judges: [guard('one'), guard('two')],
      judged: [judging('one'), judging('two')],
    }
    const chat = { choices: 1, json: false, chunks: [[said('name', 'f')], [said('arguments', '{}')], [finish]] }
    const seen: number[] = []
    const { judged } = hear({ policy, chat, style: plain }, [1, 2, 3, 4], (sent) => seen.push(readChat(sent).said.size))
    expect(judged.asked).toHaveLength(4)
    expect(new Set(seen.slice(0, -1))).toEqual(new Set([0]))
    expect(seen.at(-1)).toBe(2)
  })

  test('a frame that is divided twice keeps the fields nobody knows', () => {
    const policy: OraclePolicy = { rules: [], judges: [guard('one')], judged: [judging('one')] }
    const chat = { choices: 1, json: false, chunks: [[said('mystery', 'one. two. three. four')], [finish]] }
    const { out } = hear({ policy, chat, style: plain }, [1, 2, 3, 4, 5], () => {})
    expect(readChat(out).said.get('0/mystery')).toBe('one. two. three. four')
  })
})

/** Up to where a judge has answered about a channel without a gap. */
function answeredTo(judged: Judged, judge: string, channel: string): number {
  const of = judged.settled.filter((one) => one.judge === judge && one.channel.name === channel)
  let end = 0
  for (const { start, end: next } of [...of].sort((one, other) => one.start - other.start))
    if (start <= end) end = Math.max(end, next)
  return end
}

describe('judges whom text goes ahead of', () => {
  test(
    'never fall further behind than most_ahead, cut what they would have cut, and before anything says that all is well',
    () => {
      fc.assert(
        fc.property(someJudgedCase, someDelays, fc.integer({ min: 1, max: 9 }), ({ policy, chat, style }, delays, ahead) => {
          const one = { policy, chat: spoken(chat), style: { ...style, logprobs: 'none' as const, bom: false } }
          const prompt = hear(one, [0], () => {})
          let judged: Judged | undefined
          const trailing = hear(
            one,
            delays,
            (_out, _oracle, gate, asking) => {
              judged = asking
              for (const { channel, clear } of gate.watches) {
                for (const { name } of holdingAt(policy, channel.kind))
                  expect(clear).toBeLessThanOrEqual(answeredTo(asking, name, channel.name) + ahead)
              }
            },
            ahead,
          )
          expect(judged).toBeDefined()
          const cutIn = ({ gate }: { gate: Gate }) => gate.scopes.filter(({ isCut }) => isCut).map(({ name }) => name)
          // In JSON a mask that has no place is a cut; where it comes too late there is nothing left to mask.
          const isLateMask = chat.json && (policy.judged ?? []).some((rule) => rule.action === 'mask')
          if (isLateMask) expect(cutIn(prompt)).toEqual(expect.arrayContaining(cutIn(trailing)))
          else expect(cutIn(trailing).sort()).toEqual(cutIn(prompt).sort())
          const ends = readChat(trailing.out).finishes
          for (const scope of cutIn(trailing)) expect(ends.get(scope)).toEqual(['content_filter'])
        }),
        runs(120),
      )
    },
    patience,
  )
})

test('a cut of which all has left already still ends what it cuts', () => {
  const policy: OraclePolicy = { rules: [], judges: [guard('one')], judged: [judging('one')] }
  const chunks = [[said('content', 'bad one. ')], [said('content', ' more')], [finish]]
  const { out } = hear({ policy, chat: { choices: 1, json: false, chunks }, style: plain }, [0], () => {}, 50)
  expect(readChat(out).finishes.get('0')).toEqual(['content_filter'])
  expect(readChat(out).said.get('0/content')).toBe('bad one. ')
  const two = [[said('content', 'bad one. ')], [{ choice: 1, field: 'finish' } as const], [finish]]
  const both = hear({ policy, chat: { choices: 2, json: false, chunks: two }, style: plain }, [0], () => {}, 50)
  expect(readChat(both.out).finishes.get('0')).toEqual(['content_filter'])
})

const holdingAt = (policy: OraclePolicy, kind: string): readonly OracleJudge[] =>
  (policy.judges ?? []).filter(({ name }) =>
    (policy.judged ?? []).some((rule) => rule.judge === name && inForce(policy, rule) && looksAt(rule, kind)),
  )

describe('what judges are asked', () => {
  const text = fc.array(fc.constantFrom('word ', 'words. ', '中文。', 'x'.repeat(40), 'a\n', '！」'), {
    minLength: 1,
    maxLength: 400,
  })

  test(
    'is linear in the text: each unit once, with its context, in no more questions than the stretches allow',
    () => {
      fc.assert(
        fc.property(text, fc.integer({ min: 5, max: 80 }), fc.integer({ min: 1, max: 8 }), (parts, size, pieces) => {
          const said = parts.join('')
          const asked: Omit<Inquiry, 'id'>[] = []
          const judge = {
            name: 'j',
            stretch: { first: size, grow_to: size },
            context: 40,
            wait: 'hold',
            most_ahead: 1,
            on_fault,
          } as const
          const docket = new Docket(channel, [{ judge, rules: [0], holds: true }], (inquiry) => asked.push(inquiry))
          for (let at = 0; at < said.length; at += pieces) docket.hear(said.slice(at, at + pieces))
          docket.close()
          expect(asked.map(({ text }) => text).join('')).toBe(said)
          expect(asked.every(({ context }) => context.length <= 40)).toBe(true)
          expect(asked.length).toBeLessThanOrEqual(said.length / size + 2)
        }),
        runs(150),
      )
    },
    patience,
  )
})

const channel = { name: 'answer', scope: '0', kind: 'answer' } as const
const on_fault = { timeout: 'cut', refused: 'cut', busy: 'cut', unreadable: 'cut' } as const
