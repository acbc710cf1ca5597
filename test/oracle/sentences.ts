/** Where texts are divided for judges and readers: cut out of all that was read of them at once. */
import type { OracleJudge } from './judges.ts'
import { isUnspacedLetter } from './words.ts'

export interface OracleStretch {
  readonly start: number
  readonly end: number
  /** Only the text's end ends it. */
  readonly last: boolean
  /** Only what follows tells that it ended. */
  readonly late: boolean
}

const sign = '[.!?…．؟۔։።।॥‼⁇⁈⁉。！？｡]'
const closing = '[)\\]}"\'”’»›」』】》〉）］｝〕*_`]'
/** A run of signs and what closes it, if a blank follows, or anything where one of the signs is a full one. */
const ends = new RegExp(`${sign}(?:${sign}|${closing})*(?!${sign}|${closing})(?=[^])`, 'g')

/** Every border of a whole text, ascending; of a text that is being written, every one that is certain. */
function bordersOf(text: string): { at: number; late: boolean }[] {
  const borders: { at: number; late: boolean }[] = []
  for (const match of text.matchAll(ends)) {
    const at = match.index + match[0].length
    const next = text[at] as string
    const full = /[。！？｡]/.test(match[0])
    if (full || /\s/.test(next) || isUnspacedLetter(next)) borders.push({ at, late: true })
  }
  for (const match of text.matchAll(/[\n\v\f\u0085\u2028\u2029]/g)) borders.push({ at: match.index + 1, late: false })
  return borders.sort((one, other) => one.at - other.at)
}

/** The stretches of a text that is over. */
export function stretchesOf(text: string, { first, growTo }: Pick<OracleJudge, 'first' | 'growTo'>): OracleStretch[] {
  const borders = bordersOf(text)
  const stretches: OracleStretch[] = []
  let target = first
  for (let start = 0; start < text.length; ) {
    const border = borders.find(({ at }) => at - start >= target)
    const latest = start + 2 * target
    const last = /[\ud800-\udbff]/.test(text[latest - 1] ?? '') ? latest + 1 : latest
    const end = border !== undefined && border.at <= last ? border.at : last <= text.length ? last : text.length
    const full = end === last && last <= text.length
    stretches.push({
      start,
      end,
      last: border?.at !== end && last > text.length,
      late: border?.at === end && border.late && !full,
    })
    start = end
    target = Math.min(2 * target, Math.max(growTo, target))
  }
  return stretches
}

/** Text leaves at the latest where a sentence is so long. */
const longestSentence = 600

/**
 * Where a text that leaves sentence by sentence may be divided, as far as what was read of it tells.
 *
 * @param pauses where somebody else spoke.
 */
export function unitsOf(read: string, pauses: readonly number[], longest = longestSentence): number[] {
  // Nobody else speaks inside a character.
  const spoken = pauses.map((at) => (/[\ud800-\udbff]/.test(read[at - 1] ?? '') ? at - 1 : at))
  const ends = [...bordersOf(read).map(({ at }) => at), ...spoken].sort((one, other) => one - other)
  const units: number[] = []
  for (let start = 0; ; ) {
    const full = start + longest
    const half = /[\ud800-\udbff]/.test(read[full - 1] ?? '')
    const latest = half && /[\udc00-\udfff]/.test(read[full] ?? '') ? full + 1 : full
    const end = ends.find((at) => at > start && at <= latest) ?? latest
    if (end > read.length || (end === full && half && read.length === full)) return units
    units.push(end)
    start = end
  }
}
