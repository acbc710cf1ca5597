/** What a policy may say of each kind of judge, as one schema over what all judges have in common. */
import * as v from 'valibot'
import { httpFields, httpPresetFields } from './http-fields.ts'
import { openaiChatFields } from './openai-chat-fields.ts'
import { openaiModerationFields } from './openai-moderation-fields.ts'
import { workersAiFields } from './workers-ai-fields.ts'

export { variable } from './field.ts'
export { otherKinds } from './other-kinds.ts'
export { saysOf } from './says.ts'

/** Judges a policy file may have; a plan made in code has `embedded` ones besides. */
export const judgeKinds = ['openai_moderation', 'openai_chat', 'workers_ai', 'http'] as const

const kindMeans = {
  openai_moderation: "OpenAI's moderation endpoint, or one that speaks like it.",
  openai_chat: 'A chat model as a judge: a guard model by its template, or any model by a rubric.',
  workers_ai: 'Llama Guard on Workers AI, by its binding.',
  http: "The operator's own service, or a known one by its preset.",
} as const satisfies Record<(typeof judgeKinds)[number], string>

function kind<const Kind extends keyof typeof kindMeans>(name: Kind) {
  return v.pipe(v.literal(name), v.description(kindMeans[name]))
}

/** @param common fields that every judge has, `kind` not among them. */
export function judgeSchema<const Common extends v.ObjectEntries>(common: Common) {
  const template = <Name extends keyof typeof openaiChatFields>(name: Name) =>
    v.strictObject({
      kind: kind('openai_chat'),
      template: v.pipe(v.literal(name), v.description('How the model is asked and answers.')),
      ...common,
      ...openaiChatFields[name],
    })
  const preset = <Name extends keyof typeof httpPresetFields>(name: Name) =>
    v.strictObject({
      kind: kind('http'),
      preset: v.pipe(v.literal(name), v.description('Whose service this is.')),
      ...common,
      ...httpPresetFields[name],
    })
  return v.variant('kind', [
    v.strictObject({ kind: kind('openai_moderation'), ...common, ...openaiModerationFields }),
    v.variant('template', [
      template('llama-guard-3'),
      template('llama-guard-4'),
      template('shieldgemma'),
      template('qwen3guard'),
      template('granite-guardian-3.2'),
      template('granite-guardian-3.3'),
      template('granite-guardian-4.1'),
      template('rubric'),
    ]),
    v.strictObject({ kind: kind('workers_ai'), ...common, ...workersAiFields }),
    v.variant('preset', [
      preset('azure-content-safety'),
      preset('perspective'),
      preset('presidio'),
      preset('alibaba'),
      v.strictObject({
        kind: kind('http'),
        preset: v.exactOptional(v.pipe(v.literal('own'), v.description('A service of your own; the same as no preset.'))),
        ...common,
        ...httpFields,
      }),
    ]),
  ])
}
