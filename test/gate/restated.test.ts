/** Texts that a protocol says again leave as they left the first time, and only if they are the same. */
import { describe, expect, it } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { linesOf, plainFrame, plainLens, plainPlan, type TermRule } from './plain-plan.ts'

type Content = Parameters<typeof plainFrame>[0]

const terms: TermRule[] = [
  { term: 'bomb', action: 'mask' },
  { term: 'sk-1', action: 'cut' },
]
const plan = plainPlan(terms)

function through(gate: Gate, ...frames: Content[]): string[][] {
  return frames.map((frame) => {
    if (!gate.over) gate.read(plainFrame(frame))
    return linesOf(gate.flush())
  })
}

const leave = (...frames: Content[]): string[] => through(new Gate(plan, plainLens, 1), ...frames).flat()
const as = (content: Content): string => JSON.stringify(content)

describe('a text that comes again leaves as it left before', () => {
  it('as the very bytes that came, where nothing was changed', () => {
    const frames = [{ say: { speech: 'hello ' } }, { say: { speech: 'you' } }, { again: { speech: 'hello you' } }]
    expect(leave(...frames)).toEqual(frames.map(as))
  })

  it('with the same masks, however often it comes and however much left in between', () => {
    const again = { again: { speech: 'a bomb, two bombs' } }
    expect(
      leave({ say: { speech: 'a bo' } }, { say: { speech: 'mb, two bomb' } }, { say: { speech: 's' } }, again, again),
    ).toEqual(
      [
        { say: { speech: 'a *' } },
        { say: { speech: ', two *' } },
        { say: { speech: 's' } },
        { again: { speech: 'a *, two *s' } },
        { again: { speech: 'a *, two *s' } },
      ].map(as),
    )
  })

  it('ends its channel: what was held is decided before it leaves', () => {
    expect(through(new Gate(plan, plainLens, 1), { say: { speech: 'a bom' } }, { again: { speech: 'a bom' } })).toEqual([
      [],
      [as({ say: { speech: 'a bom' } }), as({ again: { speech: 'a bom' } })],
    ])
  })

  it('is checked as a text of its own where it says something else, or nothing was said before', () => {
    expect(leave({ say: { speech: 'hello' } }, { again: { speech: 'hello bomb' } })).toEqual([
      as({ say: { speech: 'hello' } }),
      as({ again: { speech: 'hello *' } }),
    ])
    expect(leave({ again: { speech: 'my bomb' } })).toEqual([as({ again: { speech: 'my *' } })])
    expect(leave({ say: { speech: 'ok' } }, { again: { speech: 'ko' } }, { again: { speech: 'has sk-1' } })).toEqual([
      as({ say: { speech: 'ok' } }),
      as({ again: { speech: 'ko' } }),
      'cut 0 speech=ok;',
    ])
  })

  it('is neither counted nor told twice', () => {
    const told: string[] = []
    const gate = new Gate(plan, plainLens, 1, { released: (_channel, text) => told.push(text) })
    through(gate, { say: { speech: 'a bomb.' } }, { again: { speech: 'a bomb.' } })
    expect(told).toEqual(['a *.'])
    expect(gate.units).toEqual({ received: 7, released: 4, masked: 4 })
  })

  it('goes with what follows a cut', () => {
    expect(leave({ say: { speech: 'one bomb sk-' } }, { say: { speech: '1' } }, { again: { speech: 'one bomb sk-1' } })).toEqual([
      as({ say: { speech: 'one * ' } }),
      'cut 0 speech=one * ;',
    ])
  })

  it('waits behind what came before it in another channel, and for nothing else', () => {
    const gate = new Gate(plan, plainLens, 1)
    expect(
      through(gate, { say: { speech: 'x' } }, { say: { answer: 'bo' } }, { again: { speech: 'x' } }, { say: { answer: 'y' } }),
    ).toEqual([
      [as({ say: { speech: 'x' } })],
      [],
      [],
      [as({ say: { answer: 'bo' } }), as({ again: { speech: 'x' } }), as({ say: { answer: 'y' } })],
    ])
  })

  it('of a tool call follows its call, and is dropped with it', () => {
    const input = { 'tool_input/0': '{"a":"bomb"}' }
    expect(through(new Gate(plan, plainLens, 1), { say: input }, { again: input })).toEqual([
      [],
      [as({ say: { 'tool_input/0': '{"a":"*"}' } }), as({ again: { 'tool_input/0': '{"a":"*"}' } })],
    ])
    const bad = { 'tool_input/0': '{"a":"sk-1"}' }
    expect(leave({ say: { speech: 'hi' } }, { say: bad }, { again: bad })).toEqual([
      as({ say: { speech: 'hi' } }),
      'cut 0 speech=hi;',
    ])
  })
})

describe('what endings say again is bounded', () => {
  const limited = (at_cap: 'cut' | 'forward') => plainPlan(terms, { answer_most_chars: 8, at_cap })

  it('the scope is cut at the very unit, over all its channels and whatever the pieces', () => {
    const cut = (...pieces: string[]): unknown => {
      const gate = new Gate(limited('cut'), plainLens, 1)
      const lines = through(gate, { say: { 'speech/1': '1234' } }, ...pieces.map((piece) => ({ say: { speech: piece } })))
      return [gate.watches.map((watch) => watch.cut), lines.flat().at(-1)]
    }
    const expected = [[undefined, { decided: 5, by: ['answer_most_chars'] }], 'cut 0 speech/1=1234; speech=abcde;']
    expect(cut('abcdefgh')).toEqual(expected)
    expect(cut(...'abcdefgh')).toEqual(expected)
    expect(cut('abcd')).toEqual([[undefined, undefined], as({ say: { speech: 'abcd' } })])
  })

  it('or, where the policy forwards at caps, goes on and is not said again', () => {
    const gate = new Gate(limited('forward'), plainLens, 1)
    const lines = through(gate, { say: { 'speech/1': 'abc' } }, { say: { speech: '123456789' } }, { say: { answer: 'sk-1' } })
    expect(lines.flat()).toEqual([
      as({ say: { 'speech/1': 'abc' } }),
      as({ say: { speech: '123456789' } }),
      'cut 0 speech/1=abc;',
    ])
  })

  it('and nothing is cut for it where no rule is in force', () => {
    const gate = new Gate(plainPlan([{ term: 'x', action: 'flag' }], { answer_most_chars: 2 }), plainLens, 1)
    expect(through(gate, { say: { speech: 'abcdef' } }).flat()).toEqual([as({ say: { speech: 'abcdef' } })])
  })
})
