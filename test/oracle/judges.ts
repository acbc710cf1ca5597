/** Judges as the oracle has them: stretches cut out of the whole text at once, and answers that come in no time. */
import type { Opinion } from '../../src/terms/judge.ts'

export interface OracleJudge {
  readonly name: string
  readonly first: number
  readonly growTo: number
  readonly context: number
  /** What it says; a function of what it is told. */
  readonly says: (text: string, context: string) => readonly Opinion[]
}

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
const unspaced = '[\\u4e00-\\u9fff\\u3041-\\u3096\\u30a1-\\u30fa]'
/** A run of signs and what closes it, if a blank follows, or anything where one of the signs is a full one. */
const ends = new RegExp(`${sign}(?:${sign}|${closing})*(?!${sign}|${closing})(?=[^])`, 'g')

/** Every border of a whole text, ascending. */
function bordersOf(text: string): { at: number; late: boolean }[] {
  const borders: { at: number; late: boolean }[] = []
  for (const match of text.matchAll(ends)) {
    const at = match.index + match[0].length
    const next = text[at] as string
    const full = /[。！？｡]/.test(match[0])
    if (full || /\s/.test(next) || new RegExp(unspaced).test(next)) borders.push({ at, late: true })
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
