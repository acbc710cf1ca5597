/** Tells which terms of a rule are found in a text: the engines only say that one of them is. */
import { patternMatcher } from '../../checks/pattern.ts'
import { type WordsSpec, wordsMatcher } from '../../checks/words.ts'
import type { RuleDefinition } from '../../policy/index.ts'
import { wordsSpec } from '../../policy/matchers.ts'
import type { Matcher } from '../../terms/matcher.ts'
import type { Span } from '../../terms/span.ts'
import { type Fold, foldText } from '../../text/fold.ts'

export interface FoundTerm extends Span {
  /** Index into the terms. */
  readonly term: number
}

const effect = { holds: false, stops: false }

/** Where the terms at these places are found, each for itself, in the order of the text. */
export function foundTerms(spec: WordsSpec, text: string): readonly FoundTerm[] {
  const folded = foldedText(spec.fold, text)
  const [written, others] = [[] as number[], [] as number[]]
  for (const [index, term] of spec.terms.entries()) {
    const isWritten = folded.includes(foldedText(spec.fold, term))
    if (isWritten) written.push(index)
    else if (spec.fold === 'loose') others.push(index)
  }
  const found = [...written.flatMap((index) => narrowed(spec, text, [index])), ...narrowed(spec, text, others)]
  return found.sort((a, b) => a.start - b.start || b.end - a.end || a.term - b.term)
}

/** Halves the terms until one is left: two compilations of a list find the few of a hundred thousand that matter. */
function narrowed(spec: WordsSpec, text: string, indices: readonly number[]): FoundTerm[] {
  if (indices.length === 0) return []
  const terms = indices.map((index) => spec.terms[index] as string)
  const spans = spansOf(wordsMatcher([{ rule: 0, effect, spec: { ...spec, terms } }]), text)
  if (spans.length === 0) return []
  const [only] = indices
  if (indices.length === 1 && only !== undefined) return spans.map(({ start, end }) => ({ start, end, term: only }))
  const half = indices.length >> 1
  return [...narrowed(spec, text, indices.slice(0, half)), ...narrowed(spec, text, indices.slice(half))]
}

/** What a rule sees by itself, its exceptions left out where that is asked for; nothing of a rule that a judge sees for. */
export function foundAlone({ words, pattern }: RuleDefinition, text: string, except: 'kept' | 'left out'): readonly Span[] {
  if (pattern !== undefined) return spansOf(patternMatcher([{ rule: 0, effect, spec: pattern }]), text)
  if (words === undefined) return []
  const spec = wordsSpec(words)
  return spansOf(wordsMatcher([{ rule: 0, effect, spec: except === 'kept' ? spec : { ...spec, except: [] } }]), text)
}

function spansOf(matcher: Matcher, text: string): readonly Span[] {
  const run = matcher.open()
  run.push(text)
  run.end()
  return run.take()
}

/** What a text counts as, as text. */
export function foldedText(fold: Fold, text: string): string {
  return foldText(fold, text)
    .map((codePoint) => String.fromCodePoint(codePoint))
    .join('')
}
