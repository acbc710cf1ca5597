/** What an allowance lifts: which rules its names mean, and what cannot be meant. */
import { answerSide, type ChannelKind } from '../terms/channel.ts'
import { isRecord } from './forms.ts'

/** As much of a rule as names and lifting go by. */
export interface Liftable {
  readonly id?: unknown
  readonly action?: unknown
  readonly tags?: unknown
  readonly channels?: unknown
  /** A judge sees for the rule. */
  readonly judge?: unknown
}

export interface LiftProblem {
  readonly field: 'action' | 'lifts' | 'words'
  /** Which of the names it is about, where it is about one. */
  readonly name?: number
  readonly message: string
}

/** The rules that `lifts` means, by index, in order: those of that id or tag which a matcher sees for. */
export function liftedRules(lifts: readonly string[], rules: readonly Liftable[]): number[] {
  const meant = new Set(lifts.flatMap((name) => meantBy(name, rules)))
  return [...rules.entries()].filter(([, rule]) => isLiftable(rule) && meant.has(rule)).map(([at]) => at)
}

/** The rule of that id; where there is none, the rules of that tag. */
export function meantBy<Rule extends Liftable>(name: string, rules: readonly Rule[]): readonly Rule[] {
  const named = rules.filter(({ id }) => id === name)
  return named.length > 0 ? named : rules.filter(({ tags }) => Array.isArray(tags) && tags.includes(name))
}

/** What is wrong with a rule as an allowance, or with `lifts` on a rule that is none. */
export function liftProblems(rule: Readonly<Record<string, unknown>>, rules: readonly unknown[]): LiftProblem[] {
  const { action, lifts, judge, words } = rule
  if (action !== 'allow') return lifts === undefined ? [] : [{ field: 'lifts', message: 'lifts belongs to action: allow only' }]
  const problems: LiftProblem[] = []
  if (judge !== undefined) problems.push({ field: 'action', message: 'a judge cannot allow; give the rule words or a pattern' })
  if (isRecord(words) && Array.isArray(words['except']) && words['except'].length > 0)
    problems.push({ field: 'words', message: 'except lifts findings, and an allowance has none; leave it out' })
  if (!Array.isArray(lifts) || lifts.length === 0)
    return [...problems, { field: 'lifts', message: 'action: allow needs lifts, the ids or tags of the rules it lifts' }]
  const others = rules.filter(isRecord)
  return [
    ...problems,
    ...lifts.flatMap((name, index) =>
      nameProblem(name, rule, others).map((message) => ({ field: 'lifts' as const, name: index, message })),
    ),
  ]
}

function nameProblem(name: unknown, rule: Liftable, rules: readonly Liftable[]): string[] {
  if (typeof name !== 'string' || name === '') return ['lifts is a list of ids or tags']
  const meant = meantBy(name, rules)
  if (meant.length === 0) return [`no rule has the id or tag "${name}"`]
  const liftable = meant.filter(isLiftable)
  if (liftable.length === 0)
    return [
      meant.every(({ action }) => action === 'allow')
        ? `"${name}" is itself an allowance`
        : `"${name}" is a judge's, and what judges find is never lifted`,
    ]
  const seen = channelsOf(rule)
  return liftable.some((other) => channelsOf(other).some((kind) => seen.includes(kind)))
    ? []
    : [`"${name}" looks at none of the channels that this rule looks at`]
}

function isLiftable({ action, judge }: Liftable): boolean {
  return action !== 'allow' && judge === undefined
}

function channelsOf({ channels }: Liftable): readonly ChannelKind[] {
  return Array.isArray(channels) ? channels : answerSide
}
