/** What is certain of a rule after a prefix, and from where on something could still come: decided by trying how the text goes on. */
import { patternContinuations, patternMatches } from './patterns.ts'
import type { Match, OracleRule } from './policy.ts'
import { wordContinuations, wordMatches } from './words.ts'

export interface Fates {
  /** Matches that every continuation leaves standing. */
  readonly certain: readonly Match[]
  /** The earliest start of a match that some continuation would bring and that is not certain yet. */
  readonly live: number | undefined
}

/** What the rule finds in the whole text: of the matches with one end, the one that starts first. */
export function matches(rule: OracleRule, text: string): Match[] {
  const all = rule.words === undefined ? patternMatches(rule.pattern, text) : wordMatches(rule.words, text)
  const byEnd = new Map<number, Match>()
  for (const match of all) if (match.start < (byEnd.get(match.end)?.start ?? text.length)) byEnd.set(match.end, match)
  return [...byEnd.values()]
}

function continuations(rule: OracleRule, prefix: string): string[] {
  return rule.words === undefined ? patternContinuations(rule.pattern, prefix) : wordContinuations(rule.words, prefix)
}

/** Half a character has not been read: a high surrogate at the end waits for its partner. */
export function readable(prefix: string): string {
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix
}

const nameOf = ({ start, end }: Match): string => `${start}-${end}`

/** @param ended the prefix is the whole text. */
export function fates(rule: OracleRule, prefix: string, ended: boolean): Fates {
  if (ended) return { certain: matches(rule, prefix), live: undefined }
  const read = readable(prefix)
  const futures = [...new Set(continuations(rule, read))].map((rest) => matches(rule, read + rest))
  const names = futures.map((future) => new Set(future.map(nameOf)))
  const always = new Set([...(names[0] ?? [])].filter((name) => names.every((future) => future.has(name))))
  const touching = futures.flat().filter(({ start }) => start < read.length)
  const starts = touching.filter((match) => !always.has(nameOf(match))).map(({ start }) => start)
  const certain = (futures[0] ?? []).filter((match) => match.end <= read.length && always.has(nameOf(match)))
  return { certain, live: starts.length === 0 ? undefined : Math.min(...starts) }
}
