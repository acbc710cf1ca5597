/** Checks that answer later: what the gate asks them, what may come back, and when a rule cares. */
import type { Channel } from './channel.ts'
import type { Span } from './span.ts'

/** Something a judge saw in the text it was asked about. */
export interface Opinion {
  /** In the judge's own words: `violence/graphic`, `S11`. */
  readonly category: string
  /** From 0 to 1; absent where the judge only says yes. */
  readonly score?: number
  /** Ascending from 0; absent where the judge has no levels. */
  readonly severity?: number
  /** `false`: the judge tells a score, but does not itself call it an offence; only rules that say `at_least` or `severity_at_least` care. */
  readonly flagged?: boolean
  /** Where, in UTF-16 units of the inquiry's `text`; absent: all of it. */
  readonly span?: Span
}

/** `timeout`: no answer in time. `refused`: it would not judge. `busy`: asked for patience, or failed. `unreadable`: said nonsense. */
export const faultKinds = ['timeout', 'refused', 'busy', 'unreadable'] as const

export type FaultKind = (typeof faultKinds)[number]

/** A fault is never a pass: what comes of it the policy says. */
export type Answer =
  | {
      readonly kind: 'opinions'
      readonly opinions: readonly Opinion[]
      /** Tokens the judge says it has used. */
      readonly tokens?: number
      /** How often it was really asked: 0 where the answer was remembered, 2 after a second try; 1 unless told. */
      readonly calls?: number
    }
  | {
      readonly kind: 'fault'
      readonly fault: FaultKind
      readonly detail: string
      /** Milliseconds after which it says it can be asked again (`Retry-After`); for `busy`. */
      readonly retry_after_ms?: number
      readonly tokens?: number
      readonly calls?: number
    }

/** `flag`: recorded, and the text goes on. */
export const faultActions = ['cut', 'forward', 'flag'] as const

export type OnFault = (typeof faultActions)[number]

/** UTF-16 units. `whole`: the channel is one stretch, which ends with it. */
export type StretchSize = 'whole' | { readonly first: number; readonly grow_to: number }

/** What the gate must know of a judge; who it is and how it is asked is the flow's business. */
export interface JudgeTerms {
  readonly name: string
  readonly stretch: StretchSize
  /** UTF-16 units before a stretch that are told with it. */
  readonly context: number
  readonly wait: 'hold' | 'trail'
  /** UTF-16 units that may leave before they are judged, with `wait: trail`. */
  readonly most_ahead: number
  readonly on_fault: Readonly<Record<FaultKind, OnFault>>
}

export interface Breaker {
  readonly faults: number
  readonly open_ms: number
}

export interface AnswerCache {
  readonly seconds: number
  readonly most: number
}

/** A judge as a plan has it. */
export interface Judge extends JudgeTerms {
  /** How it is asked; the flow has one asker for each kind. */
  readonly kind: string
  readonly timeout_ms: number
  /** It is asked once more where that is safe: where it could not be reached, or asked for patience that there is. */
  readonly retry: boolean
  /** After so many faults in a row nobody asks it for so many milliseconds; `false`: it is always asked. */
  readonly breaker: Breaker | false
  /** Questions to it that one isolate has open at a time. */
  readonly most_open: number
  /** How long, in seconds, and how many answers are remembered; absent: none. */
  readonly cache?: AnswerCache
  /** What its kind needs: model, address, template … Names of variables, never their values. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** When an opinion counts; every condition that is given must be met. */
export interface Where {
  /** One of these; absent: any. */
  readonly category?: string | readonly string[]
  /** The score must be as high; an opinion without one is a plain yes. Absent: the judge's own flag decides. */
  readonly at_least?: number
  readonly severity_at_least?: number
}

/** A question about a stretch of a channel. */
export interface Inquiry {
  readonly id: number
  readonly judge: string
  readonly channel: Channel
  /** The stretch, in UTF-16 units of the channel. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** What stands before the stretch. */
  readonly context: string
}

/** What a judge is told: the inquiry, and what the exchange is about. */
export interface Question extends Inquiry {
  /** What the person asked last, for judges that look at an answer along with its prompt. */
  readonly prompt?: string
  /** Addresses or `data:` addresses of the images that stand in the prompt, where that is what is judged. */
  readonly images?: readonly string[]
}

/**
 * Asks a judge. What it rejects with, and what comes after the signal has fired, is a fault.
 *
 * @param signal fires when the time is over, or nobody needs the answer any more.
 */
export type AskJudge = (question: Question, signal: AbortSignal) => Promise<Answer>

/** By the judge's name in the policy. */
export type JudgeAskers = Readonly<Record<string, AskJudge>>

/**
 * Whether a rule cares. A rule that says how much counts by that alone, whatever the judge's own flag says; one that does
 * not leaves it to the flag, and an opinion without a flag is a yes.
 */
export function counts({ category, score, severity, flagged }: Opinion, where: Where = {}): boolean {
  const wanted = where.category === undefined ? undefined : [where.category].flat()
  if (wanted !== undefined && !wanted.includes(category)) return false
  if (where.at_least === undefined && where.severity_at_least === undefined) return flagged !== false
  if (where.at_least !== undefined && score !== undefined && score < where.at_least) return false
  return where.severity_at_least === undefined || severity === undefined || severity >= where.severity_at_least
}
