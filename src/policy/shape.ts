/** Reads a document as far as it has the right shape, and adds to its problems where it has not. */
import * as v from 'valibot'
import type { PolicyDocument } from './document.ts'
import { isRecord } from './forms.ts'
import {
  type JudgeFile,
  judgeFileSchema,
  type PolicyFile,
  policySchema,
  type RuleFile,
  ruleSchema,
  type TestFile,
  testSchema,
} from './schema.ts'
import type { SchemaNode } from './schema-node.ts'
import { shapeAdvice, show } from './slip-words.ts'
import { slipsIn } from './slips.ts'
import { suspect } from './suspicions.ts'

/** A policy file as far as it has the right shape; a rule that has not is left out, its neighbours keep their places. */
export type Shaped = Partial<Omit<PolicyFile, 'rules' | 'judges' | 'tests'>> & {
  readonly rules?: readonly (RuleFile | undefined)[]
  readonly tests?: readonly (TestFile | undefined)[]
  readonly judges?: Readonly<Record<string, JudgeFile | undefined>>
}

/** Reads what can be read, so that one slip hides no other; problems are added to the document's own. */
export function readShape(document: PolicyDocument): Shaped {
  const { value } = document
  if (value === undefined) return {}
  if (value === null) {
    document.problems.push(document.problem([], 'value', 'the policy is empty', 'give it a name and rules'))
    return {}
  }
  if (!isRecord(value)) {
    const message = `a policy is a group of keys, not ${show(value)}`
    const advice =
      typeof value === 'string' && /[:：]/.test(value)
        ? shapeAdvice({ type: 'strict_object' }, value, [], '')
        : 'begin with name: and rules:'
    document.problems.push(document.problem([], 'value', message, advice))
    return {}
  }
  const slips = slipsIn(policySchema as unknown as SchemaNode, value, (path) => document.written(path))
  // What was written in place of a variable's name may be a secret, and what is wrong is printed and logged.
  for (const { path, secret } of slips) if (secret) document.hide(path)
  for (const { path, part, message, advice } of slips) document.problems.push(document.problem(path, part, message, advice))
  suspect(
    document,
    slips.map(({ path }) => path),
  )
  if (slips.length > 0) return rightParts(value)
  const parsed = v.safeParse(policySchema, value)
  if (parsed.success) return value as Shaped
  // The walk has overlooked something; what the schema does not take may not rule all the same.
  document.problems.push(document.problem([], 'value', 'the policy does not fit its schema', parsed.issues[0].message))
  return {}
}

function rightParts(value: Record<string, unknown>): Shaped {
  const parts: Record<string, unknown> = {}
  const right = (schema: v.GenericSchema, part: unknown) => (v.is(schema, part) ? part : undefined)
  for (const [key, schema] of Object.entries(policySchema.entries))
    if (Object.hasOwn(value, key) && v.is(schema, value[key])) parts[key] = value[key]
  const { rules, judges, tests } = value
  if (Array.isArray(rules)) parts['rules'] = rules.map((rule) => right(ruleSchema, rule))
  if (Array.isArray(tests)) parts['tests'] = tests.map((test) => right(testSchema, test))
  if (isRecord(judges))
    parts['judges'] = Object.fromEntries(Object.entries(judges).map(([name, judge]) => [name, right(judgeFileSchema, judge)]))
  return parts
}
