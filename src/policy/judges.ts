/** Judges as a policy defines them: what is left out filled in, and who sits at which kind of channel. */
import { type FaultKind, faultKinds, type Judge, type OnFault, type StretchSize } from '../terms/judge.ts'
import type { Plan, Rule, Seat } from '../terms/plan.ts'
import type { MatchedKind } from './artifact.ts'
import type { JudgeDefinition } from './definition.ts'
import { looksAt, matchedKinds } from './kinds.ts'

/** What a judge has that says nothing else. */
export const defaults = {
  stretch: { first: 80, grow_to: 600, context: 400 },
  most_ahead: 300,
  timeout_ms: 1500,
  breaker: { faults: 5, open_ms: 10_000 },
  most_open: 20,
  cache: { seconds: 300, most: 500 },
} as const

/** What every judge has; all else belongs to its kind. */
const commonFields = [
  ...['kind', 'stretch', 'wait', 'most_ahead', 'timeout_ms', 'on_fault'],
  ...['retry', 'breaker', 'most_open', 'cache'],
]

export function settleJudge(name: string, definition: JudgeDefinition): Judge {
  const {
    kind = 'embedded',
    stretch,
    wait = 'hold',
    most_ahead = defaults.most_ahead,
    timeout_ms = defaults.timeout_ms,
    on_fault,
    retry = true,
    breaker,
    most_open = defaults.most_open,
    cache = false,
  } = definition
  const settings = Object.entries(definition).filter(([key]) => !commonFields.includes(key))
  return {
    name,
    kind,
    stretch: sizeOf(stretch),
    context: (stretch === 'whole' ? undefined : stretch?.context) ?? defaults.stretch.context,
    wait,
    most_ahead,
    timeout_ms,
    retry,
    breaker: breaker === false ? false : { ...defaults.breaker, ...breaker },
    most_open,
    ...(cache !== false && { cache: { ...defaults.cache, ...(cache === true ? {} : cache) } }),
    on_fault: faultsOf(on_fault),
    settings: Object.fromEntries(settings),
  }
}

function sizeOf(stretch: JudgeDefinition['stretch']): StretchSize {
  if (stretch === 'whole') return stretch
  const { first = defaults.stretch.first, grow_to = Math.max(first, defaults.stretch.grow_to) } = stretch ?? {}
  return { first, grow_to }
}

function faultsOf(given: JudgeDefinition['on_fault']): Record<FaultKind, OnFault> {
  const of = (kind: FaultKind): OnFault => (typeof given === 'string' ? given : given?.[kind]) ?? 'cut'
  return Object.fromEntries(faultKinds.map((kind) => [kind, of(kind)])) as Record<FaultKind, OnFault>
}

export function seatsOf(rules: readonly Rule[], judges: readonly Judge[]): Plan['seats'] {
  const seatOf = (judge: Judge, kind: MatchedKind): Seat | undefined => {
    const asking = [...rules.entries()].filter(([, rule]) => rule.judge === judge.name && looksAt(rule.channels, kind))
    if (asking.length === 0) return undefined
    const seen = asking.filter(([, { action }]) => action !== 'ask').map(([index]) => index)
    const holds = asking.some(([, { mode, action }]) => mode === 'enforce' && action !== 'ask' && action !== 'flag')
    return { judge, rules: seen, holds }
  }
  const seatsAt = (kind: MatchedKind) =>
    judges.map((judge) => seatOf(judge, kind)).filter((seat): seat is Seat => seat !== undefined)
  return Object.fromEntries(matchedKinds.map((kind) => [kind, seatsAt(kind)])) as unknown as Plan['seats']
}
