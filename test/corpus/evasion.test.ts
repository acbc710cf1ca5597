/** Disguised words of public collections: how many are found, by kind of disguise, and that a mask covers all that was written. */
import { describe, expect, test } from 'vitest'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { patternMatcher } from '../../src/checks/pattern.ts'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import type { PatternProgram } from '../../src/text/pattern/program.ts'
import { coveredBy, foundIn, wordsOf } from './found.ts'
import { readRows } from './shared.ts'
import { Tally } from './tally.ts'

/** Sentences the forms are put into, so that borders and neighbours count. */
const carriers: Readonly<Record<string, readonly [string, string]>> = {
  en: ['You say ', ', and mean it.'],
  zh: ['他说', '，我不信。'],
}

test('words rewritten with Unicode: every class is found, and the mask covers all of the form', () => {
  interface Row {
    readonly cls: string
    readonly lang: string
    readonly base: string
    readonly text: string
  }
  const tally = new Tally('unicode_variants_derived, fold: loose, boundary: word')
  const rows = readRows<Row>('data/evasion/unicode_variants_derived.jsonl')
  const bases = [...new Set(rows.map(({ base }) => base))]
  const matcher = wordsOf(bases.map((base) => ({ terms: [base], boundary: 'word' })))
  for (const { cls, lang, base, text } of rows) {
    const [before, after] = carriers[lang] as readonly [string, string]
    const own = foundIn(matcher, before + text + after).filter(({ rule }) => bases[rule] === base)
    const whole = own.some(({ start, end }) => start <= before.length && end >= before.length + text.length)
    tally.count(`${cls} ${lang}`, whole, `${text} (${base})`)
  }
  tally.expectAtLeast({ 'fullwidth en': 1, 'circled_squared en': 1, 'zwsp_each en': 1, 'zwsp_each zh': 1, 'homoglyph_one en': 1 })
})

describe('obfuscated spellings of English profanity', () => {
  interface Row {
    readonly text: string
    readonly canonical: readonly string[]
    readonly obfuscated: boolean
  }
  const rows = readRows<Row>('data/evasion/profanity_variants_en.jsonl')
  const canonical = new Set(rows.flatMap((row) => row.canonical))
  const plain = rows.filter(({ obfuscated }) => !obfuscated).map(({ text }) => text)

  test('five of six and more are found by a list of plain words', () => {
    const tally = new Tally('profanity_variants_en, fold: loose')
    const lists = {
      'plain spellings': [...new Set(plain)],
      'plain spellings and canonical forms': [...new Set([...plain, ...canonical])],
      'canonical forms': [...canonical],
    }
    for (const [name, terms] of Object.entries(lists)) {
      const listed = new Set(terms)
      for (const boundary of ['none', 'word'] as const) {
        // Canonical forms are roots: in whole words only, `asshole` is not `ass`.
        if (name === 'canonical forms' && boundary === 'word') continue
        const matcher = wordsOf([{ terms, boundary }])
        for (const { text, obfuscated, canonical: roots } of rows) {
          if (!obfuscated || !roots.some((root) => listed.has(root))) continue
          tally.count(`${name}, boundary: ${boundary}`, foundIn(matcher, `a ${text}, b`).length > 0, `${text} (${roots.join()})`)
        }
      }
    }
    // What is missed is spelled otherwise (`b00bz`, `c0x`, `3jakulating`), abbreviated, or an ending that no list has.
    tally.expectAtLeast({
      'plain spellings, boundary: none': 77 / 87,
      'plain spellings, boundary: word': 75 / 87,
      'plain spellings and canonical forms, boundary: none': 99 / 113,
      'plain spellings and canonical forms, boundary: word': 95 / 113,
      'canonical forms, boundary: none': 91 / 113,
    })
  })

  test('of what is found as a whole word, the mask covers all of the form', () => {
    const tally = new Tally('profanity_variants_en, fold: loose, boundary: word')
    const matcher = wordsOf([{ terms: [...new Set([...plain, ...canonical])], boundary: 'word' }])
    for (const { text, obfuscated } of rows) {
      const found = foundIn(matcher, `a ${text}, b`)
      if (!obfuscated || found.length === 0) continue
      const whole = found.some(({ start, end }) => start === 2 && end === text.length + 2)
      tally.count('covered whole', whole, `${text}: ${coveredBy(found).join()}`)
    }
    // A phrase of which one word is listed: the others stay.
    tally.expectAtLeast({ 'covered whole': 94 / 95 })
  })
})

test('harmless words and phrases that hold a listed one stay', () => {
  interface Row {
    readonly word: string
    readonly benign_strings: readonly string[]
  }
  const tally = new Tally('obscenity_english_preset, fold: loose, boundary: word')
  for (const { word, benign_strings } of readRows<Row>('data/evasion/obscenity_english_preset.jsonl')) {
    const matcher = wordsOf([{ terms: [word], boundary: 'word' }])
    for (const text of benign_strings) tally.count('left alone', foundIn(matcher, text).length === 0, `${text} (${word})`)
  }
  tally.expectAtLeast({ 'left alone': 1 })
})

