/** Every policy this service may rule by: the bundled one and those the store has under the names that routes give. */
import { SluiceError } from '../errors.ts'
import { splitArtifacts } from '../policy/bundle.ts'
import { sha256 } from '../policy/hash.ts'
import { loadPlan } from '../policy/load.ts'
import type { Plan } from '../terms/plan.ts'
import type { TrailRefusal } from '../terms/trail.ts'
import { NamedPolicy, type NamedPolicyOptions } from './named-policy.ts'

/** Which policy has been chosen for a request, and what looks on beside it. */
export interface Ruling {
  readonly plan: Plan
  readonly part: 'current' | 'canary'
  readonly shadow?: { readonly plan: Plan }
  readonly refused?: readonly TrailRefusal[]
}

/** For the health page. */
export interface PolicyState {
  readonly name: string
  readonly hash: string
  readonly mode: string
  readonly source: 'bundled' | 'stored'
  readonly canary?: { readonly hash: string; readonly share: number; readonly by: string }
  readonly shadow?: { readonly hash: string }
  /** What should rule or look on and cannot; the log has the details. */
  readonly refused?: readonly TrailRefusal[]
}

export interface PoliciesOptions extends Pick<NamedPolicyOptions, 'store' | 'cacheMs' | 'now'> {
  /** The compiled policies that came with the Worker; the first rules where nothing says otherwise. */
  readonly bundled: ArrayBuffer
  /** The name under which the store has what rules where no route says otherwise; undefined for the bundled policy's own. */
  readonly name: string | undefined
  /** The names that routes give. */
  readonly routed?: readonly string[]
  /** Told once of everything that was refused. */
  readonly onRefused: (error: SluiceError, refusal: TrailRefusal, name: string) => void
}

export class Policies {
  readonly #bundled: readonly Plan[]
  readonly #usual: NamedPolicy
  readonly #routed: ReadonlyMap<string, NamedPolicy>

  /** @throws SluiceError `plan_unreadable`, `policy_invalid`: what came with the Worker is broken, and nothing may start on it. */
  constructor({ bundled, name, routed = [], onRefused, ...options }: PoliciesOptions) {
    this.#bundled = splitArtifacts(bundled).map((artifact) => loadPlan(artifact))
    const first = this.#bundled[0] as Plan
    const usual = name ?? first.name
    const policy = (of: string): NamedPolicy =>
      new NamedPolicy({
        ...options,
        name: of,
        bundled: this.#bundled.find((plan) => plan.name === of) ?? (of === usual ? first : undefined),
        onRefused: (error, refusal) => onRefused(error, refusal, of),
      })
    this.#usual = policy(usual)
    this.#routed = new Map(routed.map((of) => [of, of === usual ? this.#usual : policy(of)]))
  }

  /**
   * What rules a request that begins now.
   *
   * @param name the route's; undefined for what rules by default.
   * @param client what tells one client from another, where anything does: a canary's share is drawn by it.
   * @throws SluiceError `policy_not_found`: nobody has a policy of that name. The default is always there.
   */
  async ruling(name?: string, client?: string): Promise<Ruling> {
    const { current, canary, shadow, refused } = await this.#named(name).inForce()
    if (current === undefined) throw new SluiceError('policy_not_found', `nobody has a policy called "${name}"`)
    const drawn = canary !== undefined && isDrawn(canary.plan.hash, canary.share, canary.by === 'client' ? client : undefined)
    return {
      plan: drawn ? canary.plan : current,
      part: drawn ? 'canary' : 'current',
      ...(shadow && { shadow: { plan: shadow } }),
      ...(refused.length > 0 && { refused }),
    }
  }

  async state(): Promise<PolicyState> {
    return (await this.#stateOf(this.#usual)) as PolicyState
  }

  /** By the names that routes give; undefined where nobody has such a policy. */
  async routed(): Promise<ReadonlyMap<string, PolicyState | undefined>> {
    const states = [...this.#routed].map(async ([name, policy]) => [name, await this.#stateOf(policy)] as const)
    return new Map(await Promise.all(states))
  }

  /** Every plan that rules, is tried or looks on under one of the names. */
  async plans(): Promise<readonly Plan[]> {
    const inForce = await Promise.all([...new Set([this.#usual, ...this.#routed.values()])].map((policy) => policy.inForce()))
    const plans = inForce.flatMap(({ current, canary, shadow }) => [current, canary?.plan, shadow])
    return [...new Set(plans.filter((plan) => plan !== undefined))]
  }

  #named(name: string | undefined): NamedPolicy {
    if (name === undefined) return this.#usual
    const policy = this.#routed.get(name)
    if (policy === undefined) throw new SluiceError('internal', `no route names the policy "${name}"`)
    return policy
  }

  async #stateOf(policy: NamedPolicy): Promise<PolicyState | undefined> {
    const { current, canary, shadow, refused } = await policy.inForce()
    if (current === undefined) return undefined
    const { name, hash, mode } = current
    return {
      name,
      hash,
      mode,
      source: this.#bundled.includes(current) ? 'bundled' : 'stored',
      ...(canary && { canary: { hash: canary.plan.hash, share: canary.share, by: canary.by } }),
      ...(shadow && { shadow: { hash: shadow.hash } }),
      ...(refused.length > 0 && { refused }),
    }
  }
}

/**
 * Whether a canary rules. A client is always drawn alike, and stays in when the share grows; another canary draws others.
 *
 * @param client undefined: each request is drawn by itself.
 */
function isDrawn(hash: string, share: number, client: string = crypto.randomUUID()): boolean {
  const draw = Number.parseInt(sha256(new TextEncoder().encode(`${hash} ${client}`)).slice(0, 8), 16)
  return draw < share * 2 ** 32
}
