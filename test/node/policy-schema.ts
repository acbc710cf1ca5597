/** Writes `policies/policy.schema.json`, by which editors complete and explain policy files, from the schema that checks them. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { toJsonSchema } from '@valibot/to-json-schema'
import { policySchema } from '../../src/policy/schema.ts'
import { commonJudgeFields } from '../../src/policy/schema-judges.ts'

export const schemaFile = fileURLToPath(new URL('../../policies/policy.schema.json', import.meta.url))

export function policySchemaJson(): string {
  // Every kind of judge has them: written out each time they would be most of the file.
  const definitions = Object.fromEntries(
    Object.entries(commonJudgeFields).map(([name, { wrapped }]) => [`judge_${name}`, wrapped]),
  )
  const schema = toJsonSchema(policySchema, {
    definitions,
    target: 'draft-07',
    typeMode: 'input',
    // Patterns are read with the `u` flag by JSON Schema's own rule; the converter refuses every flag.
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === 'regex' && 'requirement' in valibotAction && valibotAction.requirement instanceof RegExp
        ? { ...jsonSchema, pattern: valibotAction.requirement.source }
        : undefined,
  })
  const said = (key: string, value: unknown) =>
    key === 'examples' && Array.isArray(value) && value.length === 0 ? undefined : value
  return `${JSON.stringify({ ...schema, title: 'Sluice policy' }, said, 2)}\n`
}

if (import.meta.main) writeFileSync(schemaFile, policySchemaJson())
