/** Chooses the policy for a request: by the operator's routes, and by nothing a client says of itself unproven. */
import { SluiceError } from '../errors.ts'
import type { RequestFacts } from '../terms/dialect.ts'
import type { GatewayConfig } from './config.ts'
import type { Policies, Ruling } from './policies.ts'
import { routeOf } from './routes.ts'
import { clientKeys, proxyHeader, sameHash, secretHash } from './secrets.ts'
import { passesClientKey } from './upstreams.ts'

/**
 * @throws SluiceError `policy_not_found` where a route names a policy that nobody has; `request_invalid` where a request
 * proves itself wrongly, or by several keys of which routes name one: which of them counts upstream cannot be known.
 */
export async function choosePolicy(
  config: Pick<GatewayConfig, 'routes' | 'proxySecretHash' | 'upstreams'>,
  policies: Policies,
  request: Pick<Request, 'headers' | 'url'>,
  { model }: Pick<RequestFacts, 'model'>,
): Promise<Ruling> {
  const { routes } = config
  const { headers } = request
  const asked = new URL(request.url)
  const vouched = isVouchedFor(headers, config.proxySecretHash)
  const keys = clientKeys(headers, asked)
  // A client that could make up its key could choose on which side of a canary it stands.
  const isProven = keys.length === 1 && (vouched || passesClientKey(config, request))
  const client = isProven ? keys[0] : undefined
  if (routes.length === 0) return await policies.ruling(undefined, client)
  const hashes = keys.map(secretHash)
  if (hashes.length > 1 && hashes.some((hash) => routes.some(({ key }) => key?.includes(hash))))
    throw new SluiceError('request_invalid', 'the request brings several keys; send one')
  const name = routeOf(routes, {
    key: hashes[0],
    path: pathOf(asked),
    model: deploymentIn(asked) ?? model.trim(),
    headers: vouched ? headers : undefined,
  })
  return await policies.ruling(name, client)
}

/** A wrong secret is no missing one: a proxy that is set up wrongly must not send its readers to another policy unnoticed. */
function isVouchedFor(headers: Headers, secret: string | undefined): boolean {
  const brought = headers.get(proxyHeader)
  if (brought === null || secret === undefined) return false
  if (!sameHash(secretHash(brought), secret))
    throw new SluiceError('request_invalid', `the header ${proxyHeader} has another secret than this service`)
  return true
}

/** Azure's path names what answers, and there the model in the body is just a word. */
function deploymentIn(url: URL): string | undefined {
  return /\/deployments\/([^/]+)\//.exec(pathOf(url))?.[1]
}

/** The path as doors and servers take it: slashes too many and signs that need not be escaped make no other path. */
function pathOf({ pathname }: URL): string {
  const path = pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
