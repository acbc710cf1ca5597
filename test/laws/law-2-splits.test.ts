/** Law 2: what is found, where it is cut and what is released depend on the text alone, never on how it came in pieces. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TextGate } from '../../src/gate/text-gate.ts'
import { someChatCase, textCase } from '../generators/cases.ts'
import type { ChatScript, Chunk, Utterance } from '../generators/chat.ts'
import { framesOf, onTheNetwork, someStyle } from '../generators/frames.ts'
import { someLenientPolicy, somePatientPolicy, somePolicy, someTightPolicy } from '../generators/policies.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, everyPlainSplit, somePlaces } from '../generators/texts.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { tellText } from '../oracle/text.ts'
import { factsOf, guardChat, withText } from './guard-chat.ts'
import { planOf } from './plan.ts'
import { readText } from './read-text.ts'

describe('law 2: the split does not matter', () => {
  for (const [name, policies] of [
    ['random policies', somePolicy],
    ['policies with a hold limit that is reached', someTightPolicy],
    ['policies that allow what others find', someLenientPolicy],
    ['policies that release whole sentences', somePatientPolicy],
  ] as const) {
    test(
      `every text has one outcome: whole, cut in two anywhere, unit by unit, at random (${name})`,
      () => {
        fc.assert(
          fc.property(textCase(policies), somePlaces, ({ policy, text }, places) => {
            const { held: _held, releasedAfter: _releasedAfter, ...meant } = tellText(policy, text)
            const plan = planOf(policy)
            for (const pieces of [...everyPlainSplit(text), divide(text, places)]) {
              const { steps: _steps, ...outcome } = readText(plan, pieces)
              expect({ pieces, ...outcome }).toEqual({ pieces, ...meant })
            }
          }),
          runs(250),
        )
      },
      patience,
    )
  }

  test(
    'every stream has one outcome: any deltas, any spelling, any network',
    async () => {
      await fc.assert(
        fc.asyncProperty(someChatCase, otherWay, async (one, other) => {
          const chat = recut(one.chat, other.lengths)
          const plan = planOf(one.policy)
          const first = await guardChat(plan, factsOf(one.chat), onTheNetwork(framesOf(one.chat, one.style), one.places))
          const second = await guardChat(plan, factsOf(chat), onTheNetwork(framesOf(chat, other.style), other.places))
          expect(withText(second.reading.said)).toEqual(withText(first.reading.said))
          expect(second.reading.finishes).toEqual(first.reading.finishes)
          expect(second.trail.findings).toEqual(first.trail.findings)
          expect(second.trail.cuts).toEqual(first.trail.cuts)
          expect([second.trail.verdict, second.trail.exit]).toEqual([first.trail.verdict, first.trail.exit])
        }),
        runs(150),
      )
    },
    patience,
  )

  test('a JSON text in which one matcher halts before another that halted before a third has one outcome', () => {
    const policy: OraclePolicy = {
      rules: [
        { id: 'digit', action: 'mask', with: '#', pattern: { source: 'a|1' } },
        {
          id: 'quote',
          action: 'mask',
          with: '*',
          words: { terms: ['"A ', 'a炸'], except: ['b"A '], fold: 'none', boundary: 'none' },
        },
      ],
    }
    const json = '["\\u0061\\u70b8\\ud83d\\ude00\\u0061-\\u0062\\"A "]'
    const outcomes = [[json], json.split('')].map((pieces) => {
      const gate = new TextGate(planOf(policy), { name: 'answer', scope: '0', kind: 'answer', json: true })
      const released = pieces.map((piece) => gate.push(piece)).join('') + gate.end()
      return { released, findings: gate.watch.findings.list(), cut: gate.watch.cut }
    })
    expect(outcomes[0]).toEqual(outcomes[1])
    expect(outcomes[0]?.cut).toBeUndefined()
  })
})

const otherWay = fc.record({
  style: someStyle,
  places: fc.array(fc.nat(100_000), { maxLength: 12 }),
  lengths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
})

const sameThread = (one: Utterance, other: Utterance): boolean =>
  one.choice === other.choice && one.field === other.field && one.tool === other.tool

/** The same said in the same order, each in a chunk of its own: neighbours of a channel joined, then cut into other lengths. */
function recut(chat: ChatScript, lengths: readonly number[]): ChatScript {
  const joined: Chunk[number][] = []
  for (const part of chat.chunks.flat()) {
    const last = joined.at(-1)
    if (last !== undefined && last.field !== 'finish' && part.field !== 'finish' && sameThread(last, part)) {
      joined[joined.length - 1] = { ...last, text: last.text + part.text }
    } else joined.push(part)
  }
  const chunks = joined.flatMap((part, index): Chunk[] => {
    // A call's name comes whole everywhere: clients take a second one for another call.
    if (part.field === 'finish' || part.field === 'name') return [[part]]
    const length = lengths[index % lengths.length] as number
    const places = Array.from({ length: Math.ceil(part.text.length / length) }, (_, piece) => piece * length)
    return divide(part.text, places).map((text): Chunk => [{ ...part, text }])
  })
  return { ...chat, chunks }
}
