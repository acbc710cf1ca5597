/** What was found, decided and timed, without the text: one record per request. */
import type { Action, Mode, Severity, Verdict } from './action.ts'

export interface TrailFinding {
  readonly channel: string
  readonly rule: string
  readonly action: Action
  readonly mode: Mode
  /** As the policy has them; absent where it says nothing. */
  readonly severity?: Severity
  readonly tags?: readonly string[]
  readonly start: number
  readonly end: number
}

export interface TrailCut {
  readonly scope: string
  readonly channel: string
  /** Where the released text of the channel ends, in UTF-16 units of the text as received. */
  readonly at: number
  /** The offset at which the decision became certain. */
  readonly decided: number
  /** Rules that decided, or `most_chars`, `tool_most_chars` for a cap. */
  readonly by: readonly string[]
}

export interface TrailFault {
  /** Stable, for operators: `upstream_reset`, `unreadable_frame`, … */
  readonly code: string
  readonly detail: string
}

/** Why an artifact of the store does not rule, though the store says it should. */
export interface TrailRefusal {
  readonly part: 'current' | 'canary' | 'shadow'
  /** Of the policy that was refused; empty where not even that can be read. */
  readonly hash: string
  /** Stable: `plan_unreadable`, `policy_not_found`, … */
  readonly code: string
}

/** Which policy ruled. */
export interface TrailPolicy {
  /** `none` where the exchange ended before one was chosen, or was not one to be guarded. */
  readonly name: string
  readonly hash: string
  readonly mode: Mode
  /** `canary`: it rules a share of the traffic, to be tried; absent where there is no such choice. */
  readonly part?: 'current' | 'canary'
  /** What should have ruled or looked on and could not be used; absent where all is well. */
  readonly refused?: readonly TrailRefusal[]
}

/** Tokens: what the upstream said, else an estimate, else null. */
export interface TrailUsage {
  readonly input: number | null
  readonly output: number | null
  /** One of the figures is ours. */
  readonly estimated: boolean
}

/** What judges cost. */
export interface JudgeCost {
  /** Questions that came up, and the UTF-16 units of text they were about. */
  readonly inquiries: number
  readonly units: number
  /** How often judges were really asked: less than the inquiries where answers were remembered, more where one was tried again. */
  readonly calls: number
  /** Milliseconds from each question to its answer, added up. */
  readonly waited_ms: number
  /** What the judges say they have used; null where none says so. */
  readonly tokens: number | null
  /** Inquiries that came to a fault. */
  readonly faults: number
}

/** Why the response's text stopped coming. */
export type Exit = 'done' | 'unterminated' | 'cut' | 'blocked' | 'client_left' | 'upstream_failed' | 'fault' | 'refused'

export interface Trail {
  readonly id: string
  readonly dialect: string
  readonly policy: TrailPolicy
  readonly verdict: Verdict
  readonly exit: Exit
  readonly findings: readonly TrailFinding[]
  /** Findings beyond the number that is kept. */
  readonly findings_dropped: number
  readonly cuts: readonly TrailCut[]
  readonly faults: readonly TrailFault[]
  /** UTF-16 units received and released, by channel kind. */
  readonly units: { readonly received: number; readonly released: number; readonly masked: number }
  /** Units that left although a rule found them, by the policy's declared exceptions. */
  readonly leaked: { readonly at_cap: number; readonly shadow: number; readonly unjudged: number }
  /** All judges together, and each by its name in the policy. */
  readonly judges: JudgeCost & { readonly each: Readonly<Record<string, JudgeCost>> }
  readonly frames: { readonly received: number; readonly touched: number; readonly divided: number; readonly keep_alives: number }
  readonly held: { readonly max: number }
  readonly finish: readonly string[]
  readonly usage: TrailUsage
  readonly ms: { readonly first_byte: number | null; readonly total: number }
  /** What a policy that only looked on would have done; absent where none did. */
  readonly shadow?: TrailShadow
}

/** The record of a policy that looked on, in the same terms; `held.max` is what it would have held. */
export interface TrailShadow
  extends Pick<
    Trail,
    'policy' | 'verdict' | 'findings' | 'findings_dropped' | 'cuts' | 'faults' | 'units' | 'leaked' | 'held' | 'judges'
  > {
  /** It has decided about all of the response: neither did the ruling policy stop that before, nor did it fail itself. */
  readonly whole: boolean
}
