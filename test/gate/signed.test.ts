/** Text that a signature vouches for is never edited: it passes, is cut, or is taken out whole. */
import { describe, expect, it } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { planOf } from '../laws/plan.ts'
import { linesOf, plainFrame, plainLens, plainPlan, type TermRule } from './plain-plan.ts'

type Content = Parameters<typeof plainFrame>[0]

const terms: TermRule[] = [
  { term: 'bomb', action: 'mask' },
  { term: 'sk-1', action: 'cut' },
]

/** What has left after each frame. */
function through(gate: Gate, ...frames: Content[]): string[][] {
  return frames.map((frame) => {
    if (!gate.over) gate.read(plainFrame(frame))
    return linesOf(gate.flush())
  })
}

const gateWith = (reasoning: 'cut' | 'hold', hold = {}, rules = terms): Gate =>
  new Gate(plainPlan(rules, hold, false, { reasoning }), plainLens, 1)
const as = (content: Content): string => JSON.stringify(content)

/** A block as it comes: a frame that opens it, its text, a signature and its end, of which only the text says anything. */
const block = (name: string, ...texts: string[]): Content[] => [
  { say: { [name]: '' } },
  ...texts.map((text) => ({ say: { [name]: text } })),
  { say: { [name]: '' } },
  { say: { [name]: '' }, close: name },
]

describe('signed text', () => {
  it('leaves as it is read where nothing is found, as the very bytes that came', () => {
    const frames = block('thought', 'hm, a bo', 'at')
    expect(through(gateWith('cut'), ...frames)).toEqual([
      [as(frames[0] as Content)],
      [],
      [as(frames[1] as Content), as(frames[2] as Content)],
      [as(frames[3] as Content)],
      [as(frames[4] as Content)],
    ])
  })

  it('is cut where anything else would be masked', () => {
    expect(through(gateWith('cut'), ...block('thought', 'hm, a bo', 'mb')).flat()).toEqual([
      as({ say: { thought: '' } }),
      as({ say: { thought: 'hm, a ' } }),
      'cut 0',
    ])
  })
})

describe('with `reasoning: hold`, a block of signed text', () => {
  it('waits for its end, the frames without text too, and then leaves as it came', () => {
    const frames = [...block('thought', 'hm, a bo', 'at'), { say: { answer: 'hi' } }]
    const left = through(gateWith('hold'), ...frames)
    expect(left.slice(0, 4)).toEqual([[], [], [], []])
    expect(left.flat()).toEqual(frames.map(as))
  })

  it('is taken out whole where a mask finds something in it, and what follows goes on', () => {
    const frames = [
      ...block('thought', 'hm, a bo', 'mb.'),
      { say: { answer: 'hi' } },
      ...block('thought/1', 'ok'),
      { finish: '0' },
    ]
    expect(through(gateWith('hold'), ...frames).flat()).toEqual(frames.slice(5).map(as))
  })

  it('is taken out whole also where it ends with the scope', () => {
    const frames = [{ say: { thought: 'a bomb' } }, { finish: '0' }]
    expect(through(gateWith('hold'), ...frames).flat()).toEqual([as({ finish: '0' })])
  })

  it('is cut by a rule that cuts, and none of it leaves', () => {
    expect(through(gateWith('hold'), { say: { answer: 'so: ' } }, ...block('thought', 'hm', ' sk-1')).flat()).toEqual([
      as({ say: { answer: 'so: ' } }),
      'cut 0',
    ])
  })

  it('is not begun where the scope is cut before its end', () => {
    const frames = [...block('thought', 'hm').slice(0, 2), { say: { answer: 'use sk-1' } }]
    expect(through(gateWith('hold'), ...frames).flat()).toEqual(['cut 0'])
  })

  it('is cut at the cap of what leaves whole', () => {
    expect(through(gateWith('hold', { tool_most_chars: 4 }), ...block('thought', 'hello')).flat()).toEqual(['cut 0'])
    expect(through(gateWith('hold', { most_chars: 4 }), ...block('thought', 'hello')).flat()).toHaveLength(4)
  })

  it('takes the tool call along that comes after it: the turn is cut before the call', () => {
    const gate = gateWith('hold')
    const call = { say: { 'tool_input/0/name': 'f', 'tool_input/0': '{}' } }
    expect(through(gate, ...block('thought', 'a bomb'), { say: { answer: 'hi' } }, call).flat()).toEqual([
      as({ say: { answer: 'hi' } }),
      'cut 0',
    ])
    expect(gate.watches.find(({ cut }) => cut !== undefined)?.cut).toEqual({ decided: 0, by: ['bomb'] })
    expect(through(gateWith('hold'), call, ...block('thought', 'a bomb'), { finish: '0' }).flat()).toEqual([
      as(call),
      as({ finish: '0' }),
    ])
  })

  it('waits for nothing where no rule is in force', () => {
    const frames = block('thought', 'a bomb')
    const flags = terms.map((rule) => ({ ...rule, action: 'flag' as const }))
    expect(through(gateWith('hold', {}, flags), ...frames)).toEqual(frames.map((frame) => [as(frame)]))
  })
})

describe('with a judge that masks and `reasoning: hold`, a block of signed text', () => {
  const judged = planOf({
    rules: [],
    reasoning: 'hold',
    judges: [{ name: 'one', first: 4, growTo: 8, context: 0, says: () => [] }],
    judged: [{ id: 'j', judge: 'one', action: 'mask', with: '#', where: { category: 'bad' } }],
  })
  const frames = [...block('thought', 'One is. Two is bad. ', 'So be it.'), { say: { answer: 'hi. ' } }, { finish: '0' }]

  /** What has left before the last answer, and after it. */
  function answered(category: string): [string[], string[]] {
    const gate = new Gate(judged, plainLens, 1)
    const before: string[] = []
    for (const frame of frames) {
      gate.read(plainFrame(frame))
      before.push(...linesOf(gate.flush()))
    }
    const after: string[] = []
    let last: string[] = []
    for (let asked = gate.inquiries(); asked.length > 0; asked = gate.inquiries()) {
      for (const { id, text } of asked) {
        after.push(...last)
        const opinions = [{ category: text.includes('bad') ? category : 'fine' }]
        gate.settle(id, { kind: 'opinions', opinions })
        last = linesOf(gate.flush())
      }
    }
    return [before, [...after, ...last]]
  }

  it('waits for every answer, the frames without text too, and then leaves as it came', () => {
    expect(answered('fine')).toEqual([[], frames.map(as)])
  })

  it('is taken out whole where the judge finds something, and what follows goes on', () => {
    expect(answered('bad')).toEqual([[], frames.slice(5).map(as)])
  })
})
