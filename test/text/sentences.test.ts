/** Where a sentence ends depends on the text alone, and is known one unit later. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Sentences } from '../../src/text/sentences.ts'

function bordersOf(pieces: readonly string[]): { borders: number[]; certain: number[] } {
  const sentences = new Sentences()
  const borders: number[] = []
  const certain: number[] = []
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      at = sentences.push(piece, at, piece.length, (border) => {
        borders.push(border)
        certain.push(sentences.read)
      })
    }
  }
  return { borders, certain }
}

const marked = (text: string): string => {
  const { borders } = bordersOf([text])
  return [...borders].reverse().reduce((out, border) => `${out.slice(0, border)}|${out.slice(border)}`, text)
}

describe('a sentence ends', () => {
  test.each([
    ['after a stop and a blank', 'One. Two', 'One.| Two'],
    ['not inside a number', 'It costs 3.14 now', 'It costs 3.14 now'],
    ['not inside a name', 'see index.html and a.b', 'see index.html and a.b'],
    ['after signs that go together', 'What?! No... Yes', 'What?!| No...| Yes'],
    ['after what closes it', 'He said "no." (Twice.) So', 'He said "no."| (Twice.)| So'],
    ['at once where no blanks are written', '我研究生命。你呢？好！', '我研究生命。|你呢？|好！'],
    ['after a closing corner bracket', '「好。」他说', '「好。」|他说'],
    ['before a letter of a script without blanks', 'OK.好的', 'OK.|好的'],
    ['with each line', 'a\nb\r\nc', 'a\n|b\r\n|c'],
    ['before the end of its line, and after it', 'a.\nb', 'a.|\n|b'],
    ['nowhere while nothing follows', 'It costs 3.', 'It costs 3.'],
  ])('%s', (_, text, wanted) => expect(marked(text)).toBe(wanted))
})

describe('borders', () => {
  const text = fc
    .array(fc.constantFrom('a', '1', ' ', '.', '?', '。', '！', '"', '」', '\n', '\r', '好', '\ud83d', '\ude00', '\u2028'), {
      maxLength: 14,
    })
    .map((parts) => parts.join(''))

  test('are a function of the text, however it is divided', () => {
    fc.assert(
      fc.property(text, fc.nat(14), (whole, place) => {
        const meant = bordersOf([whole])
        expect(bordersOf([whole.slice(0, place), whole.slice(place)])).toEqual(meant)
        expect(bordersOf(whole.split(''))).toEqual(meant)
      }),
    )
  })

  test('are certain after one more unit, whatever follows that', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { borders, certain } = bordersOf([before])
        expect(bordersOf([before + after]).borders.slice(0, borders.length)).toEqual(borders)
        for (const [index, border] of borders.entries()) expect((certain[index] as number) - border).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('stand where reading paused', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const sentences = new Sentences()
        const pauses = new Set<number>()
        const borders: number[] = []
        for (let at = 0; at < whole.length; ) {
          at = sentences.push(whole, at, whole.length, (border) => borders.push(border))
          pauses.add(at)
        }
        for (const border of borders) expect(pauses).toContain(border)
      }),
    )
  })
})
