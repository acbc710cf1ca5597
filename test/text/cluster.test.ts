/** What belongs to the character before it, so that no mask leaves half of one. */
import { expect, test } from 'vitest'
import { joinsBefore } from '../../src/text/cluster.ts'

const of = (character: string) => joinsBefore(character.codePointAt(0) as number)

test('marks, joiners, selectors, keycaps, skin tones and tags belong to the character before them', () => {
  for (const joining of [
    '\u0301',
    '\u20e3',
    '\u200c',
    '\u200d',
    '\ufe0f',
    '\u{e0100}',
    '\u{1f3fd}',
    '\u{e0062}',
    '\u0903',
    '\uff9e',
  ]) {
    expect(of(joining), joining.codePointAt(0)?.toString(16)).toBe(true)
  }
})

test('letters, digits, signs, regional indicators and lone surrogates stand for themselves', () => {
  for (const own of ['a', '0', '!', ' ', '中', 'ก', '\u{1f1e6}', '\u{1f468}', '\ud800', '\udc00', '\u{10ffff}', '\0']) {
    expect(of(own), own.codePointAt(0)?.toString(16)).toBe(false)
  }
})
