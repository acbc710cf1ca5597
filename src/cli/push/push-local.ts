/** The local emulation of the key-value store, which a Worker that wrangler runs on this machine reads as well. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Wrangler from 'wrangler'
import { CommandError } from '../command.ts'
import type { Label, StoredKey, WritableStore } from './push-store.ts'

export interface LocalPlace {
  /** The wrangler configuration that names the store. */
  readonly config: string
  readonly binding: string
  /** The folder that `wrangler dev --persist-to` is given. */
  readonly state: string
}

/** As much of the binding as is used. */
interface Namespace {
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
  put(key: string, value: string | ArrayBufferView, options?: { metadata: Label }): Promise<void>
  delete(key: string): Promise<void>
  list(options: { prefix: string; cursor?: string }): Promise<{ keys: { name: string; metadata?: unknown }[]; cursor?: string }>
}

/** @throws CommandError where wrangler is missing, or its configuration has no such store. */
export async function openLocal({ config, binding, state }: LocalPlace): Promise<WritableStore> {
  const { getPlatformProxy } = await wrangler()
  const { env, dispose } = await getPlatformProxy({
    configPath: config,
    persist: { path: join(state, 'v3') },
    remoteBindings: false,
  }).catch((error: unknown) => {
    throw new CommandError(
      `wrangler cannot run ${config}: ${error instanceof Error ? error.message : String(error)}`,
      'store_unknown',
    )
  })
  const namespace = env[binding] as Namespace | undefined
  if (typeof namespace?.put !== 'function') {
    await dispose()
    throw new CommandError(`${config} has no [[kv_namespaces]] with binding = "${binding}"`, 'store_unknown')
  }
  return {
    place: `the local store of ${config} (${state})`,
    get: async (key) => {
      const value = await namespace.get(key, 'arrayBuffer')
      return value === null ? undefined : new Uint8Array(value)
    },
    put: (key, value, label) => namespace.put(key, value, label && { metadata: label }),
    remove: (key) => namespace.delete(key),
    list: (prefix) => listed(namespace, prefix),
    close: dispose,
  }
}

async function listed(namespace: Namespace, prefix: string): Promise<StoredKey[]> {
  const found: StoredKey[] = []
  let cursor: string | undefined
  do {
    const page = await namespace.list({ prefix, ...(cursor && { cursor }) })
    for (const { name, metadata } of page.keys) found.push({ name, label: metadata as StoredKey['label'] })
    cursor = page.cursor
  } while (cursor)
  return found
}

/** Not a dependency of the package: who runs a Worker has it. @throws CommandError where it is missing. */
export async function wrangler(): Promise<typeof Wrangler> {
  try {
    // The project's own, wherever its package manager keeps it.
    const found = createRequire(join(process.cwd(), 'package.json')).resolve('wrangler')
    return (await import(pathToFileURL(found).href)) as typeof Wrangler
  } catch {
    throw new CommandError('this needs wrangler: npm install --save-dev wrangler', 'store_unknown')
  }
}
