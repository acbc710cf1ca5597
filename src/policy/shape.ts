/** Checks a document against the schema and says what is wrong in the author's words instead of the schema's. */
import * as v from 'valibot'
import type { Path, PolicyDocument } from './document.ts'
import { isRecord } from './forms.ts'
import { either, nearest, related } from './nearest.ts'
import type { Problem } from './problem.ts'
import { laterKeys, laterValues, type PolicyFile, policySchema, type RuleFile, ruleSchema } from './schema.ts'

/** The parts of a schema that are needed to walk it beside a value. */
interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>
  readonly item?: SchemaNode
  readonly wrapped?: SchemaNode
  readonly options?: readonly string[]
  readonly pipe?: readonly { readonly type: string; readonly description?: string }[]
}

/** A policy file as far as it has the right shape; a rule that has not is left out, its neighbours keep their places. */
export type Shaped = Partial<Omit<PolicyFile, 'rules'>> & { readonly rules?: readonly (RuleFile | undefined)[] }

/** Reads what can be read, so that one slip hides no other; problems are added to the document's own. */
export function readShape(document: PolicyDocument): Shaped {
  if (document.problems.length > 0) return {}
  if (document.value === null) {
    document.problems.push(document.problem([], 'value', 'the policy is empty', 'give it a name and rules'))
    return {}
  }
  if (!isRecord(document.value)) {
    const message = `a policy is a group of keys, not ${show(document.value)}`
    document.problems.push(document.problem([], 'value', message, 'begin with name: and rules:'))
    return {}
  }
  unknownKeys(document, policySchema as SchemaNode, document.value, [])
  const parsed = v.safeParse(policySchema, document.value)
  if (parsed.success) return parsed.output
  for (const issue of parsed.issues) {
    const problem = explain(document, issue)
    if (problem !== undefined) document.problems.push(problem)
  }
  return rightParts(document.value)
}

function rightParts(value: Record<string, unknown>): Shaped {
  const parts: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(policySchema.entries)) {
    const parsed = v.safeParse(schema, value[key])
    if (Object.hasOwn(value, key) && parsed.success) parts[key] = parsed.output
  }
  if (Array.isArray(value['rules'])) {
    parts['rules'] = value['rules'].map((rule) => {
      const parsed = v.safeParse(ruleSchema, rule)
      return parsed.success ? parsed.output : undefined
    })
  }
  return parts
}

/** All of them; the schema itself stops at an object's first. */
function unknownKeys(document: PolicyDocument, schema: SchemaNode, value: unknown, path: Path): void {
  const { entries, item } = unwrap(schema)
  if (item !== undefined && Array.isArray(value)) {
    for (const [index, part] of value.entries()) unknownKeys(document, item, part, [...path, index])
  } else if (entries !== undefined && isRecord(value)) {
    for (const [key, part] of Object.entries(value)) {
      const here = [...path, key]
      if (Object.hasOwn(entries, key)) unknownKeys(document, entries[key] as SchemaNode, part, here)
      else document.problems.push(document.problem(here, 'key', ...unknownKey(key, Object.keys(entries))))
    }
  }
}

function unknownKey(key: string, known: readonly string[]): [message: string, advice: string] {
  if (laterKeys.has(key)) return notYet(key)
  const meant = nearest(key, known)
  return [
    `there is no key "${key}" here`,
    meant === undefined ? `the keys here are ${known.join(', ')}` : `did you mean ${meant}?`,
  ]
}

function notYet(word: string): [message: string, advice: string] {
  return [
    `"${word}" is not supported by this version of Sluice`,
    'remove it or use a later version; to ignore it would leave text unchecked',
  ]
}

function explain(document: PolicyDocument, issue: v.BaseIssue<unknown>): Problem | undefined {
  const path = (issue.path ?? []).map((step) => step.key as string | number)
  const schema = schemaAt(path)
  const last = issue.path?.at(-1)
  if (last !== undefined && 'origin' in last && last.origin === 'key') {
    // Unknown keys have been told.
    if (issue.expected === 'never') return undefined
    const whole = path.slice(0, -1)
    const owner = whole.length === 0 ? 'the policy' : typeof whole.at(-1) === 'number' ? 'this entry' : whole.at(-1)
    return document.problem(whole, 'value', `${owner} has no ${path.at(-1)}`, `add ${path.at(-1)}. ${descriptionOf(schema)}`)
  }
  const name = nameOf(path)
  const say = (message: string, advice: string) => document.problem(path, 'value', message, advice)
  const value = issue.input
  if (value === null && typeof path.at(-1) === 'string')
    return say(`${name} has no value`, `write one, or remove it. ${descriptionOf(schema)}`.trimEnd())
  const shown = show(value)
  switch (issue.type) {
    case 'picklist': {
      if (laterValues.has(value as string)) return say(...notYet(String(value)))
      const choices = unwrap(schema)?.options ?? []
      const meant = typeof value === 'string' ? meantBy(value, choices) : []
      const guess = meant.length === 0 ? '' : `did you mean ${either(meant)}? `
      return say(`${name} cannot be ${shown}`, `${guess}it takes ${either(choices)}`)
    }
    case 'string':
      if (typeof value === 'object')
        return say(`${name} is text, not ${shown}`, 'write one text, in quotes if it has signs of YAML in it')
      return say(
        `${name} is text, but YAML reads ${shown} as ${value === null ? 'nothing' : `a ${typeof value}`}`,
        'put it in quotes',
      )
    case 'number':
      return say(`${name} is a number, not ${shown}`, 'write a whole number above zero, without quotes')
    case 'integer':
    case 'min_value':
      return say(`${name} cannot be ${shown}`, 'write a whole number above zero')
    case 'boolean':
      return say(`${name} cannot be ${shown}`, 'it takes true or false')
    case 'array':
      return say(
        `${name} is a list, not ${shown}`,
        isRecord(value) ? 'begin each entry with "- "' : `put it in brackets: [${String(value)}]`,
      )
    case 'strict_object':
      return say(
        `${name} has keys of its own, it cannot be ${shown}`,
        `the keys are ${Object.keys(unwrap(schema)?.entries ?? {}).join(', ')}`,
      )
    case 'non_empty':
    case 'min_length':
      return say(`${name} is empty`, 'write something, or remove it')
    case 'regex':
      return say(
        `${name} cannot be ${shown}`,
        'use letters, digits, ".", "_" and "-", at most 100, beginning with a letter or digit',
      )
    default:
      return say(`${name}: ${issue.message}`, descriptionOf(schema))
  }
}

function meantBy(name: string, choices: readonly string[]): readonly string[] {
  const near = nearest(name, choices)
  return near === undefined ? related(name, choices) : [near]
}

function nameOf(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'the policy'
  return typeof last === 'number' ? `entry ${last + 1} of ${nameOf(path.slice(0, -1))}` : last
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'a group of keys'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}

function schemaAt(path: Path): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((schema, step) => {
    const { entries, item } = unwrap(schema)
    return typeof step === 'number' ? item : entries?.[step]
  }, policySchema as SchemaNode)
}

function unwrap(schema: SchemaNode | undefined): SchemaNode {
  return schema?.wrapped === undefined ? (schema ?? {}) : unwrap(schema.wrapped)
}

function descriptionOf(schema: SchemaNode | undefined): string {
  return unwrap(schema).pipe?.find((step) => step.type === 'description')?.description ?? ''
}
