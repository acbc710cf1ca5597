/** Each list and text that taught us something is found as it should be, and goes on being so. */
import { expect, test } from 'vitest'
import { compileWords, packWords } from '../../src/checks/words.ts'
import { loadWords, matcherOf } from '../../src/checks/words-load.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import { CandidateRun, searchOf } from './candidates.ts'
import { type WordsCase, wordsCases } from './cases.ts'

const rulesOf = ({ terms, except = [], fold = 'case', boundary = 'none' }: WordsCase) => [
  { rule: 0, effect: { holds: true, stops: false }, spec: { terms, except, fold, boundary } },
]

const engines: Readonly<Record<string, (one: WordsCase) => Matcher | undefined>> = {
  'rows of frequent states': (one) => matcherOf(compileWords(rulesOf(one))),
  'no rows': (one) => matcherOf(compileWords(rulesOf(one), 0)),
  'packed and loaded': (one) => loadWords(packWords(rulesOf(one))),
  'candidates one by one': (one) => {
    if (one.fold === 'loose') return undefined
    const search = searchOf(rulesOf(one), one.fold ?? 'case')
    return { open: (stopAt = 'stops') => new CandidateRun(search, stopAt) }
  },
}

/** @param copied reads on from a copy after each piece, as from a run that was put away. */
function told(matcher: Matcher, pieces: readonly string[], copied = false): string[] {
  let run = matcher.open()
  for (const piece of pieces) {
    run.push(piece)
    if (!copied) continue
    const copy = run.fork()
    run.push('a b.o')
    run = copy
  }
  run.end()
  const found = [...run.take()].sort((one, other) => one.end - other.end || one.start - other.start)
  return found.map(({ start, end }) => `${start}-${end}`)
}

/** As long as one term is let be by somebody who tests a filter. */
const longest = 'ab'.repeat(32_500)
const huge = { name: 'a term of 65,001 units', terms: [`x${longest}`], text: `xx${longest}`, found: ['1-65002'] }

test.each(Object.keys(engines))(
  '12 long ones: 65,001 units, unit by unit, by %s',
  (engine) => {
    const matcher = engines[engine]?.(huge) as Matcher
    expect(told(matcher, huge.text.split(''))).toEqual(huge.found)
    expect(told(matcher, [huge.text.slice(0, -1)])).toEqual([])
  },
  60_000,
)

for (const [group, cases] of Object.entries(wordsCases)) {
  for (const [engine, make] of Object.entries(engines)) {
    test(`${group}, by ${engine}`, () => {
      for (const one of cases) {
        const matcher = make(one)
        if (matcher === undefined) continue
        expect(told(matcher, [one.text]), one.name).toEqual(one.found)
        expect(told(matcher, one.text.split('')), `${one.name}, unit by unit`).toEqual(one.found)
        expect(told(matcher, one.text.split(''), true), `${one.name}, copied at every unit`).toEqual(one.found)
        for (let cut = 1; cut < Math.min(one.text.length, 50); cut += 1) {
          expect(told(matcher, [one.text.slice(0, cut), '', one.text.slice(cut)]), `${one.name}, cut at ${cut}`).toEqual(
            one.found,
          )
        }
      }
    }, 60_000)
  }
}
