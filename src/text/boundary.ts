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
