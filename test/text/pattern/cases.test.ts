/** Each pattern that taught us something finds what it should, and goes on doing so. */
import { describe, expect, test } from 'vitest'
import { compileNumber } from '../../../src/checks/numbers-compile.ts'
import { type MatcherOptions, type PatternProgram, patternMatcher } from '../../../src/checks/pattern.ts'
import { compilePattern } from '../../../src/checks/pattern-compile.ts'
import { loadPatterns, packPatterns } from '../../../src/checks/pattern-pack.ts'
import type { Finding, Matcher } from '../../../src/terms/matcher.ts'
import { patience } from '../../generators/settings.ts'
import { findAll } from './brute.ts'
import { candidateChecks, type PatternCase, type PatternRule, patternCases } from './cases.ts'

const programs = new Map<string, PatternProgram>()

function programOf(rule: PatternRule): PatternProgram {
  const { pattern = '', number, ...options } = rule
  const key = JSON.stringify(rule)
  const program = programs.get(key) ?? (number === undefined ? compilePattern(pattern, options) : compileNumber(number))
  programs.set(key, program)
  return program
}

const rulesOf = ({ rules }: PatternCase) =>
  rules.map((rule, index) => ({ rule: index, effect: { holds: true, stops: false }, spec: programOf(rule) }))

/** Checks of our own where a case asks for one; those of the numbers elsewhere. */
function optionsOf({ rules }: PatternCase): MatcherOptions {
  return rules.some(({ check }) => check !== undefined) ? { checks: new Map(Object.entries(candidateChecks)) } : {}
}

/** The table never helps, so that every text changes to one automaton for each of its parts, and back. */
const impatient = { misses: 0, window: 4, rest: 3, longest: 2 ** 18 }

const engines: Readonly<Record<string, (one: PatternCase) => Matcher>> = {
  'one automaton': (one) => patternMatcher(rulesOf(one), optionsOf(one)),
  'an automaton of two states': (one) => patternMatcher(rulesOf(one), { ...optionsOf(one), mostStates: 2 }),
  'twelve states, given up at once': (one) =>
    patternMatcher(rulesOf(one), { ...optionsOf(one), mostStates: 12, patience: impatient }),
  'packed and loaded': (one) => loadPatterns(packPatterns(rulesOf(one)), optionsOf(one)),
}

const inOrder = (one: Finding, other: Finding) => one.end - other.end || one.start - other.start || one.rule - other.rule
const named = ({ rules }: PatternCase, found: readonly Finding[]) =>
  [...found].sort(inOrder).map(({ rule, start, end }) => `${rules.length > 1 ? `${rule}:` : ''}${start}-${end}`)

/** @param copied reads on from a copy after each piece, as from a run that was put away. */
function told(one: PatternCase, matcher: Matcher, pieces: readonly string[], copied = false): string[] {
  let run = matcher.open()
  const found: Finding[] = []
  for (const piece of pieces) {
    run.push(piece)
    if (copied) {
      const copy = run.fork()
      run.push('ab 1')
      run = copy
    }
    found.push(...run.take())
  }
  run.end()
  expect(run.safeTo, one.name).toBe(one.text.length)
  return named(one, [...found, ...run.take()])
}

for (const [group, cases] of Object.entries(patternCases)) {
  describe(group, () => {
    test.each(Object.keys(engines))(
      'by %s',
      (engine) => {
        for (const one of cases) {
          const matcher = (engines[engine] as (typeof engines)[string])(one)
          expect(told(one, matcher, [one.text]), one.name).toEqual(one.found)
          expect(told(one, matcher, one.text.split('')), `${one.name}, unit by unit`).toEqual(one.found)
          if (one.text.length > 100) continue
          expect(told(one, matcher, one.text.split(''), true), `${one.name}, copied at every unit`).toEqual(one.found)
          for (let cut = 1; cut < one.text.length; cut += 1) {
            const pieces = [one.text.slice(0, cut), '', one.text.slice(cut)]
            expect(told(one, matcher, pieces), `${one.name}, cut at ${cut}`).toEqual(one.found)
          }
        }
      },
      patience,
    )

    test("by JavaScript's own engine", () => {
      for (const one of cases) {
        if (one.rules.some(({ number }) => number !== undefined) || one.text.length > 100) continue
        const found = one.rules.flatMap(({ pattern = '', check, ...options }, rule) =>
          findAll(pattern, one.text, { ...options, ...(check === undefined ? {} : { check: candidateChecks[check] }) }).map(
            (span) => ({ rule, ...span }),
          ),
        )
        expect(named(one, found), one.name).toEqual(one.found)
      }
    })
  })
}
