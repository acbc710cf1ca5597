/** What rules, judges and tests say of each other: told once every file a policy leans on has been read. */
import { judgeKinds, saysOf } from '../judges/fields.ts'
import type { Where } from '../terms/judge.ts'
import type { RuleDefinition } from './definition.ts'
import type { Path, PolicyDocument } from './document.ts'
import type { Stack } from './extend.ts'
import { isRecord } from './forms.ts'
import { fitLimits } from './judges-fit.ts'
import { liftProblems, meantBy } from './lifts.ts'
import { either, nearest } from './nearest.ts'
import type { CompiledRule } from './rules.ts'

/** Problems are added to those of the documents. @returns the rules as a plan needs them, in order. */
export function fitAcross(stack: Stack): RuleDefinition[] {
  const rules = [...stack.rules.values()]
  const definitions = rules.map((rule) => lifting(stack, rule, rules))
  for (const rule of rules) asking(stack, rule)
  fitLimits(stack)
  unasked(stack)
  idle(stack)
  return definitions
}

/** A name that was meant to be another: the nearest, or all there are. */
export function nameAdvice(name: string, names: readonly string[], what: string, none: string): string {
  const meant = nearest(name, names)
  if (meant !== undefined) return `did you mean ${meant}?`
  return names.length === 0 ? none : `the ${what} here are ${names.slice(0, 16).join(', ')}${names.length > 16 ? ' …' : ''}`
}

/** The ids and tags that were written, those of rules with something wrong in them included. */
export function namesIn(documents: Iterable<PolicyDocument>, field: 'id' | 'tags'): Set<string> {
  const names = new Set<string>()
  for (const { value } of documents) {
    const rules = isRecord(value) ? value['rules'] : []
    for (const rule of Array.isArray(rules) ? rules : [])
      for (const name of isRecord(rule) ? [rule[field]].flat() : []) if (typeof name === 'string') names.add(name)
  }
  return names
}

function asking(stack: Stack, { definition, document, path }: CompiledRule): void {
  const { ask, judge } = definition
  const where: Path = ask === undefined ? path : [...path, 'ask']
  const name = ask?.judge ?? judge
  if (name === undefined) return
  const found = stack.judges.get(name)
  if (found === undefined) {
    const names = [...stack.judges.keys()]
    const advice = nameAdvice(name, names, 'judges', `define it: judges: { ${name}: { kind: ${judgeKinds[0]} } }`)
    document.problems.push(document.problem([...where, 'judge'], 'value', `there is no judge "${name}"`, advice))
  } else if (found.definition !== undefined)
    opinions(document, [...where, 'where'], name, found.definition, ask === undefined ? definition.where : ask.where)
  if (ask === undefined && definition.action === 'mask' && found?.definition?.wait === 'trail') {
    const message = `judge "${name}" lets text go ahead, so what it finds may have left before it is masked`
    warn(document, [...path, 'action'], message, 'make the action cut, or let the judge wait: hold')
  }
}

function isBroken(documents: readonly PolicyDocument[]): boolean {
  return documents.some(({ problems }) => problems.some(({ severity }) => severity === 'error'))
}

function warn(document: PolicyDocument, path: Path, message: string, advice: string): void {
  document.problems.push({ ...document.problem(path, 'value', message, advice), severity: 'warning' })
}

/** A policy is there to do something; a file of judges alone is there to be extended. */
function idle({ file, rules, judges, documents }: Stack): void {
  const [own] = documents
  if (own === undefined || rules.size > 0 || judges.size > 0 || file.name === undefined) return
  if (isBroken(documents)) return
  warn(
    own,
    ['name'],
    'the policy has no rules, so nothing is looked for',
    "add rules: a list whose entries begin with '- id: NAME'",
  )
}

