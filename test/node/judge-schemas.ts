/** Writes what a judge of kind `http` is sent and may answer as JSON schemas, for whoever writes such a service. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { channelKinds } from '../../src/terms/channel.ts'

const described = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description))
const units = v.pipe(v.number(), v.integer(), v.minValue(0))

export const requestSchema = v.object({
  version: described(v.literal(1), 'Changes where a service would have to.'),
  judge: described(v.string(), "The judge's name in the policy."),
  channel: described(
    v.object({
      name: described(v.string(), 'Which text of the response: answer, tool_input/0, 1/answer for the second choice.'),
      kind: described(v.picklist([...channelKinds, 'unknown']), 'What kind of text it is.'),
    }),
    'The text that is judged.',
  ),
  start: described(units, 'Where the stretch begins in its text, in UTF-16 units.'),
  end: described(units, 'Where it ends.'),
  text: described(v.string(), 'The stretch that is judged.'),
  context: described(v.string(), 'What stands before the stretch; it has been judged already.'),
  prompt: described(v.optional(v.string()), 'What the person asked last, where an answer is judged.'),
  images: described(
    v.optional(v.array(v.string())),
    "Addresses of the prompt's images (https: or data:), where a prompt is judged.",
  ),
})

export const answerSchema = v.object({
  opinions: described(
    v.array(
      v.strictObject({
        category: described(
          v.pipe(v.string(), v.nonEmpty()),
          "What it is, in the service's own words; rules ask for it by where.category.",
        ),
        score: described(
          v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
          'How sure, from 0 to 1; without it a plain yes.',
        ),
        severity: described(v.optional(units), 'How grave, ascending from 0.'),
        flagged: described(
          v.optional(v.boolean()),
          'false: a score for what the service would let pass; only rules with at_least or severity_at_least care.',
        ),
        span: described(
          v.optional(v.object({ start: described(units, 'Inclusive.'), end: described(units, 'Exclusive.') })),
          'Where in text, in UTF-16 units; without it all of the stretch.',
        ),
      }),
    ),
    'What the service sees in the stretch; an empty list where there is nothing to see.',
  ),
  tokens: described(v.optional(units), 'Tokens it took, for the trail.'),
})

function json(schema: v.GenericSchema, title: string): string {
  return `${JSON.stringify({ ...toJsonSchema(schema, { target: 'draft-07', typeMode: 'input' }), title }, undefined, 2)}\n`
}

const file = (name: string) => fileURLToPath(new URL(`../../policies/${name}`, import.meta.url))

export const judgeSchemas: readonly { readonly path: string; readonly content: string }[] = [
  { path: file('judge-request.schema.json'), content: json(requestSchema, 'What Sluice sends to a judge of kind http') },
  { path: file('judge-answer.schema.json'), content: json(answerSchema, 'What a judge of kind http answers') },
]

if (import.meta.main) for (const { path, content } of judgeSchemas) writeFileSync(path, content)
