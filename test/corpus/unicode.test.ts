/** Unicode's own test data against the folds and the ends of masks: what is claimed holds row by row, the rest is counted. */
import { expect, test } from 'vitest'
import { foldText } from '../../src/text/fold.ts'
import { planOf } from '../laws/plan.ts'
import { readText } from '../laws/read-text.ts'
import { foundIn, wordsOf } from './found.ts'
import { readJson, readRows } from './shared.ts'
import { Tally } from './tally.ts'

const characters = (codes: string) =>
  codes
    .split(' ')
    .map((code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .join('')

/** Between letters that belong to no row, so that a form is found as a whole or not at all. */
const between = (form: string) => `q${form}jv`

test('case: a character and what it folds to find each other, and the Turkish pairs do not', () => {
  const rows = readRows<{ code: string; status: string; folded: string }>('data/unicode/case_folding.jsonl')
  const forms = rows.map(({ code, folded }) => [characters(code), characters(folded)] as const)
  const tally = new Tally('case_folding, fold: case')
  const names: Readonly<Record<string, string>> = { C: 'common', F: 'full', S: 'simple', T: 'Turkish, which must not be found' }
  const matcher = wordsOf(
    forms.flatMap(([code, folded]) => [
      { terms: [between(code)], fold: 'case' as const },
      { terms: [between(folded)], fold: 'case' as const },
    ]),
  )
  const finds = (rule: number, text: string) =>
    foundIn(matcher, text).some((found) => found.rule === rule && found.start === 0 && found.end === text.length)
  for (const [index, [code, folded]] of forms.entries()) {
    const { status } = rows[index] as { status: string }
    const found = [finds(2 * index, between(folded)), finds(2 * index + 1, between(code))]
    const right = status === 'T' ? !found.some(Boolean) : found.every(Boolean)
    tally.count(names[status] as string, right, `${code} ${folded}`)
  }
  const floors = Object.fromEntries([...new Set(rows.map(({ status }) => [names[status] as string, 1] as const))])
  tally.expectAtLeast(floors)
})

/** Forms that are not claimed to be the same, in all or in part. */
const kinds: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Hangul in parts', /[\u1100-\u11ff\u3131-\u318e]/],
  ['numbers and letters in brackets, read without them', /[\u2474-\u24b5\u3220-\u3243\u{1f101}-\u{1f129}]/u],
  ['marks on their own', /[\u309b\u309c]/],
  ['several marks on one letter', /\p{M}[^\p{M}]*\p{M}/u],
]

test('normalisation: every form of a text is the same to fold: loose, but for what it does not claim', () => {
  interface Row {
    readonly part: string
    readonly src: string
    readonly nfc: string
    readonly nfd: string
    readonly nfkc: string
    readonly nfkd: string
  }
  const tally = new Tally('normalization, fold: loose')
  const rows = readRows<Row>('data/unicode/normalization.jsonl').map(({ src, nfc, nfd, nfkc, nfkd }) => {
    const [form = '', ...others] = [nfkd, src, nfc, nfd, nfkc].map(characters)
    return { form, others: [...new Set(others)], name: src }
  })
  // Marks alone, and what loose leaves nothing of, are no terms.
  const terms = rows.filter(({ form }) => foldText('loose', form).length > 0)
  const matcher = wordsOf(terms.map(({ form }) => ({ terms: [between(form)] })))
  for (const [rule, { form, others, name }] of terms.entries()) {
    const right = others.every((other) => {
      const text = between(other)
      return foundIn(matcher, text).some((found) => found.rule === rule && found.start === 0 && found.end === text.length)
    })
    const kind = kinds.find(([, pattern]) => [form, ...others].some((one) => pattern.test(one)))?.[0] ?? 'all others'
    tally.count(kind, right, name)
  }
  // Marks in another order are the same where at most one of them tells words apart.
  tally.expectAtLeast({
    'all others': 1,
    'Hangul in parts': 77 / 221,
    'numbers and letters in brackets, read without them': 0,
    'marks on their own': 0,
    'several marks on one letter': 654 / 726,
  })
})

test('what cannot be seen is read over, every code point of it', () => {
  const matcher = wordsOf([{ terms: ['ab'], boundary: 'word' }])
  const tally = new Tally('default_ignorable_ranges, fold: loose')
  for (const [first = '', last = ''] of readJson<string[][]>('data/unicode/default_ignorable_ranges.json')) {
    for (let code = Number.parseInt(first, 16); code <= Number.parseInt(last, 16); code += 1) {
      const text = `a${String.fromCodePoint(code)}b`
      const found = foundIn(matcher, text).map(({ start, end }) => end - start)
      tally.count('code points', found.includes(text.length), code.toString(16))
    }
  }
  tally.expectAtLeast({ 'code points': 1 })
})

test('look-alikes of one Latin letter or digit are read as it', () => {
  const tally = new Tally(
    'confusables_to_prototype, fold: loose; not claimed: look-alikes of several letters, of signs and of other scripts',
  )
  const pairs = Object.entries(readJson<Record<string, string>>('data/unicode/confusables_to_prototype.json')).filter(
    ([sign, prototype]) => /^[a-z0-9]$/i.test(prototype) && !/^[\0-\x7f]$/.test(sign),
  )
  // The table's prototype of I and 1 is l, and of 0 it is O.
  const wanted = (prototype: string) => ({ l: ['l', 'i'], O: ['o', '0'] })[prototype] ?? [prototype.toLowerCase()]
  const letters = [...new Set(pairs.flatMap(([, prototype]) => wanted(prototype)))]
  const matcher = wordsOf(letters.map((letter) => ({ terms: [between(letter)], boundary: 'word' })))
  for (const [sign, prototype] of pairs) {
    const text = between(sign)
    const found = foundIn(matcher, text).some(
      ({ rule, start, end }) => wanted(prototype).includes(letters[rule] as string) && start === 0 && end === text.length,
    )
    tally.count(/\d/.test(prototype) ? 'digits' : 'letters', found, `${sign} as ${prototype}`)
  }
  // Letters and digits that are others in their own script: Chinese zero, Burmese wa, Bengali four, which looks like 8.
  tally.expectAtLeast({ letters: 1255 / 1257, digits: 76 / 83 })
})

/** What a cluster may be divided into without leaving half a character: each part stands for itself. */
const parts: readonly (readonly [name: string, cluster: RegExp])[] = [
  ['a letter after a sign of its number (Prepend), left', /^\p{Cf}./su],
  ['Hangul in parts, left', /^[\u1100-\u11ff\uac00-\ud7ff]+$/],
  ['the second half of a flag, left', /^\p{RI}{2}$/u],
  ['the next emoji of a joined one, left', /^.\u200d.$/su],
]

test('no mark, joiner, selector or vowel sign of a character is left behind a mask', () => {
  const tally = new Tally('grapheme_break, masks that end inside a cluster')
  for (const { clusters } of readRows<{ clusters: string[][] }>('data/unicode/grapheme_break.jsonl')) {
    for (const codes of clusters) {
      const cluster = codes.map(characters)
      for (let length = 1; length < cluster.length; length += 1) {
        const term = cluster.slice(0, length).join('')
        if (term.trim() === '') continue
        const words = { terms: [term], except: [], fold: 'none', boundary: 'none' } as const
        const plan = planOf({ rules: [{ id: 'masked', action: 'mask', with: '⁂', words }] })
        const text = `j${cluster.join('')}v`
        const { released } = readText(plan, [text])
        expect(readText(plan, text.split('')).released, text).toBe(released)
        const kind = parts.find(([, pattern]) => pattern.test(cluster.join('')))?.[0] ?? 'marks, joiners, selectors'
        tally.count(kind, /^j⁂+v$/.test(released), `${codes.slice(0, length).join(' ')} / ${codes.slice(length).join(' ')}`)
      }
    }
  }
  tally.expectAtLeast({ 'marks, joiners, selectors': 1, ...Object.fromEntries(parts.map(([name]) => [name, 0])) })
})
