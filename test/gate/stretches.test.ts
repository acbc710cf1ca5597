/** What a judge is asked about depends on the text alone, and is bounded. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Docket } from '../../src/gate/docket.ts'
import type { Inquiry } from '../../src/terms/judge.ts'
import { stretchesOf } from '../oracle/sentences.ts'

const channel = { name: 'answer', scope: '0', kind: 'answer' } as const
const faults = { timeout: 'cut', refused: 'cut', busy: 'cut', unreadable: 'cut' } as const

const judgedText = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c', 'x') },
      { weight: 3, arbitrary: fc.constantFrom(' ', '. ', '.', '。', '！」', '\n', '"', '1.5') },
      { weight: 1, arbitrary: fc.constantFrom('好', '😀', '\ud83d', '\ude00', '\r\n') },
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

function asked(pieces: readonly string[], first: number, growTo: number, context: number): Omit<Inquiry, 'id'>[] {
  const inquiries: Omit<Inquiry, 'id'>[] = []
  const judge = {
    name: 'j',
    stretch: { first, grow_to: growTo },
    context,
    wait: 'hold',
    most_ahead: 1,
    on_fault: faults,
  } as const
  const docket = new Docket(channel, [{ judge, rules: [0], holds: true }], (inquiry) => inquiries.push(inquiry))
  for (const piece of pieces) docket.hear(piece)
  docket.close()
  return inquiries
}

describe('the stretches that a judge is asked about', () => {
  const sizes = { first: fc.integer({ min: 1, max: 6 }), more: fc.nat(9), context: fc.nat(5) }

  test('are those of the whole text, however it came', () => {
    fc.assert(
      fc.property(judgedText, fc.nat(40), fc.record(sizes), (text, place, { first, more, context }) => {
        const meant = stretchesOf(text, { first, growTo: first + more })
        for (const pieces of [[text], text.split(''), [text.slice(0, place), text.slice(place)]]) {
          const inquiries = asked(pieces, first, first + more, context)
          expect(inquiries.map(({ start, end }) => [start, end])).toEqual(meant.map(({ start, end }) => [start, end]))
          for (const { start, end, text: told, context: before } of inquiries) {
            expect(told).toBe(text.slice(start, end))
            expect(before).toBe(text.slice(Math.max(0, start - context), start))
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('hold each unit once, are no shorter than asked for, and their number is bounded by the length', () => {
    fc.assert(
      fc.property(judgedText, fc.record(sizes), (text, { first, more }) => {
        const inquiries = asked([text], first, first + more, 0)
        expect(inquiries.map(({ text: told }) => told).join('')).toBe(text)
        expect(inquiries.length).toBeLessThanOrEqual(Math.floor(text.length / first) + 1)
      }),
      { numRuns: 300 },
    )
  })
})
