/** What a definition says besides what to look for, settled: the part of a plan that is plain data. */
import type { Mode } from '../terms/action.ts'
import { answerSide, type ChannelKind } from '../terms/channel.ts'
import type { Rule } from '../terms/plan.ts'
import type { PlanContent } from './artifact.ts'
import type { PlanDefinition, RuleDefinition } from './definition.ts'
import { settleJudge } from './judges.ts'
import { liftedRules } from './lifts.ts'
import { settle } from './settings.ts'

export function planContent(
  { rules, mode = 'enforce', settings, judges = {} }: PlanDefinition,
  name: string,
  hash: string,
): PlanContent {
  return {
    name,
    hash,
    mode,
    settings: settle(settings),
    rules: rules.map((rule) => ruleOf(rule, mode, rules)),
    judges: Object.entries(judges).map(([judge, definition]) => settleJudge(judge, definition)),
  }
}

/** In a shadow policy every rule is in the shadow, so that whoever asks a rule need not ask the policy too. */
export function modeOf(rule: RuleDefinition, policyMode: Mode): Mode {
  return policyMode === 'shadow' ? 'shadow' : (rule.mode ?? 'enforce')
}

/** The kinds of channel a rule looks at. */
export function channelsOf(rule: RuleDefinition): readonly ChannelKind[] {
  return rule.channels ?? answerSide
}

function ruleOf(rule: RuleDefinition, policyMode: Mode, rules: readonly RuleDefinition[]): Rule {
  const { id, action, ask, lifts, severity } = rule
  const judge = ask?.judge ?? rule.judge
  const where = ask?.where ?? rule.where
  // An allowance in the shadow changes nothing that is not in the shadow itself.
  const isLiftedIn = (other: RuleDefinition) => modeOf(rule, policyMode) === 'enforce' || modeOf(other, policyMode) === 'shadow'
  return {
    id,
    action,
    mode: modeOf(rule, policyMode),
    with: rule.with ?? '',
    tags: [...(rule.tags ?? [])],
    channels: [...channelsOf(rule)],
    ...(severity !== undefined && { severity }),
    ...(judge !== undefined && { judge }),
    ...(where !== undefined && { where }),
    ...(ask !== undefined && { agreed: ask.then }),
    ...(lifts !== undefined && {
      lifts: liftedRules(lifts, rules).filter((other) => isLiftedIn(rules[other] as RuleDefinition)),
    }),
  }
}
