/** Several artifacts in one file, for what takes its policies along as one module. */
import { SluiceError } from '../errors.ts'
import { artifactLength } from './artifact.ts'

/** One after the other: each says how long it is, and ends where the next may begin. A bundle of one is that artifact. */
export function joinArtifacts(artifacts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bundle = new Uint8Array(artifacts.reduce((sum, artifact) => sum + artifact.byteLength, 0))
  let at = 0
  for (const artifact of artifacts) {
    bundle.set(artifact, at)
    at += artifact.byteLength
  }
  return bundle
}

/**
 * The artifacts, as views on the bundle. Whether each can be read, its loader says.
 *
 * @throws SluiceError `plan_unreadable`: nothing of what stands there says where it ends.
 */
export function splitArtifacts(bundle: ArrayBuffer): Uint8Array[] {
  const artifacts: Uint8Array[] = []
  let at = 0
  do {
    const rest = new Uint8Array(bundle, at)
    const length = artifactLength(rest) ?? rest.byteLength
    if (length === 0) throw new SluiceError('plan_unreadable', 'the compiled policy cannot be used: there is nothing in it')
    artifacts.push(rest.subarray(0, length))
    at += length
  } while (at < bundle.byteLength)
  return artifacts
}
