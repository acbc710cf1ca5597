/** The meaning of words rules on text, tried out: every pair of offsets, and after every prefix every way it may go on. */

import type { RuleFor } from '../../src/checks/rule.ts'
import type { WordsSpec } from '../../src/checks/words.ts'
import type { Finding } from '../../src/terms/matcher.ts'

/** How a test says what characters count as, without the tables it is to check. */
export type PlainFold = (character: string) => string

export interface PlainRules {
  readonly rules: readonly RuleFor<WordsSpec>[]
  readonly fold: (rule: RuleFor<WordsSpec>) => PlainFold
  readonly isWord: (character: string) => boolean
}

interface Symbol {
  readonly symbol: string
  readonly start: number
  readonly end: number
}

function folded(text: string, fold: PlainFold): Symbol[] {
  let at = 0
  return [...text].flatMap((character) => {
    const start = at
    at += character.length
    return [...fold(character)].map((symbol) => ({ symbol, start, end: start + character.length }))
  })
}

interface Place {
  readonly start: number
  readonly end: number
}

function places(
  text: readonly Symbol[],
  term: readonly Symbol[],
  word: boolean,
  isWord: (character: string) => boolean,
): Place[] {
  const found: Place[] = []
  const border = (one: Symbol | undefined, other: Symbol | undefined) =>
    one === undefined || other === undefined || !isWord(one.symbol) || !isWord(other.symbol)
  for (let from = 0; from + term.length <= text.length; from += 1) {
    const to = from + term.length
    if (!term.every(({ symbol }, index) => text[from + index]?.symbol === symbol)) continue
    if (word && !(border(text[from - 1], text[from]) && border(text[to - 1], text[to]))) continue
    found.push({ start: (text[from] as Symbol).start, end: (text[to - 1] as Symbol).end })
  }
  return found
}

/** Every finding in a whole text: per rule and end the earliest start, none inside an exception. */
export function allFindings(plain: PlainRules, text: string): Finding[] {
  const found = plain.rules.flatMap((rule) => {
    const fold = plain.fold(rule)
    const symbols = folded(text, fold)
    const all = (terms: readonly string[]) =>
      terms.flatMap((term) => places(symbols, folded(term, fold), rule.spec.boundary === 'word', plain.isWord))
    const lifted = all(rule.spec.except)
    const standing = all(rule.spec.terms).filter(
      ({ start, end }) => !lifted.some((span) => span.start <= start && end <= span.end),
    )
    const byEnd = new Map<number, number>()
    for (const { start, end } of standing) byEnd.set(end, Math.min(start, byEnd.get(end) ?? start))
    return [...byEnd].map(([end, start]) => ({ rule: rule.rule, start, end }))
  })
  return found.sort(inOrder)
}

export function inOrder(one: Finding, other: Finding): number {
  return one.end - other.end || one.start - other.start || one.rule - other.rule
}

/**
 * What is certain after a prefix and how much of it is safe, given the ways in which it may go on.
 *
 * @param lows what may make the prefix's last unit a whole character, where that is half of one.
 */
export function judge(
  plain: PlainRules,
  prefix: string,
  rests: readonly string[],
  lows: readonly string[],
): { certain: Finding[]; safeTo: number } {
  const holds = new Set(plain.rules.filter(({ effect }) => effect.holds).map(({ rule }) => rule))
  const half = /[\ud800-\udbff]$/.test(prefix)
  // Half a character itself waits for its partner.
  const read = half ? prefix.length - 1 : prefix.length
  const futures = ['', ...(half ? lows : [])].flatMap((low) => rests.map((rest) => allFindings(plain, prefix + low + rest)))
  const name = ({ rule, start, end }: Finding) => `${rule} ${start} ${end}`
  const counts = new Map<string, number>()
  for (const future of futures) for (const finding of future) counts.set(name(finding), (counts.get(name(finding)) ?? 0) + 1)
  const always = (finding: Finding) => counts.get(name(finding)) === futures.length
  const certain = (futures[0] as Finding[]).filter((finding) => finding.end <= read && always(finding))
  const live = futures.flat().filter((finding) => holds.has(finding.rule) && !always(finding))
  return { certain, safeTo: Math.min(holds.size > 0 ? read : prefix.length, ...live.map(({ start }) => start)) }
}
