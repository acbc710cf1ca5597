/** The oracle for texts too long to ask about every prefix: whole words, none longer than a window. */
import { ChannelReader } from '../oracle/channel.ts'
import { matches } from '../oracle/fates.ts'
import { type MaskMatch, union, written } from '../oracle/masks.ts'
import type { OraclePolicy } from '../oracle/policy.ts'

/** More units than any rule here can look at. */
const window = 120

export interface LongOutcome {
  readonly released: string
  readonly cut: { readonly at: number; readonly decided: number } | undefined
}

/** @param policy words only. */
export function tellLong(policy: OraclePolicy, text: string): LongOutcome {
  const found = policy.rules.flatMap((rule, order) => matches(rule, text).map((match) => ({ ...match, rule, order })))
  const masks = union(
    found
      .filter(({ rule }) => rule.action === 'mask')
      .map((match): MaskMatch => ({ ...match, match, written: match.rule.with ?? '' })),
  )
  const first = found.filter(({ rule }) => rule.action === 'cut').sort((a, b) => a.end - b.end)[0]
  if (first === undefined) return { released: written(text, text.length, masks), cut: undefined }
  const from = Math.max(0, first.start - window)
  const reader = new ChannelReader(policy, { kind: 'answer' })
  for (const unit of text.slice(from).split('')) {
    reader.read(unit)
    if (reader.cutting.length > 0) break
  }
  if (reader.cutting.length === 0) reader.end()
  const at = from + reader.line
  return { released: written(text, at, masks), cut: { at, decided: from + reader.text.length } }
}

/** Words of four letters and more, the most frequent first, for policies that do act. */
export function wordsIn(text: string): string[] {
  const counts = new Map<string, number>()
  for (const [word] of text.matchAll(/\p{L}{4,}/gu)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([word]) => word)
}

/** Masks some words and, if asked, cuts at others. */
export function policyOf(masked: readonly string[], cut: readonly string[] = []): OraclePolicy {
  const words = (terms: readonly string[]) => ({ terms, except: [], fold: 'case' as const, boundary: 'word' as const })
  return {
    rules: [
      ...(masked.length > 0 ? [{ id: 'masked', action: 'mask' as const, with: '[…]', words: words(masked) }] : []),
      ...(cut.length > 0 ? [{ id: 'cut', action: 'cut' as const, words: words(cut) }] : []),
    ],
  }
}
