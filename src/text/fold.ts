/** What a character counts as when case, or disguise, is seen through, by pinned tables and one character at a time. */
import { caseFolding } from './tables/case.ts'
import { looseFolding } from './tables/loose.ts'
import { unpackMap } from './tables/packed.ts'

/**
 * What is seen through when terms are compared with text; the pinned Unicode version decides, never the runtime.
 *
 * - `none`: nothing; code points must be equal.
 * - `case`: upper and lower case (full case folding, so `ß` is `ss`). Not Turkish: `ı` is no `i`.
 * - `loose`, besides case: width and compatibility forms, letters in circles, boxes and mathematical alphabets, marks that
 *   only modify, everything invisible, other scripts' look-alikes of ASCII letters, traditional for simplified characters,
 *   other scripts' digits; blanks, dashes and underscores for one another, many for one. And, each occurrence by itself:
 *   digits and signs for letters (`b1tch`, but no amounts: `$455`), letters written three times or more, or in two forms
 *   (`fuⓤck`), for fewer, mark-up between letters (`b**om**b`), and letters set apart by signs or blanks (`b.o.m.b`).
 *
 * Not seen through, on purpose: words joined or parted (`the rapist`), whole words inside one that is spelled out
 * (`cl.a.s.s`), doubled letters (`good` is no `god`), vowel signs of
 * Indic scripts and voiced kana (other words), Hangul in parts, several letters for one look-alike (`rn` for `m`), spelling.
 */
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
