/** Takes a stored artifact back into service: no parser runs here, and nothing that is not whole and ours may rule. */
import { SluiceError } from '../errors.ts'
import type { Plan } from '../terms/plan.ts'
import { artifactVersion, type CompiledPolicy, sealOf } from './artifact.ts'
import { assemble } from './plan.ts'
import { definitionProblems, isRecord } from './verify.ts'

/**
 * The plan of an artifact that `compilePolicy` made, as an object or as JSON text.
 *
 * @throws SluiceError `plan_unreadable`: not an artifact, of another version, or damaged.
 */
export function loadPlan(artifact: unknown): Plan {
  const policy = readArtifact(typeof artifact === 'string' ? parse(artifact) : artifact)
  return assemble({ ...policy.definition, name: policy.name }, policy.hash)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may be somebody's conversation by mistake.
    throw unreadable('it is not JSON')
  }
}

function readArtifact(artifact: unknown): CompiledPolicy {
  if (!isRecord(artifact) || !('sluice' in artifact)) throw unreadable('it is no compiled policy; make one with `sluice compile`')
  const { sluice, name, hash, seal, definition, tests } = artifact
  if (sluice !== artifactVersion) {
    throw unreadable(`it is of version ${JSON.stringify(sluice)}, this Sluice reads ${artifactVersion}; compile the policy again`)
  }
  if (typeof name !== 'string' || typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash) || !Array.isArray(tests)) {
    throw unreadable('name, hash or tests are missing; compile the policy again')
  }
  const policy = artifact as unknown as CompiledPolicy
  if (seal !== sealOf(policy))
    throw unreadable('its seal does not fit its content: it was damaged or edited; compile the policy again')
  const problems = definitionProblems(definition)
  if (problems.length > 0) throw unreadable(`its definition is not one: ${problems.join('; ')}`)
  return policy
}

function unreadable(reason: string): SluiceError {
  return new SluiceError('plan_unreadable', `the compiled policy cannot be used: ${reason}`)
}
