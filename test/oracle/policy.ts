/** A policy in its own terms, as the oracle reads it: what a person wrote, nothing compiled. */
import type { Action, Mode } from '../../src/terms/action.ts'
import type { ChannelKind } from '../../src/terms/channel.ts'
import type { Where } from '../../src/terms/judge.ts'
import type { OracleJudge } from './judges.ts'

export interface WordsText {
  readonly terms: readonly string[]
  readonly except: readonly string[]
  readonly fold: 'none' | 'case'
  readonly boundary: 'none' | 'word'
}

export interface PatternText {
  /** The source of a regular expression, read with the flag `u` and those of `flags`. */
  readonly source: string
  readonly flags?: '' | 'i' | 's' | 'is'
  /** Longest span looked for, in UTF-16 units. */
  readonly most?: number
}

interface RuleText {
  readonly id: string
  readonly action: Action
  readonly mode?: Mode
  readonly with?: string
  readonly channels?: readonly ChannelKind[]
  readonly tags?: readonly string[]
  /** With `action: allow`: ids or tags of the rules of which nothing is found inside of what this one finds. */
  readonly lifts?: readonly string[]
  /** With `action: ask`. */
  readonly ask?: { readonly judge: string; readonly where?: Where; readonly then: 'mask' | 'cut' | 'flag' }
}

export type OracleRule = RuleText &
  ({ readonly words: WordsText; readonly pattern?: never } | { readonly pattern: PatternText; readonly words?: never })

/** A judge looks for it, at every stretch. */
export type JudgedRule = RuleText & { readonly judge: string; readonly where?: Where }

export interface OraclePolicy {
  readonly mode?: Mode
  /** The unit in which text leaves; as it is clear unless given. */
  readonly release?: 'exact' | 'sentence'
  /** Signed text in which something would be masked cuts, or is taken out as a whole. */
  readonly reasoning?: 'cut' | 'hold'
  readonly rules: readonly OracleRule[]
  readonly judges?: readonly OracleJudge[]
  /** They come after the others in the policy. */
  readonly judged?: readonly JudgedRule[]
  readonly hold?: { readonly most_chars?: number; readonly tool_most_chars?: number; readonly at_cap?: 'cut' | 'forward' }
}

/** The rule is not in the shadow, and its findings change what is read. */
export function inForce(policy: Pick<OraclePolicy, 'mode'>, rule: RuleText): boolean {
  const action = rule.ask?.then ?? rule.action
  return isReal(policy, rule) && action !== 'flag' && action !== 'allow'
}

function isReal(policy: Pick<OraclePolicy, 'mode'>, { mode }: RuleText): boolean {
  return policy.mode !== 'shadow' && mode !== 'shadow'
}

/** The rules that lift a rule: one in the shadow lifts only what is in the shadow too. */
export function allowancesFor(policy: OraclePolicy, rule: OracleRule): OracleRule[] {
  const names = [rule.id, ...(rule.tags ?? [])]
  return policy.rules.filter(
    (other) =>
      other.action === 'allow' &&
      (other.lifts ?? []).some((name) => names.includes(name)) &&
      (isReal(policy, other) || !isReal(policy, rule)),
  )
}

/** A stretch of a text, in UTF-16 units. */
export interface Match {
  readonly start: number
  readonly end: number
}

const answerSide = ['answer', 'reasoning', 'refusal', 'tool_input']

/** Unknown text is looked at by every rule for what the model answers. */
export function looksAt(rule: RuleText, kind: string): boolean {
  const channels: readonly string[] = rule.channels ?? answerSide
  return kind === 'unknown' ? channels.some((name) => answerSide.includes(name)) : channels.includes(kind)
}
