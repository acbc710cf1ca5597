/** Turns a compiled policy into the bytes that are stored and sent. */
import { packPatterns } from '../checks/pattern-pack.ts'
import { packWords } from '../checks/words.ts'
import { type PackedMatcher, writeArtifact } from './artifact.ts'
import { planContent } from './content.ts'
import type { PlanDefinition } from './definition.ts'
import { matcherDefinitions } from './matchers.ts'

/** A `tests:` entry of a policy file; it is checked for its shape and carried along, and rules nothing. */
export type PolicyTest = Readonly<Record<string, unknown>>

export interface CompiledPolicy {
  readonly name: string
  /** SHA-256 of what the policy says, lists and extended files included, in lower-case hex: equal meaning, equal hash. */
  readonly hash: string
  readonly definition: PlanDefinition
  readonly matchers: readonly PackedMatcher[]
  readonly tests: readonly PolicyTest[]
}

/** The artifact that `loadPlan` takes. The same policy makes the same bytes; its tests stay behind, for they rule nothing. */
export function packPlan({ name, hash, definition, matchers }: CompiledPolicy): Uint8Array<ArrayBuffer> {
  return writeArtifact({ ...planContent(definition, name, hash), matchers })
}

/** @throws RangeError for what an engine cannot compile: a term of which folding leaves nothing, too many terms. */
export function packMatchers(definition: PlanDefinition): PackedMatcher[] {
  return matcherDefinitions(definition).map(({ engine, kinds, rules }) => ({
    engine,
    kinds,
    tables: engine === 'words' ? packWords(rules) : packPatterns(rules),
  }))
}
