/** The shared automaton against one slow simulation a rule, over random patterns, texts, splits and cache sizes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patternMatcher } from '../../../src/checks/pattern.ts'
import { compilePattern, PatternError } from '../../../src/checks/pattern-compile.ts'
import type { Finding, Matcher } from '../../../src/terms/matcher.ts'
import { isDistinct } from '../../../src/text/pattern/distinct.ts'
import type { PatternProgram } from '../../../src/text/pattern/program.ts'
import { patience, runs } from '../../generators/settings.ts'
import { findAll, known } from './brute.ts'
import { Simulation } from './simulation.ts'

const usual = 300

const signs = ['a', 'b', 'c', ' ', '\u{1f600}', '\u{1f601}', '\ud83d', '\ude00']

const atom = fc.constantFrom(
  'a',
  'b',
  'c',
  ' ',
  '[ab]',
  '[^a]',
  '.',
  '\\w',
  '\\W',
  '\u{1f600}',
  '[b\u{1f600}]',
  '\\s',
  '(?:ab|b)',
)
const zero = fc.constantFrom(
  '\\b',
  '\\B',
  '^',
  '$',
  '(?=b)',
  '(?!a)',
  '(?<=a)',
  '(?<!b)',
  '(?=ab)',
  '(?!ba)',
  '(?<=ab)',
  '(?<!ba)',
  '(?=[^a]b)',
  '(?!b\\b)',
  '(?<=^|a)',
)
const quantity = fc.constantFrom('', '', '', '?', '{2}', '{1,3}', '{0,2}', '*', '+', '{2,}')
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(atom, quantity).map((both) => both.join('')) },
  { weight: 1, arbitrary: zero },
)
const flat = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''))
const group = fc
  .tuple(fc.array(flat, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '{1,2}', '+', '?'))
  .map(([ways, count]) => `(?:${ways.join('|')})${count}`)
const source = fc.oneof(
  { weight: 3, arbitrary: flat },
  { weight: 2, arbitrary: fc.tuple(fc.oneof(flat, group), fc.oneof(flat, group)).map((both) => both.join('')) },
  { weight: 1, arbitrary: fc.tuple(flat, flat).map((both) => both.join('|')) },
)

interface Drawn {
  readonly source: string
  readonly most: number
  readonly program: PatternProgram
}

/** Patterns that are refused draw no rule; only refusals with a reason may. */
function compiled(text: string, most: number): Drawn | undefined {
  try {
    return { source: text, most, program: compilePattern(text, { most }) }
  } catch (error) {
    if (error instanceof PatternError) return undefined
    throw error
  }
}

const rule = fc.tuple(source, fc.integer({ min: 1, max: 6 })).map(([text, most]) => compiled(text, most))

const effect = fc.constantFrom({ holds: true, stops: false }, { holds: false, stops: false }, { holds: true, stops: false })
const ruleSet = fc.array(fc.tuple(rule, effect, fc.boolean()), { minLength: 1, maxLength: 4 })
const text = fc
  .array(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', ' ') }, { weight: 1, arbitrary: fc.constantFrom(...signs) }),
    { maxLength: 14 },
  )
  .map((list) => list.join(''))

const check = { name: 'odd_length', accepts: (candidate: string) => candidate.length % 2 === 1 }

function pieces(whole: string, cuts: readonly number[]): string[] {
  const borders = [0, ...[...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b), whole.length]
  return borders.slice(1).map((border, index) => whole.slice(borders[index], border))
}

const order = (a: Finding, b: Finding) => a.end - b.end || a.start - b.start || a.rule - b.rule

