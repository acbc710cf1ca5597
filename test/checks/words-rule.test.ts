/** Terms that cannot be meant are told while somebody still writes the rule, not found out in production. */
import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { WordsSpec } from '../../src/checks/words.ts'
import { wordsProblems, wordsSchema } from '../../src/checks/words-rule.ts'

const spec = (given: Partial<WordsSpec>): WordsSpec => ({ terms: ['bomb'], except: [], fold: 'case', boundary: 'none', ...given })
const told = (given: Partial<WordsSpec>) =>
  wordsProblems(spec(given)).map(({ field, index, message }) => `${field} ${index}: ${message}`)

test('a sound rule has no problems', () => {
  expect(told({})).toEqual([])
  expect(told({ terms: ['Bomb', 'bomb', 'bath bomb squad', '杀'], except: ['Bath BOMB'] })).toEqual([])
})

test('terms that cannot be meant are named by field and index', () => {
  expect(told({ terms: ['a', '', ' \t', 'x\ud83d'] })).toEqual([
    'terms 1: the term is empty and would be found everywhere',
    'terms 2: the term is made of blanks only',
    'terms 3: the term holds half a character (a lone surrogate)',
  ])
  expect(told({ except: ['bomber', ''] })).toEqual(['except 1: the term is empty and would be found everywhere'])
})

test('an exception in which no term is found is useless', () => {
  expect(told({ except: ['Scunthorpe', 'bomber'] })).toEqual([
    'except 0: no term is found in the exception "Scunthorpe", so it lifts nothing',
  ])
  expect(told({ except: ['bomber'], boundary: 'word' })).toEqual([
    'except 0: no term is found in the exception "bomber", so it lifts nothing',
  ])
  expect(told({ except: ['BOMBER'], fold: 'none' })).toEqual([
    'except 0: no term is found in the exception "BOMBER", so it lifts nothing',
  ])
})

test('a term that is its own exception is never found', () => {
  expect(told({ terms: ['bath', 'STRASSE'], except: ['straße'] })).toEqual([
    'terms 1: "STRASSE" is an exception too, so it is never found',
  ])
})

test('the block takes what the policy file documents and nothing else', () => {
  expect(v.is(wordsSchema, { terms: ['a'], list: 'lists/a.txt', fold: 'loose', boundary: 'word', except: ['b'] })).toBe(true)
  expect(v.is(wordsSchema, {})).toBe(true)
  for (const wrong of [{ terms: 'a' }, { terms: [1] }, { fold: 'all' }, { boundary: 'words' }, { term: ['a'] }])
    expect(v.is(wordsSchema, wrong)).toBe(false)
})
