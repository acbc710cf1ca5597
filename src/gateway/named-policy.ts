/** What rules under one name: the store's manifest and the artifacts it names, and never one that cannot be read whole. */
import { SluiceError } from '../errors.ts'
import { loadPlan } from '../policy/load.ts'
import { artifactKey, type CanaryBy, type Manifest, manifestKey, readManifest } from '../policy/manifest.ts'
import type { Plan } from '../terms/plan.ts'
import type { TrailRefusal } from '../terms/trail.ts'

/** What is needed of a key-value store. */
export interface PolicyStore {
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
}

export interface NamedPolicyOptions {
  readonly name: string
  /** The policy that came with the Worker, if it is of this name or stands in for it: it rules where the store has nothing. */
  readonly bundled: Plan | undefined
  readonly store: PolicyStore | undefined
  /** Milliseconds before the store is asked again. */
  readonly cacheMs: number
  /** Told once of everything that was refused. */
  readonly onRefused: (error: SluiceError, refusal: TrailRefusal) => void
  readonly now?: () => number
}

/** What rules a request that begins now. */
export interface InForce {
  /** Undefined: nobody has a policy of this name. */
  readonly current: Plan | undefined
  readonly canary?: { readonly plan: Plan; readonly share: number; readonly by: CanaryBy }
  readonly shadow?: Plan
  readonly refused: readonly TrailRefusal[]
}

interface Refused {
  readonly error: SluiceError
  readonly refusal: TrailRefusal
}

/** Milliseconds a request waits for the store; beyond, what ruled before rules on. */
const storePatience = 2000

/** One isolate's view of a name. Streams keep the plan they began with; a change is for the next ones. */
export class NamedPolicy {
  readonly #options: NamedPolicyOptions
  readonly #now: () => number
  #state: InForce
  /** Plans by hash, as far as the manifest names them. */
  #plans = new Map<string, Plan>()
  #told = new Set<string>()
  /** The store has answered at least once, so that what rules now is what ruled before. */
  #hasAnswered = false
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: { readonly since: number; readonly answer: Promise<void> } | undefined

  constructor(options: NamedPolicyOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    const absent = options.store === undefined ? this.#absent() : []
    this.#state = { current: options.bundled, refused: absent.map(({ refusal }) => refusal) }
    this.#tell(absent)
  }

