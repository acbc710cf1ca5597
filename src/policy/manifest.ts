/** What a store of policies holds and under which keys: artifacts under their hash, and a manifest that says which of them rule. */
import { SluiceError } from '../errors.ts'
import { artifactVersion } from './artifact.ts'
import { isRecord } from './forms.ts'

/** By what a canary's share of the traffic is drawn: a client always gets the same, or each request by itself. */
export type CanaryBy = 'client' | 'request'

/** Which policies rule under one name. Hashes name artifacts. */
export interface Manifest {
  /** Undefined: the policy that came with the Worker. */
  readonly current: string | undefined
  /** A policy that rules a share of the traffic, from 0 to 1. */
  readonly canary?: { readonly hash: string; readonly share: number; readonly by: CanaryBy }
  /** A policy that looks on beside whichever rules. */
  readonly shadow?: { readonly hash: string }
  /** What was current before, the latest first: what a roll-back returns to, and what rules where the current one cannot be had. */
  readonly previous: readonly string[]
}

/** Raised whenever an older reader could misread what is written. */
const manifestVersion = 1

/** Former policies that a manifest remembers. */
const mostPrevious = 10

/** The key of the manifest of all that rules under a name. Writing it is what changes the rules, and one write is whole or not at all. */
export function manifestKey(name: string): string {
  return `policies/${name}`
}

/**
 * The key of an artifact. What is there never changes its meaning, so that it can be taken over from any copy. Two versions
 * of Sluice that cannot read each other's artifacts can rule side by side while a deployment is under way.
 *
 * @param hash the policy's, or the beginning of it to list what begins so.
 */
export function artifactKey(hash: string): string {
  return `artifacts/${artifactVersion}/${hash}`
}

/** The same rules for everybody from here on; whatever was tried before is over. */
export function settled(before: Manifest | undefined, current: string | undefined): Manifest {
  return { current, previous: remembered(before, current) }
}

function remembered(before: Manifest | undefined, current: string | undefined): string[] {
  const former = [before?.current, ...(before?.previous ?? [])].filter((hash) => hash !== undefined && hash !== current)
  return [...new Set(former as string[])].slice(0, mostPrevious)
}

export function writeManifest({ current, canary, shadow, previous }: Manifest): string {
  return `${JSON.stringify({ version: manifestVersion, current: current ?? null, canary, shadow, previous }, null, 2)}\n`
}

/** @throws SluiceError `policy_invalid`: not a manifest; strict, because what is misread would rule. */
export function readManifest(given: ArrayBuffer | ArrayBufferView | string): Manifest {
  const value = parsed(given)
  if (!isRecord(value)) throw invalid('it is no object')
  const { version, current, canary, shadow, previous, ...unknown } = value
  if (version !== manifestVersion) throw invalid(`it is of version ${version}, this Sluice reads ${manifestVersion}`)
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw invalid(`it has a field "${extra}" that nobody knows`)
  if (current !== null && !isHash(current)) throw invalid('"current" has to be a hash, or null for the bundled policy')
  if (!Array.isArray(previous) || !previous.every(isHash)) throw invalid('"previous" has to be a list of hashes')
  return {
    current: current ?? undefined,
    ...(canary !== undefined && { canary: readCanary(canary) }),
    ...(shadow !== undefined && { shadow: readShadow(shadow) }),
    previous,
  }
}

function readCanary(value: unknown): NonNullable<Manifest['canary']> {
  if (!isRecord(value) || !hasOnly(value, ['hash', 'share', 'by'])) throw invalid('"canary" takes hash, share and by')
  const { hash, share, by } = value
  if (!isHash(hash)) throw invalid('"canary.hash" has to be a hash')
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) throw invalid('"canary.share" has to be from 0 to 1')
  if (by !== 'client' && by !== 'request') throw invalid('"canary.by" has to be client or request')
  return { hash, share, by }
}

function readShadow(value: unknown): NonNullable<Manifest['shadow']> {
  if (!isRecord(value) || !hasOnly(value, ['hash']) || !isHash(value['hash'])) throw invalid('"shadow" takes a hash')
  return { hash: value['hash'] }
}

function parsed(given: ArrayBuffer | ArrayBufferView | string): unknown {
  try {
    return JSON.parse(typeof given === 'string' ? given : new TextDecoder().decode(given))
  } catch {
    throw invalid('it is not JSON; `sluice push` writes one')
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function hasOnly(value: Record<string, unknown>, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name))
}

function invalid(reason: string): SluiceError {
  return new SluiceError('policy_invalid', `the manifest cannot be used: ${reason}`)
}
