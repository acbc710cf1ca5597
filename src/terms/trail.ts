/** What was found, decided and timed, without the text: one record per request. */
import type { Action, Mode, Verdict } from './action.ts'

export interface TrailFinding {
  readonly channel: string
  readonly rule: string
  readonly action: Action
  readonly mode: Mode
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

/** Tokens: what the upstream said, else an estimate, else null. */
export interface TrailUsage {
  readonly input: number | null
  readonly output: number | null
  /** One of the figures is ours. */
  readonly estimated: boolean
}

/** Why the response's text stopped coming. */
export type Exit = 'done' | 'unterminated' | 'cut' | 'blocked' | 'client_left' | 'upstream_failed' | 'fault' | 'refused'

export interface Trail {
  readonly id: string
  readonly dialect: string
  readonly policy: { readonly name: string; readonly hash: string; readonly mode: Mode }
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
  /** What judges were asked, and how many UTF-16 units of text that was about. */
  readonly judges: { readonly inquiries: number; readonly units: number }
  readonly frames: { readonly received: number; readonly touched: number; readonly divided: number; readonly keep_alives: number }
  readonly held: { readonly max: number }
  readonly finish: readonly string[]
  readonly usage: TrailUsage
  readonly ms: { readonly first_byte: number | null; readonly total: number }
}
