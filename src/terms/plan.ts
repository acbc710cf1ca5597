/** A policy in its compiled, immutable form: everything the gate and the flow need to know of it. */
import { type Action, type Mode, type Severity, touches } from './action.ts'
import type { ChannelKind } from './channel.ts'
import type { Judge, JudgeTerms, Where } from './judge.ts'
import type { Matcher } from './matcher.ts'

declare const compiled: unique symbol

/** A rule as the gate sees it: what to do, not how to look. */
export interface Rule {
  readonly id: string
  readonly action: Action
  readonly mode: Mode
  /** What a mask writes in place of the span; empty for other actions. */
  readonly with: string
  readonly tags: readonly string[]
  readonly channels: readonly ChannelKind[]
  readonly severity?: Severity
  /** The judge that sees for the rule, or is asked about what it found. */
  readonly judge?: string
  /** The opinions that count. */
  readonly where?: Where
  /** With `action: ask`: what to do where the judge agrees. */
  readonly agreed?: 'mask' | 'cut' | 'flag'
  /** With `action: allow`: whose findings are void inside of what it finds. By index into the plan's rules. */
  readonly lifts?: readonly number[]
}

/** What the rule finds changes what is read. */
export function isInForce({ mode, action, agreed }: Rule): boolean {
  return mode === 'enforce' && touches(agreed ?? action)
}

/** A judge at the channels of a kind. */
export interface Seat {
  readonly judge: JudgeTerms
  /** Rules that it sees for: with any, each stretch is asked about. By index into the plan's rules. */
  readonly rules: readonly number[]
  /** One of those rules is in force, so that all text waits for its answers. */
  readonly holds: boolean
}

export interface HoldLimits {
  /** UTF-16 units one channel may hold. */
  readonly most_chars: number
  /** UTF-16 units of one tool call's input. */
  readonly tool_most_chars: number
  /** UTF-16 units a scope may say in channels that its protocol restates: what was released of them is kept for its ending. */
  readonly answer_most_chars: number
  /** Milliseconds text may wait for a judge. */
  readonly most_ms: number
  readonly at_cap: 'cut' | 'forward'
}

/** A text in one of several languages. */
export interface Spoken {
  /** A language tag (BCP 47): `en`, `zh-Hant`. */
  readonly language: string
  readonly text: string
}

export interface OnCut {
  readonly ending: 'native' | 'refusal' | 'stop' | 'error'
  readonly notice: string
  /** The notice in several languages, the one above first; a reader gets the one that suits what they read. */
  readonly notices?: readonly Spoken[]
  readonly notice_in: 'answer' | 'refusal' | 'none'
}

export interface OnBlock {
  readonly as: 'native' | 'error' | 'answer'
  readonly message: string
  /** The message in several languages, the one above first. */
  readonly messages?: readonly Spoken[]
}

/** `sentence`: text leaves sentence by sentence, and a cut falls on the end of one. */
export type Release = 'exact' | 'sentence'

/** What to do with strings no dialect knows. */
export type OnUnknown = 'check' | 'drop' | 'refuse'

export type OnMedia = 'pass' | 'cut' | 'drop'

export interface Settings {
  readonly release: Release
  readonly hold: HoldLimits
  readonly on_cut: OnCut
  readonly on_block: OnBlock
  readonly unknown: OnUnknown
  readonly media: { readonly image: OnMedia; readonly audio: OnMedia; readonly file: OnMedia }
  readonly reasoning: 'cut' | 'hold'
  readonly prompt: { readonly overlap: boolean; readonly turns: 'last' | 'all' }
  /** A clean end between events without the protocol's terminal is a failure. */
  readonly require_terminal: boolean
}

/** Branded: only `createPlan` and the policy loader make one, so an unvalidated document cannot rule. */
export interface Plan {
  readonly [compiled]: true
  readonly name: string
  /** Hash of the policy's content, lower-case hex. */
  readonly hash: string
  readonly mode: Mode
  readonly settings: Settings
  readonly rules: readonly Rule[]
  /** The matchers of each kind of channel; `unknown` has those of every answer-side rule. */
  readonly matchers: Readonly<Record<ChannelKind | 'unknown', readonly Matcher[]>>
  readonly judges: readonly Judge[]
  /** Who sits at each kind of channel. */
  readonly seats: Readonly<Record<ChannelKind | 'unknown', readonly Seat[]>>
}
