/** Takes a stored artifact into service: no parser and no table of characters is needed where a plan only runs. */
import { loadPatterns } from '../checks/pattern-pack.ts'
import { loadWords } from '../checks/words-load.ts'
import { unreachable } from '../terms/action.ts'
import type { Matcher } from '../terms/matcher.ts'
import type { Plan } from '../terms/plan.ts'
import { type PackedMatcher, readArtifact, unreadable } from './artifact.ts'
import { assemble, type PlacedMatcher } from './assemble.ts'

/**
 * The plan of an artifact that `packPlan` or `sluice compile` made. Its bytes stay in use, and must not change.
 *
 * @throws SluiceError `plan_unreadable`: not an artifact, of another version, or damaged.
 */
export function loadPlan(artifact: ArrayBuffer | ArrayBufferView): Plan {
  const { matchers, ...content } = readArtifact(artifact)
  return assemble(content, loadMatchers(matchers))
}

/** @throws SluiceError `plan_unreadable`: the tables are not what this version's engines pack. */
export function loadMatchers(packed: readonly PackedMatcher[]): PlacedMatcher[] {
  return packed.map(({ engine, kinds, tables }) => {
    try {
      return { kinds, matcher: loadMatcher(engine, tables) }
    } catch (cause) {
      throw unreadable('this version does not know its tables; compile the policy again', cause)
    }
  })
}

function loadMatcher(engine: PackedMatcher['engine'], tables: Uint8Array): Matcher {
  switch (engine) {
    case 'words':
      return loadWords(tables)
    case 'patterns':
      return loadPatterns(tables)
    default:
      return unreachable(engine)
  }
}
