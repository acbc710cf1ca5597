/** Which policy rules which request: routes from the configuration, read strictly, the first that fits counts. */
import { SluiceError } from '../errors.ts'
import { isRecord } from '../policy/forms.ts'
import { proxyHeader, sameHash } from './secrets.ts'

/** All that a route names must be met; of several values one. */
export interface Route {
  readonly policy: string
  /** SHA-256 of client keys, lower-case hex. */
  readonly key?: readonly string[]
  /** Of the request's path and of the model asked for; `*` stands for anything. */
  readonly path?: readonly Glob[]
  readonly model?: readonly Glob[]
  /** Headers, which count only where the operator's proxy proves itself. */
  readonly header?: ReadonlyMap<string, readonly string[]>
}

/** What stands between the `*`: the first is the beginning of the text, the last its end. */
type Glob = readonly string[]

/** What of a request routes look at. */
export interface RoutedRequest {
  /** SHA-256 of the client's key; undefined where it brings none. */
  readonly key: string | undefined
  readonly path: string
  readonly model: string
  /** Undefined: nobody vouches for the headers. */
  readonly headers: Headers | undefined
}

/** @returns the policy's name; undefined where no route fits. */
export function routeOf(routes: readonly Route[], request: RoutedRequest): string | undefined {
  return routes.find((route) => fits(route, request))?.policy
}

function fits({ key, path, model, header }: Route, request: RoutedRequest): boolean {
  // No part is skipped for what another says: how long it takes tells nothing.
  const keyFits = key === undefined || key.filter((hash) => sameHash(hash, request.key ?? '')).length > 0
  const pathFits = path === undefined || path.some((glob) => globFits(glob, request.path))
  // Servers differ in whether case matters in a model's name, so a client must not get round a route by it.
  const modelFits = model === undefined || model.some((glob) => globFits(glob, request.model.toLowerCase()))
  return (
    keyFits &&
    pathFits &&
    modelFits &&
    [...(header ?? [])].every(([name, values]) => {
      const value = request.headers?.get(name)
      return typeof value === 'string' && values.includes(value.trim())
    })
  )
}

/**
 * Reads `POLICY_ROUTES`: a JSON list, as text or as wrangler hands it over.
 *
 * @throws SluiceError `configuration`, naming the route and what is wrong with it, but nothing that stands there: whoever asks
 * the service is told, and somebody may have written a key.
 */
export function readRoutes(given: unknown): readonly Route[] {
  if (given === undefined || given === '') return []
  const value = typeof given === 'string' ? parsed(given) : given
  if (!Array.isArray(value)) throw wrong('has to be a JSON list of routes, like [{"policy":"strict","path":"/v1/completions"}]')
  return value.map((route, index) => readRoute(route, index + 1))
}

const fields = ['policy', 'key', 'path', 'model', 'header']

function readRoute(value: unknown, number: number): Route {
  const fail = (what: string): SluiceError => wrong(`cannot be used: route ${number} ${what}`)
  if (!isRecord(value)) throw fail('is no object')
  if (!Object.keys(value).every((field) => fields.includes(field))) throw fail(`has a field that is none of ${fields.join(', ')}`)
  const { policy, key, path, model, header } = value
  if (typeof policy !== 'string' || !/^[A-Za-z0-9][\w.-]{0,99}$/.test(policy)) throw fail('needs "policy", the name of one')
  const texts = (field: string, given: unknown): string[] => {
    const list = Array.isArray(given) ? given : [given]
    if (list.length === 0 || !list.every((text) => typeof text === 'string' && text !== ''))
      throw fail(`has "${field}", which takes a text or a list of texts`)
    return list as string[]
  }
  const hashes = key === undefined ? undefined : texts('key', key)
  if (hashes?.some((hash) => !/^[0-9a-f]{64}$/.test(hash)))
    throw fail('has "key", which takes SHA-256 hashes of client keys, never keys; `sluice key-hash` makes one')
  return {
    policy,
    ...(hashes && { key: hashes }),
    ...(path !== undefined && { path: texts('path', path).map((glob) => glob.split('*')) }),
    ...(model !== undefined && { model: texts('model', model).map((glob) => glob.toLowerCase().split('*')) }),
    ...(header !== undefined && { header: readHeaders(header, texts, fail) }),
  }
}

function readHeaders(
  value: unknown,
  texts: (field: string, given: unknown) => string[],
  fail: (what: string) => SluiceError,
): ReadonlyMap<string, readonly string[]> {
  if (!isRecord(value) || Object.keys(value).length === 0) throw fail('has "header", which takes names with their values')
  const headers = Object.entries(value).map(([name, values]) => [name.toLowerCase(), texts('header', values)] as const)
  if (headers.some(([name]) => !/^[!#$%&'*+.^`|~\w-]+$/.test(name) || name === proxyHeader))
    throw fail('has "header" with a name that no header has, or with that of the secret')
  return new Map(headers)
}

/** Each part where it comes first: linear, however long a name a client sends. */
function globFits(glob: Glob, text: string): boolean {
  const [first = '', ...rest] = glob
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong('is not JSON')
  }
}

function wrong(what: string): SluiceError {
  return new SluiceError('configuration', `The variable POLICY_ROUTES ${what}.`)
}
