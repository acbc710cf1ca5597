/** What a rule does about a finding, and the decisions of the gate that follow from it. */

/** `ask`: a judge decides about what a cheap check found. */
export type Action = 'flag' | 'mask' | 'cut' | 'ask'

/** `shadow`: decide and record, touch nothing. */
export type Mode = 'enforce' | 'shadow'

/** The gate's decision on a whole channel, as the trail and `sluice replay` name it. */
export type Verdict = 'clear' | 'mask' | 'cut' | 'block' | 'fault'

export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
