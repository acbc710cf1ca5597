/** What one rule asks of a kind of check: its place in the plan, what the gate will do about a finding, and what to look for. */
import type { Effect } from '../terms/matcher.ts'

export interface RuleFor<Spec> {
  /** Index into the plan's rules. */
  readonly rule: number
  readonly effect: Effect
  readonly spec: Spec
}
