/** What is certain of a rule after a prefix, and from where on something could still come: decided by trying how the text goes on. */
import { patternContinuations, patternKind, patternMatches } from './patterns.ts'
import type { Match, OracleRule } from './policy.ts'
import { wordContinuations, wordKind, wordMatches } from './words.ts'

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

/** What the rule can tell about a character: two that answer alike are one for it. */
function kindFor(rule: OracleRule): (character: string) => string {
  return rule.words === undefined ? patternKind(rule.pattern) : wordKind(rule.words)
}

function continuationsOf(rule: OracleRule, prefix: string): string[] {
  return rule.words === undefined ? patternContinuations(rule.pattern, prefix) : wordContinuations(rule.words, prefix)
}

/** Half a character at the end of a prefix may stay one, or become any of a thousand: one of each kind is tried. */
function continuations(rule: OracleRule, prefix: string): string[] {
  const half = prefix.slice(readable(prefix).length)
  if (half === '') return continuationsOf(rule, prefix)
  const whole = partners(rule, half).flatMap((low) => continuationsOf(rule, prefix + low).map((rest) => low + rest))
  const alone = continuationsOf(rule, prefix).filter((rest) => !/^[\udc00-\udfff]/.test(rest))
  return [...alone, ...whole]
}

const partnersKnown = new WeakMap<OracleRule, Map<string, string[]>>()

/** Other halves, one for each kind of character the two can be. */
function partners(rule: OracleRule, half: string): string[] {
  const ofRule = partnersKnown.get(rule) ?? new Map<string, string[]>()
  partnersKnown.set(rule, ofRule)
  const known = ofRule.get(half)
  if (known !== undefined) return known
  const kindOf = kindFor(rule)
  const lows = Array.from({ length: 0x400 }, (_, index) => String.fromCharCode(0xdc00 + index))
  const made = [...new Map(lows.map((low) => [kindOf(half + low), low])).values()]
  ofRule.set(half, made)
  return made
}

/** The prefix without half a character at its end: a high surrogate that waits for its partner. */
export function readable(prefix: string): string {
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix
}

const nameOf = ({ start, end }: Match): string => `${start}-${end}`

/**
 * What is certain of the rule once allowed spans are taken into account: a match inside one is void, and one that some
 * continuation would put inside one is not certain. What is not complete yet waits as if nothing was allowed.
 *
 * @param ended the prefix is the whole text.
 * @param allowances rules inside whose matches the rule finds nothing.
 */
export function fates(rule: OracleRule, prefix: string, ended: boolean, allowances: readonly OracleRule[] = []): Fates {
  const { certain, live } = fatesAlone(rule, prefix, ended)
  const allowed = allowances.flatMap((other) => fatesAlone(other, prefix, ended).certain)
  const standing = certain.filter((match) => !allowed.some((span) => covers(span, match)))
  if (allowances.length === 0 || standing.length === 0 || ended) return { certain: standing, live }
  const perhaps = allowances.flatMap((other) => continuations(other, prefix).flatMap((rest) => matches(other, prefix + rest)))
  const open = standing.filter((match) => perhaps.some((span) => covers(span, match)))
  const starts = [...open.map(({ start }) => start), ...(live === undefined ? [] : [live])]
  return {
    certain: standing.filter((match) => !open.includes(match)),
    live: starts.length === 0 ? undefined : Math.min(...starts),
  }
}

const covers = (span: Match, { start, end }: Match): boolean => span.start <= start && end <= span.end

function fatesAlone(rule: OracleRule, prefix: string, ended: boolean): Fates {
  const known = answers.get(rule) ?? new Map<string, Fates>()
  answers.set(rule, known)
  const question = `${ended} ${prefix}`
  const answer = known.get(question) ?? find(rule, prefix, ended)
  known.set(question, answer)
  return answer
}

/** The strings of a JSON text are asked about again with every unit of it. */
const answers = new WeakMap<OracleRule, Map<string, Fates>>()

function find(rule: OracleRule, prefix: string, ended: boolean): Fates {
  if (ended) return { certain: matches(rule, prefix), live: undefined }
  const futures = [...new Set(continuations(rule, prefix))].map((rest) => matches(rule, prefix + rest))
  const names = futures.map((future) => new Set(future.map(nameOf)))
  const always = new Set([...(names[0] ?? [])].filter((name) => names.every((future) => future.has(name))))
  const touching = futures.flat().filter(({ start }) => start < prefix.length)
  const starts = touching.filter((match) => !always.has(nameOf(match))).map(({ start }) => start)
  const certain = (futures[0] ?? []).filter((match) => match.end <= prefix.length && always.has(nameOf(match)))
  return { certain, live: starts.length === 0 ? undefined : Math.min(...starts) }
}
