/** The door to the kinds of judge, for programs of their own; the service brings the `openai` package as a module beside its script. */
import type { Judge, JudgeAskers } from '../terms/judge.ts'
import { askersFor } from './askers.ts'
import type { Means } from './means.ts'

export type { Judge } from '../terms/judge.ts'
export type { Means } from './means.ts'
export { steady } from './patience/steady.ts'

/**
 * Who asks each judge of a plan (`plan.judges`), for the `judges` of the guarding functions. Judges of kind `embedded` are left
 * out. The `openai` package is loaded when a judge of kind `openai_moderation` is first asked.
 *
 * @throws SluiceError `configuration` where a variable, a binding or a field is missing or wrong: names the judge and the
 *   variable, never a value.
 */
export function judgeAskers(judges: readonly Judge[], means: Means): JudgeAskers {
  return askersFor(judges, { openai: () => import('openai'), ...means })
}
