/** Which rules make a matcher together, and which kinds of channel it looks at. */
import type { PatternProgram } from '../checks/pattern.ts'
import type { RuleFor } from '../checks/rule.ts'
import type { WordsSpec } from '../checks/words.ts'
import type { Mode } from '../terms/action.ts'
import { touches } from '../terms/action.ts'
import type { Effect } from '../terms/matcher.ts'
import type { MatchedKind } from './artifact.ts'
import { channelsOf, modeOf } from './content.ts'
import type { PlanDefinition, RuleDefinition, WordsDefinition } from './definition.ts'
import { looksAt, matchedKinds } from './kinds.ts'

interface Together<Spec> {
  readonly kinds: readonly MatchedKind[]
  readonly rules: readonly RuleFor<Spec>[]
}

export type MatcherDefinition =
  | ({ readonly engine: 'words' } & Together<WordsSpec>)
  | ({ readonly engine: 'patterns' } & Together<PatternProgram>)

/**
 * One matcher for each kind of check and each distinct set of rules. Kinds of channel that are looked at by the same
 * rules share it; a rule for prompts is in no matcher of an answer, so that it can never make an answer wait.
 */
export function matcherDefinitions({ rules, mode = 'enforce' }: PlanDefinition): MatcherDefinition[] {
  const words = together(rules, mode, (rule) => (rule.words === undefined ? undefined : wordsSpec(rule.words)))
  const patterns = together(rules, mode, (rule) => rule.pattern)
  return [
    ...words.map((group) => ({ engine: 'words' as const, ...group })),
    ...patterns.map((group) => ({ engine: 'patterns' as const, ...group })),
  ]
}

/** Every field settled: the defaults are those the policy file documents. */
export function wordsSpec(words: WordsDefinition): WordsSpec {
  return { terms: words.terms, except: words.except ?? [], fold: words.fold ?? 'case', boundary: words.boundary ?? 'none' }
}

function together<Spec>(
  rules: readonly RuleDefinition[],
  mode: Mode,
  specOf: (rule: RuleDefinition) => Spec | undefined,
): Together<Spec>[] {
  const groups = new Map<string, { kinds: MatchedKind[]; rules: readonly RuleFor<Spec>[] }>()
  for (const kind of matchedKinds) {
    const looking = rules.flatMap((rule, index) => {
      const spec = looksAt(channelsOf(rule), kind) ? specOf(rule) : undefined
      return spec === undefined ? [] : [{ rule: index, effect: effectOf(rule, mode), spec }]
    })
    if (looking.length === 0) continue
    const set = looking.map(({ rule }) => rule).join(' ')
    const group = groups.get(set)
    if (group === undefined) groups.set(set, { kinds: [kind], rules: looking })
    else group.kinds.push(kind)
  }
  return [...groups.values()]
}

function effectOf(rule: RuleDefinition, policyMode: Mode): Effect {
  const enforced = modeOf(rule, policyMode) === 'enforce'
  const action = rule.ask?.then ?? rule.action
  const allows = rule.action === 'allow' && { allows: true }
  return { ...allows, holds: enforced && touches(action), stops: enforced && rule.action === 'cut' }
}
