/** Which policy rules an exchange: the operator's choice, made once the request has been read. */
import type { RequestFacts } from '../terms/dialect.ts'
import type { JudgeAskers } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'
import type { TrailPolicy } from '../terms/trail.ts'

/** A plan, and how its judges are asked. */
export interface Counsel {
  readonly plan: Plan
  /** By name; those of the guard's own options unless given. */
  readonly judges?: JudgeAskers
}

/** The plan of one exchange, and what the trail is to say about how it came to rule. */
export interface Choice extends Counsel {
  /** Looks on and touches nothing: what it would have done is in the trail. */
  readonly shadow?: Counsel
  readonly part?: TrailPolicy['part']
  readonly refused?: TrailPolicy['refused']
}

/**
 * Chooses by what the request says of itself. Called once, for requests to endpoints that are guarded, after their body was
 * read and before anything of it is checked. What it throws is the answer: a `SluiceError` by its code, anything else 503.
 */
export type Choose = (facts: RequestFacts) => Plan | Choice | Promise<Plan | Choice>

export async function chosen(plan: Plan | Choose, facts: RequestFacts): Promise<Choice> {
  const found = typeof plan === 'function' ? await plan(facts) : plan
  return 'plan' in found ? found : { plan: found }
}
