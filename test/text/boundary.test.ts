/** What a whole word is made of. */
import { expect, test } from 'vitest'
import { isWordCharacter } from '../../src/text/boundary.ts'

const of = (character: string) => isWordCharacter(character.codePointAt(0) as number)

test('letters, digits, marks and the underscore make words', () => {
  for (const part of [
    'a',
    'Z',
    'ß',
    'é',
    '\u0301',
    '7',
    '٣',
    '_',
    'я',
    'λ',
    'ع',
    'अ',
    '한',
    '\u{1d41b}',
    '\u{10400}',
    'ſ',
    '\u212a',
    'Ａ',
    '９',
  ]) {
    expect(of(part), part).toBe(true)
  }
})

test('signs, blanks and scripts that put no space between words are no part of a word', () => {
  for (const other of [
    ' ',
    '-',
    "'",
    '’',
    '.',
    '、',
    '\ufe0f',
    '\u20e3',
    '\u{e0100}',
    '用',
    '々',
    'あ',
    'カ',
    'ー',
    'ｶ',
    'ｰ',
    'ท',
    'ໂ',
    'ក',
    'မ',
    '\u{20000}',
    '\u{1f600}',
  ]) {
    expect(of(other), other).toBe(false)
  }
  expect(of('\ud835')).toBe(false)
  expect(of('\udc1b')).toBe(false)
})
