/** The oracle against examples worked out by hand: what it says must be what a person reads in the design. */
import { describe, expect, test } from 'vitest'
import type { OraclePolicy, OracleRule } from './policy.ts'
import { tellText } from './text.ts'

const words = (
  id: string,
  action: 'flag' | 'mask' | 'cut',
  terms: string[],
  more: Partial<NonNullable<OracleRule['words']>> = {},
): OracleRule => ({
  id,
  action,
  ...(action === 'mask' ? { with: '***' } : {}),
  words: { terms, except: [], fold: 'case', boundary: 'none', ...more },
})
const pattern = (id: string, action: 'flag' | 'mask' | 'cut', source: string, most?: number): OracleRule => ({
  id,
  action,
  ...(action === 'mask' ? { with: `[${id}]` } : {}),
  pattern: most === undefined ? { source } : { source, most },
})
const reads = (rules: OracleRule[], text: string, hold?: OraclePolicy['hold']) =>
  tellText(hold === undefined ? { rules } : { rules, hold }, text)

describe('what is released', () => {
  test('a cut leaves what lies before the finding', () => {
    const outcome = reads([pattern('api-key', 'cut', 'sk-[A-Za-z0-9_-]{20,200}')], 'Use sk-abcdefghijklmnopqrstuvwx now. Bye.')
    expect(outcome).toMatchObject({ verdict: 'cut', released: 'Use ', cut: { at: 4, decided: 27, by: ['api-key'] } })
    expect(outcome.findings).toEqual([{ rule: 'api-key', start: 4, end: 27 }])
  })
  test('the union of overlapping matches is covered, adjacent matches stay apart', () => {
    expect(reads([words('a', 'mask', ['abc', 'bcd'])], 'xabcdx').released).toBe('x***x')
    expect(reads([words('a', 'mask', ['ab', 'cd'])], 'abcd').released).toBe('******')
  })
  test('the words of a merged mask are those of the earliest start, then the longest, then the earlier rule', () => {
    const rules = [
      pattern('late', 'mask', 'bcd'),
      pattern('short', 'mask', 'ab'),
      pattern('long', 'mask', 'abc'),
      pattern('same', 'mask', 'abc'),
    ]
    expect(reads(rules, 'abcd').released).toBe('[long]')
  })
  test('a shorter match is masked where the longer candidate dies', () => {
    const { released, held } = reads([words('a', 'mask', ['bomb', 'bomb squad'])], 'a bomb squax')
    expect(released).toBe('a *** squax')
    expect(held).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
  })
  test('an exception voids what lies inside it, and only that', () => {
    const rule = words('a', 'mask', ['cunt'], { except: ['Scunthorpe'] })
    expect(reads([rule], 'Scunthorpe').released).toBe('Scunthorpe')
    expect(reads([rule], 'Scunthorp').released).toBe('S***horp')
    expect(reads([rule], 'Scunthorpe').held).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0])
  })
  test('whole words: Chinese beside Latin is a boundary, marks and digits are not, the end is', () => {
    const rule = words('a', 'mask', ['bomb'], { boundary: 'word' })
    expect(reads([rule], '用bomb吗').released).toBe('用***吗')
    expect(reads([rule], 'bomb').released).toBe('***')
    for (const text of ['bombs', 'bomb1', 'bomb_', 'bomb\u0301', 'xbomb']) expect(reads([rule], text).released).toBe(text)
    expect(reads([rule], "bomb's").released).toBe("***'s")
  })
  test('a condition stands only where the term begins or ends with a word character', () => {
    expect(reads([words('a', 'mask', ['炸弹'], { boundary: 'word' })], 'x炸弹y').released).toBe('x***y')
    expect(reads([words('a', 'mask', ['b.'], { boundary: 'word' })], 'b.c ab.').released).toBe('***c ab.')
  })
  test('folding covers whole characters', () => {
    expect(reads([words('a', 'mask', ['ss'])], 'ßaSs').released).toBe('***a***')
    expect(reads([words('a', 'mask', ['es'])], 'eß').released).toBe('***')
    expect(reads([words('a', 'mask', ['es'], { boundary: 'word' })], 'eß').released).toBe('eß')
    expect(reads([words('a', 'mask', ['i'])], 'İ').released).toBe('***')
    expect(reads([words('a', 'mask', ['i'])], 'ı').released).toBe('ı')
    expect(reads([words('a', 'mask', ['σ'])], 'ςΣ').released).toBe('******')
    expect(reads([words('a', 'mask', ['a'], { fold: 'none' })], 'aA').released).toBe('***A')
  })
  test('a mask takes the marks and joiners that follow it, at most 32 units, never the next mask', () => {
    expect(reads([words('a', 'mask', ['e'])], 'e\u0301\u200d\ufe0fx').released).toBe('***x')
    expect(reads([words('a', 'mask', ['e'])], `e${'\u0301'.repeat(40)}x`).released).toBe(`***${'\u0301'.repeat(8)}x`)
    expect(reads([words('a', 'mask', ['e', '\u0300'])], 'e\u0300x').released).toBe('******x')
    expect(reads([words('a', 'mask', ['e'])], 'e\u{e0041}x').released).toBe('***x')
  })
  test('a look-ahead waits for one character, and the end answers it', () => {
    const rules = [pattern('id', 'mask', '\\b[12]{3}(?![12])')]
    expect(reads(rules, '121').released).toBe('[id]')
    expect(reads(rules, '1212').released).toBe('1212')
    expect(reads(rules, '121.').held).toEqual([0, 1, 2, 3, 0])
  })
  test('`most` is the longest span looked for, and holds no more', () => {
    const { released, held } = reads([pattern('t', 'mask', 'k[ab]+', 3)], 'kaaab')
    expect(released).toBe('[t]ab')
    expect(held).toEqual([0, 1, 2, 0, 0, 0])
  })
})

