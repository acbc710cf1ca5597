/** What the policy makes of a judge's answer: findings to act upon, or the consequence of a fault. */
import { counts } from '../terms/judge.ts'
import type { Finding } from '../terms/matcher.ts'
import type { Rule } from '../terms/plan.ts'
import type { Decision } from './docket.ts'

export interface Act {
  readonly finding: Finding
  readonly rule: Rule
  readonly action: Rule['action']
}

/** What rules are to do about the judge's opinions: those that it sees for, and those whose findings it was asked about. */
export function actsOf({ seat, stretch, suspects, opinions }: Decision, rules: readonly Rule[]): Act[] {
  const acts: Act[] = []
  for (const index of seat.rules) {
    const rule = rules[index] as Rule
    for (const opinion of opinions) {
      if (!counts(opinion, rule.where)) continue
      const { start, end } = opinion.span ?? { start: 0, end: stretch.end - stretch.start }
      acts.push({ finding: { rule: index, start: stretch.start + start, end: stretch.start + end }, rule, action: rule.action })
    }
  }
  for (const finding of suspects) {
    const rule = rules[finding.rule] as Rule
    if (opinions.some((opinion) => counts(opinion, rule.where))) acts.push({ finding, rule, action: rule.agreed ?? 'cut' })
  }
  return acts
}

/** What a fault leaves of the text: the offset at which it is cut, or how many units go on unjudged. */
export function faultOf({ seat, stretch, suspects, fault }: Decision): { readonly cutAt?: number; readonly unjudged: number } {
  // What a judge is only asked about waits from there on; the text before it never did.
  const waiting = suspects.filter(({ holds }) => holds).map(({ start }) => start)
  const start = seat.holds || waiting.length === 0 ? stretch.start : Math.min(...waiting)
  if (fault?.action !== 'cut') return { unjudged: stretch.end - start }
  return { ...((seat.holds || waiting.length > 0) && { cutAt: start }), unjudged: 0 }
}
