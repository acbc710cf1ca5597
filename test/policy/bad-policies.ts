/** Policies with something wrong in them. */
import { badAllow } from './bad-allow.ts'
import { badJudges } from './bad-judges.ts'
import { type BadPolicy, rule } from './bad-policy.ts'
import { badTests } from './bad-tests.ts'
import { badWords } from './bad-words.ts'
import { badYaml } from './bad-yaml.ts'

const cut = 'action: cut'

const badOthers: readonly BadPolicy[] = [
  { slip: 'left the file empty', says: ['1:1 the policy is empty'], text: '' },
  { slip: 'wrote comments only', says: ['1:1 the policy is empty'], text: '# to do\n' },
  { slip: 'wrote a list', says: ['1:1 a policy is a group of keys, not a list'], text: '- id: a\n' },
  { slip: 'wrote one word', says: ['1:1 a policy is a group of keys, not "consumer-chat"'], text: 'consumer-chat\n' },
  { slip: 'gave no name', says: ['1:1 the policy has no name'], text: 'rules: []\n' },
  { slip: 'put a space into the name', says: ['1:7 name cannot be "consumer chat"'], text: 'name: consumer chat\nrules: []\n' },
  { slip: 'indented with a tab', says: ['3:1 a tab cannot indent'], text: 'name: shop\nrules:\n\t- id: a\n' },
  {
    slip: 'left a bracket open',
    says: ['2:10 the bracket [ is never closed'],
    text: 'name: shop\nextends: [secrets\nrules: []\n',
  },
  { slip: 'left a quote open', says: ['1:7 the quote " is never closed'], text: 'name: "shop\nrules: []\n' },
  { slip: 'gave a key twice', says: ['3:1 this key is given twice'], text: 'name: shop\nrules: []\nname: shop\n' },
  {
    slip: 'put a colon into plain text',
    says: ['4:12 a second ": " on one line'],
    text: 'name: shop\non_cut: { notice: "x" }\non_block:\n  message: Sorry: no.\n',
  },
  {
    slip: 'named an anchor that is nowhere',
    says: ['3:5 there is no anchor &common above'],
    text: 'name: shop\nrules:\n  - *common\n',
  },
  {
    slip: 'made an anchor hold itself',
    says: ['3:3 the file is too large or too deep once its aliases (*) are followed'],
    text: 'name: shop\nrules: &all\n  - *all\n',
  },
  {
    slip: 'let a few aliases stand for billions of values',
    says: ['2:16 the file is too large or too deep once its aliases (*) are followed'],
    text: `name: shop\na: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((key, index) => `${key}: &${key} [${Array(10).fill(`*${'abcdefg'[index]}`).join()}]`).join('\n')}\n`,
  },
  { slip: 'nested without end', says: ['1:1 the file nests too deeply'], text: `name: shop\nrules: ${'['.repeat(50_000)}\n` },
  {
    slip: 'wrote a file of another version of YAML',
    says: ['1:1 the file asks for another version of YAML'],
    text: '%YAML 1.1\n---\nname: shop\nrules: []\n',
  },
  {
    slip: 'wrote two documents',
    says: ['3:1 the file has more than one document'],
    text: 'name: shop\nrules: []\n---\nname: other\n',
  },
  { slip: 'wrote a type that is none', says: ['1:7 there is no type !shop'], text: 'name: !shop shop\n' },
  { slip: 'made a key of a number', says: ['2:1 a key has to be text'], text: 'name: shop\n7: x\n' },
  { slip: 'mistyped a key', says: ['2:1 there is no key "rule" here'], text: 'name: shop\nrule: []\n' },
  { slip: 'invented a key', says: ['2:1 there is no key "threshold" here'], text: 'name: shop\nthreshold: 3\n' },
  {
    slip: 'wrote a key that objects have by birth',
    says: ['2:1 there is no key "__proto__" here', '3:1 there is no key "constructor" here'],
    text: 'name: shop\n__proto__: { mode: shadow }\nconstructor: x\n',
  },
  { slip: 'mistyped a choice', says: ['2:7 mode cannot be "enforced"'], text: 'name: shop\nmode: enforced\n' },
  {
    slip: 'named the wrong kind of value',
    says: [
      '2:10 unknown cannot be true',
      '3:19 require_terminal cannot be "yes"',
      '4:7 hold has keys of its own, it cannot be 4000',
    ],
    text: 'name: shop\nunknown: true\nrequire_terminal: yes\nhold: 4000\n',
  },
  { slip: 'left a value out', says: ['2:6 mode has no value', '3:7 rules has no value'], text: 'name: shop\nmode:\nrules:\n' },
  {
    slip: 'set limits that are none',
    says: [
      '2:21 most_chars cannot be 0',
      '2:41 tool_most_chars cannot be -1',
      '2:64 answer_most_chars cannot be 1.5',
      '2:78 most_ms is a number, not "8000"',
    ],
    text: 'name: shop\nhold: { most_chars: 0, tool_most_chars: -1, answer_most_chars: 1.5, most_ms: "8000" }\n',
  },
  {
    slip: 'wrote an empty notice',
    says: ['2:19 notice is empty', '2:34 notice_in cannot be "chat"'],
    text: 'name: shop\non_cut: { notice: "", notice_in: chat }\n',
  },
  {
    slip: 'extended one name instead of a list',
    says: ['2:10 extends is a list, not "secrets"'],
    text: 'name: shop\nextends: secrets\n',
  },
  {
    slip: 'extended a file that is not there',
    says: ['2:11 there is no policy "secrets" to extend: policies/secrets.yaml cannot be read'],
    text: 'name: shop\nextends: [secrets]\n',
  },
  {
    slip: 'extended a file name',
    says: ['2:11 "secrets.yaml" is the name of a file | write the policy\'s: secrets'],
    text: 'name: shop\nextends: [secrets.yaml]\n',
  },
  {
    slip: 'extended a path',
    says: ['2:11 "../secrets" is not the name of a policy'],
    text: 'name: shop\nextends: [../secrets]\n',
  },
  {
    slip: 'extended in a circle',
    says: ['policies/base.yaml:2:11 "shop" extends this file in turn'],
    text: 'name: shop\nextends: [base]\n',
    files: { 'policies/base.yaml': 'name: base\nextends: [shop]\n', 'policies/shop.yaml': 'name: shop\nextends: [base]\n' },
  },
  {
    slip: 'broke a file that others extend',
    says: ['3:1 there is no key "mod" here', 'policies/base.yaml:4:16 not a regular expression: Unterminated group'],
    text: 'name: shop\nextends: [base]\nmod: shadow\n',
    files: { 'policies/base.yaml': 'name: base\nrules:\n  - id: a\n    pattern: "("\n    action: cut\n' },
  },
  {
    slip: 'wrote a rule that is a word',
    says: ['2:9 entry 1 of rules has keys of its own, it cannot be "slurs"'],
    text: 'name: shop\nrules: [slurs]\n',
  },
  {
    slip: 'gave a rule neither id nor action',
    says: ['3:5 this rule has no id', '3:5 this rule has no action'],
    text: rule('words: { terms: [x] }'),
  },
  {
    slip: 'put a space into an id',
    says: ['3:9 id cannot be "card number"'],
    text: rule('id: card number', 'words: { terms: [x] }', cut),
  },
  {
    slip: 'took the name of a limit for an id',
    says: ['3:9 "most_chars" is the name of a limit'],
    text: rule('id: most_chars', 'words: { terms: [x] }', cut),
  },
  {
    slip: 'used an id twice',
    says: ['6:9 rule "a" is defined twice'],
    text: rule('id: a', 'words: { terms: [x] }', cut).concat('  - id: a\n    words: { terms: [y] }\n    action: cut\n'),
  },
  { slip: 'gave a rule nothing to look for', says: ['3:9 rule "a" looks for nothing'], text: rule('id: a', cut) },
  {
    slip: 'gave a rule two checks',
    says: ['5:5 rule "a" has two checks, words and pattern'],
    text: rule('id: a', 'words: { terms: [x] }', "pattern: 'x'", cut),
  },
  {
    slip: 'mistyped an action',
    says: ['5:13 action cannot be "mak"'],
    text: rule('id: a', 'words: { terms: [x] }', 'action: mak', 'with: "*"'),
  },
  {
    slip: 'looked for a number there is none of',
    says: ['4:13 number cannot be "credit_card"'],
    text: rule('id: a', 'number: credit_card', cut),
  },
  {
    slip: 'looked for a number of their own',
    says: ['4:13 number cannot be 4111111111111111'],
    text: rule('id: a', 'number: 4111111111111111', cut),
  },
  {
    slip: 'gave a rule every check there is',
    says: ['5:5 rule "a" has two checks, words and pattern', '6:5 rule "a" has two checks, words and number'],
    text: rule('id: a', 'words: { terms: [x] }', "pattern: 'x'", 'number: email', cut),
  },
  {
    slip: 'said most of a number',
    says: ['5:5 most belongs to pattern'],
    text: rule('id: a', 'number: email', 'most: 20', cut),
  },
  {
    slip: 'masked without a replacement',
    says: ['5:13 action: mask needs with, the text that stands in place of what is masked'],
    text: rule('id: a', 'words: { terms: [x] }', 'action: mask'),
  },
  {
    slip: 'masked with nothing',
    says: ['6:11 with is empty; a mask that leaves nothing would join the text around it into something new'],
    text: rule('id: a', 'words: { terms: [x] }', 'action: mask', 'with: ""'),
  },
  {
    slip: 'masked with a number',
    says: ['6:11 with is text, but YAML reads 0 as a number'],
    text: rule('id: a', 'words: { terms: [x] }', 'action: mask', 'with: 0'),
  },
  {
    slip: 'wrote a replacement that a rule finds',
    says: ['6:11 the replacement is itself found by rule "a"'],
    text: rule('id: a', 'words: { terms: [card] }', 'action: mask', 'with: "[card]"'),
  },
  {
    slip: 'gave a cut a replacement',
    says: ['6:5 with belongs to action: mask only'],
    text: rule('id: a', 'words: { terms: [x] }', cut, 'with: "*"'),
  },
  {
    slip: 'named a channel that is none',
    says: ['6:16 entry 1 of channels cannot be "answers"', '6:25 entry 2 of channels cannot be "prompts"'],
    text: rule('id: a', 'words: { terms: [x] }', cut, 'channels: [answers, prompts]'),
  },
  {
    slip: 'named no channel',
    says: ['6:15 channels is empty'],
    text: rule('id: a', 'words: { terms: [x] }', cut, 'channels: []'),
  },
  {
    slip: 'wrote terms that YAML reads as something else',
    says: [
      '4:22 entry 1 of terms is text, but YAML reads 404 as a number',
      '4:27 entry 2 of terms is text, but YAML reads true as a boolean',
      '4:33 entry 3 of terms has no value',
    ],
    text: rule('id: a', 'words: { terms: [404, true, null, no] }', cut),
  },
  {
    slip: 'wrote an empty and a blank term',
    says: ['4:22 the term is empty and would be found everywhere', '4:26 the term is made of blanks only'],
    text: rule('id: a', 'words: { terms: ["", " "] }', cut),
  },
  { slip: 'wrote no term', says: ['4:5 the rule has no terms to look for'], text: rule('id: a', 'words: { terms: [] }', cut) },
  {
    slip: 'wrote neither terms nor list',
    says: ['4:5 the rule has no terms to look for'],
    text: rule('id: a', 'words: { fold: case }', cut),
  },
  {
    slip: 'wrote half a character',
    says: ['4:22 the term holds half a character (a lone surrogate)'],
    text: rule('id: a', 'words: { terms: ["\\ud83d"] }', cut),
  },
  {
    slip: 'made an exception of a term',
    says: ['4:22 "Nightjar" is an exception too, so it is never found'],
    text: rule('id: a', 'words: { terms: [Nightjar], except: [nightjar] }', cut),
  },
  {
    slip: 'looked for a term of which seeing through disguise leaves nothing',
    says: ['4:22 fold: loose leaves nothing of the term', '4:28 fold: loose leaves nothing of the term'],
    text: rule('id: a', 'words: { terms: ["--", "\\u200b\\u0301", x], fold: loose }', cut),
  },
  {
    slip: 'mistyped a boundary',
    says: ['4:26 there is no key "boundry" here', '4:47 fold cannot be "cases"'],
    text: rule('id: a', 'words: { terms: [x], boundry: word, fold: cases }', cut),
  },
  {
    slip: 'named a list that is not there',
    says: ['4:20 policies/lists/slurs.txt cannot be read'],
    text: rule('id: a', 'words: { list: lists/slurs.txt }', cut),
  },
  {
    slip: 'named a list outside the folder',
    says: ['4:20 "../slurs.txt" is outside the policy\'s folder'],
    text: rule('id: a', 'words: { list: ../slurs.txt }', cut),
  },
  {
    slip: 'named a list by an absolute path',
    says: ['4:20 "/etc/passwd" is outside the policy\'s folder'],
    text: rule('id: a', 'words: { list: /etc/passwd }', cut),
  },
  {
    slip: 'named an empty list',
    says: ['4:20 policies/slurs.txt has no terms'],
    text: rule('id: a', 'words: { list: slurs.txt }', cut),
    files: { 'policies/slurs.txt': '# none yet\n\n' },
  },
  {
    slip: 'named a list that is no text',
    says: ['4:20 policies/slurs.txt is not UTF-8 text'],
    text: rule('id: a', 'words: { list: slurs.txt }', cut),
    files: { 'policies/slurs.txt': Uint8Array.of(0x61, 0xff) },
  },
  {
    slip: 'wrote a pattern that is none',
    says: ['4:22 not a regular expression: Unterminated character class'],
    text: rule('id: a', "pattern: 'sk-[a-z'", cut),
  },
  {
    slip: 'wrote a pattern after Chinese text',
    says: ['4:20 not a regular expression: Unterminated group'],
    text: rule('id: a', "pattern: '密码：(a'", cut),
  },
  {
    slip: 'wrote a pattern in double quotes',
    says: ['4:15 "\\d" means nothing inside double quotes'],
    text: rule('id: a', 'pattern: "\\d{4}"', cut),
  },
  {
    slip: 'wrote a pattern without end',
    says: ['4:24 the pattern has no longest match'],
    text: rule('id: a', "pattern: 'tok_[a-z]+'", cut),
  },
  {
    slip: 'wrote a pattern that matches nothing at all',
    says: ['4:15 the pattern matches the empty text'],
    text: rule('id: a', "pattern: 'x*'", 'most: 20', cut),
  },
  {
    slip: 'wrote a back-reference',
    says: ['4:18 back-references cannot be matched in linear time'],
    text: rule('id: a', "pattern: '(a)\\1'", cut),
  },
  {
    slip: 'wrote a quote into a single-quoted pattern',
    says: ['4:22 not a regular expression: Unterminated group'],
    text: rule('id: a', "pattern: 'it''s ('", cut),
  },
  {
    slip: 'wrote a pattern over two lines',
    says: ['4:14 not a regular expression: Unterminated group'],
    text: rule('id: a', 'pattern: |-', '  a(', cut),
  },
  {
    slip: 'said most of words',
    says: ['5:5 most belongs to pattern'],
    text: rule('id: a', 'words: { terms: [x] }', 'most: 20', cut),
  },
  {
    slip: 'wrote a test with a key that is none',
    says: ['4:5 there is no key "read" here'],
    text: 'name: shop\ntests:\n  - answer: x\n    read: x\n',
  },
  { slip: 'steered the terminal', says: ['1:7 name cannot be "shop\\u001b[2J"'], text: 'name: "shop\u001b[2J"\n' },
]

export const badPolicies: readonly BadPolicy[] = [...badOthers, ...badYaml, ...badWords, ...badJudges, ...badAllow, ...badTests]
