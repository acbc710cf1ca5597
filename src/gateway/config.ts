/** Reads the Worker's variables and secrets once, strictly: a service that misread its configuration must not answer. */
import { SluiceError } from '../errors.ts'
import type { PolicyStore } from './named-policy.ts'
import { type Route, readRoutes } from './routes.ts'
import { secretHash } from './secrets.ts'

/** A variable; `wrangler.toml` may have it as a number or as true or false. */
type Variable = string | number | boolean

/** The Worker's variables, secrets and bindings as the platform hands them over. */
export interface GatewayEnv {
  /** Where OpenAI's protocols are asked, version included (`https://api.openai.com/v1`); any compatible server. */
  readonly OPENAI_BASE_URL?: string
  /** Sent upstream in place of what the client brings; without it the client's own key is passed on. */
  readonly OPENAI_API_KEY?: string
  /** Where Anthropic's protocol is asked (`https://api.anthropic.com/v1`), and with whose key. */
  readonly ANTHROPIC_BASE_URL?: string
  readonly ANTHROPIC_API_KEY?: string
  /** Where Google's protocol is asked (`https://generativelanguage.googleapis.com/v1beta`), and with whose key. */
  readonly GEMINI_BASE_URL?: string
  readonly GEMINI_API_KEY?: string
  /** `true`: a scripted model answers where no upstream is configured. Set by `npm run dev` alone. */
  readonly REHEARSAL?: Variable
  /** Factor on the rehearsal's pauses; 0 is at once. */
  readonly REHEARSAL_PACE?: Variable
  /** Name of the policy in the store that replaces the bundled one; the bundled policy's own name unless given. */
  readonly POLICY?: string
  /** Which policy rules which requests: a JSON list of routes, or its text. Where none fits, `POLICY` rules. */
  readonly POLICY_ROUTES?: unknown
  /** The secret by which the operator's own proxy proves that the headers of a request are its word. */
  readonly PROXY_SECRET?: string
  /** Seconds a policy from the store rules before the store is asked again. */
  readonly POLICY_CACHE_SECONDS?: Variable
  /** Bytes of a request body or of a whole answer. */
  readonly MOST_BODY_BYTES?: Variable
  /** Milliseconds an upstream may be silent. */
  readonly IDLE_MS?: Variable
  /** Milliseconds of silence after which the reader gets a keep-alive; 0 for none. */
  readonly KEEP_ALIVE_MS?: Variable
  /** Inquiries to judges that one request may come to, its prompts' and its answer's together. */
  readonly MOST_INQUIRIES?: Variable
  /** `false`: tokens that the upstream does not tell of are not estimated, and no tokenizer is ever loaded. */
  readonly ESTIMATE_TOKENS?: Variable
  /** Compiled policies that replace the bundled one without a deploy. */
  readonly POLICIES?: PolicyStore
}

/** A provider's API: where it is, and whose key it gets. */
export interface UpstreamConfig {
  readonly baseUrl: URL
  /** Undefined: the client's own key is passed on. */
  readonly apiKey: string | undefined
}

/** Whose protocol a request is in, as its variables are called. */
export const providers = ['openai', 'anthropic', 'gemini'] as const

export type ProviderName = (typeof providers)[number]

export interface GatewayConfig {
  readonly upstreams: Readonly<Partial<Record<ProviderName, UpstreamConfig>>>
  /** Pace of the rehearsal; undefined where there is none. */
  readonly rehearsalPace: number | undefined
  /** Undefined: the bundled policy's own name. */
  readonly policyName: string | undefined
  readonly policyCacheMs: number
  readonly routes: readonly Route[]
  /** Undefined: no header is believed. */
  readonly proxySecretHash: string | undefined
  /** Whether tokens are estimated where nobody tells of them. */
  readonly estimates: boolean
  /** Only what is configured; the flow has the defaults. */
  readonly limits: {
    readonly most_body_bytes?: number
    readonly idle_ms?: number
    readonly keep_alive_ms?: number
    readonly most_inquiries?: number
  }
}

