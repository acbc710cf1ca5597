/** What the service says of itself: whether it can answer, and which policies rule. */
import type { JudgeState, Judges } from './judges.ts'
import type { Policies, PolicyState } from './policies.ts'
import type { Upstream } from './upstreams.ts'

export interface Health {
  /** `degraded`: something that should rule does not. `not_configured`: some requests cannot be answered at all. */
  readonly status: 'ok' | 'degraded' | 'not_configured'
  readonly upstream: Upstream['kind']
  readonly policy: PolicyState
  /** What routes name; absent where there are none. */
  readonly routes?: Readonly<Record<string, PolicyState | { readonly missing: true }>>
  /** By policy and judge; absent where no policy has any. */
  readonly judges?: Readonly<Record<string, Readonly<Record<string, JudgeState>>>>
}

export async function healthOf({ kind }: Upstream, policies: Policies, judges: Judges): Promise<Health> {
  const [policy, routed] = await Promise.all([policies.state(), policies.routed()])
  const states = [policy, ...routed.values()]
  const missing = kind === 'missing' || states.includes(undefined)
  // Nothing asks them yet: what is set up here is what requests will find.
  const asked = (await policies.plans()).flatMap((plan) => {
    const states = judges.states(plan)
    return states === undefined ? [] : [[plan.name, states] as const]
  })
  const unasked = asked.some(([, states]) => Object.values(states).some((state) => typeof state !== 'string'))
  const degraded = unasked || states.some((state) => state?.refused !== undefined)
  const routes = [...routed].map(([name, state]) => [name, state ?? ({ missing: true } as const)] as const)
  return {
    status: missing ? 'not_configured' : degraded ? 'degraded' : 'ok',
    upstream: kind,
    policy,
    ...(routes.length > 0 && { routes: Object.fromEntries(routes) }),
    ...(asked.length > 0 && { judges: Object.fromEntries(asked) }),
  }
}
