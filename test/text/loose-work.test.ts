/** What disguised texts cost: hostile ones that repeat themselves are read by what was found out of them before. */
import { expect, test } from 'vitest'
import { Alphabet } from '../../src/text/alphabet.ts'
import { Automaton } from '../../src/text/automaton.ts'
import { BranchTable } from '../../src/text/branch-table.ts'
import { Halves } from '../../src/text/halves.ts'
import { Loose } from '../../src/text/loose.ts'
import { Onward } from '../../src/text/onward.ts'
import { Reading } from '../../src/text/reading.ts'
import { compileTerms } from '../../src/text/terms.ts'

const real = [
  ...['kill', 'bitch', 'shit', 'ass', 'asshole', 'illegal', 'lily', 'slut', 'faggot', 'cunt', 'fuck', 'whore', 'bomb', 'rape'],
  ...['suicide', 'heroin', 'cocaine', 'pill', 'pills'],
]
/** Terms of letters that one sign may stand for, so that it may be read as a beginning of any of them. */
const contrived = ['iii', 'iil', 'ili', 'ill', 'lii', 'lil', 'lli', 'lll'].flatMap((term) => [`${term}b`, `${term}bil`])

/** @returns how often all branches were read on with. */
function workOf(terms: readonly string[], text: string, numbers = 2 ** 20): number {
  const list = { rule: 0, holds: true, terms, except: [], boundary: 'none' as const }
  const { alphabet, automaton, seconds, joined } = compileTerms([list], { fold: 'loose', stretched: true })
  const letters = new Automaton(automaton)
  const { repeats, isWord } = alphabet
  const patience = { misses: 128, window: 2048, rest: 4096, longest: 4096 }
  const table = new BranchTable(
    { automaton: letters, onward: new Onward(letters), repeats, isWord, joined },
    { numbers, patience },
  )
  const view = new Loose(letters, new Alphabet(alphabet), seconds, table)
  const reading = new Reading([{ rule: 0, holds: true, stops: false }], [view], new Halves(() => ''), 'stops')
  reading.push(text)
  reading.end()
  return table.worked
}

const units = 6_000

test.each([
  ['real words', real],
  ['contrived words', contrived],
] as const)('a text that repeats itself is looked at once: %s', (_name, terms) => {
  for (const period of ['1', '|', '!1|l', 'l', 'l3', '$5', 'a*', 'b0mb 1ll ', '8|3', '1 1*'])
    expect(workOf(terms, period.repeat(units / period.length)), period).toBeLessThan(150)
})

/** Signs drawn by a fixed rule. */
function drawn(signs: string): string {
  let state = 12_345
  return Array.from({ length: units }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return signs[(state >>> 16) % signs.length]
  }).join('')
}

test('signs in any order are seldom looked at twice, either', () => {
  expect(workOf(real, drawn('1|!'))).toBeLessThan(100)
  expect(workOf(real, drawn('1!|l$5@4i3'))).toBeLessThan(units / 2)
})

test('no text is looked at more often than it has characters, however small the table', () => {
  for (const signs of ['1!|lI3', '1l!i']) expect(workOf(contrived, drawn(signs), 2000)).toBeLessThanOrEqual(units)
})
