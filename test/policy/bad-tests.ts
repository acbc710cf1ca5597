/** Tests that cannot be meant. */
import type { BadPolicy } from './bad-policy.ts'

export const badTests: readonly BadPolicy[] = [
  {
    slip: 'names a rule that is mistyped',
    text: 'name: shop\nrules:\n  - id: api-key\n    words: { terms: [x] }\n    action: cut\ntests:\n  - { answer: x, cut_by: api-kye }\n',
    says: ['7:26 there is no rule "api-kye" | did you mean api-key?'],
  },
  {
    slip: 'expects a rule to cut that masks',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: "*"\ntests:\n  - { answer: x, cut_by: a }\n',
    says: ['8:26 rule "a" never cuts | did you mean masked_by?'],
  },
  {
    slip: 'expects a rule to mask that cuts',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\ntests:\n  - { answer: x, masked_by: [a], flagged_by: a }\n',
    says: ['7:30 rule "a" never masks | did you mean cut_by?', '7:46 rule "a" never flags | did you mean cut_by?'],
  },
  {
    slip: 'expects an answer to be blocked',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\n    channels: [answer, prompt]\ntests:\n  - { answer: x, blocked_by: a }\n',
    says: ['8:18 blocked_by belongs to a prompt | did you mean cut_by? what is cut is an answer'],
  },
  {
    slip: 'expects a prompt to be cut',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\n    channels: [prompt]\ntests:\n  - { prompt: x, cut_by: a }\n',
    says: ['8:18 cut_by belongs to an answer | did you mean blocked_by? what is cut in a prompt refuses it'],
  },
  {
    slip: 'expects a block by a rule that sees no prompts',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\ntests:\n  - { prompt: x, blocked_by: a }\n',
    says: ['7:30 rule "a" never refuses a prompt | give the rule channels: [prompt], or expect another'],
  },
  {
    slip: 'gives no text',
    text: 'name: shop\ntests:\n  - { reads: x }\n',
    says: ['3:5 this test has no text | give it an answer: or a prompt:'],
  },
  {
    slip: 'gives two texts',
    text: 'name: shop\ntests:\n  - { answer: x, reasoning: y }\n',
    says: ['3:18 this test has two texts, answer and reasoning | make two tests of it'],
  },
  {
    slip: 'speaks for judges that are not there',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\ntests:\n  - { answer: x, judge: { gard: [] }, asked: [guarde] }\n',
    says: ['9:27 there is no judge "gard" | did you mean guard?', '9:47 there is no judge "guarde" | did you mean guard?'],
  },
  {
    slip: 'has a judge say what it never says',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\ntests:\n  - { answer: x, judge: { guard: [S99, { category: s2 }] } }\n',
    says: [
      '9:35 judge "guard" has no category "S99" | did you mean S9?',
      '9:52 judge "guard" has no category "s2" | did you mean S2?',
    ],
  },
  {
    slip: 'has a judge fail in a way that is none',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\ntests:\n  - { answer: x, judge: { guard: tired } }\n',
    says: ['9:34 guard cannot be "tired" | it takes timeout, refused, busy or unreadable'],
  },
  {
    slip: 'has a judge without its name',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\ntests:\n  - { answer: x, judge: [S1] }\n',
    says: ['9:25 judge has keys of its own, it cannot be a list | write each by its name: guard: [ … ], without "- "'],
  },
  {
    slip: 'gives an opinion with too much score',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\ntests:\n  - { answer: x, judge: { guard: [{ category: S1, score: 3 }] } }\n',
    says: ['9:58 score cannot be 3 | write a number from 0 to 1'],
  },
  {
    slip: 'uses words of other tools',
    text: 'name: shop\ntests:\n  - { input: x, output: y, description: z }\n',
    says: [
      '3:7 there is no key "input" here | did you mean answer?',
      '3:17 there is no key "output" here | did you mean reads?',
      '3:28 there is no key "description" here | did you mean name?',
    ],
  },
  {
    slip: 'writes a number for a text',
    text: 'name: shop\ntests:\n  - answer: 42\n    reads: no\n',
    says: ['3:13 answer is text, but YAML reads 42 as a number | put it in quotes: "42"'],
  },
  {
    slip: 'lists no tests but one',
    text: 'name: shop\ntests: { answer: x }\n',
    says: ['2:8 tests is a list, not a group of keys | begin each entry with "- "'],
  },
]