describe('the automaton of many patterns', () => {
  test(
    'finds, tells and holds what one slow reader a rule does, whatever the split and however small its cache',
    () => {
      fc.assert(
        fc.property(
          ruleSet,
          text,
          fc.array(fc.nat(), { maxLength: 5 }),
          fc.constantFrom(2, 2, 12, 4096),
          (drawn, whole, cuts, mostStates) => {
            const rules = drawn.flatMap(([found, does, checked], index) => {
              if (!found) return []
              const spec = checked ? { ...found.program, check: check.name, distinct: isDistinct(found.program) } : found.program
              return [{ rule: index, effect: does, spec, source: found, test: checked ? check.accepts : () => true }]
            })
            const pace = mostStates === 2 ? { misses: 0, window: 4, rest: 3 } : { misses: 128, window: 2048, rest: 4096 }
            const patient = { ...pace, longest: 2 ** 18 }
            const matcher: Matcher = patternMatcher(rules, {
              mostStates,
              patience: patient,
              checks: new Map([[check.name, check.accepts]]),
            })
            const slow = rules.map(({ spec, test: accepts }) => new Simulation(spec, accepts))
            const told = (step: (one: Simulation) => { start: number; end: number }[]) =>
              rules.flatMap(({ rule: index }, i) => step(slow[i] as Simulation).map((found) => ({ rule: index, ...found })))
            let run = matcher.open()
            let read = 0
            const all: Finding[] = []
            for (const part of pieces(whole, cuts)) {
              const expected = part.split('').flatMap((unit) => told((one) => one.read(unit)))
              if (read % 2 === 1) run = run.fork()
              run.push(part)
              read += part.length
              const found = run.take()
              expect(found).toEqual(expected)
              all.push(...found)
              const holding = rules.flatMap(({ effect: does }, i) => (does.holds ? [(slow[i] as Simulation).live] : []))
              const half = holding.length > 0 && /[\ud800-\udbff]$/.test(whole.slice(0, read)) ? 1 : 0
              expect(run.safeTo).toBe(Math.min(read - half, ...holding))
              expect(rules.map(({ rule: index }) => run.begunFrom(index))).toEqual(slow.map(({ live }) => live))
            }
            run.end()
            const last = run.take()
            expect([...last].sort(order)).toEqual(told((one) => one.end()).sort(order))
            expect(run.safeTo).toBe(whole.length)
            all.push(...last)
            for (const { rule: index, source: found, test: check } of rules)
              expect(
                all
                  .filter((finding) => finding.rule === index)
                  .map(({ start, end }) => ({ start, end }))
                  .sort((a, b) => a.end - b.end),
              ).toEqual(findAll(found.source, whole, { most: found.most, check }))
          },
        ),
        runs(usual),
      )
    },
    patience,
  )

  test(
    'halts after the very unit that made a finding certain, and goes on from there as if it had not',
    () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(rule, fc.boolean()), { minLength: 1, maxLength: 3 }),
          text,
          fc.array(fc.nat(), { maxLength: 3 }),
          (drawn, whole, cuts) => {
            const rules = drawn.flatMap(([found, stops], index) =>
              found ? [{ rule: index, effect: { holds: true, stops }, spec: found.program }] : [],
            )
            const slow = rules.map(({ spec }) => new Simulation(spec))
            const run = patternMatcher(rules).open()
            for (const part of pieces(whole, cuts)) {
              for (let from = 0; from < part.length; ) {
                const to = run.push(part, from)
                const expected: Finding[] = []
                let read = from
                while (
                  read < part.length &&
                  !expected.some(({ rule: index }) => rules.find((one) => one.rule === index)?.effect.stops)
                ) {
                  const unit = part.charAt(read++)
                  rules.forEach(({ rule: index }, i) => {
                    for (const found of (slow[i] as Simulation).read(unit)) expected.push({ rule: index, ...found })
                  })
                }
                expect(to).toBe(read)
                expect(run.take()).toEqual(expected)
                from = to
              }
            }
          },
        ),
        runs(usual),
      )
    },
    patience,
  )

  test(
    'says what is certain at the unit it becomes so, and holds exactly what some continuation could still change',
    () => {
      const spelled = fc.array(fc.constantFrom('a', 'b', ' '), { maxLength: 6 }).map((list) => list.join(''))
      fc.assert(
        fc.property(
          source.filter((text) => !/[*+]|,}|[^ -~]/.test(text)),
          spelled,
          (drawn, whole) => {
            // Two units more to an end, and two more that a look-ahead sees: all within the continuations tried.
            const found = compiled(drawn, 3)
            if (!found) return
            const run = patternMatcher([{ rule: 0, effect: { holds: true, stops: false }, spec: found.program }]).open()
            const certain: Finding[] = []
            for (let read = 1; read <= whole.length; read++) {
              run.push(whole, read - 1, read)
              certain.push(...run.take())
              const bound = known(drawn, whole.slice(0, read), ['a', 'b', 'c', ' '], 4, { most: 3 })
              const now = certain.map(({ start, end }) => ({ start, end })).sort((a, b) => a.end - b.end)
              if (isMadeSureTogether(drawn)) {
                expect(bound.certain).toEqual(expect.arrayContaining(now))
                expect(run.safeTo).toBeLessThanOrEqual(bound.safeTo)
              } else {
                expect(now).toEqual(bound.certain)
                expect(run.safeTo).toBe(bound.safeTo)
              }
            }
          },
        ),
        runs(usual / 6),
      )
    },
    patience,
  )

  test('what two ways through a pattern make sure of only together is told a unit later than it could be, and held as long', () => {
    for (const [pattern, whole] of [
      ['aa(?=b)|a{2}(?!ba)', 'aa'],
      ['\\w{1,2}(?!ba).{0,2}', 'ab'],
    ] as const) {
      const { program } = compiled(pattern, 3) as Drawn
      const run = patternMatcher([{ rule: 0, effect: { holds: true, stops: false }, spec: program }]).open()
      run.push(whole)
      expect(isMadeSureTogether(pattern)).toBe(true)
      expect(known(pattern, whole, ['a', 'b', ' '], 4, { most: 3 }).certain).toContainEqual({ start: 0, end: 2 })
      expect(run.take().filter(({ end }) => end === 2)).toEqual([])
      expect(run.safeTo).toBe(0)
      run.push('b')
      expect(run.take()).toContainEqual({ rule: 0, start: 0, end: 2 })
    }
  })
})

/**
 * Ways through a pattern that look ahead each, or one that looks further than a unit from two places, may leave no
 * continuation between them. That is seen where the next unit is, and not before: to ask it of every state would cost more
 * than a unit held.
 */
function isMadeSureTogether(source: string): boolean {
  const hasSeveralWays = /\||\{\d+,\d+\}|[^(]\?/.test(source)
  const looks = source.match(/\(\?[=!]|\\b|\$/gi)?.length ?? 0
  const looksFar = /\(\?[=!](?!(?:\\.|\[[^\]]*\]|[^\\[])\))/.test(source)
  return hasSeveralWays && (looks > 1 || looksFar)
}