  /** Never rejects, and waits for the store no longer than a request can bear. */
  async inForce(): Promise<InForce> {
    const { store, cacheMs } = this.#options
    if (store !== undefined && this.#now() - this.#askedAt >= cacheMs) await this.#refresh(store)
    return this.#state
  }

  /** The store is asked once by all requests together. One that ends takes its look-ups along: then the next asks again. */
  async #refresh(store: PolicyStore): Promise<void> {
    const since = this.#now()
    if (this.#asking === undefined || since - this.#asking.since >= storePatience)
      this.#asking = { since, answer: this.#ask(store) }
    const asking = this.#asking
    const settled = await inTime(asking.answer, asking.since + storePatience - since)
    if (settled || this.#asking !== asking) return
    this.#unanswered(new SluiceError('policy_not_found', `the policy store does not answer within ${storePatience} ms`))
  }

  async #ask(store: PolicyStore): Promise<void> {
    try {
      const stored = await store.get(manifestKey(this.#options.name), 'arrayBuffer')
      if (stored === null) this.#takeBundled()
      else await this.#follow(store, readManifest(stored))
      this.#hasAnswered = true
    } catch (cause) {
      this.#unanswered(named(cause, 'policy_not_found', unreachable))
    }
  }

  /** Everything the manifest names is loaded before any of it rules. */
  async #follow(store: PolicyStore, manifest: Manifest): Promise<void> {
    const { current, canary, shadow } = manifest
    const refused: Refused[] = []
    const find = async (part: TrailRefusal['part'], hash: string | undefined): Promise<Plan | undefined> => {
      if (hash === undefined) return undefined
      try {
        return await this.#load(store, hash)
      } catch (error) {
        const known = named(error, 'policy_not_found', unreachable)
        refused.push({ error: known, refusal: { part, hash, code: known.code } })
        return undefined
      }
    }
    const [ruling, tried, looking] = await Promise.all([
      find('current', current),
      find('canary', canary?.hash),
      find('shadow', shadow?.hash),
    ])
    const state = {
      current: ruling ?? (current === undefined ? this.#options.bundled : await this.#before(store, manifest)),
      ...(canary && tried && { canary: { plan: tried, share: canary.share, by: canary.by } }),
      ...(looking && { shadow: looking }),
      refused: refused.map(({ refusal }) => refusal),
    }
    this.#take(state, refused)
  }

  /** What rules where the current policy cannot: what ruled before here or, in an isolate that is new, what did elsewhere. */
  async #before(store: PolicyStore, { previous }: Manifest): Promise<Plan | undefined> {
    if (this.#hasAnswered) return this.#state.current
    for (const hash of previous.slice(0, 2)) {
      const plan = await this.#load(store, hash).catch(() => undefined)
      if (plan !== undefined) return plan
    }
    return this.#options.bundled
  }

  /** @throws SluiceError `policy_not_found`, `plan_unreadable`. */
  async #load(store: PolicyStore, hash: string): Promise<Plan> {
    const known = this.#plans.get(hash)
    if (known !== undefined) return known
    const artifact = await store.get(artifactKey(hash), 'arrayBuffer')
    if (artifact === null)
      throw new SluiceError('policy_not_found', `the store has no artifact ${hash} for this version of Sluice`)
    const plan = loaded(artifact)
    if (plan.hash !== hash) throw new SluiceError('plan_unreadable', `the artifact ${hash} is that of ${plan.hash}`)
    return plan
  }

  #takeBundled(): void {
    const absent = this.#absent()
    this.#take({ current: this.#options.bundled, refused: absent.map(({ refusal }) => refusal) }, absent)
  }

  /** A policy of another name stands in for one that nobody has: a name that is mistyped would else rule nobody, unnoticed. */
  #absent(): readonly Refused[] {
    const { name, bundled } = this.#options
    if (bundled === undefined || bundled.name === name) return []
    const code = 'policy_not_found'
    const error = new SluiceError(code, `nobody has a policy called "${name}"; "${bundled.name}", which came along, rules`)
    return [{ error, refusal: { part: 'current', hash: '', code } }]
  }

  #take(state: InForce, refused: readonly Refused[]): void {
    this.#state = state
    const plans = [state.current, state.canary?.plan, state.shadow].filter((plan) => plan !== undefined)
    this.#plans = new Map(plans.map((plan) => [plan.hash, plan]))
    this.#tell(refused)
    this.#answered()
  }

  /** Whatever the store would say: what ruled before rules on, and is said to. */
  #unanswered(error: SluiceError): void {
    const refusal: TrailRefusal = { part: 'current', hash: '', code: error.code }
    this.#state = { ...this.#state, refused: [refusal] }
    this.#tell([{ error, refusal }])
    this.#answered()
  }

  #answered(): void {
    this.#askedAt = this.#now()
    this.#asking = undefined
  }

  #tell(refused: readonly Refused[]): void {
    const names = refused.map(({ refusal: { part, hash, code } }) => `${part} ${hash} ${code}`)
    for (const [index, name] of names.entries()) {
      const { error, refusal } = refused[index] as Refused
      if (!this.#told.has(name)) this.#options.onRefused(error, refusal)
    }
    this.#told = new Set(names)
  }
}

const unreachable = 'the policy store does not answer'

/** What a damaged artifact makes its loader throw is as good as its own word for it. */
function loaded(artifact: ArrayBuffer): Plan {
  try {
    return loadPlan(artifact)
  } catch (error) {
    throw named(error, 'plan_unreadable', 'the compiled policy cannot be used')
  }
}

function named(error: unknown, code: 'policy_not_found' | 'plan_unreadable', message: string): SluiceError {
  return error instanceof SluiceError ? error : new SluiceError(code, message, { cause: error })
}

/** @returns whether it was settled in time. */
async function inTime(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
