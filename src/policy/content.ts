/** What a definition says besides what to look for, settled: the part of a plan that is plain data. */
import type { Mode } from '../terms/action.ts'
import type { Rule } from '../terms/plan.ts'
import type { PlanContent } from './artifact.ts'
import type { PlanDefinition, RuleDefinition } from './definition.ts'
import { settle } from './settings.ts'

export function planContent({ rules, mode = 'enforce', settings }: PlanDefinition, name: string, hash: string): PlanContent {
  return { name, hash, mode, settings: settle(settings), rules: rules.map((rule) => ruleOf(rule, mode)) }
}

/** In a shadow policy every rule is in the shadow, so that whoever asks a rule need not ask the policy too. */
export function modeOf(rule: RuleDefinition, policyMode: Mode): Mode {
  return policyMode === 'shadow' ? 'shadow' : (rule.mode ?? 'enforce')
}

function ruleOf(rule: RuleDefinition, policyMode: Mode): Rule {
  return { id: rule.id, action: rule.action, mode: modeOf(rule, policyMode), with: rule.with ?? '', tags: [...(rule.tags ?? [])] }
}
