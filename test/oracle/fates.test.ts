/** What the oracle calls certain or live, against every continuation there is over the characters that matter. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { somePolicy } from '../generators/policies.ts'
import { patience, runs } from '../generators/settings.ts'
import { someText } from '../generators/texts.ts'
import { fates, matches } from './fates.ts'
import type { OracleRule } from './policy.ts'

/** Every text of up to `length` characters. */
function everyText(characters: readonly string[], length: number): string[] {
  if (length === 0) return ['']
  const shorter = everyText(characters, length - 1)
  return ['', ...characters.flatMap((character) => shorter.map((rest) => character + rest))]
}

/** The characters a rule tells apart, nearly, and one it does not care about. */
function charactersOf({ words, pattern }: OracleRule): string[] {
  const written =
    words === undefined
      ? `${pattern.source.replaceAll(/\\.|[?+*{}()|^$[\]<>=!:,-]/g, '')}a1 .`
      : [...words.terms, ...words.except, 'q.'].join('')
  return [...new Set(written)]
}

/** As far as a rule can look beyond what it has seen, bounded by what can be tried. */
function reach({ words, pattern }: OracleRule, characters: number): number {
  const longest =
    words === undefined ? (pattern.most ?? 6) : Math.max(...[...words.terms, ...words.except].map((term) => term.length))
  return Math.min(longest + 1, Math.floor(Math.log(3000) / Math.log(characters)))
}

const someCase = somePolicy
  .chain((policy) => fc.record({ rule: fc.constantFrom(...policy.rules), text: someText(policy, 3) }))
  .filter(({ text }) => text.length <= 8)

const tinyTerm = fc.stringMatching(/^[ab ]{0,1}[ab][ab ]{0,1}$/)
const tinyWords = fc
  .record({
    terms: fc.array(tinyTerm, { minLength: 1, maxLength: 2 }),
    before: fc.constantFrom('', 'a', ' '),
    after: fc.constantFrom('', 'b', ' '),
    boundary: fc.constantFrom('none' as const, 'word' as const),
  })
  .map(({ terms, before, after, boundary }) => ({
    words: {
      terms,
      except: [before + terms[0] + after].filter((term) => !terms.includes(term)),
      fold: 'none' as const,
      boundary,
    },
  }))
const tinyPattern = fc
  .tuple(
    fc.constantFrom('', '\\b', '^', '(?<!b)'),
    fc.constantFrom('ab', 'a[ab]', '(?:a|ab)', 'a.?', '.b', 'a+', 'a| b', 'ab?a'),
    fc.constantFrom('', '\\b', '$', '(?!a)', '(?= )'),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([opening, main, closing, most]) => ({ pattern: { source: `${opening}(?:${main})${closing}`, most } }))
/** Rules about which five more characters settle everything. */
const tinyRule = fc.oneof(tinyWords, tinyPattern).map((check): OracleRule => ({ ...check, id: 'r', action: 'cut' }))
const tinyText = fc.stringMatching(/^[ab ]{0,5}$/)

describe('the fates of a prefix', () => {
  test(
    'no continuation takes away what is certain, or brings what is not live',
    () => {
      fc.assert(
        fc.property(someCase, ({ rule, text }) => {
          const { certain, live } = fates(rule, text, false)
          const characters = charactersOf(rule)
          for (const rest of everyText(characters, reach(rule, characters.length))) {
            const found = matches(rule, text + rest)
            for (const match of certain) expect(found).toContainEqual(match)
            for (const match of found) {
              const isNew = !certain.some(({ start, end }) => start === match.start && end === match.end)
              if (isNew && match.start < text.length) expect(match.start).toBeGreaterThanOrEqual(live ?? Number.POSITIVE_INFINITY)
            }
          }
        }),
        runs(60),
      )
    },
    patience,
  )

  test(
    'what is live is brought by some continuation, what is not certain is taken away by some',
    () => {
      const everything = everyText(['a', 'b', ' ', 'q'], 5)
      fc.assert(
        fc.property(tinyRule, tinyText, (rule, text) => {
          const futures = everything.map((rest) => matches(rule, text + rest))
          const names = futures.map((found) => new Set(found.map(({ start, end }) => `${start}-${end}`)))
          const always = (futures[0] ?? []).filter(({ start, end }) => names.every((found) => found.has(`${start}-${end}`)))
          const open = futures
            .flat()
            .filter(
              ({ start, end }) => start < text.length && !always.some((known) => known.start === start && known.end === end),
            )
          const { certain, live } = fates(rule, text, false)
          expect(certain).toEqual(always)
          expect(live).toBe(open.length === 0 ? undefined : Math.min(...open.map(({ start }) => start)))
        }),
        runs(80),
      )
    },
    patience,
  )
})