/** @throws SluiceError `configuration`, naming the variable but never its value. */
export function readConfig(env: GatewayEnv): GatewayConfig {
  const mostBodyBytes = number(env, 'MOST_BODY_BYTES', 1)
  const idleMs = number(env, 'IDLE_MS', 1)
  const keepAliveMs = number(env, 'KEEP_ALIVE_MS', 0)
  const mostInquiries = number(env, 'MOST_INQUIRIES', 1)
  const routes = readRoutes(env.POLICY_ROUTES)
  const proxySecret = secret(env, 'PROXY_SECRET', 16)
  if (proxySecret === undefined && routes.some(({ header }) => header !== undefined))
    throw wrong(
      'PROXY_SECRET',
      'set, because POLICY_ROUTES chooses by headers: they count only where a proxy proves itself by it',
    )
  return {
    routes,
    proxySecretHash: proxySecret === undefined ? undefined : secretHash(proxySecret),
    upstreams: Object.fromEntries(providers.flatMap((name) => upstream(env, name))),
    rehearsalPace: flag(env, 'REHEARSAL') ? (number(env, 'REHEARSAL_PACE', 0) ?? 1) : undefined,
    policyName: env.POLICY || undefined,
    estimates: flag(env, 'ESTIMATE_TOKENS', true),
    policyCacheMs: (number(env, 'POLICY_CACHE_SECONDS', 0) ?? 60) * 1000,
    limits: {
      ...(mostBodyBytes !== undefined && { most_body_bytes: mostBodyBytes }),
      ...(idleMs !== undefined && { idle_ms: idleMs }),
      ...(keepAliveMs !== undefined && { keep_alive_ms: keepAliveMs }),
      ...(mostInquiries !== undefined && { most_inquiries: mostInquiries }),
    },
  }
}

const examples: Readonly<Record<ProviderName, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
}

/** The variable that has a provider's address. */
export function addressOf(name: ProviderName): `${Uppercase<ProviderName>}_BASE_URL` {
  return `${name.toUpperCase() as Uppercase<ProviderName>}_BASE_URL`
}

function upstream(env: GatewayEnv, name: ProviderName): [ProviderName, UpstreamConfig][] {
  const variable = addressOf(name)
  const address = env[variable]
  if (!address) return []
  const baseUrl = URL.canParse(address) ? new URL(address) : undefined
  if (
    baseUrl === undefined ||
    !/^https?:$/.test(baseUrl.protocol) ||
    baseUrl.username !== '' ||
    baseUrl.search !== '' ||
    baseUrl.hash !== ''
  ) {
    throw wrong(variable, `an http or https address without user, query and fragment, like ${examples[name]}`)
  }
  return [[name, { baseUrl, apiKey: secret(env, `${name.toUpperCase() as Uppercase<ProviderName>}_API_KEY`) }]]
}

/** A key that cannot stand in a header would otherwise fail at each request, with the key in the platform's message. */
function secret(env: GatewayEnv, name: `${Uppercase<ProviderName>}_API_KEY` | 'PROXY_SECRET', least = 1): string | undefined {
  const value = env[name]
  if (!value) return undefined
  if (!/^[\x21-\x7e]+$/.test(value)) throw wrong(name, 'a key of visible ASCII characters, with no space or line break')
  if (value.length < least) throw wrong(name, `at least ${least} characters long`)
  return value
}

function flag(env: GatewayEnv, name: 'REHEARSAL' | 'ESTIMATE_TOKENS', usual = false): boolean {
  const value = String(env[name] ?? usual)
  if (value !== 'true' && value !== 'false') throw wrong(name, 'true or false')
  return value === 'true'
}

type NumberName = 'REHEARSAL_PACE' | 'POLICY_CACHE_SECONDS' | 'MOST_BODY_BYTES' | 'IDLE_MS' | 'KEEP_ALIVE_MS' | 'MOST_INQUIRIES'

function number(env: GatewayEnv, name: NumberName, least: number): number | undefined {
  const value = env[name]
  if (value === undefined || value === '') return undefined
  const parsed = Number(String(value))
  if (!Number.isFinite(parsed) || parsed < least) throw wrong(name, `a number from ${least} on`)
  return parsed
}

function wrong(name: keyof GatewayEnv, expected: string): SluiceError {
  return new SluiceError('configuration', `The variable ${name} has to be ${expected}.`)
}
