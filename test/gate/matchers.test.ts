/** The matchers of a channel stand at one unit wherever one of them halts, and standing there costs little. */
import { describe, expect, it } from 'vitest'
import { Matchers } from '../../src/gate/matchers.ts'
import type { Channel } from '../../src/terms/channel.ts'
import { counting } from './counting.ts'
import { plainPlan } from './plain-plan.ts'

const answer: Channel = { name: 'answer', scope: '0', kind: 'answer' }

const counted = (terms: Parameters<typeof plainPlan>[0]) => counting(plainPlan(terms, {}, true))

/** Where each read came to, and what was found by then, `size` units at a time. */
function readAll(matchers: Matchers, text: string, size: number): string[] {
  const seen: string[] = []
  for (let from = 0; from < text.length; from += size) {
    const piece = text.slice(from, from + size)
    for (let at = 0; at < piece.length; ) {
      at = matchers.read(piece, at, piece.length)
      for (const { rule, start, end } of matchers.take(from + at)) seen.push(`${rule} ${start}-${end} at ${from + at}`)
    }
  }
  return seen
}

describe('matchers that may have to stand at one unit', () => {
  it('are copied once in a thousand units where nothing is found, not at every piece', () => {
    const { plan, work } = counted([
      { term: 'bomb', action: 'mask' },
      { term: 'gun', action: 'cut' },
      { term: 'knife', action: 'cut' },
    ])
    expect(readAll(new Matchers(plan, answer, false), 'nothing '.repeat(1000), 4)).toEqual([])
    expect(work.units).toBe(3 * 8000)
    expect(work.forks).toBeLessThanOrEqual(2 * 8)
  })

  it('read what one of them halts in once more, and nothing that lies further back than the copy', () => {
    const { plan, work } = counted([
      { term: 'bomb', action: 'cut' },
      { term: 'gun', action: 'cut' },
    ])
    const text = `${'x'.repeat(4996)}gun ${'y'.repeat(5000)}`
    readAll(new Matchers(plan, answer, false), text, 4)
    expect(work.units).toBeLessThanOrEqual(2 * 10_000 + 1024 + 4)
  })

  it('all stand where one of them halts, and tell nothing twice, wherever the copy was taken', () => {
    for (const before of [0, 3, 1021, 1022, 1023, 1024, 1025, 2500]) {
      const { plan } = counted([
        { term: 'ab', action: 'cut' },
        { term: 'b', action: 'cut' },
        { term: 'abc', action: 'mask' },
        { term: 'a', action: 'cut' },
      ])
      const text = `${'-'.repeat(before)}ab${'-'.repeat(before)}aabcb${'-'.repeat(before)}`
      const byUnit = readAll(new Matchers(plan, answer, false), text, 1)
      expect(byUnit.length).toBe(9)
      for (const size of [2, 3, 4, 7, 500, text.length]) {
        const seen = readAll(new Matchers(plan, answer, false), text, size)
        expect(seen.map((one) => one.replace(/ at .*/, '')).sort()).toEqual(byUnit.map((one) => one.replace(/ at .*/, '')).sort())
        for (const cutting of seen.filter((one) => !one.startsWith('2'))) expect(byUnit).toContain(cutting)
      }
    }
  })
})
