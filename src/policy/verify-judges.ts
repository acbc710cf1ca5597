/** Finds what a program can get wrong about judges and the rules that ask them. */
import { faultActions, faultKinds } from '../terms/judge.ts'
import { idForm, isRecord, strangeKeys } from './forms.ts'
import { agreements } from './settings.ts'

export function judgeProblems(judges: unknown): string[] {
  if (judges === undefined) return []
  if (!isRecord(judges)) return ['judges is an object, a judge a name']
  return Object.entries(judges).flatMap(([name, judge]) =>
    problemsOf(name, judge).map((problem) => `judge "${name}": ${problem}`),
  )
}

function problemsOf(name: string, judge: unknown): string[] {
  if (!isRecord(judge)) return ['is not an object']
  const problems: string[] = []
  if (!idForm.test(name)) problems.push('its name takes letters, digits, ".", "_" and "-", and begins with a letter or digit')
  if (judge['kind'] !== undefined && (typeof judge['kind'] !== 'string' || judge['kind'] === '')) problems.push('kind is a name')
  const { stretch, wait, on_fault } = judge
  if (wait !== undefined && wait !== 'hold' && wait !== 'trail') problems.push('wait is one of hold, trail')
  for (const field of ['most_ahead', 'timeout_ms', 'most_open'])
    if (!isCount(judge[field])) problems.push(`${field} is a whole number above zero`)
  if (isRecord(stretch)) problems.push(...stretchProblems(stretch))
  else if (stretch !== undefined && stretch !== 'whole')
    problems.push('stretch is whole, or an object with first, grow_to, context')
  if (isRecord(on_fault)) {
    problems.push(...strangeKeys(on_fault, faultKinds, 'on_fault'))
    for (const kind of faultKinds)
      if (kind in on_fault && !isFaultAction(on_fault[kind]))
        problems.push(`on_fault.${kind} is one of ${faultActions.join(', ')}`)
  } else if (on_fault !== undefined && !isFaultAction(on_fault))
    problems.push(`on_fault is one of ${faultActions.join(', ')}, or one of them for each of ${faultKinds.join(', ')}`)
  return [...problems, ...patienceProblems(judge)]
}

/** What is wrong with how often, and how many at a time, it is asked. */
function patienceProblems({ retry, breaker, cache }: Record<string, unknown>): string[] {
  const problems = isSwitch(retry) ? [] : ['retry is true or false']
  const groups: [string, unknown, readonly string[]][] = [
    ['breaker', breaker, ['faults', 'open_ms']],
    ['cache', cache, ['seconds', 'most']],
  ]
  for (const [name, group, known] of groups) {
    if (isRecord(group)) {
      problems.push(...strangeKeys(group, known, name))
      for (const key of known) if (!isCount(group[key])) problems.push(`${name}.${key} is a whole number above zero`)
    } else if (!(isSwitch(group) && (name === 'cache' || group !== true)))
      problems.push(`${name} is ${name === 'cache' ? 'true, ' : ''}false, or an object with ${known.join(', ')}`)
  }
  return problems
}

function stretchProblems(stretch: Record<string, unknown>): string[] {
  const problems = strangeKeys(stretch, ['first', 'grow_to', 'context'], 'stretch')
  for (const key of ['first', 'grow_to']) if (!isCount(stretch[key])) problems.push(`stretch.${key} is a whole number above zero`)
  const { context, first, grow_to } = stretch
  if (context !== undefined && context !== 0 && !isCount(context)) problems.push('stretch.context is a whole number')
  if (typeof first === 'number' && typeof grow_to === 'number' && grow_to < first)
    problems.push('stretch.grow_to is less than stretch.first')
  return problems
}

/** What is wrong with the parts of a rule that have to do with judges. */
export function judgedRuleProblems(rule: Record<string, unknown>, judges: unknown): string[] {
  const { action, ask, judge, where } = rule
  const problems: string[] = []
  const known = isRecord(judges) ? Object.keys(judges) : []
  const nameProblem = (name: unknown) =>
    typeof name === 'string' && known.includes(name)
      ? []
      : [`there is no judge ${JSON.stringify(name)}${known.length > 0 ? `; there is ${known.join(', ')}` : ''}`]
  if (judge !== undefined) problems.push(...nameProblem(judge), ...whereProblems(where))
  else if (where !== undefined) problems.push('where belongs to judge; of a rule that asks it stands within ask')
  if (judge !== undefined && action === 'ask')
    problems.push('a judge that sees for itself is not asked; choose mask, cut or flag')
  if ((action === 'ask') !== (ask !== undefined)) problems.push('action: ask goes with ask: { judge, where, then }')
  else if (isRecord(ask)) {
    problems.push(
      ...strangeKeys(ask, ['judge', 'where', 'then'], 'ask'),
      ...nameProblem(ask['judge']),
      ...whereProblems(ask['where']),
    )
    if (!(agreements as readonly unknown[]).includes(ask['then'])) problems.push(`ask.then is one of ${agreements.join(', ')}`)
  } else if (ask !== undefined) problems.push('ask is an object with judge, where, then')
  return problems
}

function whereProblems(where: unknown): string[] {
  if (where === undefined) return []
  if (!isRecord(where)) return ['where is an object']
  const problems = strangeKeys(where, ['category', 'at_least', 'severity_at_least'], 'where')
  const categories = [where['category'] ?? 'any'].flat()
  if (categories.length === 0 || categories.some((one) => typeof one !== 'string' || one === ''))
    problems.push('where.category is a name, or several')
  for (const key of ['at_least', 'severity_at_least'])
    if (where[key] !== undefined && typeof where[key] !== 'number') problems.push(`where.${key} is a number`)
  return problems
}

function isFaultAction(value: unknown): boolean {
  return (faultActions as readonly unknown[]).includes(value)
}

function isSwitch(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean'
}

function isCount(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) > 0)
}