interface SensitiveWordCase {
  readonly id: string
  readonly text: string
  readonly deny?: readonly string[]
  readonly allow?: readonly string[]
  readonly options?: Readonly<Record<string, unknown>>
  readonly expected_found?: readonly string[]
  readonly expected_spans?: readonly (readonly [number, number])[]
  readonly expected_replaced?: string
  readonly expected_contains?: boolean
}

/** What is not claimed, and why. */
const unclaimed: Readonly<Record<string, string>> = {
  'hw-14': 'a run of digits in a dozen styles at once (9⓿二肆⁹): Chinese numerals are words here',
  'hw-19': 'digits with any signs between them: a pattern says which signs',
  'hw-51': 'av in 1av2 as a whole word: digits are part of a word here',
}

/** Their checks of numbers and addresses are patterns and numbers here. */
const checks: Readonly<Record<string, PatternProgram>> = {
  numCheck: compilePattern('(?<!\\d)\\d{8,20}(?!\\d)'),
  urlCheck: compilePattern('https?://[A-Za-z0-9./_-]{3,200}'),
  emailCheck: compileNumber('email'),
  ipv4Check: compileNumber('ipv4'),
}

function checksOf({ options = {} }: SensitiveWordCase): Matcher | undefined {
  const spec = Object.entries(checks).find(([name]) => options[name] === true)?.[1]
  return spec && patternMatcher([{ rule: 0, effect: { holds: true, stops: false }, spec }])
}

test('the cases of a library for Chinese: all that are claimed', () => {
  const tally = new Tally(
    `sensitive_word_cases_zh; not claimed: ${Object.entries(unclaimed)
      .map((entry) => entry.join(': '))
      .join(' | ')}`,
  )
  for (const one of readRows<SensitiveWordCase>('data/evasion/sensitive_word_cases_zh.jsonl')) {
    if (unclaimed[one.id] !== undefined) continue
    const { deny: terms = [], allow: except = [], options = {}, text } = one
    const boundary = options['resultCondition'] === 'englishWordMatch' ? 'word' : 'none'
    const matcher = checksOf(one) ?? wordsOf([{ terms, except, boundary }])
    const spans = coveredBy(foundIn(matcher, text))
    const found = spans.map((span) => text.slice(...(span.split('-').map(Number) as [number, number])))
    const wanted = [
      one.expected_found === undefined || JSON.stringify(found) === JSON.stringify(one.expected_found),
      one.expected_spans === undefined ||
        JSON.stringify(spans) === JSON.stringify(one.expected_spans.map((span) => span.join('-'))),
      one.expected_contains === undefined || one.expected_contains === found.length > 0,
      one.expected_replaced === undefined || replaced(one, spans) === one.expected_replaced,
    ]
    tally.count('claimed', wanted.every(Boolean), `${one.id} ${text}: ${found.join()}`)
  }
  tally.expectAtLeast({ claimed: 1 })
})

/** Their replacement: one sign for each character, or a word by the word found. */
function replaced({ text, options = {} }: SensitiveWordCase, spans: readonly string[]): string {
  const words = (options['replaceMap'] ?? {}) as Readonly<Record<string, string>>
  let out = ''
  let at = 0
  for (const span of spans) {
    const [start = 0, end = 0] = span.split('-').map(Number)
    const word = text.slice(start, end)
    out += text.slice(at, start) + (words[word] ?? String(options['replaceChar'] ?? '*').repeat(word.length))
    at = end
  }
  return out + text.slice(at)
}

test('the cases of a library for English: all that are claimed', () => {
  interface Row {
    readonly id: string
    readonly text: string
    readonly patterns?: readonly string[]
    readonly whitelist: readonly string[]
    readonly transforms: readonly string[]
    readonly expected_matches: readonly (readonly [number, number, number])[]
  }
  // Wildcards and remapping are patterns, its own preset is a list of its own, and exceptions are read as strictly as terms.
  const other = new Set(['ob-9', 'ob-11', 'ob-14', 'oc-1'])
  const tally = new Tally(
    'obscenity_cases_en; not claimed: ob-9 (its preset), ob-11 (wildcard), ob-14 (blanks dropped from an exception), oc-1 (no search)',
  )
  for (const { id, text, patterns = [], whitelist, transforms, expected_matches } of readRows<Row>(
    'data/evasion/obscenity_cases_en.jsonl',
  )) {
    if (other.has(id)) continue
    const fold = transforms.length > 0 ? 'loose' : 'none'
    const spans = coveredBy(foundIn(wordsOf([{ terms: patterns, except: whitelist, fold }]), text))
    const wanted = expected_matches.map(([start, last]) => `${start}-${last + 1}`)
    tally.count('claimed', JSON.stringify(spans) === JSON.stringify(wanted), `${id} ${spans.join()} for ${wanted.join()}`)
  }
  tally.expectAtLeast({ claimed: 1 })
  expect(other.size).toBe(4)
})
