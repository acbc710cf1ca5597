/** What is refused as a pattern, where, and that nothing is taken for something else. */
import { describe, expect, test } from 'vitest'
import { compilePattern, PatternError, type PatternOptions } from '../../src/checks/pattern-compile.ts'

type Refused = readonly [name: string, source: string, at: number, message: RegExp, options?: PatternOptions]

const refused: readonly Refused[] = [
  ['an empty pattern', '', 0, /empty/],
  ['an open group', 'ab(c', 4, /Unterminated group/],
  ['a closed group that was never opened', 'ab)', 2, /Unmatched/],
  ['nothing to repeat', 'a|*b', 3, /Nothing to repeat/],
  ['an unknown escape', 'ab\\qc', 3, /escape/i],
  ['a class out of order', 'x[z-a]', 5, /out of order/i],
  ['a back-reference', '(a)b\\1', 4, /back-reference/],
  ['a named back-reference', '(?<n>a)\\k<n>', 7, /back-reference/],
  ['a pattern that matches nothing at all', 'a*', 0, /empty text/],
  ['a choice with an empty way', 'ab|', 0, /empty text/],
  ['a lone boundary', '\\b', 0, /empty text/],
  ['a match of nothing at the end', 'a|$', 0, /empty text/],
  ['a pattern without end', 'ab+', 2, /no longest match/],
  ['a pattern without end inside', 'a(?:bc*)d', 6, /no longest match/],
  ['a look-ahead without end', 'a(?!.*b)', 5, /look-ahead without end/],
  ['a look-behind that looks ahead', '(?<=a(?=b))c|(?<=a(?=bc))b', 0, /look-behind may not end/],
  ['a contradiction', 'a\\bb', 0, /never match/],
  ['an empty class', 'a[]', 0, /never match/],
  ['a POSIX class', 'a[[:alpha:]]', 1, /POSIX/],
  ['a count too high', 'ab{1,20000}', 2, /more than 10000/],
  ['counts of counts', '(?:a{1,500}b){1,500}', 4, /20000 places/],
  ['a most that is too short', 'abc+', 0, /shortest match has 3/, { most: 2 }],
  ['a most that is no length', 'ab+', 0, /whole number/, { most: 0 }],
  ['an unknown flag', 'ab', 0, /unknown flag g/, { flags: 'g' }],
  ['a POSIX class beside others', 'a[_[:alpha:]x]', 1, /POSIX/],
  ['a flag group of another engine', 'a(?x)b', 1, /./],
]

describe('refused with a reason, a place and a way out', () => {
  test.each(refused.map((row) => [row[0], row] as const))('%s', (_, [, source, at, message, options = {}]) => {
    const refusal = (() => {
      try {
        compilePattern(source, options)
      } catch (error) {
        return error
      }
      return undefined
    })()
    expect(refusal).toBeInstanceOf(PatternError)
    const { message: said, at: where, advice, code } = refusal as PatternError
    expect(code).toBe('policy_invalid')
    expect(said).toMatch(message)
    expect(advice).not.toBe('')
    expect(where).toBe(at)
  })
})

describe('the compiled program', () => {
  test('is plain data', () => {
    const program = compilePattern('\\b(?i:ab){1,3}(?!c)')
    expect(JSON.parse(JSON.stringify(program))).toEqual(program)
  })

  test('knows its shortest and longest match', () => {
    expect(compilePattern('ab{2,5}(?=ccc)')).toMatchObject({ shortest: 3, longest: 6, most: 0 })
    expect(compilePattern('ab+', { most: 9 })).toMatchObject({ shortest: 2, longest: 0, most: 9 })
    expect(compilePattern('ab{2,5}', { most: 9 })).toMatchObject({ longest: 6, most: 0 })
    expect(compilePattern('ab{2,5}', { most: 4 })).toMatchObject({ longest: 6, most: 4 })
  })

  test('a loop that no match can go through is no lack of an end', () => {
    expect(compilePattern('a(?:b|c\\b(?:xd*y))')).toMatchObject({ longest: 2 })
  })

  test('a bare flag holds to the end of its group, over the alternatives', () => {
    const same = (one: string, other: string) =>
      expect({ ...compilePattern(one), source: '' }).toEqual({ ...compilePattern(other), source: '' })
    same('(?i)ab|cd', '(?i:ab)|(?i:cd)')
    same('x(?:a(?i)b|c)d', 'x(?:a(?i:b)|(?i:c))d')
    same('a(?i)b(?-i)c|d', 'a(?i:b)c|d'.replace('|d', '|d'))
    same('[(?i)]a', '[?()i]a')
    same('\\(?i', '[(]?i')
  })

  test('what no one can misread needs no strict spelling', () => {
    const same = (one: string, other: string) =>
      expect({ ...compilePattern(one), source: '' }).toEqual({ ...compilePattern(other), source: '' })
    same('a\\-\\"\\_[\\"\\-]', 'a-"_["\\-]')
    same('{a}]{1,x{2}', '\\{a\\}\\]\\{1,x{2}')
    same('\\u{61}\\p{Lu}}', '\\x61\\p{Lu}\\}')
  })
})
