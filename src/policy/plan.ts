/** Makes a plan out of a definition: no file, no YAML and no pattern parser is needed where a plan runs. */
import { patternMatcher } from '../checks/pattern.ts'
import type { RuleFor } from '../checks/rule.ts'
import { type WordsSpec, wordsMatcher } from '../checks/words.ts'
import { SluiceError } from '../errors.ts'
import type { Mode } from '../terms/action.ts'
import { answerSide, type ChannelKind, channelKinds } from '../terms/channel.ts'
import type { Effect, Matcher } from '../terms/matcher.ts'
import type { Plan, Rule } from '../terms/plan.ts'
import type { PlanDefinition, RuleDefinition, WordsDefinition } from './definition.ts'
import { contentHash } from './hash.ts'
import { settle } from './settings.ts'
import { definitionProblems } from './verify.ts'

/** What a name is for trails when the definition gives none. */
const unnamed = 'inline'

/**
 * Compiles a definition. The result is immutable and may be shared by every stream of an isolate.
 *
 * @throws SluiceError `policy_invalid`: the message lists everything that is wrong.
 */
export function createPlan(definition: PlanDefinition): Plan {
  const problems = definitionProblems(definition)
  if (problems.length > 0) throw invalid(problems)
  const { name = unnamed, ...content } = definition
  const plan = assembled({ ...content, name }, contentHash(content))
  const unclean = uncleanReplacements(definition, plan.matchers)
  if (unclean.length > 0) {
    throw invalid(
      unclean.map(({ rule, by }) => `rule "${plan.rules[rule]?.id}": with is itself found by rule "${plan.rules[by]?.id}"`),
    )
  }
  return plan
}

function assembled(definition: PlanDefinition & { readonly name: string }, hash: string): Plan {
  try {
    return assemble(definition, hash)
  } catch (error) {
    // What only an engine can tell: a term of which folding leaves nothing.
    throw error instanceof RangeError ? invalid([error.message]) : error
  }
}

/** The plan of a definition that is known to be well formed, under the hash of the document it came from. */
export function assemble(definition: PlanDefinition & { readonly name: string }, hash: string): Plan {
  const mode = definition.mode ?? 'enforce'
  const matchers = matchersByKind(definition.rules, mode)
  const rules = definition.rules.map((rule) => ruleOf(rule, mode))
  const plan = { name: definition.name, hash, mode, settings: settle(definition.settings), rules, matchers } as unknown as Plan
  return frozen(plan)
}

function invalid(problems: readonly string[]): SluiceError {
  return new SluiceError('policy_invalid', `the policy is not valid: ${problems.join('; ')}`)
}

/** In a shadow policy every rule is in the shadow, so that whoever asks a rule need not ask the policy too. */
function modeOf(rule: RuleDefinition, policyMode: Mode): Mode {
  return policyMode === 'shadow' ? 'shadow' : (rule.mode ?? 'enforce')
}

function ruleOf(rule: RuleDefinition, policyMode: Mode): Rule {
  return { id: rule.id, action: rule.action, mode: modeOf(rule, policyMode), with: rule.with ?? '', tags: [...(rule.tags ?? [])] }
}

function channelsOf(rule: RuleDefinition): readonly ChannelKind[] {
  return rule.channels ?? answerSide
}

/** `unknown` text may be any of the answer's: what is found nowhere by name is looked at by every rule that looks at one of them. */
function looksAt(rule: RuleDefinition, kind: ChannelKind | 'unknown'): boolean {
  if (kind !== 'unknown') return channelsOf(rule).includes(kind)
  return answerSide.some((side) => channelsOf(rule).includes(side))
}

function effectOf(rule: RuleDefinition, policyMode: Mode): Effect {
  const enforced = modeOf(rule, policyMode) === 'enforce'
  return { holds: enforced && rule.action !== 'flag', stops: enforced && rule.action === 'cut' }
}

/** Every field settled: the defaults are those the policy file documents. */
export function wordsSpec(words: WordsDefinition): WordsSpec {
  return { terms: words.terms, except: words.except ?? [], fold: words.fold ?? 'case', boundary: words.boundary ?? 'none' }
}

/**
 * One matcher for each kind of check and each distinct set of rules. Kinds of channel that are looked at by the same
 * rules share it; a rule for prompts is in no matcher of an answer, so that it can never make an answer wait.
 */
function matchersByKind(rules: readonly RuleDefinition[], mode: Mode): Plan['matchers'] {
  const shared = new Map<string, readonly Matcher[]>()
  const matchersOf = (kind: ChannelKind | 'unknown') => {
    const indices = [...rules.keys()].filter((index) => looksAt(rules[index] as RuleDefinition, kind))
    const set = indices.join(' ')
    const known = shared.get(set)
    if (known !== undefined) return known
    const made = buildMatchers(rules, indices, mode)
    shared.set(set, made)
    return made
  }
  const kinds: readonly (ChannelKind | 'unknown')[] = [...channelKinds, 'unknown']
  return Object.fromEntries(kinds.map((kind) => [kind, matchersOf(kind)])) as unknown as Plan['matchers']
}

function buildMatchers(rules: readonly RuleDefinition[], indices: readonly number[], mode: Mode): readonly Matcher[] {
  const pick = <Spec>(specOf: (rule: RuleDefinition) => Spec | undefined): RuleFor<Spec>[] =>
    indices.flatMap((index) => {
      const rule = rules[index] as RuleDefinition
      const spec = specOf(rule)
      return spec === undefined ? [] : [{ rule: index, effect: effectOf(rule, mode), spec }]
    })
  const words = pick((rule) => (rule.words === undefined ? undefined : wordsSpec(rule.words)))
  const patterns = pick((rule) => rule.pattern)
  return [...(words.length > 0 ? [wordsMatcher(words)] : []), ...(patterns.length > 0 ? [patternMatcher(patterns)] : [])]
}

/** A rule whose replacement another (or the same) would mask or cut; both by index. */
export interface Unclean {
  readonly rule: number
  readonly by: number
}

/**
 * A replacement that the policy itself would mask or cut is a contradiction: whoever checks the output finds it again.
 * Rules in the shadow count, for one day they are meant to rule.
 */
export function uncleanReplacements(
  { rules, mode = 'enforce' }: PlanDefinition,
  matchers = matchersByKind(rules, mode),
): Unclean[] {
  return rules.flatMap((rule, index) => {
    if (rule.with === undefined) return []
    const watching = new Set(channelsOf(rule).flatMap((kind) => matchers[kind]))
    const by = findsIn(watching, rule.with).find((finder) => rules[finder]?.action !== 'flag')
    return by === undefined ? [] : [{ rule: index, by }]
  })
}

function findsIn(matchers: Iterable<Matcher>, text: string): number[] {
  return [...matchers].flatMap((matcher) => {
    const run = matcher.open()
    run.push(text)
    run.end()
    return run.take().map((finding) => finding.rule)
  })
}

/** Freezes everything but the matchers, whose tables are their own affair. */
function frozen(plan: Plan): Plan {
  for (const group of Object.values(plan.settings)) Object.freeze(group)
  for (const rule of plan.rules) Object.freeze(Object.freeze(rule).tags)
  for (const list of Object.values(plan.matchers)) Object.freeze(list)
  for (const part of [plan.settings, plan.rules, plan.matchers]) Object.freeze(part)
  return Object.freeze(plan)
}
