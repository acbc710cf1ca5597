/** What a policy file may say: the one schema behind the checks, the types and the editor's completion. */
import * as v from 'valibot'
import { numberSchema } from '../checks/numbers-rule.ts'
import { wordsSchema as words } from '../checks/words-rule.ts'
import { channelKinds } from '../terms/channel.ts'
import { idForm } from './forms.ts'
import { defaultSettings, folds, modes, settingChoices } from './settings.ts'

const text = v.pipe(v.string(), v.nonEmpty())
const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const texts = v.pipe(v.array(text), v.minLength(1))

function described<Schema extends v.GenericSchema>(schema: Schema, description: string) {
  return v.exactOptional(v.pipe(schema, v.description(description)))
}

const { hold, on_cut, on_block, media, prompt } = settingChoices
const base = defaultSettings

const holdSchema = v.strictObject({
  most_chars: described(count, `Most characters one channel may hold back (UTF-16 units). Default ${base.hold.most_chars}.`),
  tool_most_chars: described(count, `Most characters of one tool call's input. Default ${base.hold.tool_most_chars}.`),
  answer_most_chars: described(
    count,
    `Most characters of released answer kept where the protocol says the answer again at its end. Default ${base.hold.answer_most_chars}.`,
  ),
  most_ms: described(count, `Longest time text may wait for a judge, in milliseconds. Default ${base.hold.most_ms}.`),
  at_cap: described(
    v.picklist(hold.at_cap),
    'What happens where a limit is reached: cut (default), or forward, which lets held text go unchecked and counts it in the trail.',
  ),
})

const onCutSchema = v.strictObject({
  ending: described(
    v.picklist(on_cut.ending),
    "How a cut answer ends: native (default; the protocol's own word for filtered content), refusal, stop (looks complete), error.",
  ),
  notice: described(text, `What the reader is told. Default "${base.on_cut.notice}"`),
  notice_in: described(
    v.picklist(on_cut.notice_in),
    'Where the notice is put: answer, refusal or none. Default none, or answer where a notice is given.',
  ),
})

const onBlockSchema = v.strictObject({
  as: described(
    v.picklist(on_block.as),
    "How a blocked request is answered: native (default; the protocol's own way), error, or answer (as if the model had refused).",
  ),
  message: described(text, `What the client is told. Default "${base.on_block.message}"`),
})

const mediaSchema = v.strictObject({
  image: described(v.picklist(media.image), 'Images in answers: pass (default), cut or drop.'),
  audio: described(
    v.picklist(media.audio),
    'Sound in answers, of which only the transcript can be read: pass (default), cut or drop.',
  ),
  file: described(v.picklist(media.file), 'Files in answers: pass (default), cut or drop.'),
})

const promptSchema = v.strictObject({
  overlap: described(v.boolean(), 'Check the prompt while the upstream call is already under way. Default true.'),
  turns: described(
    v.picklist(prompt.turns),
    'last (default): what was said since the last answer. all: the whole conversation each time.',
  ),
})

const wordsSchema = v.strictObject({
  ...words.entries,
  fold: described(
    v.picklist(folds),
    'What is seen through: none (only what is written), case (default; upper and lower case are one), or loose (disguise: b0mb, ｂｏｍｂ, b.o.m.b, 法輪功).',
  ),
})

export const ruleSchema = v.strictObject({
  id: v.pipe(
    v.string(),
    v.regex(idForm),
    v.description("The rule's name in trails and reports; a rule of the same id in an extended file is replaced."),
  ),
  words: v.exactOptional(v.pipe(wordsSchema, v.description('Looks for terms.'))),
  pattern: described(
    text,
    'Looks for a regular expression of the safe subset: no back-references, no unbounded look-around. Write it in single quotes.',
  ),
  number: described(
    numberSchema,
    'Looks for a number or code of a known form, with its checksum where it has one: payment_card, email, github_token …',
  ),
  most: described(count, 'Longest span the pattern looks for (UTF-16 units); required where the pattern itself has no end.'),
  action: v.pipe(
    v.picklist(['flag', 'mask', 'cut']),
    v.description(
      'flag: record it. mask: put other text in its place. cut: end the answer before it; in a prompt, refuse the request.',
    ),
  ),
  with: v.exactOptional(v.pipe(v.string(), v.description('The text a mask puts in place; not empty, and itself clean.'))),
  channels: described(
    v.pipe(v.array(v.picklist(channelKinds)), v.minLength(1)),
    'What the rule looks at. Default: answer, reasoning, refusal and tool_input. No rule looks at prompts unless it says so.',
  ),
  tags: described(v.array(text), 'Names for groups of rules, for the trail.'),
  mode: described(v.picklist(modes), 'shadow: find and record, touch nothing.'),
})

/** What the reader gets, or which rule decides, for a text: the shapes `sluice test` will run. */
const testSchema = v.strictObject({
  answer: described(v.string(), 'What the model writes in this test.'),
  reasoning: described(v.string(), 'What the model thinks aloud in this test.'),
  prompt: described(v.string(), 'What the user writes in this test.'),
  reads: described(v.string(), 'What the reader gets, replacements included.'),
  cut_by: described(text, 'The id of the rule that cuts.'),
  blocked_by: described(text, 'The id of the rule that blocks the prompt.'),
})

export const policySchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(idForm), v.description('The name of the policy in trails; by custom that of the file.')),
  extends: described(
    texts,
    'Other policies of the same folder, by file name without .yaml. What comes later overrides, rule by rule id, setting by setting.',
  ),
  mode: described(v.picklist(modes), 'enforce (default), or shadow: decide and record, touch nothing.'),
  release: described(v.picklist(['exact']), 'The unit in which text leaves. exact: each character as soon as it is clear.'),
  hold: described(holdSchema, 'How much may wait, and how long.'),
  on_cut: described(onCutSchema, 'How a cut answer ends.'),
  on_block: described(onBlockSchema, 'How a request is refused because of its prompt.'),
  unknown: described(
    v.picklist(settingChoices.unknown),
    'Strings no protocol names: check (default), drop, or refuse the whole response.',
  ),
  media: described(mediaSchema, 'Parts of an answer that cannot be read.'),
  reasoning: described(
    v.picklist(settingChoices.reasoning),
    'Signed reasoning with a mask finding: cut (default), or hold until its end and drop.',
  ),
  prompt: described(promptSchema, 'How prompts are looked at.'),
  require_terminal: described(v.boolean(), "An answer that ends without the protocol's last word is a failure. Default false."),
  rules: described(v.array(ruleSchema), 'What to look for, and what to do about it.'),
  tests: described(v.array(testSchema), 'Texts and what becomes of them; run by `sluice test`.'),
})

export type PolicyFile = v.InferOutput<typeof policySchema>
export type RuleFile = v.InferOutput<typeof ruleSchema>

/** Words of the language that this version does not speak yet; ignoring them would leave text unchecked. */
export const laterKeys: ReadonlySet<string> = new Set([
  'judges',
  'judge',
  'where',
  'ask',
  'lifts',
  'on_fault',
  'wait',
  'severity',
])
export const laterValues: ReadonlySet<string> = new Set(['ask', 'allow', 'sentence'])
