/** Lists of more letters than a row has places for, with rows for many states, for few and for none. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileWords } from '../../src/checks/words.ts'
import { matcherOf } from '../../src/checks/words-load.ts'
import { frequent } from '../../src/text/frequent.ts'
import { plant } from '../../src/text/trie.ts'
import { patience, runs } from '../generators/settings.ts'

/** Far apart, so that nothing about them is in order; the first few are in most terms. */
const letters = Array.from({ length: 120 }, (_, index) => String.fromCharCode(0x4e00 + 97 * index))
const letter = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...letters.slice(0, 4), 'a', 'b') },
  { weight: 2, arbitrary: fc.constantFrom(...letters) },
)
const term = fc.string({ unit: letter, minLength: 1, maxLength: 4 })
const scene = fc
  .uniqueArray(term, { minLength: 60, maxLength: 120 })
  .chain((terms) => fc.tuple(fc.constant(terms), fc.array(fc.oneof(letter, fc.constantFrom(...terms)), { maxLength: 60 })))

function found(terms: readonly string[], text: string): string[] {
  const ends = Array.from({ length: text.length }, (_, index) => index + 1)
  return ends.flatMap((end) => {
    const lengths = terms.filter((one) => text.endsWith(one, end)).map((one) => one.length)
    return lengths.length === 0 ? [] : [`${end - Math.max(...lengths)}-${end}`]
  })
}

test(
  'a list of more letters than a row has places for is found whichever states have rows',
  () => {
    let beside = 0
    fc.assert(
      fc.property(scene, ([terms, parts]) => {
        const text = parts.join('')
        const expected = found(terms, text)
        const spec = { terms, except: [], fold: 'none', boundary: 'none' } as const
        for (const rowEntries of [0, 400, 1000, 4000, undefined]) {
          const tables = compileWords([{ rule: 0, effect: { holds: true, stops: false }, spec }], rowEntries)
          const { classes, width, rows, edges } = tables.views[0]?.automaton ?? expect.fail('there is no view')
          if (classes > width && rows.length > 2 * classes && edges.length > 4) beside += 1
          const run = matcherOf(tables).open()
          run.push(text)
          run.end()
          expect(run.take().map(({ start, end }) => `${start}-${end}`)).toEqual(expected)
        }
      }),
      runs(60),
    )
    expect(beside).toBeGreaterThan(0)
  },
  patience,
)

test('of states that as many strings pass, those come first whose letters follow one another more often', () => {
  // Letters are 3 to 9; 5 6 stands inside of other strings again and again, 3 4 nowhere but where two strings begin.
  const strings = [
    [3, 4, 7],
    [3, 4, 8],
    [5, 6, 7],
    [5, 6, 8],
    [9, 5, 6, 9, 5, 6],
    [7, 5, 6, 8, 5, 6],
  ]
  const given = {
    labels: Uint16Array.from(strings.flat()),
    ends: Int32Array.from(strings, (_, index) => strings.slice(0, index + 1).flat().length),
    codes: new Int32Array(strings.length),
    bordered: new Uint8Array(strings.length),
    isWord: new Uint8Array(10),
  }
  const trie = plant(given)
  const path = (node: number): number[] => (node < 2 ? [] : [...path(trie.parent[node] as number), trie.label[node] as number])
  const chosen = frequent(trie, given, 16, 3).map(path)
  expect(chosen).toContainEqual([5, 6])
  expect(chosen).not.toContainEqual([3, 4])
})
