/** No disguise of a listed word gets past the loose fold that its definition sees through, however many readings a text has. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RuleFor } from '../../src/checks/rule.ts'
import { compileWords, type WordsSpec } from '../../src/checks/words.ts'
import { matcherOf } from '../../src/checks/words-load.ts'
import type { Finding, Matcher } from '../../src/terms/matcher.ts'
import type { TableLimits } from '../../src/text/branch-table.ts'
import { patience, runs } from '../generators/settings.ts'
import { type LooseFacts, loosePlaces } from '../text/plain-loose.ts'
import { inOrder } from '../text/plain-words.ts'

const usual = 120

const facts: LooseFacts = {
  counts: {
    A: 'a',
    B: 'b',
    L: 'l',
    S: 's',
    ß: 'ss',
    'ⓐ': 'a',
    ｂ: 'b',
    а: 'a',
    '\u0301': '',
    '\u200b': '',
    '-': ' ',
    _: ' ',
    萬: '万',
    ﬁ: 'fi',
    '４': '4',
  },
  letters: { '4': 'a', '8': 'b', '5': 's', '@': 'a', $: 's', '1': 'il', '|': 'li', '3': 'e', '!': 'il' },
  isWord: (character) => /^[a-z0-9]$/.test(character),
  isUnspaced: (character) => /^[万台]$/.test(character),
}

const character = fc.constantFrom(
  ...[
    'a',
    'A',
    'b',
    's',
    'l',
    '3',
    'ß',
    'ⓐ',
    'ｂ',
    'а',
    '\u0301',
    '\u200b',
    '-',
    '_',
    '萬',
    '万',
    '台',
    'ﬁ',
    '４',
    '4',
    '8',
    '5',
    '@',
    '$',
    '|',
    '*',
    '.',
    ' ',
    ',',
    'x',
  ],
)
const term = fc.oneof(
  fc.array(fc.constantFrom('a', 'b', 's', 'l'), { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
  fc.array(fc.constantFrom('万', '台'), { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
  fc.constantFrom('a b', 'b4', 'as-s', 'ß', 'ab*', '44', 'bb'),
)
const boundary = fc.constantFrom('none' as const, 'word' as const)
const rulesOf = (term: fc.Arbitrary<string>) =>
  fc.array(fc.record({ terms: fc.array(term, { minLength: 1, maxLength: 3 }), boundary }), { minLength: 1, maxLength: 2 })

/** Disguises of a term, so that most texts hold something that is found or nearly so. */
const disguised = (one: string) =>
  fc
    .array(fc.tuple(fc.nat(9), fc.constantFrom('', '', '', '.', '*', ' ', '\u200b', '\u0301', '. ', '**')), {
      minLength: one.length,
      maxLength: one.length,
    })
    .map((choices) =>
      [...one]
        .map((letter, index) => {
          const [choice, gap] = choices[index] as [number, string]
          const signs: Record<string, string[]> = {
            a: ['@', '4', 'ⓐ', 'A'],
            b: ['8', 'ｂ', 'l3', 'B'],
            s: ['5', '$', 'S'],
            l: ['1', '|', 'L'],
            万: ['萬'],
          }
          const written =
            choice < 4
              ? (signs[letter]?.[choice] ?? letter)
              : choice === 4
                ? letter.repeat(3)
                : choice === 5
                  ? letter.repeat(2)
                  : letter
          return written + (index + 1 < one.length ? gap : '')
        })
        .join(''),
    )

const sceneOf = (term: fc.Arbitrary<string>) =>
  rulesOf(term).chain((all) => {
    const own = all.flatMap(({ terms }) => terms)
    const piece = fc.oneof(fc.constantFrom(...own).chain(disguised), character, fc.constantFrom(...own))
    const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => [...pieces.join('')].slice(0, 9).join(''))
    return fc.tuple(fc.constant(all), text, fc.array(fc.nat(3), { maxLength: 9 }))
  })

const scene = sceneOf(term)

type Given = readonly { readonly terms: readonly string[]; readonly boundary: 'none' | 'word' }[]

function all(given: Given, text: string): Finding[] {
  const found = given.flatMap((rule, index) => {
    const byEnd = new Map<number, number>()
    for (const { start, end } of loosePlaces(rule, text, facts)) byEnd.set(end, Math.min(start, byEnd.get(end) ?? start))
    return [...byEnd].map(([end, start]) => ({ rule: index, start, end }))
  })
  return found.sort(inOrder)
}

/** What is remembered of disguised texts: all, little, and hardly anything, so that texts are read without again and again. */
const limits = fc.constantFrom<(TableLimits | undefined)[]>(
  undefined,
  { numbers: 2000, patience: { misses: Infinity, window: 4, rest: 3, longest: 3 } },
  { numbers: 500, patience: { misses: 0, window: 4, rest: 3, longest: 3 } },
)

const compiled = (given: Given) =>
  compileWords(
    given.map(({ terms, boundary: border }, rule): RuleFor<WordsSpec> => {
      const spec = { terms, except: [], fold: 'loose' as const, boundary: border }
      return { rule, effect: { holds: true, stops: false }, spec }
    }),
  )

function told(matcher: Matcher, pieces: readonly string[]) {
  const run = matcher.open()
  const found: Finding[] = []
  const safe: number[] = []
  for (const piece of pieces) {
    run.push(piece)
    found.push(...run.take())
    safe.push(run.safeTo)
  }
  run.end()
  found.push(...run.take())
  return { found: found.sort(inOrder), safe }
}

