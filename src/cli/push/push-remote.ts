/** The key-value store of deployed Workers, over Cloudflare's REST API with the operator's token: no other program is needed. */
import { CommandError } from '../command.ts'
import type { Label, StoredKey, WritableStore } from './push-store.ts'

export interface RemotePlace {
  /** `https://api.cloudflare.com/client/v4`, unless the variable CLOUDFLARE_API_BASE_URL says otherwise, as wrangler takes it. */
  readonly api: string
  readonly account: string
  readonly namespace: string
  readonly token: string
}

/** Milliseconds for one call; an artifact may have megabytes. */
const patience = 60_000

/** As the API documents it under "Workers KV": values by key, keys by prefix in pages. */
export function openRemote({ api, account, namespace, token }: RemotePlace): WritableStore {
  const base = `${api.replace(/\/$/, '')}/accounts/${encodeURIComponent(account)}/storage/kv/namespaces/${encodeURIComponent(namespace)}`
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    try {
      return await fetch(`${base}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(patience),
        // A redirect would take the token elsewhere.
        redirect: 'error',
      })
    } catch (error) {
      throw new CommandError(`${new URL(base).host} cannot be reached: ${reason(error)}`, 'store_unreachable')
    }
  }
  const value = (key: string): string => `/values/${encodeURIComponent(key)}`
  return {
    place: `namespace ${namespace}`,
    async get(key) {
      const response = await call(value(key))
      if (response.status === 404) return undefined
      await demand(response, namespace)
      return new Uint8Array(await response.arrayBuffer())
    },
    async put(key, content, label) {
      await demand(await call(value(key), { method: 'PUT', body: formOf(content, label) }), namespace)
    },
    async remove(key) {
      await demand(await call(value(key), { method: 'DELETE' }), namespace)
    },
    async list(prefix) {
      const found: StoredKey[] = []
      let cursor = ''
      do {
        const query = new URLSearchParams({ prefix, ...(cursor && { cursor }) })
        const response = await demand(await call(`/keys?${query}`), namespace)
        const { result, result_info: info } = (await response.json()) as KeysPage
        for (const { name, metadata } of result) found.push({ name, label: metadata })
        cursor = info?.cursor ?? ''
      } while (cursor !== '')
      return found
    },
    close: () => Promise.resolve(),
  }
}

interface KeysPage {
  readonly result: readonly { readonly name: string; readonly metadata?: Partial<Label> }[]
  readonly result_info?: { readonly cursor?: string }
}

/** A value comes alone or in a form; only the form has room for what lists show. */
function formOf(content: Uint8Array | string, label: Label | undefined): FormData {
  const form = new FormData()
  form.set('value', new Blob([content as BlobPart]))
  form.set('metadata', JSON.stringify(label ?? {}))
  return form
}

/** What the API says is wrong, without the token. @throws CommandError */
async function demand(response: Response, namespace: string): Promise<Response> {
  if (response.ok) return response
  const body = (await response.json().catch(() => undefined)) as { errors?: { message?: string }[] } | undefined
  const said = body?.errors?.map(({ message }) => message).join('; ') || `status ${response.status}`
  if (response.status === 401 || response.status === 403)
    throw new CommandError(
      `the token may not do this: ${said}\nCLOUDFLARE_API_TOKEN needs the permission "Workers KV Storage: Edit"`,
      'store_refused',
    )
  if (response.status === 404)
    throw new CommandError(`there is no namespace ${namespace} in this account: ${said}`, 'store_unknown')
  throw new CommandError(`the store refuses: ${said}`, 'store_refused')
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
