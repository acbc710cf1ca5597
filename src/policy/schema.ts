/** What a policy file may say: the one schema behind the checks, the types and the editor's completion. */
import * as v from 'valibot'
import { judgeKinds } from '../judges/fields.ts'
import { judgeFileSchema } from './schema-judges.ts'
import { field, id, needed, texts } from './schema-parts.ts'
import { ruleSchema } from './schema-rules.ts'
import { settingFields } from './schema-settings.ts'
import { testSchema } from './schema-tests.ts'
import { modes } from './settings.ts'

export const policySchema = v.strictObject({
  name: needed(id, 'The name of the policy in trails; by custom that of the file.', 'consumer-chat'),
  extends: field(
    texts,
    'Other policies, by file name without .yaml: of the same folder, or else of the packs that come with Sluice. What comes later overrides: rules by id, judges by name, settings field by field; this file comes last.',
    ['pii', 'secrets'],
  ),
  mode: field(v.picklist(modes), 'enforce (default), or shadow: decide and record, touch nothing.'),
  ...settingFields,
  judges: field(
    v.record(id, judgeFileSchema),
    'Models and services that are asked about text and answer later, by the name that rules use. One of the same name in an extended file is replaced.',
    { moderation: { kind: judgeKinds[0] } },
  ),
  rules: field(v.array(ruleSchema), 'What to look for, and what to do about it.', [
    { id: 'codename', words: { terms: ['Project Nightjar'] }, action: 'mask', with: '[internal]' },
  ]),
  tests: field(v.array(testSchema), 'Texts and what becomes of them; run by `sluice test`, at every split.', [
    { answer: 'Project Nightjar is late.', masked_by: 'codename', reads: '[internal] is late.' },
  ]),
})

export { judgeFileSchema, ruleSchema, testSchema }
export type PolicyFile = v.InferOutput<typeof policySchema>
export type RuleFile = v.InferOutput<typeof ruleSchema>
export type JudgeFile = v.InferOutput<typeof judgeFileSchema>
export type TestFile = v.InferOutput<typeof testSchema>
