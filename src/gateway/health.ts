/** What the service says of itself: whether it can answer, and which policies rule. */
import type { Policies, PolicyState } from './policies.ts'
import type { Upstream } from './upstreams.ts'

export interface Health {
  /** `degraded`: something that should rule does not. `not_configured`: some requests cannot be answered at all. */
  readonly status: 'ok' | 'degraded' | 'not_configured'
  readonly upstream: Upstream['kind']
  readonly policy: PolicyState
  /** What routes name; absent where there are none. */
  readonly routes?: Readonly<Record<string, PolicyState | { readonly missing: true }>>
}

export async function healthOf({ kind }: Upstream, policies: Policies): Promise<Health> {
  const [policy, routed] = await Promise.all([policies.state(), policies.routed()])
  const states = [policy, ...routed.values()]
  const missing = kind === 'missing' || states.includes(undefined)
  const degraded = states.some((state) => state?.refused !== undefined)
  const routes = [...routed].map(([name, state]) => [name, state ?? ({ missing: true } as const)] as const)
  return {
    status: missing ? 'not_configured' : degraded ? 'degraded' : 'ok',
    upstream: kind,
    policy,
    ...(routes.length > 0 && { routes: Object.fromEntries(routes) }),
  }
}
