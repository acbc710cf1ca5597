/** What the record says must not depend on how the text came: what nothing waited for is heard although a cut came first. */
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import type { Watch } from '../../src/gate/watch.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Answer, Inquiry } from '../../src/terms/judge.ts'
import { plainFrame, plainLens } from './plain-plan.ts'

const plan = createPlan({
  judges: { guard: { stretch: { first: 10, grow_to: 30 } } },
  rules: [
    { id: 'rope', words: { terms: ['rope'] }, action: 'ask', ask: { judge: 'guard', where: { category: 'w' }, then: 'flag' } },
    { id: 'end', words: { terms: ['DETONATE'] }, action: 'cut' },
  ],
})

const yes: Answer = { kind: 'opinions', opinions: [{ category: 'w' }] }

const splits = (text: string): string[][] => [[text], text.split(''), [text.slice(0, 15), text.slice(15)]]

const told = (watch: Watch | undefined) =>
  watch?.findings.list().map(({ rule, start }) => ({ rule: plan.rules[rule]?.id, start }))

/** @param prompt judges answer as soon as they are asked, else after everything. */
function read(pieces: readonly string[], prompt: boolean) {
  const gate = new Gate(plan, plainLens, 1)
  const open: Inquiry[] = []
  const asked: string[] = []
  const answer = (): void => {
    for (const { id } of open.splice(0)) gate.settle(id, yes)
  }
  for (const piece of [...pieces, undefined]) {
    if (!gate.over) gate.read(plainFrame(piece === undefined ? { finish: '0' } : { say: { answer: piece } }))
    for (const inquiry of gate.inquiries()) {
      asked.push(inquiry.text)
      open.push(inquiry)
    }
    if (prompt) answer()
  }
  answer()
  return { asked, findings: told(gate.watches[0]) }
}

function readText(pieces: readonly string[]) {
  const gate = new TextGate(plan, undefined, 'hear')
  const asked: string[] = []
  for (const piece of [...pieces, undefined]) {
    if (piece === undefined) gate.end()
    else gate.push(piece)
    for (const { id, text } of gate.inquiries()) {
      asked.push(text)
      gate.settle(id, yes)
    }
  }
  return { asked, findings: told(gate.watch) }
}

describe('a judge that holds nothing, after a cut', () => {
  test.each([
    ['is heard about what came up before it', 'A long rope. And DETONATE now.', ['A long rope.'], [{ rule: 'rope', start: 7 }]],
    ['is not asked about what the cut stands in', 'A long day. The rope, DETONATE now.', [], []],
    ['nor about what lies beyond', 'A long day. And DETONATE now. A rope.', [], []],
  ])('%s', (_, text, asked, asks) => {
    const findings = [...asks, { rule: 'end', start: text.indexOf('DETONATE') }]
    for (const pieces of splits(text)) {
      for (const prompt of [true, false]) expect(read(pieces, prompt)).toEqual({ asked, findings })
      expect(readText(pieces)).toEqual({ asked, findings })
    }
  })

  test('its failure is recorded, and cuts nothing', () => {
    for (const pieces of splits('A long rope. And DETONATE now.')) {
      const gate = new Gate(plan, plainLens, 1)
      const open: Inquiry[] = []
      for (const piece of pieces) {
        if (!gate.over) gate.read(plainFrame({ say: { answer: piece } }))
        open.push(...gate.inquiries())
      }
      for (const { id } of open) gate.settle(id, { kind: 'fault', fault: 'busy', detail: 'no' })
      const [watch] = gate.watches
      expect(watch?.cut).toEqual({ decided: 25, by: ['end'] })
      expect(watch?.faults).toMatchObject([{ kind: 'busy' }])
    }
  })
})
