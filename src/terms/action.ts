/** What a rule does about a finding, and the decisions of the gate that follow from it. */

/** `ask`: a judge decides about what a cheap check found. `allow`: what other rules find inside of it is void. */
export type Action = 'flag' | 'mask' | 'cut' | 'ask' | 'allow'

/** What is found is not only recorded, and not only for other rules to hear. */
export function touches(action: Action): boolean {
  return action !== 'flag' && action !== 'allow'
}

/** `shadow`: decide and record, touch nothing. */
export type Mode = 'enforce' | 'shadow'

/** How grave a finding is, mildest first: for whoever reads the trail; no decision depends on it. */
export const severities = ['low', 'medium', 'high', 'critical'] as const

export type Severity = (typeof severities)[number]

/** The gate's decision on a whole channel, as the trail and `sluice replay` name it. */
export type Verdict = 'clear' | 'mask' | 'cut' | 'block' | 'fault'

export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
