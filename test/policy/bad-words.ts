/** Words of other tools, and the right words in the wrong place. */
import type { BadPolicy } from './bad-policy.ts'

export const badWords: readonly BadPolicy[] = [
  {
    slip: 'blocks',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: block\n',
    says: [
      '5:13 action cannot be "block" | did you mean cut? on a prompt it refuses the request; it takes flag, mask, cut, ask or allow',
    ],
  },
  {
    slip: 'redacts',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: redact\n',
    says: ['5:13 action cannot be "redact" | did you mean mask? it takes flag, mask, cut, ask or allow'],
  },
  {
    slip: 'logs',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: log\n',
    says: ['5:13 action cannot be "log" | did you mean flag? it takes flag, mask, cut, ask or allow'],
  },
  {
    slip: 'whitelists',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: whitelist\n',
    says: [
      '5:13 action cannot be "whitelist" | did you mean allow? it lifts what other rules find; it takes flag, mask, cut, ask or allow',
    ],
  },
  {
    slip: 'makes an action of a mode',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: shadow\n',
    says: [
      '5:13 action cannot be "shadow" | that is a mode: write mode: shadow, and the action the rule is to have one day; it takes flag, mask, cut, ask or allow',
    ],
  },
  {
    slip: 'speaks another tool’s language',
    text: 'name: shop\nrules:\n  - name: a\n    regex: \'x\'\n    action: mask\n    replacement: "*"\n    description: to do\n    enabled: true\n    threshold: 0.5\n',
    says: [
      '3:5 there is no key "name" here | did you mean id?',
      '4:5 there is no key "regex" here | did you mean pattern?',
      '6:5 there is no key "replacement" here | did you mean with?',
      '7:5 there is no key "description" here | write notes as comments, after a #',
      '8:5 there is no key "enabled" here | a rule that is there is on; mode: shadow makes it find and record only',
      '9:5 there is no key "threshold" here | did you mean where: { at_least: … }, beside judge?',
    ],
  },
  {
    slip: 'monitors',
    text: 'name: shop\nmode: monitor\nrelease: token\nunknown: pass\nreasoning: drop\n',
    says: [
      '2:7 mode cannot be "monitor" | did you mean shadow? it takes enforce or shadow',
      '3:10 release cannot be "token" | did you mean exact? it takes exact or sentence',
      '4:10 unknown cannot be "pass" | strings nobody looks at are a way round every rule; it takes check, drop or refuse',
      '5:12 reasoning cannot be "drop" | did you mean hold? it drops the block that is found; it takes cut or hold',
    ],
  },
  {
    slip: 'describes the policy',
    text: 'name: shop\ndescription: our shop\nversion: 2\ninclude: [pii]\nnotice: Sorry.\n$schema: x\n',
    says: [
      '2:1 there is no key "description" here | write notes as comments, after a #',
      '3:1 there is no key "version" here | remove it; a policy is known by its name and by a hash of what it says',
      '4:1 there is no key "include" here | did you mean extends?',
      '5:1 there is no key "notice" here | did you mean on_cut: { notice: … }?',
      '6:1 there is no key "$schema" here | write it as a comment: # yaml-language-server: $schema=./policy.schema.json',
    ],
  },
  {
    slip: 'writes terms where words belong',
    text: 'name: shop\nrules:\n  - id: a\n    words: [x, y]\n    action: cut\n',
    says: ['4:12 words has keys of its own, it cannot be a list | did you mean words: { terms: [x, y] }?'],
  },
  {
    slip: 'writes one word where words belong',
    text: 'name: shop\nrules:\n  - id: a\n    words: x\n    action: cut\n',
    says: ['4:12 words has keys of its own, it cannot be "x" | did you mean words: { terms: [x] }?'],
  },
  {
    slip: 'forgets the brackets of a list',
    text: 'name: shop\nrules:\n  - id: a\n    words:\n      terms: x, y\n    action: cut\n    channels: prompt\n    tags: t\n',
    says: [
      '5:14 terms is a list, not "x, y" | put it in brackets: [x, y]',
      '7:15 channels is a list, not "prompt" | put it in brackets: [prompt]',
      '8:11 tags is a list, not "t" | put it in brackets: [t]',
    ],
  },
  {
    slip: 'forgets the brackets of a list inside braces',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: x, y }\n    action: cut\n',
    says: [
      '4:21 terms is a list, not "x" | put it in brackets: [x]',
      '4:24 there is no key "y" here | the keys here are terms, list, fold, boundary, except; several values stand in brackets: [ … ]',
    ],
  },
  {
    slip: 'separates as in Chinese',
    text: 'name: shop\nrules:\n  - id: a\n    words:\n      terms: 夜鹰，代号\n    action: cut\n',
    says: ['5:14 terms is a list, not "夜鹰，代号" | put it in brackets: [夜鹰, 代号]'],
  },
  {
    slip: 'names the sides of a conversation',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\n    channels: [input, output, thinking, tools]\n',
    says: [
      '6:16 entry 1 of channels cannot be "input" | did you mean prompt? it takes answer, reasoning, refusal, tool_input, prompt or prompt.system',
      '6:23 entry 2 of channels cannot be "output" | did you mean answer? it takes answer, reasoning, refusal, tool_input, prompt or prompt.system',
      '6:31 entry 3 of channels cannot be "thinking" | did you mean reasoning? it takes answer, reasoning, refusal, tool_input, prompt or prompt.system',
      '6:41 entry 4 of channels cannot be "tools" | did you mean tool_input? it takes answer, reasoning, refusal, tool_input, prompt or prompt.system',
    ],
  },
  {
    slip: 'puts the action inside words',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x], action: cut }\n',
    says: [
      '3:5 this rule has no action | add action: it takes flag, mask, cut, ask or allow',
      '4:26 there is no key "action" here | it belongs to the rule: write it further to the left',
    ],
  },
  {
    slip: 'puts the terms outside of words',
    text: 'name: shop\nrules:\n  - id: a\n    terms: [x]\n    action: cut\n',
    says: ['4:5 there is no key "terms" here | it belongs inside words: indent it below words:'],
  },
  {
    slip: 'puts a rule’s keys at the left',
    text: 'name: shop\nrules:\n  - id: a\naction: cut\npattern: x\n',
    says: [
      '3:5 this rule has no action | add action: it takes flag, mask, cut, ask or allow',
      '4:1 there is no key "action" here | it belongs to an entry of rules: write it further to the right, below its id',
      '5:1 there is no key "pattern" here | it belongs to an entry of rules: write it further to the right, below its id',
    ],
  },
  {
    slip: 'names rules by keys',
    text: 'name: shop\nrules:\n  a: { words: { terms: [x] }, action: cut }\n',
    says: ['3:3 rules is a list, not a group of keys | begin each rule with "- ", and write its name as its id: - id: a'],
  },
  {
    slip: 'writes a notice where settings belong',
    text: 'name: shop\non_cut: Sorry.\non_block: No.\nhold: 4000\nmedia: drop\nprompt: all\n',
    says: [
      '2:9 on_cut has keys of its own, it cannot be "Sorry." | did you mean on_cut: { notice: Sorry. }?',
      '3:11 on_block has keys of its own, it cannot be "No." | did you mean on_block: { message: No. }?',
      '4:7 hold has keys of its own, it cannot be 4000 | did you mean hold: { most_chars: 4000 }?',
      '5:8 media has keys of its own, it cannot be "drop" | the keys are image, audio, file',
      '6:9 prompt has keys of its own, it cannot be "all" | the keys are overlap, turns',
    ],
  },
  {
    slip: 'writes a list where settings belong',
    text: 'name: shop\nhold:\n  - most_chars: 4000\n',
    says: [
      '3:3 hold has keys of its own, it cannot be a list | remove the "- "; the keys are most_chars, tool_most_chars, answer_most_chars, most_ms, at_cap',
    ],
  },
  {
    slip: 'translates a notice into a language that is none',
    text: 'name: shop\non_cut: { notice: { en: Sorry., Chinese simplified: 抱歉。, zh: } }\n',
    says: [
      '2:33 "Chinese simplified" cannot be a name in notice | languages are named by their tags, such as en, zh, zh-Hant or pt-BR',
      '2:62 zh has no value | write one, or remove it. The text in this language.',
    ],
  },
  {
    slip: 'translates a notice into no language',
    text: 'name: shop\non_cut: { notice: {} }\non_block: { message: [No., 不行。] }\n',
    says: [
      '2:19 notice is empty | write something, or remove it',
      '3:22 message is text, not a list | put it in quotes: "[No., 不行。]"',
    ],
  },
  {
    slip: 'says yes with a word',
    text: 'name: shop\nrequire_terminal: on\nprompt: { overlap: yes, turns: 3 }\n',
    says: [
      '2:19 require_terminal cannot be "on" | it takes true or false',
      '3:20 overlap cannot be "yes" | it takes true or false',
      '3:32 turns cannot be 3 | it takes last or all',
    ],
  },
  {
    slip: 'grades by number',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: flag\n    severity: 3\n',
    says: ['6:15 severity cannot be 3 | did you mean high? it takes low, medium, high or critical'],
  },
  {
    slip: 'says in words what a number is',
    text: 'name: shop\nrules:\n  - id: a\n    number: ssn\n    action: cut\n',
    says: [
      '4:13 number cannot be "ssn" | did you mean us_ssn? it takes payment_card, iban, us_ssn, cn_resident_id, cn_mobile, phone, ipv4, ipv6 …',
    ],
  },
  {
    slip: 'folds by another name',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x], fold: lowercase, boundary: true, case_sensitive: false }\n    action: cut\n',
    says: [
      '4:32 fold cannot be "lowercase" | did you mean case? it takes none, case or loose',
      '4:53 boundary cannot be true | did you mean word? it takes none or word',
      '4:59 there is no key "case_sensitive" here | did you mean fold: none? fold: case makes case not matter',
    ],
  },
]
