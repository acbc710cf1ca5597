/** Puts patience, and an end to it, between the gate and a judge: what every judge's common fields say of how it is asked. */
import type { AskJudge, Judge } from '../../terms/judge.ts'
import { breaking } from './breaker.ts'
import { type Clock, systemClock } from './clock.ts'
import { remembering } from './memory.ts'
import { placed } from './places.ts'
import { retrying } from './retry.ts'

/** One for each judge and isolate: what it has learned of the judge is for all exchanges. */
export function steady(
  judge: Judge,
  ask: AskJudge,
  clock: Clock = systemClock,
  onLeftAlone?: (judge: string, faults: number) => void,
): AskJudge {
  const { name, retry, breaker, most_open, timeout_ms, cache } = judge
  let asker = ask
  if (retry) asker = retrying(asker, timeout_ms, clock)
  if (breaker !== false) asker = breaking(asker, breaker, timeout_ms, clock, (faults) => onLeftAlone?.(name, faults))
  asker = placed(asker, most_open, timeout_ms, clock)
  return cache === undefined ? asker : remembering(asker, judge, cache, clock)
}
