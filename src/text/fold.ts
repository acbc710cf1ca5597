/** What a character counts as when case, or disguise, is seen through, by pinned tables and one character at a time. */
import { caseFolding } from './tables/case.ts'
import { looseFolding } from './tables/loose.ts'
import { unpackMap } from './tables/packed.ts'

export type Fold = 'none' | 'case' | 'loose'

const nothing: FoldMap = new Map()
let caseMap: FoldMap | undefined
let looseMap: FoldMap | undefined

/** Code points that do not count as themselves, and what they count as: one, several (`ß` is `ss`) or none. */
export type FoldMap = ReadonlyMap<number, readonly number[]>

/**
 * Folding never composes, so that no character waits for the next one; what a character counts as counts as itself.
 *
 * @throws RangeError for a fold that is not known.
 */
export function foldMap(fold: Fold): FoldMap {
  if (fold === 'none') return nothing
  if (fold === 'case') {
    caseMap ??= unpackMap(caseFolding)
    return caseMap
  }
  if (fold === 'loose') {
    looseMap ??= unpackMap(looseFolding)
    return looseMap
  }
  throw new RangeError(`fold: ${String(fold)} is not known`)
}

/** The code points a text counts as. */
export function foldText(fold: Fold, text: string): number[] {
  const map = foldMap(fold)
  const folded: number[] = []
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number
    const image = map.get(codePoint)
    if (image === undefined) folded.push(codePoint)
    else folded.push(...image)
  }
  return fold === 'loose' ? oneBlank(folded, 0x20) : folded
}

/** Symbols with blanks at neither end and one between words, which is how terms are looked for when disguise is seen through. */
export function oneBlank(symbols: readonly number[], blank: number): number[] {
  const kept = symbols.filter((symbol, index) => symbol !== blank || (index > 0 && symbols[index - 1] !== blank))
  return kept.at(-1) === blank ? kept.slice(0, -1) : kept
}
