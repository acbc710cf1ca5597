/** What the patterns of a policy cost, told before anyone pays for it. */
import { mostStates, patternReport } from '../checks/pattern-report.ts'
import type { CompiledPolicy } from '../policy/index.ts'
import { touches } from '../terms/action.ts'
import type { Terminal } from './terminal.ts'

/** One rule's pattern; `states` is 500 where there are as many or more, `longest` is the most it can hold. */
export interface PatternCost {
  readonly file: string
  readonly rule: string
  /** False for rules that flag, or are in the shadow: nothing waits for them, whatever `held` says. */
  readonly holds: boolean
  readonly states: number
  readonly shortest: number
  readonly longest: number
  /** Units held on average in ordinary text. */
  readonly held: { readonly english: number; readonly chinese: number; readonly code: number }
  /** What to change where that is much; for a flag nothing waits, and nobody can change a number that has a name. */
  readonly advice: readonly string[]
}

export function patternCosts(file: string, { definition }: CompiledPolicy): PatternCost[] {
  return definition.rules.flatMap(({ id, action, mode, pattern, number }) => {
    if (pattern === undefined) return []
    const { states, shortest, longest, held, advice } = patternReport(pattern)
    return {
      file,
      rule: id,
      holds: touches(action) && mode !== 'shadow' && definition.mode !== 'shadow',
      states,
      shortest,
      longest,
      held: { english: rounded(held.english), chinese: rounded(held.chinese), code: rounded(held.code) },
      advice: number === undefined && touches(action) ? advice : [],
    }
  })
}

/** A line for the heads, a line a pattern, and under it what to change. */
export function costLines(costs: readonly PatternCost[], terminal: Terminal): string[] {
  if (costs.length === 0) return []
  const width = Math.max(7, ...costs.map(({ rule }) => rule.length))
  const head = `${'pattern'.padEnd(width)}  states  longest   held of English  Chinese     code`
  return [
    `  ${terminal.styled('dim', head)}`,
    ...costs.flatMap(({ rule, holds, states, longest, held, advice }) => {
      const counted = states < mostStates ? `${states}` : `${mostStates}+`
      const mean = (units: number) => (holds ? units.toFixed(2) : '-')
      const figures = `${counted.padStart(6)}  ${String(longest).padStart(7)}`
      const means = `${mean(held.english).padStart(16)}  ${mean(held.chinese).padStart(7)}  ${mean(held.code).padStart(7)}`
      const hints = advice.map((hint) => `    ${terminal.styled('yellow', hint)}`)
      return [`  ${rule.padEnd(width)}  ${figures}  ${means}`, ...hints]
    }),
  ]
}

function rounded(units: number): number {
  return Math.round(units * 1000) / 1000
}
