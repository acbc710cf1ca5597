/** The schema in the repository is the one that rules, and editors get an explanation for every field of it. */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { judgeKinds } from '../../src/judges/fields.ts'
import { policySchema } from '../../src/policy/schema.ts'
import { branchesOf, choicesOf, examplesOf, type SchemaNode, unwrap } from '../../src/policy/schema-node.ts'
import { judgeSchemas } from './judge-schemas.ts'
import { policySchemaJson, schemaFile } from './policy-schema.ts'

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly const?: unknown
  readonly examples?: readonly unknown[]
}

/** The schema that stands elsewhere, where a reference names it. */
function referred(whole: Schema, schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (whole.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {})
}

test('policies/policy.schema.json is up to date (npm run schema writes it)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(policySchemaJson())
})

test('so are the schemas of what a judge is sent and answers', () => {
  for (const { path, content } of judgeSchemas) expect(readFileSync(path, 'utf8')).toBe(content)
})

test('every field is described, and no object takes a field that is not', () => {
  const undescribed: string[] = []
  const open: string[] = []
  const whole = JSON.parse(policySchemaJson()) as Schema
  const walk = (schema: Schema, path: string) => {
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const meant = referred(whole, field)
      if (meant.description === undefined) undescribed.push(`${path}.${name}`)
      walk(meant, `${path}.${name}`)
    }
    if (schema.properties !== undefined && schema.additionalProperties !== false) open.push(path)
    if (schema.items !== undefined) walk(schema.items, `${path}[]`)
    for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) walk(branch, path)
    if (typeof schema.additionalProperties === 'object') walk(schema.additionalProperties, `${path}.*`)
  }
  walk(whole, 'policy')
  expect({ undescribed, open }).toEqual({ undescribed: [], open: [] })
})

test('what says nothing by its choices has examples, and each of them is one', () => {
  const without: string[] = []
  const wrong: string[] = []
  const walk = (given: SchemaNode, path: string) => {
    const node = unwrap(given)
    for (const [name, field] of Object.entries(node.entries ?? {})) {
      const here = `${path}.${name}`
      const examples = examplesOf(field)
      if (examples.length === 0 && choicesOf(field).length === 0) without.push(here)
      for (const example of examples) if (!v.is(field as never, example)) wrong.push(`${here}: ${JSON.stringify(example)}`)
      walk(field, here)
    }
    for (const part of [node.item, node.value, ...branchesOf(node)]) if (part !== undefined) walk(part, path)
  }
  walk(policySchema as never, 'policy')
  expect({ without, wrong }).toEqual({ without: [], wrong: [] })
})

test('editors get the examples, the kinds of judge and the fields of each', () => {
  const { properties = {} } = JSON.parse(policySchemaJson()) as Schema
  const judges = properties['judges']?.additionalProperties as Schema
  const flat = (schema: Schema): readonly Schema[] =>
    schema.properties ? [schema] : [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(flat)
  expect(new Set(flat(judges).map(({ properties: fields }) => fields?.['kind']?.const))).toEqual(new Set(judgeKinds))
  for (const { properties: fields } of flat(judges))
    expect(Object.keys(fields ?? {})).toEqual(expect.arrayContaining(['kind', 'stretch', 'on_fault']))
  expect(properties['rules']?.items?.properties?.['pattern']?.examples).toEqual(['sk-[A-Za-z0-9_-]{20,200}'])
})
