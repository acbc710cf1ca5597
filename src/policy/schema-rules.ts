/** What a policy file may say of a rule. */
import * as v from 'valibot'
import { numberSchema } from '../checks/numbers-rule.ts'
import { wordsSchema } from '../checks/words-rule.ts'
import { severities } from '../terms/action.ts'
import { channelKinds } from '../terms/channel.ts'
import { count, field, id, needed, text, texts } from './schema-parts.ts'
import { actions, agreements, modes } from './settings.ts'

/** A judge's opinions that count. */
const whereSchema = v.strictObject({
  category: field(
    v.union([text, texts]),
    'What the judge calls it: one category, or several of which one is enough. Left out: any.',
    'violence/graphic',
    ['S10', 'S11'],
  ),
  at_least: field(
    v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    'The least score that counts, from 0 to 1. A judge that only says yes has none, and its yes counts.',
    0.6,
  ),
  severity_at_least: field(
    v.pipe(v.number(), v.integer(), v.minValue(0)),
    'The least level of severity that counts, for judges that have levels.',
    4,
  ),
})

const where = (of: string) => field(whereSchema, of, { category: 'violence/graphic', at_least: 0.6 })

const askSchema = v.strictObject({
  judge: needed(text, 'The judge that decides about what was found, by its name under judges.', 'guard'),
  where: where('The opinions by which the judge agrees. Left out: any opinion.'),
  then: needed(v.picklist(agreements), 'What is done where the judge agrees: mask the finding, cut before it, or flag it.'),
})

export const ruleSchema = v.strictObject({
  id: needed(
    id,
    "The rule's name in trails and reports; a rule of the same id in an extended file is replaced.",
    'api-key',
    'brand-names',
  ),
  words: field(wordsSchema, 'Looks for terms.', { terms: ['Project Nightjar'], boundary: 'word' }, { list: 'lists/names.txt' }),
  pattern: field(
    text,
    'Looks for a regular expression of the safe subset: no back-references, no unbounded look-around. Write it in single quotes.',
    'sk-[A-Za-z0-9_-]{20,200}',
  ),
  number: field(
    numberSchema,
    'Looks for a number or code of a known form, with its checksum where it has one: payment_card, email, github_token …',
  ),
  judge: field(text, 'Every stretch of the text is put to this judge, by its name under judges.', 'moderation'),
  where: where('With judge: the opinions that count as a finding. Left out: any opinion.'),
  most: field(count, 'Longest span the pattern looks for (UTF-16 units); required where the pattern itself has no end.', 300),
  action: needed(
    v.picklist(actions),
    'flag: record it. mask: put other text in its place. cut: end the answer before it; in a prompt, refuse the request. ask: a judge decides. allow: what other rules find inside of it is void.',
  ),
  ask: field(askSchema, 'Goes with action: ask. Which judge decides about what was found, and what then.', {
    judge: 'guard',
    where: { category: 'S11' },
    then: 'cut',
  }),
  with: field(v.string(), 'The text a mask puts in place; not empty, and itself clean.', '***', '[internal]'),
  lifts: field(
    texts,
    'Goes with action: allow. Ids or tags of the rules whose findings are void inside of what this one finds.',
    ['insults'],
  ),
  channels: field(
    v.pipe(v.array(v.picklist(channelKinds)), v.minLength(1)),
    'What the rule looks at. Default: answer, reasoning, refusal and tool_input. No rule looks at prompts unless it says so.',
    ['prompt'],
    ['answer', 'tool_input'],
  ),
  severity: field(v.picklist(severities), 'How grave a finding is, for the trail and whoever is woken by it; decides nothing.'),
  tags: field(v.array(text), 'Names for groups of rules, for the trail and for lifts.', ['secret']),
  mode: field(v.picklist(modes), 'shadow: find and record, touch nothing.'),
})
