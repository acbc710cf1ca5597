/** The forms that the fields of several kinds of judge have in common. */
import * as v from 'valibot'

export const text = v.pipe(v.string(), v.nonEmpty())
export const texts = v.pipe(v.array(text), v.minLength(1))

/** Values are never in a policy: a policy names the variable that has them. */
export const variable = v.pipe(
  v.string(),
  v.regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of a variable is written here (capital letters, digits and _), never its value'),
)

/** A name that rules ask for by `where: { category }`. */
export const category = v.pipe(
  v.string(),
  v.regex(/^[\w./ -]{1,64}$/, 'a category is a short name of letters, digits, ".", "_", "/", "-"'),
)

type Examples<Schema extends v.GenericSchema> = readonly v.InferInput<Schema>[]

/** @param examples what an editor offers. */
export function optional<Schema extends v.GenericSchema>(schema: Schema, description: string, ...examples: Examples<Schema>) {
  return v.exactOptional(required(schema, description, ...examples))
}

export function required<Schema extends v.GenericSchema>(schema: Schema, description: string, ...examples: Examples<Schema>) {
  return v.pipe(schema, v.description(description), v.examples([...examples]))
}
