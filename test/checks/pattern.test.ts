/** The pattern check against JavaScript's own engine: what it finds, when it is certain, and how long it must hold. */
import { describe, expect, test } from 'vitest'
import { patternMatcher } from '../../src/checks/pattern.ts'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import type { Finding, Matcher } from '../../src/terms/matcher.ts'
import { findAll, known } from '../text/pattern/brute.ts'

const mask = { holds: true, stops: false }

interface Case {
  readonly name: string
  readonly pattern: string
  readonly texts: readonly string[]
  readonly flags?: string
  readonly most?: number
  /** Signs every continuation is made of, so many deep. */
  readonly alphabet?: readonly string[]
  readonly depth?: number
}

const cases: readonly Case[] = [
  { name: 'a literal', pattern: 'abc', texts: ['xabcabc', 'ababc', 'ab', ''] },
  { name: 'a choice of different lengths', pattern: 'a|ab|abc', texts: ['xabcx', 'ab'] },
  {
    name: 'a match inside a failed longer candidate',
    pattern: 'she|he|hers',
    texts: ['shers', 'sherx'],
    alphabet: ['h', 'e', 'r', 's'],
  },
  { name: 'overlapping matches', pattern: 'aba', texts: ['ababababx'] },
  { name: 'counted repetition', pattern: 'a{2,4}b?', texts: ['aaaaab', 'aab', 'xa'] },
  { name: 'exact counts of groups', pattern: '(?:ab){2}', texts: ['abababab'] },
  { name: 'nested repetition', pattern: '(?:a{1,2}b){1,2}c', texts: ['aabaabc', 'abababc'], alphabet: ['a', 'b', 'c'], depth: 4 },
  { name: 'word boundaries', pattern: '\\bab\\b', texts: ['ab', 'xab ab', 'ab_', 'ab-ab'], alphabet: ['a', 'b', ' '] },
  { name: 'no word boundaries', pattern: '\\Bb\\B', texts: ['abc', 'ab', 'bb'], alphabet: ['a', 'b', ' '] },
  { name: 'start and end of text', pattern: '^ab|ba$', texts: ['abba', 'abab', 'ba'], alphabet: ['a', 'b'] },
  {
    name: 'start and end of line',
    pattern: '^a$',
    flags: 'm',
    texts: ['a', 'a\na', 'b\na\nab', 'a\r\na'],
    alphabet: ['a', 'b', '\n'],
  },
  { name: 'one character not before', pattern: '(?<!a)b', texts: ['abb', 'b'], alphabet: ['a', 'b'] },
  { name: 'one character not after', pattern: 'a{2}(?!a)', texts: ['aaaab', 'aa'], alphabet: ['a', 'b'] },
  { name: 'one character after', pattern: 'a(?=b)', texts: ['abaa', 'a'], alphabet: ['a', 'b'] },
  { name: 'a contradiction never holds', pattern: 'ab|a\\bb', texts: ['axab', 'a'], alphabet: ['a', 'b'] },
  {
    name: 'a longer look-ahead',
    pattern: 'a(?=bcd)',
    texts: ['abcdabc', 'abcx', 'ab'],
    alphabet: ['a', 'b', 'c', 'd'],
    depth: 4,
  },
  { name: 'a longer negative look-ahead', pattern: 'a(?!bc)', texts: ['abcabd', 'ab', 'a'], alphabet: ['a', 'b', 'c'] },
  { name: 'a look-ahead in the middle', pattern: 'a(?!bb)[abc]{2}', texts: ['abbacb', 'abac', 'acc'], alphabet: ['a', 'b', 'c'] },
  { name: 'a look-ahead over the end', pattern: 'a(?=[bc]{2})b', texts: ['abcabb', 'aba', 'ab'], alphabet: ['a', 'b', 'c'] },
  { name: 'a longer look-behind', pattern: '(?<=abc)d', texts: ['abcdbcd', 'abcd'], alphabet: ['c', 'd'] },
  { name: 'a longer negative look-behind', pattern: '(?<!ab)c', texts: ['abcc', 'bc', 'c'], alphabet: ['a', 'b', 'c'] },
  { name: 'a look-behind of start or blank', pattern: '(?<=^|\\s)a', texts: ['a a', 'ba', ' a'], alphabet: ['a', ' '] },
  { name: 'a look-behind in the middle', pattern: '[ab]{2}(?<=ab)c', texts: ['abcbbc', 'aabc'], alphabet: ['a', 'b', 'c'] },
  { name: 'a look-behind without end', pattern: '(?<=x\\d*)a', texts: ['x12a', '12a', 'xa'], alphabet: ['x', '1', 'a'] },
  { name: 'a boundary inside a look-ahead', pattern: 'a(?!b\\b)', texts: ['ab', 'abb', 'ab a', 'a'], alphabet: ['a', 'b', ' '] },
  { name: 'a boundary before a look-behind', pattern: '(?<=\\bab)c', texts: ['abc', 'xabc'], alphabet: ['a', 'b', 'c'] },
  { name: 'the earliest start is still open', pattern: 'b|ab(?=c)', texts: ['abcab', 'abd', 'ab'], alphabet: ['a', 'b', 'c'] },
  { name: 'looks in alternatives', pattern: '(?:a(?=b)|a(?=c)|[ab]c)', texts: ['abacac'], alphabet: ['a', 'b', 'c'] },
  { name: 'case', pattern: '(?i)aBc', texts: ['ABCabc', 'aB'], alphabet: ['a', 'B', 'C'] },
  {
    name: 'folds of the long s and the Kelvin sign',
    pattern: '(?i:sk)\\b',
    texts: ['\u017f\u212a', 'SK', 'sk\u017f'],
    alphabet: ['s', '\u212a', ' '],
  },
  {
    name: 'astral letters',
    pattern: '[\u{1d41a}\u{1d41b}]b',
    texts: ['\u{1d41a}b\u{1d41c}b', '\u{1d41a}', '\ud835b'],
    alphabet: ['\u{1d41a}', 'b'],
  },
  {
    name: 'any character',
    pattern: 'a.b',
    texts: ['a\u{1f600}b', 'a\nb', 'a\ud83db', 'a\ude00b', 'aab'],
    alphabet: ['a', 'b', '\u{1f600}'],
  },
  {
    name: 'unpaired surrogates',
    pattern: '[^a]{2}',
    texts: ['\ud83d\ud83d', '\ud83d\ude00\ude00b', '\ude00\ude00', 'ab\ud83d'],
    alphabet: ['a', 'b', '\ude00'],
    depth: 2,
  },
  {
    name: 'after any character but',
    pattern: '(?<=[^b])a',
    texts: ['\u{1f600}a', '\ud83da', '\ude00a', 'ba', 'a'],
    alphabet: ['a', 'b'],
  },
  {
    name: 'letters of any script',
    pattern: '(?<!\\p{L})\\p{Script=Han}{2}',
    texts: ['杀死', 'a杀死', '𠀀𠀁', ' 𠀀死'],
    alphabet: ['死', 'a', '\udc01'],
  },
  {
    name: 'nothing longer than asked for',
    pattern: 'ab+',
    most: 3,
    texts: ['abbbb', 'abab', 'ab'],
    alphabet: ['a', 'b'],
    depth: 4,
  },
  {
    name: 'younger starts are found when the oldest is too old',
    pattern: '[ab]+c',
    most: 3,
    texts: ['aabbabc', 'abababcc', 'aaaa'],
    alphabet: ['a', 'b', 'c'],
  },
  { name: 'the longest span exactly', pattern: '.+x', most: 4, texts: ['aaaaxaaax', 'xxxxxx'], alphabet: ['a', 'x'], depth: 4 },
  {
    name: 'a span limit with a look-ahead after it',
    pattern: 'a+(?=b)',
    most: 2,
    texts: ['aaab', 'ab', 'aaa'],
    alphabet: ['a', 'b'],
  },
]

