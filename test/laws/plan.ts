/** From the oracle's policy to the plan the gate runs: the one place where the two meet. */
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import type { RuleDefinition, SettingsDefinition } from '../../src/policy/definition.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { OraclePolicy } from '../oracle/policy.ts'

/** @param ahead units that may go ahead of the judges; without it text waits for them. */
export function planOf(
  { rules, hold, mode, reasoning, release, judges = [], judged = [] }: OraclePolicy,
  settings: SettingsDefinition = {},
  ahead?: number,
): Plan {
  return createPlan({
    ...(mode === undefined ? {} : { mode }),
    settings: {
      ...settings,
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(release === undefined ? {} : { release }),
      ...(hold === undefined ? {} : { hold: { ...settings.hold, ...hold } }),
    },
    judges: Object.fromEntries(
      judges.map(({ name, first, growTo, context, onFault = 'cut' }) => [
        name,
        {
          kind: 'embedded',
          stretch: Number.isFinite(first) ? { first, grow_to: growTo, context } : 'whole',
          on_fault: onFault,
          ...(ahead === undefined ? { wait: 'hold' } : { wait: 'trail', most_ahead: ahead }),
        },
      ]),
    ),
    rules: [
      ...rules.map(({ pattern, words, ...rule }): RuleDefinition => {
        if (words !== undefined) return { ...rule, words }
        const { source, ...options } = pattern
        return { ...rule, pattern: compilePattern(source, options) }
      }),
      ...judged,
    ],
  })
}
