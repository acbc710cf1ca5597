/** Which upstream answers a route: the provider configured for its protocol, or in development the rehearsal; never one by omission. */
import { SluiceError } from '../errors.ts'
import { addressOf, type GatewayConfig, type ProviderName, providers, type UpstreamConfig } from './config.ts'
import { type KeyHeader, upstreamHeaders, withoutAccount } from './headers.ts'
import { rehearsal } from './rehearsal/index.ts'

export interface Upstream {
  readonly kind: 'configured' | 'rehearsal' | 'missing'
  /** Asks; the request's signal ends the call. @throws SluiceError `configuration` where there is nobody to ask. */
  ask(request: Request): Promise<Response>
}

/** Public routes begin with the version, as the providers' own do. */
const version = /^\/v1(?:(?:alpha|beta)\d*)?(?=\/)/

/**
 * The path at the provider. OpenAI's address has the version in it, as its clients want it; Anthropic's and Google's clients
 * want it without and add it, and so their variables often come.
 */
function pathAt(name: ProviderName, { pathname }: URL, asked: string): string {
  const base = pathname.replace(/\/+$/, '')
  const hasVersion = name === 'openai' || /\/v\d\w*(?:\/|$)/.test(base)
  return base + (hasVersion ? asked.replace(version, '') : asked)
}

export function upstreamOf({ upstreams, rehearsalPace }: GatewayConfig): Upstream {
  const configured = providers.some((name) => upstreams[name] !== undefined)
  if (!configured && rehearsalPace !== undefined) return { kind: 'rehearsal', ask: rehearsal({ pace: rehearsalPace }) }
  return {
    kind: configured ? 'configured' : 'missing',
    ask: async (request) => {
      const name = providerOf(request)
      const upstream = upstreams[name]
      if (upstream === undefined) throw nobody(name)
      return await askProvider(name, upstream, request)
    },
  }
}

/** A client's key goes to no other provider than its own, so a protocol without an upstream has no substitute. */
function nobody(name: ProviderName): SluiceError {
  return new SluiceError('configuration', `No upstream is configured: set ${addressOf(name)} to the address of a model API.`)
}

/** Whether the key a client brings goes to whoever can say that it is one: where ours takes its place, it is just a word. */
export function passesClientKey(
  { upstreams }: Pick<GatewayConfig, 'upstreams'>,
  request: Pick<Request, 'url' | 'headers'>,
): boolean {
  return upstreams[providerOf(request)]?.apiKey === undefined
}

/** Whose protocol the request is in: its path tells, and for lists of models the version that Anthropic's clients name. */
function providerOf({ url, headers }: Pick<Request, 'url' | 'headers'>): ProviderName {
  const { pathname } = new URL(url)
  if (/\/messages(?:\/|$)/.test(pathname) || headers.has('anthropic-version')) return 'anthropic'
  if (/^\/v1(?:alpha|beta)\d*\/|\/(?:models|tunedModels|endpoints)\/[^/]+(?::|%3a)\w+\/?$/i.test(pathname)) return 'gemini'
  return 'openai'
}

/** Azure takes its keys in a header of its own; it is told by its hosts and by its paths. */
const azure = /\.azure\.com$/
const deployment = /\/openai\/deployments\//

function keyHeader(name: ProviderName, url: URL, apiKey: string | undefined): KeyHeader | undefined {
  if (apiKey === undefined) return undefined
  if (name === 'anthropic') return { name: 'x-api-key', value: apiKey }
  if (name === 'gemini') return { name: 'x-goog-api-key', value: apiKey }
  if (azure.test(url.hostname) || deployment.test(url.pathname)) return { name: 'api-key', value: apiKey }
  return { name: 'authorization', value: `Bearer ${apiKey}` }
}

async function askProvider(name: ProviderName, { baseUrl, apiKey }: UpstreamConfig, request: Request): Promise<Response> {
  const asked = new URL(request.url)
  if (asked.origin === baseUrl.origin)
    throw new SluiceError('configuration', `${addressOf(name)} is the address of this service itself.`)
  const url = new URL(baseUrl)
  url.pathname = pathAt(name, baseUrl, asked.pathname)
  url.search = asked.search
  // Google's clients may bring their key in the address.
  if (apiKey !== undefined) for (const name of ['key', 'access_token']) url.searchParams.delete(name)
  const body = request.body === null ? null : await request.text()
  const response = await reach(url, {
    method: request.method,
    headers: upstreamHeaders(request.headers, name, keyHeader(name, url, apiKey)),
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
