/** A policy as a program writes it, or as the compiler leaves it: plain data, every rule with its own check in it. */
import type { PatternProgram } from '../checks/pattern.ts'
import type { WordsSpec } from '../checks/words.ts'
import type { Action, Mode, Severity } from '../terms/action.ts'
import type { ChannelKind } from '../terms/channel.ts'
import type { AnswerCache, Breaker, FaultKind, OnFault, Where } from '../terms/judge.ts'
import type { HoldLimits, OnBlock, OnCut, Settings } from '../terms/plan.ts'

/** One text, or one for each language, by language tags; the first is for whoever reads none of them. */
export type Localised = string | Readonly<Record<string, string>>

/** A settings group may be left out, and so may any field of it; `settings.ts` has the defaults. */
export interface SettingsDefinition {
  readonly release?: Settings['release']
  readonly hold?: Partial<HoldLimits>
  readonly on_cut?: Partial<Pick<OnCut, 'ending' | 'notice_in'>> & { readonly notice?: Localised }
  readonly on_block?: Partial<Pick<OnBlock, 'as'>> & { readonly message?: Localised }
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

/** A judge: a check that answers later. What its kind needs stands beside what every judge has. */
export interface JudgeDefinition {
  /** How it is asked; `embedded` unless given: by the function of its name that the guarding functions are handed. */
  readonly kind?: string
  /** The stretches it is asked about, in UTF-16 units; `whole`: once, at the channel's end. */
  readonly stretch?: 'whole' | { readonly first?: number; readonly grow_to?: number; readonly context?: number }
  /** `hold` (unless given): text waits for the answer. `trail`: so much of it goes ahead, and is cut when the answer comes. */
  readonly wait?: 'hold' | 'trail'
  readonly most_ahead?: number
  readonly timeout_ms?: number
  readonly on_fault?: OnFault | Partial<Record<FaultKind, OnFault>>
  /** Once more where that is safe, never after a timeout; unless `false`. */
  readonly retry?: boolean
  /** After 5 faults in a row it is not asked for 10,000 ms, unless given. */
  readonly breaker?: Partial<Breaker> | false
  /** Questions to it that one isolate has open at a time; 20 unless given. */
  readonly most_open?: number
  /** Remembers answers, 500 for 300 seconds unless given; off unless it is there. */
  readonly cache?: Partial<AnswerCache> | boolean
  readonly [setting: string]: unknown
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
  /** How grave a finding is, for the trail. */
  readonly severity?: Severity
  /** The kinds of channel the rule looks at; the four of the answer's side unless given. */
  readonly channels?: readonly ChannelKind[]
  /** Goes with `action: ask`: who decides about what was found, and what then. */
  readonly ask?: { readonly judge: string; readonly where?: Where; readonly then: 'mask' | 'cut' | 'flag' }
  /** Goes with `action: allow`: ids or tags of the rules whose findings are void inside of what this one finds. */
  readonly lifts?: readonly string[]
}

/** A judge looks, at every stretch. */
interface JudgeCheck {
  readonly judge: string
  readonly where?: Where
  readonly words?: never
  readonly pattern?: never
  readonly number?: never
}

/** A pattern that is compiled already; `number` is the name by which a policy file asks for it, where it has one. */
interface PatternCheck {
  readonly pattern: PatternProgram
  readonly number?: string
  readonly words?: never
  readonly judge?: never
  readonly where?: never
}

interface WordsCheck {
  readonly words: WordsDefinition
  readonly pattern?: never
  readonly number?: never
  readonly judge?: never
  readonly where?: never
}

/** Exactly one check a rule. */
export type RuleDefinition = RuleBase & (WordsCheck | PatternCheck | JudgeCheck)

export interface PlanDefinition {
  readonly name?: string
  readonly mode?: Mode
  readonly settings?: SettingsDefinition
  /** By name. */
  readonly judges?: Readonly<Record<string, JudgeDefinition>>
  readonly rules: readonly RuleDefinition[]
}
