/** Long texts of which a part is read again: attempts that grow too old, or fail their check, hundreds of units after they began. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patternMatcher } from '../../../src/checks/pattern.ts'
import { compilePattern } from '../../../src/checks/pattern-compile.ts'
import type { Finding } from '../../../src/terms/matcher.ts'
import { History } from '../../../src/text/pattern/history.ts'
import { Context } from '../../../src/text/pattern/stepper.ts'
import { patience, runs } from '../../generators/settings.ts'
import { Simulation } from './simulation.ts'

const sources = [
  'a[ab]*c',
  '[ab]+cc?',
  // What lies before a start, however far, is asked for when that is read again.
  '(?<=z[ab]*)b[ab]*c',
  '(?<!z[ab]*)a[ab]+c(?!c)',
] as const

const rule = fc.record({
  source: fc.constantFrom(...sources),
  most: fc.constantFrom(3, 70, 300, 700, 1500),
  checked: fc.boolean(),
})

const check = { name: 'odd_length', accepts: (candidate: string) => candidate.length % 2 === 1 }

const run = fc.tuple(fc.constantFrom('a', 'b', 'ab', 'abb'), fc.integer({ min: 0, max: 900 }))
const text = fc
  .array(fc.tuple(fc.constantFrom('', ' ', 'z', 'c', 'cc'), run), { minLength: 1, maxLength: 3 })
  .map((list) => `${list.map(([sign, [letters, units]]) => sign + letters.repeat(units).slice(0, units)).join('')}c c`)

test(
  'text is read again from as far back as it is wanted, whatever the split',
  () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 2 }),
        text,
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (drawn, whole, sizes, impatient) => {
          const rules = drawn.map(({ source, most, checked }, index) => {
            const program = compilePattern(source, { most })
            return {
              rule: index,
              effect: { holds: true, stops: false },
              spec: checked ? { ...program, check: check.name, distinct: false } : program,
              accepts: checked ? check.accepts : () => true,
            }
          })
          const expected: Finding[] = rules.flatMap(({ rule: index, spec, accepts }) => {
            const slow = new Simulation(spec, accepts)
            const found = [...whole.split('').flatMap((unit) => slow.read(unit)), ...slow.end()]
            return found.map((finding) => ({ rule: index, ...finding }))
          })
          const matcher = patternMatcher(rules, {
            ...(impatient ? { mostStates: 12, patience: { misses: 0, window: 4, rest: 3, longest: 60 } } : {}),
            checks: new Map([[check.name, check.accepts]]),
          })
          let reading = matcher.open()
          const all: Finding[] = []
          for (let at = 0, part = 0; at < whole.length; part++) {
            const to = Math.min(whole.length, at + (sizes[part % sizes.length] as number))
            reading.push(whole, at, to)
            all.push(...reading.take())
            if (part % 3 === 1) reading = reading.fork()
            at = to
          }
          reading.end()
          all.push(...reading.take())
          const ordered = (list: Finding[]) => list.sort((a, b) => a.rule - b.rule || a.end - b.end)
          expect(ordered(all)).toEqual(ordered(expected))
        },
      ),
      runs(30),
    )
  },
  patience,
)

test('what is kept reaches from the last place at or before what is wanted where it is known what lies before', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1500 }), { maxLength: 20 }), (wanted) => {
      const history = new History(true)
      const unit = (at: number) => 0x4e00 + (at % 5003)
      const text = (start: number, end: number) =>
        Array.from({ length: end - start }, (_, index) => String.fromCharCode(unit(start + index))).join('')
      let from = 0
      for (const [index, units] of wanted.entries()) {
        const at = history.until
        from = Math.max(from, at - units)
        history.mark(at, new Context([index], String(index)), from)
        for (let next = at; next < history.until; next++) history.units[next & history.mask] = unit(next)
        for (const position of [from, Math.floor((from + history.until) / 2)]) {
          const known = history.contextBefore(position)
          expect(known.at).toBeLessThanOrEqual(position)
          expect(history.slice(known.at, history.until)).toBe(text(known.at, history.until))
        }
      }
    }),
    runs(300),
  )
})
