/** What a character counts as when upper and lower case are one, by pinned tables and one character at a time. */
import { caseFolding } from './tables/case.ts'
import { unpackMap } from './tables/packed.ts'

export type Fold = 'none' | 'case' | 'loose'

const nothing: FoldMap = new Map()
let caseMap: FoldMap | undefined

/** Code points that do not count as themselves, and what they count as: one, several (`ß` is `ss`) or none. */
export type FoldMap = ReadonlyMap<number, readonly number[]>

/**
 * Folding never composes, so that no character waits for the next one; what a character counts as counts as itself.
 *
 * @throws RangeError for a fold that is not known.
 */
export function foldMap(fold: Fold): FoldMap {
  if (fold === 'none') return nothing
  if (fold !== 'case') throw new RangeError(`fold: ${fold} is not known`)
  caseMap ??= unpackMap(caseFolding)
  return caseMap
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
  return folded
}
