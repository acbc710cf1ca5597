/** The gate's own promises about frames, small enough to be read: order, masks, division, ends. */
import { describe, expect, it } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { linesOf, plainFrame, plainLens, plainPlan } from './plain-plan.ts'

const bomb = plainPlan([{ term: 'bomb', action: 'mask' }])
const sk = plainPlan([
  { term: 'sk-1', action: 'cut' },
  { term: 'bomb', action: 'mask' },
])

function through(gate: Gate, ...frames: Parameters<typeof plainFrame>[0][]): string[][] {
  return frames.map((frame) => {
    gate.read(plainFrame(frame))
    return linesOf(gate.flush())
  })
}

const said = (say: Record<string, string>): string => JSON.stringify({ say })

describe('frames leave in order, as they came, once their text is clear', () => {
  it('lets a clean frame go at once', () => {
    expect(through(new Gate(bomb, plainLens, 1), { say: { answer: 'hello' } })).toEqual([[said({ answer: 'hello' })]])
  })

  it('holds a frame whose last unit may still begin a match, and everything behind it', () => {
    const gate = new Gate(bomb, plainLens, 1)
    expect(through(gate, { say: { answer: 'a b' } }, { say: { reasoning: 'x' } }, { say: { answer: 'us' } })).toEqual([
      [],
      [],
      [said({ answer: 'a b' }), said({ reasoning: 'x' }), said({ answer: 'us' })],
    ])
  })

  it('writes a mask where it starts and empties what else it covers', () => {
    const gate = new Gate(bomb, plainLens, 1)
    expect(through(gate, { say: { answer: 'a bo' } }, { say: { answer: 'mb c' } })).toEqual([
      [],
      [said({ answer: 'a *' }), said({ answer: ' c' })],
    ])
  })

  it('decides what is held at the end of the scope, before its finish leaves', () => {
    const gate = new Gate(bomb, plainLens, 1)
    expect(through(gate, { say: { answer: 'bom' } }, { finish: '0' })).toEqual([
      [],
      [said({ answer: 'bom' }), JSON.stringify({ finish: '0' })],
    ])
  })
})

describe('a long frame is divided rather than kept waiting', () => {
  it('waits with 32 clear units, goes with 33', () => {
    const units = (count: number): string[][] =>
      through(new Gate(bomb, plainLens, 1), { say: { answer: `${'x'.repeat(count)}b` } })
    expect(units(32)).toEqual([[]])
    expect(units(33)).toEqual([[said({ answer: 'x'.repeat(33) })]])
  })

  it('sends the rest as the later part, with the finish', () => {
    const gate = new Gate(bomb, plainLens, 1)
    expect(through(gate, { say: { answer: `${'x'.repeat(40)}bom` } }, { finish: '0' })).toEqual([
      [said({ answer: 'x'.repeat(40) })],
      [said({ answer: 'bom' }), JSON.stringify({ finish: '0' })],
    ])
    expect(gate.divided).toBe(1)
  })
})

describe('a cut ends its scope', () => {
  it('releases what lies before the finding, then the ending', () => {
    const gate = new Gate(sk, plainLens, 1)
    expect(through(gate, { say: { answer: 'Use sk' } }, { say: { answer: '-1 now' } })).toEqual([
      [],
      [said({ answer: 'Use ' }), 'cut 0'],
    ])
    expect(gate.over).toBe(true)
  })

  it('releases nothing after another live candidate, and writes no mask across that line', () => {
    const plan = plainPlan([
      { term: 'cut', action: 'cut' },
      { term: 'abxcuts', action: 'mask' },
      { term: 'zab', action: 'mask' },
    ])
    expect(through(new Gate(plan, plainLens, 1), { say: { answer: 'y zabxcut' } })).toEqual([[said({ answer: 'y ' }), 'cut 0']])
  })

  it('goes on with the other choices', () => {
    const gate = new Gate(sk, plainLens, 2)
    expect(
      through(
        gate,
        { say: { answer: 'one ', '1/answer': 'eins ' } },
        { say: { answer: 'sk-1', '1/answer': 'zwei ' } },
        { say: { answer: 'more', '1/answer': 'drei' } },
        { finish: '0' },
        { finish: '1' },
      ),
    ).toEqual([
      [said({ answer: 'one ', '1/answer': 'eins ' })],
      [said({ '1/answer': 'zwei ' }), 'cut 0'],
      [said({ '1/answer': 'drei' })],
      [],
      [JSON.stringify({ finish: '1' })],
    ])
  })

  it('takes out later text of every channel of the scope', () => {
    const gate = new Gate(sk, plainLens, 1)
    expect(through(gate, { say: { reasoning: 'think bo' } }, { say: { answer: 'fine sk-1' } })).toEqual([
      [],
      [said({ reasoning: 'think ' }), 'cut 0'],
    ])
  })

  it('cuts every choice for a text beside them all', () => {
    const gate = new Gate(sk, plainLens, 2)
    expect(through(gate, { say: { answer: 'a' }, aside: 'has sk-1 in it' })).toEqual([[said({ answer: 'a' }), 'cut 0', 'cut 1']])
    expect(gate.over).toBe(true)
  })

  it('stands at the very unit of the decision in every matcher, whoever read first', () => {
    const terms = [
      { term: 'bombs', action: 'mask' },
      { term: 'x1', action: 'cut' },
    ] as const
    for (const order of [terms, [...terms].reverse()]) {
      const gate = new Gate(plainPlan(order, {}, true), plainLens, 1)
      // At the decision `bomb` is not yet anything; had the first matcher read on, `bombs` would have been found after it.
      expect(through(gate, { say: { answer: 'a x1 bombs' } })).toEqual([[said({ answer: 'a ' }), 'cut 0']])
      expect(gate.watches[0]?.findings.list()).toHaveLength(1)
    }
  })
})

