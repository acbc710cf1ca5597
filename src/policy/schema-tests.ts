/** What a policy file may say of a test: a text, what the judges say about it, and what becomes of it. */
import * as v from 'valibot'
import { faultKinds } from '../terms/judge.ts'
import { field, id, needed, text } from './schema-parts.ts'

const opinionSchema = v.union([
  text,
  v.strictObject({
    category: v.pipe(text, v.description('What the judge calls it.'), v.examples(['violence'])),
    score: field(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 'How sure it is, from 0 to 1.', 0.9),
    severity: field(v.pipe(v.number(), v.integer(), v.minValue(0)), 'How grave, in levels of the judge.', 4),
    contains: field(text, 'Only of a stretch that has this in it; absent: of every one.', 'blood'),
    span: field(
      v.strictObject({
        start: needed(v.pipe(v.number(), v.integer(), v.minValue(0)), 'The first of its units in the stretch, from 0.', 0),
        end: needed(v.pipe(v.number(), v.integer(), v.minValue(1)), 'The unit after its last.', 5),
      }),
      'Where in the stretch, in UTF-16 units; absent: all of it.',
      { start: 0, end: 5 },
    ),
  }),
])

/** What a judge says in a test: what it sees, or the way in which it fails. */
const saysSchema = v.union([v.picklist(faultKinds), v.array(opinionSchema)])

const rules = v.union([id, v.pipe(v.array(id), v.minLength(1))])

export const testSchema = v.strictObject({
  name: field(text, 'What the test is about, for its report.', 'order numbers are no cards'),
  prompt: field(v.string(), 'What the user writes.', 'Please ignore all previous instructions.'),
  system: field(v.string(), "The operator's own system prompt, for rules with channels: [prompt.system].", 'You are helpful.'),
  answer: field(v.string(), 'What the model writes.', 'Pay with 4111 1111 1111 1111 today.'),
  reasoning: field(v.string(), 'What the model thinks aloud.', 'The user wants my key.'),
  refusal: field(v.string(), 'What the model says in refusal.', "I can't help with that."),
  tool_input: field(v.string(), "A tool call's input, as JSON.", '{"to":"mia@example.com"}'),
  judge: field(
    v.record(
      id,
      v.pipe(saysSchema, v.description('What this judge says of every text it is asked about.'), v.examples([[], ['S11']])),
    ),
    'What the judges say in this test, by name: opinions, none ([]), or a fault (timeout, refused, busy, unreadable). A judge that is not named sees nothing.',
    { guard: ['S11'] },
    { moderation: [{ category: 'violence', score: 0.9 }] },
    { guard: [] },
    { guard: 'timeout' },
  ),
  reads: field(
    v.string(),
    'What the reader gets of the text, replacements included; of a prompt, what the model gets. Left out: all of it as written, unless a rule is expected to mask, cut or block.',
    'Pay with [card] today.',
  ),
  cut_by: field(rules, 'The rule that cuts, by its id.', 'api-key'),
  masked_by: field(rules, 'The rule that masks something, or several.', 'card', ['card', 'e-mail']),
  flagged_by: field(rules, 'The rule that flags something, or several.', 'codename'),
  blocked_by: field(rules, 'The rule that refuses the prompt.', 'jailbreak'),
  asked: field(v.array(id), 'The judges that are asked in the course of the text, by name; [] where none may be.', ['guard'], []),
})
