/** Which upstream answers a route: the configured provider, or in development the rehearsal; never one by omission. */
import { SluiceError } from '../errors.ts'
import type { GatewayConfig, UpstreamConfig } from './config.ts'
import { upstreamHeaders, withoutAccount } from './headers.ts'
import { rehearsal } from './rehearsal/index.ts'

export interface Upstream {
  readonly kind: 'configured' | 'rehearsal' | 'missing'
  /** Asks; the request's signal ends the call. @throws SluiceError `configuration` where there is nobody to ask. */
  ask(request: Request): Promise<Response>
}

/** Public routes begin with the version, as the providers' own do; the base URL has it already. */
const version = /^\/v1(?=\/)/

export function upstreamOf(config: GatewayConfig): Upstream {
  const { openai, rehearsalPace } = config
  if (openai !== undefined) return { kind: 'configured', ask: (request) => askProvider(openai, request) }
  if (rehearsalPace !== undefined) return { kind: 'rehearsal', ask: rehearsal({ pace: rehearsalPace }) }
  return {
    kind: 'missing',
    ask: () =>
      Promise.reject(
        new SluiceError('configuration', 'No upstream is configured: set OPENAI_BASE_URL to the address of a model API.'),
      ),
  }
}

async function askProvider({ baseUrl, apiKey }: UpstreamConfig, request: Request): Promise<Response> {
  const asked = new URL(request.url)
  if (asked.origin === baseUrl.origin)
    throw new SluiceError('configuration', 'OPENAI_BASE_URL is the address of this service itself.')
  const url = new URL(baseUrl)
  url.pathname = url.pathname.replace(/\/+$/, '') + asked.pathname.replace(version, '')
  url.search = asked.search
  const body = request.body === null ? null : await request.text()
  const response = await reach(url, {
    method: request.method,
    headers: upstreamHeaders(request.headers, apiKey),
    body,
    signal: request.signal,
    // A redirect would take the key, and the prompt, to an address nobody configured.
    redirect: 'manual',
  })
  return withoutAccount(response, apiKey)
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw new SluiceError('upstream_unreachable', 'the upstream could not be reached', { cause })
  }
}
