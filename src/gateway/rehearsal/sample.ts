/** Makes JSON that fits a schema, with the user's own words in its strings: what is said in JSON has to pass the gate too. */
import { isRecord } from './hearing.ts'

/** Deeper than this a schema is cut off with null; those that describe themselves would never end. */
const deepest = 8

/** A value that fits the usual subset of JSON Schema: types, enum, const, properties, items, anyOf, local $ref. */
export function sampleOf(schema: unknown, words: string): unknown {
  return sample(schema, { words, root: schema }, 0)
}

interface Source {
  readonly words: string
  readonly root: unknown
}

function sample(schema: unknown, source: Source, depth: number): unknown {
  if (!isRecord(schema)) return { text: source.words }
  if (depth > deepest) return null
  if (typeof schema['$ref'] === 'string') return sample(resolve(source.root, schema['$ref']), source, depth + 1)
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const choices = [schema['anyOf'], schema['oneOf'], schema['allOf']].find(Array.isArray) as unknown[] | undefined
  if (choices !== undefined) return sample(choices[0], source, depth + 1)
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  // Google's schemas write their types in capitals.
  switch (typeof type === 'string' ? type.toLowerCase() : type) {
    case 'string':
      return source.words
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1
    case 'boolean':
      return true
    case 'null':
      return null
    case 'array':
      return [sample(schema['items'] ?? { type: 'string' }, source, depth + 1)]
    default:
      return object(schema, source, depth)
  }
}

function object(schema: Record<string, unknown>, source: Source, depth: number): unknown {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, sample(inner, source, depth + 1)]))
}

/** Local references only (`#/$defs/step`); any other is looked up nowhere. */
function resolve(root: unknown, reference: string): unknown {
  const path = reference.startsWith('#') ? reference.slice(1).split('/').filter(Boolean) : ['\u0000']
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[decodeURIComponent(key)] : undefined), root)
}
