/** Makes one list of many entries: trimmed, without what cannot be a term, and without what the fold makes equal. */
import type { WordsSpec } from '../../checks/words.ts'
import { wordsProblems } from '../../checks/words-rule.ts'
import { foldedText } from '../explain/terms-found.ts'
import type { ReadEntry } from './list-reading.ts'

export interface Refused extends ReadEntry {
  readonly reason: string
}

export interface CleanList {
  readonly entries: readonly ReadEntry[]
  readonly refused: readonly Refused[]
  readonly blank: number
  /** Equal to an earlier one once folded. */
  readonly doubles: number
}

export type ListSpec = Pick<WordsSpec, 'fold' | 'boundary'>

/** What editors and spreadsheets leave at an entry's ends, which nobody sees: byte order marks, zero-width and other blanks. */
const unseen = /^[\s\u200b-\u200f\u2060\ufeff\u00ad]+|[\s\u200b-\u200f\u2060\ufeff\u00ad]+$/gu

export function cleanList(read: readonly ReadEntry[], { fold, boundary }: ListSpec): CleanList {
  const trimmed = read.map((entry) => ({ ...entry, text: entry.text.replace(unseen, '').replace(/\s+/g, ' ') }))
  const given = trimmed.filter(({ text }) => text !== '')
  const reasons = new Map<number, string>()
  for (const [index, { text }] of given.entries()) {
    if (text.startsWith('#'))
      reasons.set(index, 'begins with #, which is a comment in a list: write it under terms: in the policy')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no keyboard writes them, so no text has them
    else if (/[\u0000-\u001f\u007f\ufffd]/.test(text))
      reasons.set(index, 'holds characters that are no text; the encoding may be another')
  }
  const spec: WordsSpec = { terms: given.map(({ text }) => text), except: [], fold, boundary }
  for (const { index, message, advice } of wordsProblems(spec))
    if (!reasons.has(index)) reasons.set(index, `${message}: ${advice}`)
  const refused = given.flatMap((entry, index) => {
    const reason = reasons.get(index)
    return reason === undefined ? [] : [{ ...entry, reason }]
  })
  const first = new Map<string, ReadEntry>()
  const sound = given.filter((_, index) => !reasons.has(index))
  for (const entry of sound) {
    const folded = foldedText(fold, entry.text)
    if (!first.has(folded)) first.set(folded, entry)
  }
  return {
    entries: [...first.values()],
    refused,
    blank: trimmed.length - given.length,
    doubles: sound.length - first.size,
  }
}
