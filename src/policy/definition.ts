/** A policy as a program writes it, or as the compiler leaves it: plain data, every rule with its own check in it. */
import type { PatternProgram } from '../checks/pattern.ts'
import type { WordsSpec } from '../checks/words.ts'
import type { Action, Mode } from '../terms/action.ts'
import type { ChannelKind } from '../terms/channel.ts'
import type { HoldLimits, OnBlock, OnCut, Settings } from '../terms/plan.ts'

/** A settings group may be left out, and so may any field of it; `settings.ts` has the defaults. */
export interface SettingsDefinition {
  readonly hold?: Partial<HoldLimits>
  readonly on_cut?: Partial<OnCut>
  readonly on_block?: Partial<OnBlock>
  readonly unknown?: Settings['unknown']
  readonly media?: Partial<Settings['media']>
  readonly reasoning?: Settings['reasoning']
  readonly prompt?: Partial<Settings['prompt']>
  readonly require_terminal?: boolean
}

/** Terms to look for. Unless told otherwise they are seen in any case (`fold: case`) and wherever they stand (`boundary: none`). */
export interface WordsDefinition {
  readonly terms: readonly string[]
  /** Longer terms inside which a finding is void. */
  readonly except?: readonly string[]
  readonly fold?: WordsSpec['fold']
  readonly boundary?: WordsSpec['boundary']
}

interface RuleBase {
  /** Letters, digits, `.`, `_` and `-`; unique in the policy. */
  readonly id: string
  readonly action: Action
  /** What stands in the place of masked text; required with `mask`, senseless with anything else. */
  readonly with?: string
  /** `shadow`: found and recorded, never acted upon. */
  readonly mode?: Mode
  readonly tags?: readonly string[]
  /** The kinds of channel the rule looks at; the four of the answer's side unless given. */
  readonly channels?: readonly ChannelKind[]
}

/** A pattern that is compiled already; `number` is the name by which a policy file asks for it, where it has one. */
interface PatternCheck {
  readonly pattern: PatternProgram
  readonly number?: string
  readonly words?: never
}

interface WordsCheck {
  readonly words: WordsDefinition
  readonly pattern?: never
  readonly number?: never
}

/** Exactly one check a rule. */
export type RuleDefinition = RuleBase & (WordsCheck | PatternCheck)

export interface PlanDefinition {
  readonly name?: string
  readonly mode?: Mode
  readonly settings?: SettingsDefinition
  readonly rules: readonly RuleDefinition[]
}
