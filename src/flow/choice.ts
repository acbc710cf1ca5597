/** Which policy rules an exchange: the operator's choice, made once the request has been read. */
import { SluiceError } from '../errors.ts'
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
  const choice = found !== undefined && 'plan' in found ? found : { plan: found }
  demandPlan(choice.plan, 'a choice of plan')
  if (choice.shadow !== undefined) demandPlan(choice.shadow.plan, 'a choice of what looks on')
  return choice
}

/**
 * Programs without types leave a plan out, or hand over the definition that one is made of: told at once, and by what is wrong.
 *
 * @param whose what needs one.
 * @throws SluiceError `configuration`.
 */
export function demandPlan(plan: Plan | undefined, whose: string): void {
  if (plan === undefined || plan === null) throw new SluiceError('configuration', `${whose} needs a plan`)
  if (plan.matchers === undefined || plan.seats === undefined)
    throw new SluiceError('configuration', `${whose} needs a plan, and this is none: createPlan and loadPlan make one`)
}