test(
  'what is found is what the definition finds, in whole texts and unit by unit',
  () => {
    fc.assert(
      fc.property(scene, limits, ([given, text], remembered) => {
        const expected = all(given, text)
        const matcher = matcherOf(compiled(given), remembered)
        expect(told(matcher, [text]).found).toEqual(expected)
        expect(told(matcher, text.split('')).found).toEqual(expected)
      }),
      runs(usual),
    )
  },
  patience,
)

test(
  'nothing before the safe offset is ever found later',
  () => {
    fc.assert(
      fc.property(scene, scene, ([given, text], [, more]) => {
        const { safe } = told(matcherOf(compiled(given)), text.split(''))
        const before = all(given, text)
        for (const finding of [...all(given, text + more), ...before]) {
          for (const [index, offset] of safe.entries())
            if (finding.end > index + 1) expect(offset).toBeLessThanOrEqual(finding.start)
        }
      }),
      runs(usual),
    )
  },
  patience,
)

/** Ways in which a text may go on that matter to one of the terms: what is left of it, spelled out or not, or its last letter again. */
function rests(given: Given): string[] {
  const found = new Set<string>()
  for (const term of given.flatMap(({ terms }) => terms)) {
    const one = term.replaceAll('ß', 'ss')
    for (let from = 0; from <= one.length; from += 1) {
      const left = [...one.slice(from)]
      for (const before of ['', '.', ' ', '*', '3', '*3']) for (const gap of gaps) found.add(before + left.join(gap))
      const again = one.charAt(from - 1)
      for (const before of ['', '*', '3'])
        for (const times of [1, 2, 3])
          for (const gap of ['', '*', '.']) found.add(before + again.repeat(times) + gap + left.join(''))
    }
  }
  return [...found].flatMap((rest) => [rest, `${rest}x`, `${rest}.`])
}

const gaps = ['', '.', ' ', '*']

/** Some way on changes what is found from the offset on: brings a finding, or takes one away. */
function isOpen(given: Given, prefix: string, offset: number, ways: readonly string[]): boolean {
  const endsOf = (text: string) => given.map((rule) => loosePlaces(rule, text, facts, offset).map(({ end }) => end)).join(' | ')
  const now = endsOf(prefix)
  return ways.some((rest) => endsOf(prefix + rest) !== now)
}

/** How much more is held after a text than the ways on would need. */
function heldInVain(given: Given, prefix: string): number {
  const offset = told(matcherOf(compiled(given)), [prefix]).safe.at(-1) as number
  const ways = rests(given)
  let needed = offset
  while (needed < prefix.length && !isOpen(given, prefix, needed, ways)) needed += 1
  return needed - offset
}

const longTerm = fc.oneof(
  fc.array(fc.constantFrom('a', 'b', 's', 'l'), { minLength: 3, maxLength: 5 }).map((all) => all.join('')),
  fc.array(fc.constantFrom('万', '台'), { minLength: 3, maxLength: 3 }).map((all) => all.join('')),
  fc.constantFrom('a bs', 'b4a', 'as-s', 'ßa', 'ab*', '444', 'bbs'),
)

test(
  'of terms of three letters or more nothing is held that no way on could change, where no sign is set apart like a letter',
  () => {
    fc.assert(
      fc.property(sceneOf(longTerm), fc.nat(), ([given, text], place) => {
        const prefix = text.slice(0, 1 + (place % text.length))
        if (!/[\ud800-\udbff]$/.test(prefix) && !isSignSetApart.test(prefix)) expect(heldInVain(given, prefix)).toBe(0)
      }),
      runs(usual / 3),
    )
  },
  patience,
)

/** Of letters set apart fewer than half may be signs; which term is long enough for those there are is not asked. */
const isSignSetApart = /[@$!|13458４][\u0301\u200b]*[ .*_-]/

/** What is held all the same, until the next letter or the fourth sign: it would take more to know than it takes to wait. */
test.each([
  { name: 'two letters with mark-up between them are no word', terms: ['bs'], text: 'b*', more: 2 },
  { name: 'nor when both are there', terms: ['bs'], text: 'b**s', more: 4 },
  { name: 'two letters that are words, with a blank between them', terms: ['台台'], text: '台. ', more: 3 },
  { name: 'letters set apart, half of them signs', terms: ['aba'], text: '@.8.', more: 4 },
  { name: 'a whole word inside one that is spelled out', terms: ['ass'], boundary: 'word' as const, text: 'cl.a.s.', more: 4 },
])('held in vain: $name', ({ terms, boundary = 'none' as const, text, more }) => {
  expect(heldInVain([{ terms, boundary }], text)).toBe(more)
})

test('a text that may be read in hundreds of ways hides nothing', () => {
  // Many terms of letters that one sign may stand for: the readings followed at once go into the hundreds, and beyond.
  const hostile =
    '!3|!ll!313|l!!!!l!8l33l|3l8!83l3!8!l8ll8||181l1!318|8l!1|l133!13!1|18!l|1|l83l13l8|1l!83|1||!l3l|1!!1||||!3|1|183!|181'
  const crowd = ['iii', 'iil', 'ili', 'ill', 'lii', 'lil', 'lli', 'lll'].flatMap((term) => [`${term}b`, `${term}bil`])
  const given: Given = [
    { terms: ['ilbi', 'blialli', 'li'], boundary: 'none' },
    { terms: crowd, boundary: 'none' },
  ]
  const { found } = told(matcherOf(compiled(given)), [hostile])
  const [sought] = given as [Given[number]]
  for (let from = 0; from + 11 <= hostile.length; from += 1) {
    for (const { start, end } of loosePlaces(sought, hostile.slice(from, from + 11), facts)) {
      const covered = found.some((one) => one.rule === 0 && one.end === from + end && one.start <= from + start)
      expect(covered, `${from + start}-${from + end}`).toBe(true)
    }
  }
})
