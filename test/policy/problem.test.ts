/** A problem is shown so that the eye finds the place. */
import { describe, expect, test } from 'vitest'
import { formatProblem, PolicyError, Source } from '../../src/policy/problem.ts'

function shown(text: string, meant: string): string {
  const start = text.indexOf(meant)
  return formatProblem(new Source('p.yaml', text).problem(start, start + meant.length, 'wrong', 'mend it'))
}

describe('the caret stands under what is meant', () => {
  test('in the line that has it, after the message and the advice', () => {
    expect(shown('a: 1\nbee: two\n', 'two')).toBe('p.yaml:2:6: wrong\n  mend it\n\n  2 | bee: two\n    |      ^^^')
  })

  test('after Chinese text, which takes two cells a character', () => {
    expect(shown('词: 敏感词 x\n', 'x').split('\n').at(-1)).toBe(`    | ${' '.repeat(11)}^`)
  })

  test('after tabs', () => {
    expect(shown('a:\tb\n', 'b').split('\n').at(-1)).toBe('    |   \t^')
  })

  test('in a line of thousands of characters, of which the part around it is shown', () => {
    const text = shown(`${'a'.repeat(5000)}X${'b'.repeat(5000)}`, 'X')
    const [line = '', caret = ''] = text.split('\n').slice(-2)
    expect(text.startsWith('p.yaml:1:5001: ')).toBe(true)
    expect(line.length).toBeLessThan(120)
    expect(line[caret.indexOf('^')]).toBe('X')
  })

  test('for several lines, in the first', () => {
    expect(shown('a: b\nc: d\n', 'b\nc').split('\n').slice(-2)).toEqual(['  1 | a: b', '    |    ^'])
  })
})

test('lines are counted by every kind of line ending', () => {
  for (const ending of ['\n', '\r\n', '\r']) {
    const source = new Source('p', `a${ending}b${ending}c`)
    const { line, column, excerpt } = source.problem(source.text.length - 1, source.text.length, '', '')
    expect([line, column, excerpt]).toEqual([3, 1, 'c'])
  }
})

test('what stands in a policy cannot steer the terminal', () => {
  const text = shown('a: \u001b[31mred\u202e\n', 'red')
  expect(text).toContain('[31mred')
  for (const sign of ['\u001b', '\u202e']) expect(text).not.toContain(sign)
  const said = formatProblem(new Source('p.yaml', 'a: b').problem(0, 1, 'no judge "\u001b[2J"', 'write \u202e'))
  for (const sign of ['\u001b', '\u202e']) expect(said).not.toContain(sign)
})

test('a PolicyError carries all problems, and its message shows them', () => {
  const source = new Source('p', 'a: b')
  const error = new PolicyError([source.problem(0, 1, 'one', 'x'), source.problem(3, 4, 'two', 'y')])
  expect(error.code).toBe('policy_invalid')
  expect(error.message).toContain('p:1:1: one')
  expect(error.message).toContain('p:1:4: two')
})
