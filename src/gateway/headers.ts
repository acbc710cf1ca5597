/** Which of the client's headers go upstream, and which of the upstream's are the operator's alone. */
import type { ProviderName } from './config.ts'
import { withoutKey } from './redaction.ts'

/** What belongs to one connection (RFC 9110, 7.6.1), to the client's machine, or to us. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  // What comes back is read here, so it comes in an encoding of the runtime's choice.
  'accept-encoding',
  'cookie',
  'forwarded',
  'via',
  'true-client-ip',
  'x-real-ip',
])
const droppedFamilies = /^(cf-|x-forwarded-|x-sluice-|sec-)/

/** Credentials by the provider that takes them, and what chooses among the accounts a credential opens. */
const credentials: Readonly<Record<ProviderName, readonly string[]>> = {
  openai: ['authorization', 'api-key', 'openai-organization', 'openai-project'],
  anthropic: ['authorization', 'x-api-key'],
  gemini: ['authorization', 'x-goog-api-key', 'x-goog-user-project'],
}
const everyCredential = new Set(Object.values(credentials).flat())

/** The upstream's answers name the operator's account in these. */
const accounts = ['openai-organization', 'openai-project', 'anthropic-organization-id', 'set-cookie']

/** The header by which a provider is told a key. */
export interface KeyHeader {
  readonly name: string
  readonly value: string
}

/**
 * @param name the provider that is asked: what a client brings for another is none of its business.
 * @param key the operator's, which takes the place of whatever the client brought; undefined to pass the client's on.
 */
export function upstreamHeaders(client: Headers, name: ProviderName, key: KeyHeader | undefined): Headers {
  const named = (client.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const headers = new Headers()
  for (const [header, value] of client) {
    if (!dropped.has(header) && !droppedFamilies.test(header) && !named.includes(header)) headers.set(header, value)
  }
  const passed = key === undefined ? credentials[name] : []
  for (const header of everyCredential) if (!passed.includes(header)) headers.delete(header)
  if (key !== undefined) headers.set(key.name, key.value)
  return headers
}

/** The answer without what tells of the operator's account; as it came where the account is the client's. */
export function withoutAccount(response: Response, apiKey: string | undefined): Response {
  if (apiKey === undefined) return response
  const headers = new Headers(response.headers)
  for (const name of accounts) headers.delete(name)
  const { status, ok, body } = response
  if (ok || body === null) return new Response(body, { status, headers })
  // Refusals quote what they refuse: Google's error details name the consumer as `api_key:` and the whole key.
  headers.delete('content-length')
  return new Response(body.pipeThrough(withoutKey(apiKey)), { status, headers })
}
