/** Masks cover the union of what was found, and the marks that belong to its end. */
import { describe, expect, it } from 'vitest'
import { type Mask, Masks } from '../../src/gate/masks.ts'

const match = (start: number, end: number, rule = 0, written = `[${rule}]`): Mask => ({
  start,
  end,
  rule,
  written,
  label: { start, end },
})

const marks = (codePoint: number): boolean => codePoint === 0x301 || codePoint === 0xe0041

/** Adds the matches, settles the whole text at once and applies what became final. */
function masked(text: string, matches: readonly Mask[]): string {
  const masks = new Masks()
  for (const each of matches) masks.add(each)
  masks.settle(0, text.length, text, marks)
  return masks.apply(0, text)
}

describe('masks cover the union of all matches', () => {
  it.each([
    ['apart', 'abcdef', [match(0, 1), match(2, 3)], '[0]b[0]def'],
    ['adjacent ones stay apart', 'abcdef', [match(0, 2), match(2, 4)], '[0][0]ef'],
    ['overlapping ones merge', 'abcdef', [match(0, 3), match(2, 5)], '[0]f'],
    ['nested ones merge', 'abcdef', [match(1, 5), match(2, 3)], 'a[0]f'],
    ['a bridge joins two', 'abcdef', [match(0, 2), match(4, 6), match(1, 5)], '[0]'],
    ['the label is the earliest start', 'abcdef', [match(2, 6, 1), match(1, 3, 2)], 'a[2]'],
    ['then the longest', 'abcdef', [match(1, 3, 1), match(1, 5, 2)], 'a[2]f'],
    ['then the earlier rule', 'abcdef', [match(1, 3, 2), match(1, 3, 1)], 'a[1]def'],
  ])('%s', (_, text, matches, expected) => {
    expect(masked(text, matches)).toBe(expected)
    expect(masked(text, [...matches].reverse())).toBe(expected)
  })
})

describe('a mask takes the marks that follow it', () => {
  it('takes them wherever the text is divided', () => {
    const text = 'xab\u0301\u0301c'
    for (let border = 3; border <= text.length; border++) {
      const masks = new Masks()
      masks.add(match(1, 3))
      masks.settle(0, border, text.slice(0, border), marks)
      masks.settle(border, text.length, text.slice(border), marks)
      expect(masks.apply(0, text.slice(0, border)) + masks.apply(border, text.slice(border))).toBe('x[0]c')
    }
  })

  it('takes both halves of an astral tag', () => {
    expect(masked('ab\u{e0041}c', [match(0, 2)])).toBe('[0]c')
  })

  it('takes at most 32 units', () => {
    expect(masked(`a${'\u0301'.repeat(40)}`, [match(0, 1)])).toBe(`[0]${'\u0301'.repeat(8)}`)
  })

  it('takes nothing of the next mask', () => {
    expect(masked('a\u0301b', [match(0, 1), match(1, 3)])).toBe('[0][0]')
  })

  it('takes nothing after a letter that stood between', () => {
    expect(masked('ab\u0301', [match(0, 1)])).toBe('[0]b\u0301')
  })
})

describe('what is not final is not written', () => {
  it('draws the line before a pending mask that is torn', () => {
    const masks = new Masks()
    masks.add(match(2, 6))
    expect(masks.line(1)).toBe(1)
    expect(masks.line(4)).toBe(2)
    expect(masks.line(6)).toBe(6)
  })

  it('applies a mask that spans several stretches once, where it starts', () => {
    const masks = new Masks()
    masks.add(match(1, 5))
    masks.settle(0, 6, 'abcdef', marks)
    expect(masks.apply(0, 'ab')).toBe('a[0]')
    expect(masks.apply(2, 'cd')).toBe('')
    expect(masks.apply(4, 'ef')).toBe('f')
  })

  it('forgets what was sent, except a mask whose tail may still grow', () => {
    const masks = new Masks()
    masks.add(match(0, 2))
    masks.settle(0, 2, 'ab', marks)
    masks.forget(2)
    masks.settle(2, 4, '\u0301c', marks)
    expect(masks.apply(2, '\u0301c')).toBe('c')
    masks.forget(4)
    expect(masks.any).toBe(false)
  })
})