/** Reads the pieces one after the other; says what was certain after each piece. */
function read(matcher: Matcher, pieces: readonly string[]) {
  const run = matcher.open()
  const steps = pieces.map((piece) => {
    expect(run.push(piece)).toBe(piece.length)
    return { found: run.take(), safeTo: run.safeTo }
  })
  run.end()
  return { steps, last: run.take(), safeTo: run.safeTo }
}

const plain = (found: readonly Finding[]) =>
  found.map(({ start, end }) => ({ start, end })).sort((a, b) => a.end - b.end || a.start - b.start)

describe.each(cases)('$name: $pattern', ({ pattern, texts, alphabet, depth = 3, ...options }) => {
  const compiled = compilePattern(pattern, options)
  const matcher = patternMatcher([{ rule: 7, effect: mask, spec: compiled }])
  const source = pattern.replace(/^\(\?i\)/, '')
  const flags = `${options.flags ?? ''}${source === pattern ? '' : 'i'}`
  const brute = { ...options, flags }

  test.each(texts)('%j: finds what JavaScript finds, at every split', (text) => {
    const expected = findAll(source, text, brute)
    for (let at = 0; at <= text.length; at++) {
      const { steps, last, safeTo } = read(matcher, [text.slice(0, at), text.slice(at)])
      expect(plain([...steps.flatMap((step) => step.found), ...last])).toEqual(expected)
      expect(safeTo).toBe(text.length)
    }
  })

  test.each(texts)('%j: says so as soon as it is certain, and holds no more than could still change', (text) => {
    const signs = alphabet ?? ['a', 'b', 'c']
    const { steps } = read(matcher, text.split(''))
    let certain = plain([])
    steps.forEach((step, index) => {
      const prefix = text.slice(0, index + 1)
      const bound = known(source, prefix, signs, depth, brute)
      certain = [...certain, ...plain(step.found)].sort((a, b) => a.end - b.end || a.start - b.start)
      expect(certain, `certain after ${JSON.stringify(prefix)}`).toEqual(bound.certain)
      const half = /[\ud800-\udbff]$/.test(prefix) ? prefix.length - 1 : prefix.length
      expect(step.safeTo, `safe after ${JSON.stringify(prefix)}`).toBe(Math.min(bound.safeTo, half))
    })
  })
})

