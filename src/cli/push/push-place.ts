/** Finds the store that is meant, and says what is missing where there is no way to it. */
import { existsSync } from 'node:fs'
import { CommandError } from '../command.ts'
import { openLocal, wrangler } from './push-local.ts'
import { openRemote } from './push-remote.ts'
import type { WritableStore } from './push-store.ts'
import { openThroughWrangler } from './push-wrangler.ts'

export interface StoreOptions {
  readonly local?: boolean
  readonly state?: string
  readonly config?: string
  readonly binding?: string
  readonly namespace?: string
}

const usualApi = 'https://api.cloudflare.com/client/v4'

/** @throws CommandError naming what is missing, and how it is come by. */
export async function openStore(options: StoreOptions): Promise<WritableStore> {
  const { local, state = '.wrangler/state', config = 'wrangler.toml', binding = 'POLICIES' } = options
  if (local) {
    if (!existsSync(config))
      throw new CommandError(`${config}: there is no such file; name wrangler's configuration with --config`, 'store_unknown')
    return await openLocal({ config, binding, state })
  }
  const { CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_API_BASE_URL: api } = process.env
  const namespace = options.namespace ?? (await configuredId(config, binding))
  if (token && account) return openRemote({ api: api || usualApi, account, namespace, token })
  return openThroughWrangler(namespace, config)
}

async function configuredId(config: string, binding: string): Promise<string> {
  const hint = 'name the namespace with --namespace ID (npx wrangler kv namespace list tells it), or use --local'
  if (!existsSync(config)) throw new CommandError(`${config}: there is no such file; ${hint}`, 'store_unknown')
  const { unstable_readConfig: readConfig } = await wrangler().catch(() => {
    throw new CommandError(`without wrangler nobody can read ${config}: ${hint}`, 'store_unknown')
  })
  const stores: readonly { binding: string; id?: string }[] = readConfig({ config }).kv_namespaces
  const id = stores.find((each) => each.binding === binding)?.id
  if (id === undefined)
    throw new CommandError(`${config} has no [[kv_namespaces]] with binding = "${binding}"; ${hint}`, 'store_unknown')
  if (!/^[0-9a-f]{32}$/.test(id))
    throw new CommandError(
      `${config} names no namespace that exists: make one with npx wrangler kv namespace create ${binding}, and put its id there`,
      'store_unknown',
    )
  return id
}
