/** Judges cost money: once a cut is decided nobody is asked about what lies beyond it, however the text came. */
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Inquiry } from '../../src/terms/judge.ts'
import { plainFrame, plainLens } from './plain-plan.ts'

const plan = createPlan({
  judges: { guard: { stretch: { first: 8, grow_to: 8 } } },
  rules: [
    { id: 'key', words: { terms: ['sk-1'] }, action: 'cut' },
    { id: 'harm', judge: 'guard', action: 'cut' },
  ],
})

/** Answers at once that there is nothing. @returns what was asked. */
function answered(gate: Pick<Gate | TextGate, 'inquiries' | 'settle'>): string[] {
  const asked: string[] = []
  for (let open: readonly Inquiry[] = gate.inquiries(); open.length > 0; open = gate.inquiries())
    for (const { id, text } of open) {
      asked.push(text)
      gate.settle(id, { kind: 'opinions', opinions: [] })
    }
  return asked
}

const splits = (text: string): string[][] => [[text], text.split(''), [text.slice(0, 5), text.slice(5)]]

describe('once a cut is decided', () => {
  test.each([
    ['a stretch that is being written is not asked about', 'Use sk-1'],
    ['nor is what follows', 'Use sk-1 now. And then that. More.'],
  ])('%s', (_, text) => {
    for (const pieces of splits(text)) {
      const gate = new TextGate(plan, undefined, 'hear')
      for (const piece of pieces) {
        gate.push(piece)
        expect(answered(gate)).toEqual([])
      }
      gate.end()
      expect(answered(gate)).toEqual([])
    }
  })

  test.each([
    ['that goes on', { say: { answer: 'Use sk-1 now. That was it.' } }],
    ['that ends with it', { say: { answer: 'Use sk-1' }, finish: '0' }],
  ])('the rest of a choice %s is not asked about while another speaks', (_, first) => {
    const gate = new Gate(plan, plainLens, 2)
    const asked: string[] = []
    for (const frame of [
      first,
      { say: { answer: 'And then this. And that.' } },
      { finish: '0' },
      { say: { '1/answer': 'All is well.' } },
      { finish: '1' },
    ]) {
      gate.read(plainFrame(frame))
      asked.push(...answered(gate))
    }
    expect(asked).toEqual(['All is well.'])
  })
})