describe('allowances', () => {
  const allow = (terms: string[], lifts: string[], more: object = {}) => ({
    ...words('allowed', 'flag', terms),
    action: 'allow' as const,
    lifts,
    ...more,
  })
  const cunt = words('w', 'mask', ['cunt'])
  test('what lies inside an allowed span is void, and only that', () => {
    const rules = [cunt, allow(['Scunthorpe'], ['w'])]
    expect(reads(rules, 'Scunthorpe').released).toBe('Scunthorpe')
    expect(reads(rules, 'Scunthorp').released).toBe('S***horp')
    expect(reads(rules, 'Scunthorpe').held).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0])
    expect(reads(rules, 'Scunthorpe').findings).toEqual([])
  })
  test('only of the rules that are named, by id or tag', () => {
    const other = { ...words('v', 'mask', ['thorpe']), tags: ['t'] }
    expect(reads([cunt, other, allow(['Scunthorpe'], ['w'])], 'Scunthorpe').released).toBe('Scun***')
    expect(reads([cunt, other, allow(['Scunthorpe'], ['t'])], 'Scunthorpe').released).toBe('S***horpe')
  })
  test('what is allowed holds nothing by itself, and what is not complete waits as if nothing was allowed', () => {
    expect(reads([cunt, allow(['xyz'], ['w'])], 'xy').held).toEqual([0, 0, 0])
    expect(reads([words('w', 'mask', ['ab']), allow(['xab'], ['w'])], 'xa').held).toEqual([0, 0, 1])
    expect(reads([words('w', 'mask', ['ab']), allow(['xab'], ['w'])], 'xab').held).toEqual([0, 0, 1, 0])
  })
  test('a cut waits for what may still allow it, and falls where that comes to nothing', () => {
    const rules = [words('c', 'cut', ['kill']), allow(['killer app'], ['c'])]
    expect(reads(rules, 'a killer app.')).toMatchObject({ released: 'a killer app.', cut: undefined })
    expect(reads(rules, 'a killer bee')).toMatchObject({ released: 'a ', cut: { at: 2, decided: 10, by: ['c'] } })
    expect(reads(rules, 'a killer')).toMatchObject({ released: 'a ', cut: { at: 2, decided: 8 } })
  })
  test('a pattern allows as words do, to its last unit', () => {
    const rules = [
      words('c', 'mask', ['b']),
      { ...pattern('allowed', 'flag', 'a[bc]+d', 9), action: 'allow' as const, lifts: ['c'] },
    ]
    expect(reads(rules, 'xabcbdb')).toMatchObject({ released: 'xabcbd***', held: [0, 0, 0, 1, 2, 3, 0, 0] })
  })
  test('one in the shadow lifts only what is in the shadow too', () => {
    const shadow = { mode: 'shadow' as const }
    expect(reads([cunt, allow(['Scunthorpe'], ['w'], shadow)], 'Scunthorpe').released).toBe('S***horpe')
    expect(reads([{ ...cunt, ...shadow }, allow(['Scunthorpe'], ['w'], shadow)], 'Scunthorpe').findings).toEqual([])
    expect(reads([{ ...cunt, ...shadow }, allow(['Scunthorpe'], ['w'])], 'Scunthorpe').findings).toEqual([])
  })
  test('in JSON, a string read unescaped is a text of its own, and so is the whole as it is written', () => {
    const rules = [cunt, allow(['Scunthorpe'], ['w'])]
    const json = { kind: 'answer', json: true }
    expect(tellText({ rules }, '["Scunthorpe"]', json).released).toBe('["Scunthorpe"]')
    expect(tellText({ rules }, '["S\\u0063unthorpe"]', json).released).toBe('["S\\u0063unthorpe"]')
    expect(tellText({ rules }, '["Scunth\\u006frpe"]', json).released).toBe('["S***h\\u006frpe"]')
  })
})

