/** What belongs to the character before it, so that a mask's end leaves no mark, joiner, selector or tag behind. */
import { joiningRanges } from './tables/joining.ts'
import { unpackBorders, within } from './tables/packed.ts'

const borders = unpackBorders(joiningRanges)
const first = borders[0] as number

/** Marks, joiners, variation selectors, tags and emoji modifiers (Grapheme_Cluster_Break Extend, SpacingMark and ZWJ). */
export function joinsBefore(codePoint: number): boolean {
  return codePoint >= first && within(borders, codePoint)
}
