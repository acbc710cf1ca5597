/** What a rule does about a finding, and the decisions of the gate that follow from it. */

export type Action = 'flag' | 'mask' | 'cut'

/** `shadow`: decide and record, touch nothing. */
export type Mode = 'enforce' | 'shadow'

/** The gate's decision on a whole channel, as the trail and `sluice replay` name it. */
export type Verdict = 'clear' | 'mask' | 'cut' | 'block' | 'fault'

export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