describe('a run', () => {
  const rules = [
    { rule: 3, effect: { holds: true, stops: true }, spec: compilePattern('stop\\b') },
    { rule: 4, effect: mask, spec: compilePattern('a{2}') },
    { rule: 5, effect: { holds: false, stops: false }, spec: compilePattern('xyz') },
  ]
  const matcher = patternMatcher(rules)

  test('halts right after the unit that made a stopping rule certain', () => {
    const run = matcher.open()
    expect(run.push('aa stop now', 0)).toBe(8)
    expect(run.take()).toEqual([
      { rule: 4, start: 0, end: 2 },
      { rule: 3, start: 3, end: 7 },
    ])
  })

  test('opened to stop at what holds, halts at a mask too', () => {
    const run = matcher.open('holds')
    expect(run.push('xyzaa stop', 0)).toBe(5)
    expect(run.take().map((found) => found.rule)).toEqual([5, 4])
  })

  test('reads only the range it is given', () => {
    const run = matcher.open()
    expect(run.push('aaaa', 1, 3)).toBe(3)
    expect(run.take()).toEqual([{ rule: 4, start: 0, end: 2 }])
  })

  test('a rule that does not hold keeps no text back', () => {
    const run = matcher.open()
    run.push('..xy')
    expect(run.safeTo).toBe(4)
    run.push('sto')
    expect(run.safeTo).toBe(4)
  })

  test('half a character waits for its partner, unless nothing holds', () => {
    const run = matcher.open()
    run.push('..\ud83d')
    expect(run.safeTo).toBe(2)
    run.push('\ude00')
    expect(run.safeTo).toBe(4)
    const flagging = patternMatcher(rules.slice(2)).open()
    flagging.push('..\ud83d')
    expect(flagging.safeTo).toBe(3)
  })

  test('a copy goes its own way', () => {
    const run = matcher.open()
    run.push('..a')
    const copy = run.fork()
    run.push('a')
    copy.push('b')
    expect(run.take()).toEqual([{ rule: 4, start: 2, end: 4 }])
    expect(copy.take()).toEqual([])
    expect([run.safeTo, copy.safeTo]).toEqual([3, 4])
  })

  test('no rules find nothing and hold nothing', () => {
    const run = patternMatcher([]).open()
    expect(run.push('abc\ud83d')).toBe(4)
    run.end()
    expect([run.take(), run.safeTo]).toEqual([[], 4])
  })
})
