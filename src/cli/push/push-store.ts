/** What `sluice push` needs of a key-value store, wherever that is, and what it does there: artifacts first, the manifest last. */
import { loadPlan } from '../../policy/index.ts'
import { artifactKey, type Manifest, manifestKey, readManifest, writeManifest } from '../../policy/manifest.ts'
import { CommandError } from '../command.ts'

/** What a list shows of a policy without reading it. */
export interface Label {
  readonly name: string
  readonly pushed: string
}

export interface StoredKey {
  readonly name: string
  readonly label: Partial<Label> | undefined
}

export interface WritableStore {
  /** What people are told of where it is. */
  readonly place: string
  get(key: string): Promise<Uint8Array | undefined>
  put(key: string, value: Uint8Array | string, label?: Label): Promise<void>
  remove(key: string): Promise<void>
  list(prefix: string): Promise<StoredKey[]>
  close(): Promise<void>
}

/** A policy ready for the store. */
export interface Artifact {
  readonly name: string
  readonly hash: string
  readonly rules: number
  readonly bytes: Uint8Array
}

/** @throws SluiceError `plan_unreadable`. */
export function artifactIn(bytes: Uint8Array): Artifact {
  const { name, hash, rules } = loadPlan(bytes)
  return { name, hash, rules: rules.length, bytes }
}

export async function putArtifact(store: WritableStore, { name, hash, bytes }: Artifact): Promise<void> {
  await store.put(artifactKey(hash), bytes, { name, pushed: new Date().toISOString() })
}

/** @throws CommandError where what is there is none: somebody has to look at it before it is written over. */
export async function manifestOf(store: WritableStore, name: string): Promise<Manifest | undefined> {
  const stored = await store.get(manifestKey(name))
  if (stored === undefined) return undefined
  try {
    return readManifest(stored)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError(
      `${manifestKey(name)} in ${store.place} cannot be read, and nothing was changed: ${why}; delete that key to begin anew`,
      'manifest_unreadable',
    )
  }
}

export async function putManifest(store: WritableStore, name: string, manifest: Manifest): Promise<void> {
  await store.put(manifestKey(name), writeManifest(manifest))
}

/** The artifact whose hash begins so. @throws CommandError where there is none, or more than one. */
export async function findArtifact(store: WritableStore, beginning: string): Promise<string> {
  if (!/^[0-9a-f]{4,64}$/.test(beginning))
    throw new CommandError(`"${beginning}" is not the beginning of a hash: four signs or more of 0-9 and a-f`, 'artifact_unknown')
  const prefix = artifactKey('')
  const found = (await store.list(artifactKey(beginning))).map(({ name }) => name.slice(prefix.length))
  const [hash, ...others] = found
  if (hash === undefined)
    throw new CommandError(
      `${store.place} has no policy whose hash begins with ${beginning} that this version can read`,
      'artifact_unknown',
    )
  if (others.length > 0)
    throw new CommandError(
      `${beginning} is the beginning of several hashes: ${found.map((each) => each.slice(0, 16)).join(', ')}`,
      'artifact_unknown',
    )
  return hash
}

/** The names under which something rules. */
export async function ruledNames(store: WritableStore): Promise<string[]> {
  const prefix = manifestKey('')
  return (await store.list(prefix)).map(({ name }) => name.slice(prefix.length))
}
