/** What a character counts as when upper and lower case are one, by pinned tables and one character at a time. */
import { caseFolding } from './tables/case.ts'
import { unpackMap } from './tables/packed.ts'

export type Fold = 'none' | 'case' | 'loose'

let caseMap: ReadonlyMap<number, readonly number[]> | undefined

/**
 * The code points a code point counts as: itself, another, several (`ß` is `ss`), or none.
 *
 * Folding never composes, so that no character waits for the next one.
 *
 * @throws RangeError for a fold that is not known.
 */
export function foldCodePoint(fold: Fold, codePoint: number): readonly number[] {
  if (fold === 'none') return [codePoint]
  if (fold !== 'case') throw new RangeError(`fold: ${fold} is not known`)
  caseMap ??= unpackMap(caseFolding)
  return caseMap.get(codePoint) ?? [codePoint]
}

/** The code points a text counts as. */
export function foldText(fold: Fold, text: string): number[] {
  const folded: number[] = []
  for (const character of text) folded.push(...foldCodePoint(fold, character.codePointAt(0) as number))
  return folded
}
