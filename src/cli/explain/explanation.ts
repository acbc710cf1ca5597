/** Says of everything a policy finds in a text why it was found: the rule, the term or pattern, and how the text was read. */
import type { Rulebook } from '../../policy/compile.ts'
import { channelsOf } from '../../policy/content.ts'
import type { RuleDefinition } from '../../policy/index.ts'
import { looksAt } from '../../policy/kinds.ts'
import { wordsSpec } from '../../policy/matchers.ts'
import type { Action, Mode } from '../../terms/action.ts'
import type { Channel } from '../../terms/channel.ts'
import type { Finding } from '../../terms/matcher.ts'
import type { Plan, Rule } from '../../terms/plan.ts'
import type { Span } from '../../terms/span.ts'
import { foldedText, foundAlone, foundTerms } from './terms-found.ts'

export interface Place {
  readonly file: string
  readonly line: number
}

export interface ExplainedTerm extends Span, Place {
  readonly term: string
  /** What the term counts as: the text counts as the same, or is seen through to it. */
  readonly folded: string
}

export interface Explained extends Span, Place {
  readonly rule: string
  readonly action: Action
  readonly mode: Mode
  /** What a mask writes. */
  readonly with?: string
  /** The text as it stands there. */
  readonly written: string
  /** What it counts as for the rule's fold. */
  readonly folded?: string
  readonly fold?: string
  readonly boundary?: string
  readonly terms?: readonly ExplainedTerm[]
  readonly pattern?: string
  readonly number?: string
  readonly judge?: string
}

/** What a rule sees and another voids. */
export interface Lifted extends Span {
  readonly rule: string
  readonly written: string
  /** The exception, or the id of the rule that allows it. */
  readonly exception?: string
  readonly allowed_by?: string
}

/** What `--json` prints. */
export interface Explanation {
  readonly policy: string
  readonly hash: string
  readonly input: string
  readonly channel: string
  readonly verdict: 'clear' | 'mask' | 'cut' | 'block'
  readonly by: readonly string[]
  readonly reads: string
  readonly cut_at: number | null
  readonly findings: readonly Explained[]
  readonly lifted: readonly Lifted[]
  readonly inquiries: number
}

/** @param findings as the gate has them. */
export function explainFindings(
  { policy, rules }: Rulebook,
  plan: Plan,
  text: string,
  findings: readonly Finding[],
): Explained[] {
  const terms = new Map<number, readonly ExplainedTerm[]>()
  return findings.map(({ rule: index, start, end }) => {
    const definition = policy.definition.rules[index] as RuleDefinition
    const { id, action, mode, with: replacement, judge } = plan.rules[index] as Rule
    const written = text.slice(start, end)
    const { words, pattern, number } = definition
    const spec = words && wordsSpec(words)
    let known = terms.get(index)
    if (spec !== undefined && known === undefined) {
      known = foundTerms(spec, text).map(({ term, ...span }) => ({
        term: spec.terms[term] as string,
        folded: foldedText(spec.fold, spec.terms[term] as string),
        ...span,
        ...placeOf(rules[index]?.terms[term]?.problem('', '')),
      }))
      terms.set(index, known)
    }
    return {
      rule: id,
      action,
      mode,
      start,
      end,
      ...placeOf(rules[index]?.document.problem([...(rules[index]?.path ?? []), 'id'], 'value', '', '')),
      ...(replacement !== '' && { with: replacement }),
      written,
      ...(spec && {
        fold: spec.fold,
        boundary: spec.boundary,
        folded: foldedText(spec.fold, written),
        terms: known?.filter((one) => one.start < end && one.end > start) ?? [],
      }),
      ...(number !== undefined ? { number } : pattern !== undefined && { pattern: pattern.source }),
      ...(judge !== undefined && { judge }),
    }
  })
}

/** What is found and void, up to where the text is read. */
export function explainLifted(
  { policy }: Rulebook,
  text: string,
  channel: Channel['kind'],
  findings: readonly Finding[],
): Lifted[] {
  const { rules } = policy.definition
  const looking = [...rules.entries()].filter(([, rule]) => looksAt(channelsOf(rule), channel))
  const allowances = looking.filter(([, { action }]) => action === 'allow')
  const allowed = allowances.flatMap(([, rule]) => foundAlone(rule, text, 'kept').map((span) => ({ rule, span })))
  return looking.flatMap(([index, rule]) => {
    if (rule.action === 'allow' || (rule.words?.except === undefined && allowed.length === 0)) return []
    const except =
      rule.words?.except === undefined ? [] : foundTerms({ ...wordsSpec(rule.words), terms: rule.words.except, except: [] }, text)
    return foundAlone(rule, text, 'left out').flatMap(({ start, end }): Lifted[] => {
      if (findings.some((one) => one.rule === index && one.start < end && one.end > start)) return []
      const inside = (span: Span) => span.start <= start && span.end >= end
      const told = { rule: rule.id, start, end, written: text.slice(start, end) }
      const exception = except.find(inside)
      if (exception !== undefined) return [{ ...told, exception: rule.words?.except?.[exception.term] ?? '' }]
      const by = allowed.find(({ span }) => inside(span))
      return by === undefined ? [] : [{ ...told, allowed_by: by.rule.id }]
    })
  })
}

function placeOf(problem: Place | undefined): Place {
  return { file: problem?.file ?? '', line: problem?.line ?? 0 }
}
