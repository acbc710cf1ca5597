/** What words find in a text of the corpus: whole, and unit by unit, which must be the same. */
import { expect } from 'vitest'
import { type WordsSpec, wordsMatcher } from '../../src/checks/words.ts'
import type { Finding, Matcher } from '../../src/terms/matcher.ts'

/** Each spec is a rule of its own, numbered as it stands. */
export function wordsOf(specs: readonly (Pick<WordsSpec, 'terms'> & Partial<WordsSpec>)[]): Matcher {
  return wordsMatcher(
    specs.map((spec, rule) => ({
      rule,
      effect: { holds: true, stops: false },
      spec: { except: [], fold: 'loose', boundary: 'none', ...spec },
    })),
  )
}

function read(matcher: Matcher, pieces: readonly string[]): Finding[] {
  const run = matcher.open()
  for (const piece of pieces) run.push(piece)
  run.end()
  return [...run.take()].sort((one, other) => one.end - other.end || one.start - other.start || one.rule - other.rule)
}

export function foundIn(matcher: Matcher, text: string): Finding[] {
  const found = read(matcher, [text])
  expect(read(matcher, text.split('')), text).toEqual(found)
  return found
}

/** The stretches a mask would cover: findings that share a unit are one. */
export function coveredBy(found: readonly { readonly start: number; readonly end: number }[]): string[] {
  const spans: { start: number; end: number }[] = []
  for (const { start, end } of [...found].sort((one, other) => one.start - other.start)) {
    const last = spans.at(-1)
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end)
    else spans.push({ start, end })
  }
  return spans.map(({ start, end }) => `${start}-${end}`)
}
