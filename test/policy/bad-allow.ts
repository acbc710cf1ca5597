/** Allowances, and what packs may do to each other. */
import type { BadPolicy } from './bad-policy.ts'

export const badAllow: readonly BadPolicy[] = [
  {
    slip: 'lifts nothing',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n',
    says: ['5:13 action: allow needs lifts, the rules whose findings it makes void | add lifts: [ … ] with ids or tags of rules'],
  },
  {
    slip: 'lifts an empty list',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n    lifts: []\n',
    says: ['6:12 lifts is empty | write something, or remove it'],
  },
  {
    slip: 'lifts a rule that is mistyped',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n    lifts: [slur, manner]\n  - { id: slurs, words: { terms: [y] }, action: cut, tags: [manners] }\n',
    says: [
      '6:13 no rule has the id or tag "slur" | did you mean slurs?',
      '6:19 no rule has the id or tag "manner" | did you mean manners?',
    ],
  },
  {
    slip: 'lifts itself',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n    lifts: [a]\n',
    says: ['6:13 "a" is itself an allowance | remove it, or name another rule'],
  },
  {
    slip: 'lifts what a judge finds',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n    lifts: [b]\n  - { id: b, judge: guard, action: cut }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['6:13 "b" is a judge\'s, and what judges find is never lifted | remove it, or name another rule'],
  },
  {
    slip: 'lifts a rule that looks elsewhere',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n    lifts: [b]\n  - { id: b, words: { terms: [y] }, action: cut, channels: [prompt] }\n',
    says: ['6:13 "b" looks at none of the channels that this rule looks at | remove it, or name another rule'],
  },
  {
    slip: 'lifts and cuts',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\n    lifts: [b]\n',
    says: ['6:5 lifts belongs to action: allow | make the action allow, or remove it'],
  },
  {
    slip: 'allows by a judge',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: allow\n    lifts: [b]\n  - { id: b, words: { terms: [y] }, action: cut }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['5:13 a judge cannot allow | give the rule words, a pattern or a number'],
  },
  {
    slip: 'allows with exceptions',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x y], except: [x y z] }\n    action: allow\n    lifts: [b]\n  - { id: b, words: { terms: [y] }, action: cut }\n',
    says: ['4:12 except lifts findings, and an allowance has none | remove except; list only what is to be allowed'],
  },
  {
    slip: 'allows with a replacement',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n    lifts: [b]\n    with: "*"\n  - { id: b, words: { terms: [y] }, action: cut }\n',
    says: ['7:5 with belongs to action: mask only | remove it, or make the action mask'],
  },
  {
    slip: 'lifts, in a pack, another pack’s rule',
    text: 'name: shop\nextends: [one, two]\n',
    says: [
      'policies/two.yaml:3:66 "slurs" is a rule of policies/one.yaml, which this file does not extend | a pack lifts its own rules only: write the allowance into the policy that extends both',
    ],
    files: {
      'policies/one.yaml': 'name: one\nrules:\n  - { id: slurs, words: { terms: [y] }, action: cut }\n',
      'policies/two.yaml': 'name: two\nrules:\n  - { id: names, words: { terms: [xyz] }, action: allow, lifts: [slurs] }\n',
    },
  },
  {
    slip: 'breaks the rule that is lifted',
    text: "name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: allow\n    lifts: [b]\n  - { id: b, pattern: '(', action: cut }\n",
    says: ['7:25 not a regular expression: Unterminated group | patterns are JavaScript regular expressions with the u flag'],
  },
  {
    slip: 'asks, in a pack, a judge that nobody defines',
    text: 'name: shop\nextends: [care]\n',
    says: ['policies/care.yaml:3:67 there is no judge "guard" | define it: judges: { guard: { kind: openai_moderation } }'],
    files: {
      'policies/care.yaml':
        'name: care\nrules:\n  - { id: harm, words: { terms: [y] }, action: ask, ask: { judge: guard, then: cut } }\n',
    },
  },
]