describe('where a cut falls', () => {
  test('before every other candidate that is live', () => {
    expect(reads([words('c', 'cut', ['bb']), words('m', 'mask', ['abbc'])], 'xabbx')).toMatchObject({
      released: 'x',
      cut: { at: 1, decided: 4 },
    })
  })
  test('before a mask that reaches past the line, which is not written', () => {
    expect(reads([words('c', 'cut', ['cd']), words('m', 'mask', ['abc'])], 'xabcd')).toMatchObject({
      released: 'x',
      cut: { at: 1, decided: 5 },
    })
  })
  test('after a mask that ends there', () => {
    expect(reads([words('c', 'cut', ['cd']), words('m', 'mask', ['ab'])], 'xabcd')).toMatchObject({
      released: 'x***',
      cut: { at: 3, decided: 5 },
    })
  })
  test('nothing after the decision point is told', () => {
    expect(reads([words('c', 'cut', ['b']), words('f', 'flag', ['a', 'ab', 'abc'])], 'abc').findings).toEqual([
      { rule: 'f', start: 0, end: 2 },
      { rule: 'c', start: 1, end: 2 },
    ])
  })
  test('at the very unit with which the hold would pass its cap', () => {
    const rules = [pattern('p', 'mask', 'a[bc]{0,9}d')]
    expect(reads(rules, 'xabcbcd', { most_chars: 3 })).toMatchObject({
      verdict: 'cut',
      released: 'x',
      cut: { at: 1, decided: 5, by: ['most_chars'] },
    })
    expect(reads(rules, 'xabcd', { most_chars: 4 })).toMatchObject({ verdict: 'mask', released: 'x[p]' })
    expect(reads(rules, 'xabcbcdabd', { most_chars: 3, at_cap: 'forward' })).toMatchObject({ released: 'xabcb[p][p]', leaked: 4 })
  })
})

describe('what waits', () => {
  test('nothing, where no rule in force looks', () => {
    expect(Math.max(...reads([words('f', 'flag', ['ab'])], 'a\ud83d').held)).toBe(0)
    expect(Math.max(...tellText({ mode: 'shadow', rules: [words('c', 'cut', ['ab'])] }, 'aab').held)).toBe(0)
  })
  test('half a character, where one looks', () => {
    expect(reads([words('m', 'mask', ['ab'])], 'x\ud83d\ude00').held).toEqual([0, 0, 1, 0])
    expect(reads([words('m', 'mask', ['ab'])], 'x\ud83d').released).toBe('x\ud83d')
  })
  test('a whole word until it is known to have ended', () => {
    expect(reads([words('m', 'mask', ['ab'], { boundary: 'word' })], 'cab ab.').held).toEqual([0, 0, 0, 0, 0, 1, 2, 0])
  })
  test('nothing for the sake of a match that an exception would void in any case', () => {
    expect(reads([words('m', 'mask', ['ab'], { except: ['xab'] })], 'xa').held).toEqual([0, 0, 0])
  })
})

describe('shadows and flags', () => {
  test('are told and touch nothing', () => {
    const shadow: OracleRule = { ...words('c', 'cut', ['b']), mode: 'shadow' }
    expect(reads([shadow, words('f', 'flag', ['c'])], 'abc')).toMatchObject({
      verdict: 'clear',
      released: 'abc',
      findings: [
        { rule: 'c', start: 1, end: 2 },
        { rule: 'f', start: 2, end: 3 },
      ],
    })
  })
})
