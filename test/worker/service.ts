/** The service as the Worker runs it, with the records of its exchanges at hand. */
import { createExecutionContext, type TestExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import OpenAI, { type ClientOptions } from 'openai'
import bundled from '../../.wrangler/policy/bundled.plan'
import type { GatewayEnv } from '../../src/gateway/config.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import type { Trail } from '../../src/terms/trail.ts'

export interface Service {
  readonly trails: Trail[]
  fetch(request: Request): Promise<Response>
  /** The official client, pointed at the service. */
  client(options?: ClientOptions): OpenAI
  /** Resolves when everything the Worker has put off is done. */
  settled(): Promise<void>
}

/** The rehearsal answers at once unless `env` says otherwise. */
export function startService(env: GatewayEnv = { REHEARSAL: 'true', REHEARSAL_PACE: 0 }): Service {
  const trails: Trail[] = []
  const contexts: TestExecutionContext[] = []
  const gateway = createGateway(env, {
    bundled,
    sinks: [(trail) => void trails.push(trail)],
    openPipe: () => new IdentityTransformStream(),
  })
  const fetch = async (request: Request): Promise<Response> => {
    const context = createExecutionContext()
    contexts.push(context)
    return await gateway.fetch(request, env, context)
  }
  return {
    trails,
    fetch,
    client: (options = {}) => clientOf(fetch, options),
    settled: async () => {
      for (const context of contexts.splice(0)) await waitOnExecutionContext(context)
    },
  }
}

export function clientOf(fetch: (request: Request) => Promise<Response>, options: ClientOptions = {}): OpenAI {
  return new OpenAI({
    apiKey: 'sk-client',
    baseURL: 'http://sluice/v1',
    maxRetries: 0,
    logLevel: 'off',
    dangerouslyAllowBrowser: true,
    ...options,
    fetch: (url, init) => fetch(new Request(url as string, init as RequestInit)),
  })
}

export function chat(body: unknown, init: RequestInit = {}): Request {
  return new Request('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  })
}

export function asked(content: string): { role: 'user'; content: string }[] {
  return [{ role: 'user', content }]
}

/** Everything a stream says, once it is over. */
export async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of stream) items.push(item)
  return items
}
