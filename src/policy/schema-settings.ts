/** What a policy file may say besides rules, judges and tests: one schema for each group of settings. */
import * as v from 'valibot'
import { count, field, localised } from './schema-parts.ts'
import { defaultSettings as base, settingChoices } from './settings.ts'

const { hold, on_cut, on_block, media, prompt } = settingChoices

const holdSchema = v.strictObject({
  most_chars: field(
    count,
    `Most characters one channel may hold back (UTF-16 units). Default ${base.hold.most_chars}.`,
    base.hold.most_chars,
  ),
  tool_most_chars: field(
    count,
    `Most characters of one tool call's input. Default ${base.hold.tool_most_chars}.`,
    base.hold.tool_most_chars,
  ),
  answer_most_chars: field(
    count,
    `Most characters of released answer kept where the protocol says the answer again at its end. Default ${base.hold.answer_most_chars}.`,
    base.hold.answer_most_chars,
  ),
  most_ms: field(
    count,
    `Longest time text may wait for a judge, in milliseconds. Default ${base.hold.most_ms}.`,
    base.hold.most_ms,
  ),
  at_cap: field(
    v.picklist(hold.at_cap),
    'What happens where a limit is reached: cut (default), or forward, which lets held text go unchecked and counts it in the trail.',
  ),
})

const onCutSchema = v.strictObject({
  ending: field(
    v.picklist(on_cut.ending),
    "How a cut answer ends: native (default; the protocol's own word for filtered content), refusal, stop (looks complete), error.",
  ),
  notice: field(
    localised,
    `What the reader is told: one text, or one for each language, chosen by the request's Accept-Language; the first is the default. Default "${base.on_cut.notice}"`,
    "I can't continue with that.",
    { en: "I can't continue with that.", zh: '这个话题我无法继续。' },
  ),
  notice_in: field(
    v.picklist(on_cut.notice_in),
    'Where the notice is put: answer, refusal or none. Default none, or answer where a notice is given.',
  ),
})

const onBlockSchema = v.strictObject({
  as: field(
    v.picklist(on_block.as),
    "How a blocked request is answered: native (default; the protocol's own way), error, or answer (as if the model had refused).",
  ),
  message: field(
    localised,
    `What the client is told: one text, or one for each language, chosen by the request's Accept-Language; the first is the default. Default "${base.on_block.message}"`,
    "This request can't be answered.",
    { en: "This request can't be answered.", zh: '无法回答这个请求。' },
  ),
})

const mediaSchema = v.strictObject({
  image: field(v.picklist(media.image), `Images in answers: pass, cut or drop. Default ${base.media.image}.`),
  audio: field(
    v.picklist(media.audio),
    `Sound in answers, of which only the transcript can be read: pass, cut or drop. Default ${base.media.audio}.`,
  ),
  file: field(v.picklist(media.file), `Files in answers: pass, cut or drop. Default ${base.media.file}.`),
})

const promptSchema = v.strictObject({
  overlap: field(v.boolean(), 'Check the prompt while the upstream call is already under way. Default true.'),
  turns: field(
    v.picklist(prompt.turns),
    'last (default): what was said since the last answer. all: the whole conversation each time.',
  ),
})

export const settingFields = {
  release: field(
    v.picklist(settingChoices.release),
    'The unit in which text leaves. exact (default): each character as soon as it is clear. sentence: whole sentences, so that a cut falls on the end of one.',
  ),
  hold: field(holdSchema, 'How much may wait, and how long.', { most_chars: 4000, most_ms: 8000 }),
  on_cut: field(onCutSchema, 'How a cut answer ends.', { notice: "I can't continue with that.", notice_in: 'answer' }),
  on_block: field(onBlockSchema, 'How a request is refused because of its prompt.', {
    as: 'answer',
    message: "This request can't be answered.",
  }),
  unknown: field(
    v.picklist(settingChoices.unknown),
    'Strings no protocol names: check (default), drop, or refuse the whole response.',
  ),
  media: field(mediaSchema, 'Parts of an answer that cannot be read.', { image: 'drop', file: 'drop' }),
  reasoning: field(
    v.picklist(settingChoices.reasoning),
    'Signed reasoning with a mask finding: cut (default), or hold until its end and drop.',
  ),
  prompt: field(promptSchema, 'How prompts are looked at.', { overlap: false, turns: 'all' }),
  require_terminal: field(v.boolean(), "An answer that ends without the protocol's last word is a failure. Default false."),
}
