/** Brings an edited policy into force while the service runs: compiled here, handed over through the local key-value store. */
import { existsSync, type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import { type CompiledPolicy, packPlan } from '../../policy/index.ts'
import { artifactKey, manifestKey, writeManifest } from '../../policy/manifest.ts'
import { openLocal } from '../push/push-local.ts'
import { manifestOf } from '../push/push-store.ts'

/** Where wrangler.toml has the service listen. */
export async function configuredAddress(): Promise<{ readonly ip: string; readonly port: number }> {
  const { unstable_readConfig: readConfig } = await import('wrangler')
  const { ip, port } = readConfig({ config: 'wrangler.toml' }).dev
  return { ip, port: port ?? 8787 }
}

/** The local store that the running service reads as well: what is put here rules its next request. */
export interface LocalStore {
  /** Puts the policy in the place of what rules under the name; nobody goes back to what an editor had a moment ago. */
  rule(name: string, policy: CompiledPolicy): Promise<void>
  close(): Promise<void>
}

/** @param state the folder the service was given as well. */
export async function openLocalStore(state: string): Promise<LocalStore> {
  const store = await openLocal({ config: 'wrangler.toml', binding: 'POLICIES', state })
  let before: string | undefined
  return {
    async rule(name, policy) {
      await store.put(artifactKey(policy.hash), packPlan(policy))
      // What somebody tries beside it (`sluice push --local --shadow`) goes on; what was tried another day does not.
      const tried = before === undefined ? undefined : await manifestOf(store, name).catch(() => undefined)
      await store.put(manifestKey(name), writeManifest({ ...tried, current: policy.hash, previous: [] }))
      if (before !== undefined && before !== policy.hash) await store.remove(artifactKey(before))
      before = policy.hash
    },
    close: () => store.close(),
  }
}

/** Milliseconds of quiet after a change; editors write a file in several steps. */
const settling = 60

/**
 * Calls back after changes in the folders it is told of, once per burst.
 *
 * Folders, not files: an editor replaces a file, and a watcher of the old one hears no more.
 */
export class FolderWatch {
  readonly #onChange: () => void
  readonly #watchers = new Map<string, FSWatcher>()
  #timer: NodeJS.Timeout | undefined

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** Watches the folder of the file as well; one that does not exist is watched once it does and is named again. */
  beside(file: string): void {
    const folder = dirname(file)
    if (this.#watchers.has(folder) || !existsSync(folder)) return
    const watcher = watch(folder, () => {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(this.#onChange, settling)
    })
    watcher.on('error', () => this.#forget(folder))
    this.#watchers.set(folder, watcher)
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const folder of this.#watchers.keys()) this.#forget(folder)
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }
}
