/** Puts a plan together and closes it for ever. */
import type { Matcher } from '../terms/matcher.ts'
import type { Plan } from '../terms/plan.ts'
import type { MatchedKind, PlanContent } from './artifact.ts'
import { seatsOf } from './judges.ts'
import { matchedKinds } from './kinds.ts'

/** A matcher in use, and the kinds of channel it looks at. */
export interface PlacedMatcher {
  readonly kinds: readonly MatchedKind[]
  readonly matcher: Matcher
}

export function assemble({ name, hash, mode, settings, rules, judges }: PlanContent, placed: readonly PlacedMatcher[]): Plan {
  const plan = { name, hash, mode, settings, rules, judges, matchers: byKind(placed), seats: seatsOf(rules, judges) }
  return frozen(plan as unknown as Plan)
}

/** Kinds with the same matchers share their list, so that whoever compares lists sees that they are one. */
function byKind(placed: readonly PlacedMatcher[]): Plan['matchers'] {
  const lists = new Map<string, readonly Matcher[]>()
  const listOf = (kind: MatchedKind): readonly Matcher[] => {
    const looking = placed.filter(({ kinds }) => kinds.includes(kind))
    const set = looking.map((one) => placed.indexOf(one)).join(' ')
    const list = lists.get(set) ?? looking.map(({ matcher }) => matcher)
    lists.set(set, list)
    return list
  }
  return Object.fromEntries(matchedKinds.map((kind) => [kind, listOf(kind)])) as unknown as Plan['matchers']
}

/** Freezes everything but the matchers, whose tables are their own affair. */
function frozen(plan: Plan): Plan {
  for (const group of Object.values(plan.settings)) Object.freeze(group)
  for (const texts of [plan.settings.on_cut.notices, plan.settings.on_block.messages])
    for (const part of [...(texts ?? []), texts]) Object.freeze(part)
  for (const rule of plan.rules) for (const part of [rule, rule.tags, rule.lifts]) Object.freeze(part)
  for (const list of Object.values(plan.matchers)) Object.freeze(list)
  for (const list of Object.values(plan.seats)) Object.freeze(list)
  for (const judge of plan.judges) Object.freeze(judge)
  for (const part of [plan.settings, plan.rules, plan.matchers, plan.judges, plan.seats]) Object.freeze(part)
  return Object.freeze(plan)
}
