/** Where words begin and end, by pinned tables, so that an upgrade of the runtime moves no verdict. */
import { unpackBorders, within } from './tables/packed.ts'
import { wordRanges } from './tables/word.ts'

const borders = unpackBorders(wordRanges)

/** One byte a code point of the basic plane: looking one up must cost no search. */
const basic = new Uint8Array(0x10000)
for (let index = 0; index < borders.length; index += 2) basic.fill(1, borders[index], borders[index + 1])

/**
 * A letter, digit, mark or underscore, except in scripts that put no space between words: `bomb` in `用bomb吗` is a word.
 * Surrogates on their own are none.
 */
export function isWordCharacter(codePoint: number): boolean {
  return codePoint < 0x10000 ? basic[codePoint] === 1 : within(borders, codePoint)
}

/** First and last letters of scripts that put no space between words. */
const unspaced = [
  [0x0e01, 0x0eff],
  [0x1000, 0x109f],
  [0x1780, 0x17d3],
  [0x3005, 0x3007],
  [0x3041, 0x309f],
  [0x30a1, 0x30fa],
  [0x30fc, 0x312f],
  [0x31a0, 0x31bf],
  [0x31f0, 0x31ff],
  [0x3400, 0x9fff],
  [0xa000, 0xa48c],
  [0xf900, 0xfaff],
  [0x20000, 0x3ffff],
] as const

/** A letter that is a word's part without being a word character: each one may begin a word. */
export function isUnspacedLetter(codePoint: number): boolean {
  return (
    codePoint >= 0x0e01 &&
    !isWordCharacter(codePoint) &&
    unspaced.some(([first, last]) => codePoint >= first && codePoint <= last)
  )
}