/** A condition that no answer of the judge can meet, or that looks at what it never says. */
function opinions(document: PolicyDocument, path: Path, name: string, judge: object, where: Where | undefined): void {
  if (where === undefined) return
  const { categories, scores, scoresBy, levels } = saysOf(judge as Record<string, unknown>)
  const say = (at: Path, part: 'key' | 'value', message: string, advice: string) =>
    document.problems.push(document.problem([...path, ...at], part, message, advice))
  for (const [index, category] of [where.category ?? []].flat().entries())
    if (categories?.includes(category) === false)
      say(
        typeof where.category === 'string' ? ['category'] : ['category', index],
        'value',
        `judge "${name}" has no category "${category}"`,
        nameAdvice(category, categories, 'categories', 'leave category out'),
      )
  if (where.at_least !== undefined && scores === false)
    say(
      ['at_least'],
      'key',
      `judge "${name}" gives no scores`,
      scoresBy === undefined
        ? 'remove it: the judge says yes or no, and its yes counts'
        : `give the judge ${scoresBy}, or remove it: its yes counts`,
    )
  if (where.severity_at_least !== undefined && levels === false)
    say(
      ['severity_at_least'],
      'key',
      `judge "${name}" has no levels of severity`,
      scores ? 'did you mean at_least?' : 'remove it',
    )
}

/** A judge that looks on while text passes is believed to judge. Files that only define judges are there to be extended. */
function unasked({ file, rules, judges, documents }: Stack): void {
  const [own] = documents
  if (own === undefined || rules.size === 0 || isBroken(documents)) return
  const asked = new Set([...rules.values()].map(({ definition: { ask, judge } }) => ask?.judge ?? judge))
  for (const name of Object.keys(file.judges ?? {}))
    if (judges.get(name)?.document === own && !asked.has(name))
      own.problems.push(
        own.problem(
          ['judges', name],
          'key',
          `no rule asks judge "${name}"`,
          `add a rule with judge: ${name}, or remove the judge`,
        ),
      )
}

/** What an allowance lifts, by ids: of its own file and those below, for a pack cannot lift another pack's rules. */
function lifting(stack: Stack, rule: CompiledRule, rules: readonly CompiledRule[]): RuleDefinition {
  const { definition, document, path } = rule
  const { action, lifts } = definition
  if (action !== 'allow' || lifts === undefined) return definition
  const within = rules.filter((other) => mayLift(stack, rule, other)).map((other) => other.definition)
  const grounds = stack.grounds.get(document) ?? [document]
  const written = [...namesIn(grounds, 'id'), ...namesIn(grounds, 'tags')]
  for (const { field, name, message } of liftProblems({ ...definition }, within)) {
    if (field !== 'lifts' || name === undefined) continue
    const said = lifts[name] ?? ''
    const others = meantBy(
      said,
      rules.map((other) => ({ ...other.definition, file: other.document.source.file })),
    )
    const known = meantBy(said, within).length > 0
    // A rule with something wrong in it is there all the same, and its own problem is told.
    if (!known && others.length === 0 && written.includes(said)) continue
    const [told, advice] =
      known || others.length === 0
        ? [
            message,
            known
              ? 'remove it, or name another rule'
              : nameAdvice(
                  said,
                  written.filter((one) => one !== definition.id),
                  'ids and tags',
                  'name a rule',
                ),
          ]
        : [
            `"${said}" is a rule of ${either([...new Set(others.map(({ file }) => file))])}, which this file does not extend`,
            'a pack lifts its own rules only: write the allowance into the policy that extends both',
          ]
    document.problems.push(document.problem([...path, 'lifts', name], 'value', told, advice))
  }
  if (within.length === rules.length) return definition
  return { ...definition, lifts: [...new Set(lifts.flatMap((name) => meantBy(name, within)).map(({ id }) => id))] }
}

/** Rules of the file's own ground, and those of files above it that stand in the place of one. */
function mayLift({ grounds }: Stack, { document }: CompiledRule, other: CompiledRule): boolean {
  const ground = grounds.get(document)
  if (ground?.has(other.document)) return true
  return grounds.get(other.document)?.has(document) === true && namesIn(ground ?? [], 'id').has(other.definition.id)
}
