/** Makes a plan out of a definition: no file, no YAML and no pattern parser is needed where a plan runs. */
import { patternMatcher } from '../checks/pattern.ts'
import { wordsMatcher } from '../checks/words.ts'
import { SluiceError } from '../errors.ts'
import { touches } from '../terms/action.ts'
import type { Matcher } from '../terms/matcher.ts'
import type { Plan } from '../terms/plan.ts'
import { assemble, type PlacedMatcher } from './assemble.ts'
import { channelsOf, planContent } from './content.ts'
import type { PlanDefinition } from './definition.ts'
import { contentHash } from './hash.ts'
import { matcherDefinitions } from './matchers.ts'
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
  const placed = placedMatchers(definition)
  const unclean = uncleanReplacements(definition, placed)
  if (unclean.length > 0) {
    const { rules } = definition
    throw invalid(unclean.map(({ rule, by }) => `rule "${rules[rule]?.id}": with is itself found by rule "${rules[by]?.id}"`))
  }
  return assemble(planContent(definition, name, contentHash(content)), placed)
}

function placedMatchers(definition: PlanDefinition): PlacedMatcher[] {
  try {
    return matcherDefinitions(definition).map(({ engine, kinds, rules }) => ({
      kinds,
      matcher: engine === 'words' ? wordsMatcher(rules) : patternMatcher(rules),
    }))
  } catch (error) {
    // What only an engine can tell: a term of which folding leaves nothing.
    throw error instanceof RangeError ? invalid([error.message]) : error
  }
}

function invalid(problems: readonly string[]): SluiceError {
  return new SluiceError('policy_invalid', `the policy is not valid: ${problems.join('; ')}`)
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
export function uncleanReplacements({ rules }: PlanDefinition, placed: readonly PlacedMatcher[]): Unclean[] {
  return rules.flatMap((rule, index) => {
    const { with: replacement } = rule
    if (replacement === undefined) return []
    const watching = placed.filter(({ kinds }) => channelsOf(rule).some((kind) => kinds.includes(kind)))
    const found = watching.flatMap(({ matcher }) => findsIn(matcher, replacement))
    const by = found.find((finder) => touches(rules[finder]?.action ?? 'flag'))
    return by === undefined ? [] : [{ rule: index, by }]
  })
}

function findsIn(matcher: Matcher, text: string): number[] {
  const run = matcher.open()
  run.push(text)
  run.end()
  return run.take().map((finding) => finding.rule)
}
