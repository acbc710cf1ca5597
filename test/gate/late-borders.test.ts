/** Where only what follows tells that a stretch ends, it is decided there: what other channels say in between comes first. */
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Inquiry } from '../../src/terms/judge.ts'
import { plainFrame, plainLens } from './plain-plan.ts'

const plan = createPlan({
  judges: { guard: { stretch: { first: 4, grow_to: 4 } } },
  rules: [{ id: 'bad', judge: 'guard', action: 'cut' }],
})

const chat = [
  // Whether more brackets close the sentence, the next character tells.
  { say: { reasoning: 'a. ？」' } },
  { say: { answer: 'xxxxxxxx' } },
  { say: { reasoning: 'a' } },
  { finish: '0' },
] as const

/** What left by the end, of each channel; `delays` are the frames for which each answer is waited for. */
function released(delays: readonly number[]): string {
  const gate = new Gate(plan, plainLens, 1)
  const open: { inquiry: Inquiry; after: number }[] = []
  let asked = 0
  let out = ''
  const flush = (): void => {
    out += gate
      .flush()
      .map(({ bytes }) => new TextDecoder().decode(bytes))
      .join('')
  }
  const turn = (now: number): void => {
    for (;;) {
      for (const inquiry of gate.inquiries()) open.push({ inquiry, after: now + (delays[asked++ % delays.length] as number) })
      const next = open.findIndex(({ after }) => after <= now)
      if (next < 0) break
      const [{ inquiry }] = open.splice(next, 1) as [{ inquiry: Inquiry; after: number }]
      const opinions = inquiry.text.includes('x') ? [{ category: 'x' }] : []
      gate.settle(inquiry.id, { kind: 'opinions', opinions })
      flush()
    }
  }
  for (const [index, frame] of chat.entries()) {
    if (!gate.over) gate.read(plainFrame(frame))
    flush()
    turn(index)
  }
  for (let later = chat.length; later < 40; later++) turn(later)
  flush()
  return out
}

describe('a stretch whose end only the next character tells', () => {
  test.each([[[3, 0]], [[9, 0]], [[1, 9]], [[9, 9, 0]]])(
    'has the same outcome with answers after %j frames as with prompt ones',
    (delays) => {
      expect(released([0])).toBe('cut 0\n')
      expect(released(delays)).toBe(released([0]))
    },
  )
})
