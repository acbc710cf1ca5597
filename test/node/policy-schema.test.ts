/** The schema in the repository is the one that rules, and editors get an explanation for every field of it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judgeSchemas } from './judge-schemas.ts'
import { policySchemaJson, schemaFile } from './policy-schema.ts'

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean
  readonly items?: Schema
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
  const walk = (schema: Schema, path: string) => {
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      if (field.description === undefined) undescribed.push(`${path}.${name}`)
      walk(field, `${path}.${name}`)
    }
    if (schema.properties !== undefined && schema.additionalProperties !== false) open.push(path)
    if (schema.items !== undefined) walk(schema.items, `${path}[]`)
  }
  walk(JSON.parse(policySchemaJson()) as Schema, 'policy')
  expect({ undescribed, open }).toEqual({ undescribed: [], open: [] })
})