describe('one text has one outcome, however its channels are read', () => {
  it('sends no mask that a later cut would take back through another channel\u2019s mask', () => {
    const plan = plainPlan([
      { term: 'aab', action: 'mask' },
      { term: 'ccd', action: 'mask' },
      { term: 'dxx', action: 'mask' },
      { term: 'cut', action: 'cut' },
    ])
    const frames = [
      { say: { answer: '1aa' } },
      { say: { reasoning: '2cc' } },
      { say: { answer: 'b' } },
      { say: { refusal: 'cut' } },
      { say: { reasoning: 'd' } },
    ]
    const released = (...reads: (typeof frames)[]): string => {
      const gate = new Gate(plan, plainLens, 1)
      const lines: string[] = []
      for (const read of reads) {
        for (const frame of read) if (!gate.over) gate.read(plainFrame(frame))
        lines.push(...linesOf(gate.flush()))
      }
      return lines.join('')
    }
    expect(released(...frames.map((frame) => [frame]))).toBe(released(frames))
  })
})

describe('a tool call is whole or not at all', () => {
  it('waits for its end', () => {
    const gate = new Gate(bomb, plainLens, 1)
    expect(
      through(gate, { say: { 'tool_input/0': '{"a":' } }, { say: { 'tool_input/0': '1}' } }, { close: 'tool_input/0' }).map(
        (lines) => lines.length,
      ),
    ).toEqual([0, 0, 3])
  })

  it('is dropped whole by a cut in it', () => {
    const gate = new Gate(sk, plainLens, 1)
    expect(
      through(gate, { say: { answer: 'hi ' } }, { say: { 'tool_input/0': '{"a":"' } }, { say: { 'tool_input/0': 'sk-1' } }),
    ).toEqual([[said({ answer: 'hi ' })], [], ['cut 0']])
  })
})

describe('caps cut at an exact offset', () => {
  it('whatever the pieces', () => {
    const chain = plainPlan([{ term: 'aa', action: 'mask' }], { most_chars: 5 })
    const cutAt = (...pieces: string[]): unknown => {
      const gate = new Gate(chain, plainLens, 1)
      for (const piece of pieces) if (!gate.over) gate.read(plainFrame({ say: { answer: piece } }))
      const [watch] = gate.watches
      return { cut: watch?.cut, clear: watch?.clear }
    }
    const expected = { cut: { decided: 8, by: ['most_chars'] }, clear: 2 }
    expect(cutAt('x aaaaaaaaaa')).toEqual(expected)
    expect(cutAt(...'x aaaaaaaaaa')).toEqual(expected)
    expect(cutAt('x aaa', 'aaaaaaa')).toEqual(expected)
  })
})

describe('shadow and flag touch nothing', () => {
  it('lets frames go as they came and records what was found', () => {
    const plan = plainPlan([
      { term: 'bomb', action: 'mask', mode: 'shadow' },
      { term: 'hat', action: 'flag' },
    ])
    const gate = new Gate(plan, plainLens, 1)
    expect(through(gate, { say: { answer: 'bomb hat b' } })).toEqual([[said({ answer: 'bomb hat b' })]])
    expect(gate.watches[0]?.findings.list()).toEqual([
      { rule: 0, start: 0, end: 4 },
      { rule: 1, start: 5, end: 8 },
    ])
  })
})
