/** The bench's texts, lists and patterns are what its figures say they are. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { eventData, streamOf } from './events.ts'
import { hostileTexts } from './hostile.ts'
import { flat, languages, material, piecesOf } from './material.ts'
import { median } from './measure.ts'
import { compiledPatterns } from './ours.ts'
import { Patience } from './patience.ts'
import { benchPatterns } from './patterns.ts'
import { count, leftmostLongest, occurrences } from './reference.ts'
import { isMet, round } from './report.ts'

const generated = material()
const encoder = new TextEncoder()

test('texts and lists are the same every time', () => {
  const again = material()
  for (const language of languages) {
    assert.equal(again.prose[language], generated.prose[language])
    assert.deepEqual(again.terms(language, 1000), generated.terms(language, 1000))
  }
  assert.equal(again.code, generated.code)
})

for (const language of languages) {
  const terms = generated.terms(language, 100_000)

  test(`${language}: 100,000 distinct terms, of which shorter lists are the beginning`, () => {
    assert.equal(new Set(terms).size, 100_000)
    assert.deepEqual(generated.terms(language, 1000), terms.slice(0, 1000))
    assert.ok(
      terms.every((term) => term.length >= 2 && term.length <= 64 && term === term.trim() && term === term.normalize('NFKC')),
    )
  })

  test(`${language}: prose walks far into the list and seldom arrives`, () => {
    const text = generated.prose[language].slice(0, 50_000)
    const found = occurrences(text, terms)
    assert.ok(found.length > text.length * 0.0005, `${found.length} occurrences`)
    assert.ok(found.length < text.length * 0.03, `${found.length} occurrences`)
    const beginnings = new Set(terms.map((term) => term.slice(0, 2)))
    const walked = Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)).filter((pair) =>
      beginnings.has(pair),
    )
    assert.ok(walked.length > text.length * 0.1, `${walked.length} beginnings`)
  })
}

test('English is ASCII, Chinese is Chinese', () => {
  const { English, Chinese } = generated.prose
  assert.match(English, /^[\n -~]*$/)
  const characters = Chinese.match(/\p{Script=Han}/gu)?.length ?? 0
  assert.ok(characters > Chinese.length * 0.8)
  // Counted by people: about 4.7 letters a word.
  const words = English.match(/[A-Za-z]+/g) ?? []
  const letters = words.reduce((sum, word) => sum + word.length, 0) / words.length
  assert.ok(letters > 4 && letters < 7, `${letters} letters a word`)
})

test('pieces together are the text, and a flat text is the text', () => {
  for (const text of [generated.prose.Chinese.slice(0, 1001), generated.prose.English.slice(0, 1002)]) {
    assert.equal(piecesOf(text).join(''), text)
    assert.ok(piecesOf(text).every((piece, index, all) => piece.length === 4 || index === all.length - 1))
    assert.equal(flat(text), text)
  }
})

test('events are about as long as those on the wire, and say their pieces', () => {
  for (const [index, piece] of [' the', '的一是不', '"\\\n '].entries()) {
    const data = eventData(piece, index)
    const bytes = encoder.encode(`data: ${data}\n\n`).length
    assert.ok(bytes > 280 && bytes < 340, `${bytes} bytes`)
    assert.equal((JSON.parse(data) as { choices: { delta: { content: string } }[] }).choices[0]?.delta.content, piece)
  }
  assert.equal(new TextDecoder().decode(streamOf([' the']).at(-1)), 'data: [DONE]\n\n')
})

test('there are fifty patterns with names of their own, and each finds its example, with and without look-arounds', () => {
  assert.equal(new Set(benchPatterns.map(({ id }) => id)).size, 50)
  assert.equal(compiledPatterns().length, 50)
  for (const { id, source, plain, example } of benchPatterns) {
    assert.match(example, new RegExp(source, 'u'), id)
    if (plain !== undefined) {
      assert.match(example, new RegExp(plain, 'u'), id)
      assert.doesNotMatch(plain, /\(\?(?:<?[!=])/, id)
    } else assert.doesNotMatch(source, /\(\?(?:<?[!=])/, `${id} needs a plain form`)
  }
})

test('hostile texts keep candidates alive and complete few', () => {
  for (const { name, text } of hostileTexts(20_000)) {
    assert.ok(text.length >= 20_000)
    const found = benchPatterns.reduce((sum, { source }) => sum + (text.match(new RegExp(source, 'gu'))?.length ?? 0), 0)
    assert.ok(found < text.length / 40, `${name}: ${found} found`)
  }
})

test('the reference finds overlaps, and each way of counting counts them its way', () => {
  const found = occurrences('abcabcd', ['abc', 'bc', 'abcd', 'cab', 'd'])
  assert.deepEqual(
    found.map(({ start, end }) => [start, end]),
    [
      [0, 3],
      [1, 3],
      [2, 5],
      [3, 6],
      [3, 7],
      [4, 6],
      [6, 7],
    ],
  )
  assert.deepEqual(
    leftmostLongest(found).map(({ term }) => term),
    ['abc', 'abcd'],
  )
  assert.equal(count(found, 'occurrences'), 7)
  assert.equal(count(found, 'ends'), 4)
  assert.equal(count(found, 'terms'), 5)
  assert.equal(count(occurrences('aaaa', ['aa']), 'each term'), 2)
})

test('a median is the middle, a target is met or missed, figures keep three digits', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
  assert.equal(isMet({ what: '', unit: '', atLeast: 5, figure: 5 }), true)
  assert.equal(isMet({ what: '', unit: '', atMost: 5, figure: 5.1 }), false)
  assert.equal(isMet({ what: '', unit: '', atMost: 5 }), undefined)
  assert.deepEqual([12_345, 12.345, 0.12345].map(round), ['12,345', '12.3', '0.123'])
})

test('patience ends where a build grows too fast, and only there, and tries small sizes first', () => {
  const patience = new Patience(1000)
  const tried: number[] = []
  const square = (size: number) => {
    tried.push(size)
    return (size / 100) ** 2
  }
  assert.match(patience.refuses('slow', 10_000, square) ?? '', /10 s/)
  assert.equal(patience.refuses('slow', 2000, square), undefined)
  assert.deepEqual(tried, [100, 1000])
  assert.equal(
    patience.refuses('quick', 100_000, (size) => size / 1000),
    undefined,
  )
  assert.match(patience.refuses('hopeless', 100_000, () => 5000) ?? '', /s to build/)
})

test('the event parser beside ours is of the version that Sluice uses', () => {
  const read = (path: string) =>
    JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { dependencies: Record<string, string> }
  assert.equal(
    read('package.json').dependencies['eventsource-parser'],
    read('../../package.json').dependencies['eventsource-parser'],
  )
})
