/** Brings an edited policy into force while the service runs: compiled here, handed over through the local key-value store. */
import { existsSync, type FSWatcher, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CompiledPolicy, packPlan } from '../policy/index.ts'

/** Where wrangler.toml has the service listen. */
export async function configuredAddress(): Promise<{ readonly ip: string; readonly port: number }> {
  const { unstable_readConfig: readConfig } = await import('wrangler')
  const { ip, port } = readConfig({ config: 'wrangler.toml' }).dev
  return { ip, port: port ?? 8787 }
}

/** The local store that the running service reads as well: what is put here rules its next request. */
export interface LocalStore {
  put(key: string, policy: CompiledPolicy): Promise<void>
  close(): Promise<void>
}

interface Bindings {
  readonly POLICIES: { put(key: string, value: ArrayBufferView): Promise<void> }
}

/** @param state the folder the service was given as well. */
export async function openLocalStore(state: string): Promise<LocalStore> {
  const { getPlatformProxy } = await import('wrangler')
  const { env, dispose } = await getPlatformProxy<Bindings & Record<string, unknown>>({
    configPath: 'wrangler.toml',
    persist: { path: join(state, 'v3') },
    remoteBindings: false,
  })
  return { put: (key, policy) => env.POLICIES.put(key, packPlan(policy)), close: dispose }
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
