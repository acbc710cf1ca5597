/** Chooses the plan that rules: the store's policy over the bundled one, and never one that cannot be read whole. */
import { SluiceError } from '../errors.ts'
import { loadPlan } from '../policy/load.ts'
import type { Plan } from '../terms/plan.ts'

/** What is needed of a key-value store. */
export interface PolicyStore {
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
}

export interface PolicyState {
  readonly name: string
  readonly hash: string
  readonly mode: string
  readonly source: 'bundled' | 'stored'
  /** Why the store's policy does not rule; a stable code, the log has the details. */
  readonly refused?: string
}

export interface PoliciesOptions {
  /** The compiled policy that came with the Worker. */
  readonly bundled: ArrayBuffer
  readonly store: PolicyStore | undefined
  /** The policy's name in the store; undefined for the bundled policy's own. */
  readonly name: string | undefined
  /** Milliseconds before the store is asked again. */
  readonly cacheMs: number
  /** Told once of each artifact that was refused. */
  readonly onRefused: (error: SluiceError) => void
  readonly now?: () => number
}

/** Milliseconds a request waits for the store; beyond, what ruled before rules on. */
const storePatience = 2000

/** The key under which the store has the replacement of the policy called `name`. */
function policyKey(name: string): string {
  return `policies/${name}`
}

/** One isolate's policy. Streams keep the plan they began with; a change is for the next ones. */
export class Policies {
  readonly #options: PoliciesOptions
  readonly #bundled: Plan
  #plan: Plan
  /** The stored artifact that was last seen, taken or refused; undefined while the bundled policy stands alone. */
  #seen: ArrayBuffer | null | undefined
  /** Why what was last seen does not rule. */
  #refused: string | undefined
  /** The store did not answer when it was last asked. */
  #unanswered = false
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | undefined

  /** @throws SluiceError `plan_unreadable`, `policy_invalid`: what came with the Worker is broken, and nothing may start on it. */
  constructor(options: PoliciesOptions) {
    this.#options = options
    this.#bundled = loadPlan(options.bundled)
    this.#plan = this.#bundled
  }

  /** The plan for a request that begins now. Never rejects: there is always a policy that rules. */
  async plan(): Promise<Plan> {
    await this.#refresh()
    return this.#plan
  }

  async state(): Promise<PolicyState> {
    const { name, hash, mode } = await this.plan()
    const refused = this.#unanswered ? 'policy_not_found' : this.#refused
    return { name, hash, mode, source: this.#plan === this.#bundled ? 'bundled' : 'stored', ...(refused && { refused }) }
  }

  #refresh(): Promise<void> | undefined {
    const { store, cacheMs, now = Date.now } = this.#options
    if (store === undefined) return undefined
    if (now() - this.#askedAt < cacheMs) return undefined
    // A store that does not answer is asked once by all requests together; those that come later wait no longer for it.
    this.#asking ??= this.#ask(store).finally(() => {
      this.#askedAt = now()
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(store: PolicyStore): Promise<void> {
    try {
      this.#take(await inTime(store.get(policyKey(this.#options.name ?? this.#bundled.name), 'arrayBuffer')))
    } catch (cause) {
      if (!this.#unanswered)
        this.#options.onRefused(new SluiceError('policy_not_found', 'the policy store does not answer', { cause }))
      this.#unanswered = true
    }
  }

  #take(artifact: ArrayBuffer | null): void {
    this.#unanswered = false
    if (this.#seen !== undefined && sameBytes(artifact, this.#seen)) return
    this.#seen = artifact
    this.#refused = undefined
    try {
      this.#plan = artifact === null ? this.#bundled : loadPlan(artifact)
    } catch (error) {
      const refusal =
        error instanceof SluiceError
          ? error
          : new SluiceError('plan_unreadable', 'the compiled policy cannot be used', { cause: error })
      this.#refused = refusal.code
      this.#options.onRefused(refusal)
    }
  }
}

function sameBytes(one: ArrayBuffer | null, other: ArrayBuffer | null): boolean {
  if (one === null || other === null || one.byteLength !== other.byteLength) return one === other
  // Megabytes, while a request waits: by four bytes, and what is left over one by one.
  const words = one.byteLength >> 2
  return (
    sameNumbers(new Int32Array(one, 0, words), new Int32Array(other, 0, words)) &&
    sameNumbers(new Uint8Array(one, words * 4), new Uint8Array(other, words * 4))
  )
}

function sameNumbers(one: Int32Array | Uint8Array, other: Int32Array | Uint8Array): boolean {
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false
  return true
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${storePatience} ms`)), storePatience)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
