/** The forms that fields of a policy file have in common, and how each gets its explanation. */
import * as v from 'valibot'
import { idForm, languageForm } from './forms.ts'

export const text = v.pipe(v.string(), v.nonEmpty())
export const texts = v.pipe(v.array(text), v.minLength(1))
export const count = v.pipe(v.number(), v.integer(), v.minValue(1))
export const id = v.pipe(v.string(), v.regex(idForm))

/** A field that may be left out. The examples are what an editor offers where the choices say nothing by themselves. */
export function field<Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
  ...examples: readonly v.InferInput<Schema>[]
) {
  return v.exactOptional(needed(schema, description, ...examples))
}

/** A field that has to be there. */
export function needed<Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
  ...examples: readonly v.InferInput<Schema>[]
) {
  return v.pipe(schema, v.description(description), v.examples(examples as never))
}

/** A text in one language, or in several by their tags; the first is for whoever asks for none of them. */
const tag = v.pipe(v.string(), v.regex(languageForm, 'languages are named by their tags, such as en, zh, zh-Hant or pt-BR'))
export const localised = v.union([
  text,
  v.pipe(
    v.record(tag, v.pipe(text, v.description('The text in this language.'), v.examples(["I can't continue with that."]))),
    v.minEntries(1),
  ),
])
