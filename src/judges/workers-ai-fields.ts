/** What a policy says of a judge of kind `workers_ai`. */
import * as v from 'valibot'
import { optional } from './field.ts'

const workersAiModels = ['@cf/meta/llama-guard-3-8b'] as const

export const workersAiFields = {
  binding: optional(
    v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, 'the name of a binding takes letters, digits and _')),
    'The binding to Workers AI. Default AI.',
    'AI',
  ),
  model: optional(v.picklist(workersAiModels), `The model. Default ${workersAiModels[0]}.`),
}
