/** The form in which a compiled policy is stored and sent: plain data that any JSON store keeps, sealed against damage. */
import type { PlanDefinition } from './definition.ts'
import { contentHash } from './hash.ts'

/** Raised whenever an older reader could misread what is written; a reader takes no version but its own. */
export const artifactVersion = 1

/** A `tests:` entry of a policy file; it is checked for its shape and carried along, and rules nothing. */
export type PolicyTest = Readonly<Record<string, unknown>>

export interface CompiledPolicy {
  /** The artifact's version, not the package's. */
  readonly sluice: typeof artifactVersion
  readonly name: string
  /** SHA-256 of what the policy says, lists and extended files included, in lower-case hex: equal meaning, equal hash. */
  readonly hash: string
  /** SHA-256 of everything else in the artifact: a copy that was cut short or edited is not taken for the policy. */
  readonly seal: string
  readonly definition: PlanDefinition
  readonly tests: readonly PolicyTest[]
}

export function sealOf(policy: Omit<CompiledPolicy, 'seal'>): string {
  const { sluice, name, hash, definition, tests } = policy
  return contentHash({ sluice, name, hash, definition, tests })
}
