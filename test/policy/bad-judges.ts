/** Judges, and the rules that ask them. */
import type { BadPolicy } from './bad-policy.ts'

export const badJudges: readonly BadPolicy[] = [
  {
    slip: 'judge of no kind',
    text: 'name: shop\njudges:\n  guard: { model: x }\n',
    says: ['3:10 judge "guard" has no kind | add kind: it takes openai_moderation, openai_chat, workers_ai or http'],
  },
  {
    slip: 'judge of a kind that is none',
    text: 'name: shop\njudges:\n  guard: { kind: openai, timeout_ms: soon }\n  other: { kind: llama-guard }\n',
    says: [
      '3:18 kind cannot be "openai" | did you mean openai_moderation? it takes openai_moderation, openai_chat, workers_ai or http',
      '3:38 timeout_ms is a number, not "soon" | write a whole number above zero, without quotes or unit',
      '4:18 kind cannot be "llama-guard" | did you mean openai_chat, with a template? it takes openai_moderation, openai_chat, workers_ai or http',
    ],
  },
  {
    slip: 'judge that is a word',
    text: 'name: shop\njudges:\n  guard: openai_moderation\n  other: llama\n',
    says: [
      '3:10 guard has keys of its own, it cannot be "openai_moderation" | did you mean guard: { kind: openai_moderation }?',
      '4:10 other has keys of its own, it cannot be "llama" | begin with kind: it takes openai_moderation, openai_chat, workers_ai or http',
    ],
  },
  {
    slip: 'list of judges',
    text: 'name: shop\njudges:\n  - name: guard\n    kind: openai_moderation\n',
    says: ['3:3 judges has keys of its own, it cannot be a list | write each by its name: guard: { kind: … }, without "- "'],
  },
  {
    slip: 'chat model without a template',
    text: 'name: shop\njudges:\n  guard: { kind: openai_chat, model: x }\n',
    says: [
      '3:10 judge "guard" has no template | add template: it takes llama-guard-3, llama-guard-4, shieldgemma, qwen3guard, granite-guardian-3.2, granite-guardian-3.3, granite-guardian-4.1 or rubric',
    ],
  },
  {
    slip: 'template that is none',
    text: 'name: shop\njudges:\n  guard: { kind: openai_chat, template: llama-guard, model: x }\n',
    says: [
      '3:41 template cannot be "llama-guard" | did you mean llama-guard-3? it takes llama-guard-3, llama-guard-4, shieldgemma, qwen3guard, granite-guardian-3.2, granite-guardian-3.3, granite-guardian-4.1 or rubric',
    ],
  },
  {
    slip: 'preset that is none',
    text: 'name: shop\njudges:\n  guard: { kind: http, preset: azure, base_url: A, api_key: B }\n',
    says: [
      '3:32 preset cannot be "azure" | did you mean azure-content-safety? it takes azure-content-safety, perspective, presidio, alibaba or own',
    ],
  },
  {
    slip: 'service without address and secret',
    text: 'name: shop\njudges:\n  guard: { kind: http }\n',
    says: [
      '3:10 judge "guard" has no url | add url, such as url: JUDGE_URL. Variable with the whole address of the service.',
      '3:10 judge "guard" has no secret | add secret, such as secret: JUDGE_SECRET. Variable with the secret that requests are signed with (HMAC-SHA-256).',
    ],
  },
  {
    slip: 'field of another kind',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, template: llama-guard-3 }\n',
    says: [
      '3:37 there is no key "template" here | the keys here are kind, stretch, wait, most_ahead, timeout_ms, on_fault, retry, breaker, most_open, cache, model, base_url, api_key',
    ],
  },
  {
    slip: 'key in place of the name of its variable',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, api_key: sk-proj-Zz9, modle: x }\n',
    says: [
      '3:46 api_key takes the name of a variable, not its value | write its value into a secret or variable of that name, and only the name here, such as MODERATION_API_KEY',
      '3:59 there is no key "modle" here | did you mean model?',
    ],
  },
  {
    slip: 'address and secret in place of the names of their variables',
    text: 'name: shop\njudges:\n  guard: { kind: http, url: "http://a.example", secret: hunter2 }\n',
    says: [
      '3:29 url takes the name of a variable, not its value | write its value into a secret or variable of that name, and only the name here, such as JUDGE_URL',
      '3:57 secret takes the name of a variable, not its value | write its value into a secret or variable of that name, and only the name here, such as JUDGE_SECRET',
    ],
  },
  {
    slip: 'judge with words of other tools',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, timeout: 3, wait: async, threshold: 0.5, on_error: pass }\n',
    says: [
      '3:37 there is no key "timeout" here | did you mean timeout_ms, in milliseconds?',
      '3:55 wait cannot be "async" | did you mean trail? it takes hold or trail',
      '3:62 there is no key "threshold" here | the rule says what counts: where: { … } beside judge',
      '3:78 there is no key "on_error" here | did you mean on_fault: cut, forward or flag?',
    ],
  },
  {
    slip: 'judge with values that are none',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, stretch: 200, breaker: true, cache: 3, retry: 2, on_fault: open }\n',
    says: [
      '3:46 stretch cannot be 200 | it takes whole or the keys first, grow_to, context',
      '3:60 breaker cannot be true | it takes false or the keys faults, open_ms',
      '3:73 cache cannot be 3 | it takes true, false or the keys seconds, most',
      '3:83 retry cannot be 2 | it takes true or false',
      '3:96 on_fault cannot be "open" | did you mean forward? it takes cut, forward, flag or the keys timeout, refused, busy, unreadable',
    ],
  },
  {
    slip: 'faults by names that are none',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, on_fault: { timout: forward, busy: deny } }\n',
    says: [
      '3:49 there is no key "timout" here | did you mean timeout?',
      '3:72 busy cannot be "deny" | did you mean cut? it takes cut, forward or flag',
    ],
  },
  {
    slip: 'judge with a blank in its name',
    text: 'name: shop\njudges:\n  my guard: { kind: openai_moderation }\n',
    says: [
      '3:3 "my guard" cannot be a name in judges | use letters, digits, ".", "_" and "-", at most 100, beginning with a letter or digit',
    ],
  },
  {
    slip: 'stretch that shrinks',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, stretch: { first: 900, grow_to: 600 } }\n',
    says: ['3:69 grow_to is less than first, which is 900 | make it as large, or larger'],
  },
  {
    slip: 'most_ahead while nothing goes ahead',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, most_ahead: 100 }\n',
    says: ['3:37 most_ahead belongs to wait: trail | add wait: trail, or remove it: with wait: hold nothing goes ahead'],
  },
  {
    slip: 'timeout that is longer than text may wait',
    text: 'name: shop\nhold: { most_ms: 1000 }\njudges:\n  guard: { kind: openai_moderation, timeout_ms: 3000 }\n',
    says: [
      '4:49 timeout_ms is longer than hold.most_ms, which is 1000 | make hold.most_ms as long, or the timeout shorter: text waits no longer than hold.most_ms',
    ],
  },
  {
    slip: 'timeout that is longer than text may wait where nobody says otherwise',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, timeout_ms: 20000 }\nrules:\n  - { id: a, judge: guard, action: cut }\n',
    says: ['3:49 timeout_ms is longer than hold.most_ms, which is 8000 unless told otherwise'],
  },
  {
    slip: 'stretch that is longer than what may wait, so that every long answer would be cut',
    text: 'name: shop\njudges:\n  guard: { kind: openai_moderation, stretch: { first: 5000 } }\nrules:\n  - { id: a, judge: guard, action: cut }\n',
    says: [
      '3:46 a stretch of 5000 characters does not fit into hold.most_chars, which is 4000 | make the stretches shorter, or raise hold.most_chars: an answer of which more waits is cut',
    ],
  },
  {
    slip: 'limit below the stretches of a judge of which nothing was said',
    text: 'name: shop\nhold: { most_chars: 200 }\njudges:\n  guard: { kind: openai_moderation }\nrules:\n  - { id: a, words: { terms: [x] }, action: ask, ask: { judge: guard, then: cut } }\n',
    says: ['4:3 a stretch of 600 characters does not fit into hold.most_chars, which is 200'],
  },
  {
    slip: 'judge nobody asks',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\njudges:\n  moderation: { kind: openai_moderation }\n',
    says: ['7:3 no rule asks judge "moderation" | add a rule with judge: moderation, or remove the judge'],
  },
  {
    slip: 'judge that is not there',
    text: 'name: shop\nrules:\n  - id: a\n    judge: gaurd\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['4:12 there is no judge "gaurd" | did you mean guard?'],
  },
  {
    slip: 'judge where there is none at all',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: cut\n',
    says: ['4:12 there is no judge "guard" | define it: judges: { guard: { kind: openai_moderation } }'],
  },
  {
    slip: 'judge that is to be asked and is not there',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n    ask: { judge: gard, then: cut }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['6:19 there is no judge "gard" | did you mean guard?'],
  },
  {
    slip: 'category that is mistyped',
    text: 'name: shop\nrules:\n  - id: a\n    judge: moderation\n    where: { category: violence/grafic }\n    action: cut\njudges:\n  moderation: { kind: openai_moderation }\n',
    says: ['5:24 judge "moderation" has no category "violence/grafic" | did you mean violence/graphic?'],
  },
  {
    slip: 'category in another case, and one of another judge',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    where: { category: [S1, s11, violence] }\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: [
      '5:29 judge "guard" has no category "s11" | did you mean S11?',
      '5:34 judge "guard" has no category "violence" | the categories here are S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12, S13, S14',
    ],
  },
  {
    slip: 'score of a judge that gives none',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    where: { at_least: 0.5 }\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['5:14 judge "guard" gives no scores | give the judge scores: true, or remove it: its yes counts'],
  },
  {
    slip: 'level of a judge that has none',
    text: 'name: shop\nrules:\n  - id: a\n    judge: moderation\n    where: { severity_at_least: 4 }\n    action: cut\njudges:\n  moderation: { kind: openai_moderation }\n',
    says: ['5:14 judge "moderation" has no levels of severity | did you mean at_least?'],
  },
  {
    slip: 'score in percent',
    text: 'name: shop\nrules:\n  - id: a\n    judge: moderation\n    where: { at_least: 60% }\n    action: cut\njudges:\n  moderation: { kind: openai_moderation }\n',
    says: ['5:24 at_least is a number, not "60%" | write a number from 0 to 1, such as 0.6'],
  },
  {
    slip: 'score from 0 to 100',
    text: 'name: shop\nrules:\n  - id: a\n    judge: moderation\n    where: { at_least: 60 }\n    action: cut\njudges:\n  moderation: { kind: openai_moderation }\n',
    says: ['5:24 at_least cannot be 60 | write a number from 0 to 1, such as 0.6'],
  },
  {
    slip: 'condition without its key',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    where: S11\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['5:12 where has keys of its own, it cannot be "S11" | did you mean where: { category: S11 }?'],
  },
  {
    slip: 'condition with words of other tools',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    where: { categories: [S11], threshold: 1 }\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: [
      '5:14 there is no key "categories" here | did you mean category? it takes one or several',
      '5:33 there is no key "threshold" here | did you mean at_least?',
    ],
  },
  {
    slip: 'condition without a judge',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    where: { category: S11 }\n    action: cut\n',
    says: ['5:5 where belongs to judge | add judge: NAME, or remove it'],
  },
  {
    slip: 'condition outside of ask',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n    ask: { judge: guard, then: cut }\n    where: { category: S11 }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['7:5 where belongs to judge | write it inside ask'],
  },
  {
    slip: 'judge and words in one rule',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    judge: guard\n    action: cut\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: [
      '5:5 rule "a" has two checks, words and judge | to put only what is found to the judge: action: ask and ask: { judge, where, then }; else make two rules of it',
    ],
  },
  {
    slip: 'judge that sees for itself and is asked',
    text: 'name: shop\nrules:\n  - id: a\n    judge: guard\n    action: ask\n    ask: { judge: guard, then: cut }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: [
      '5:13 a judge that sees for itself is not asked | choose mask, cut or flag; or give the rule words, a pattern or a number, and name the judge inside ask',
    ],
  },
  {
    slip: 'action: ask without ask',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n',
    says: [
      '5:13 action: ask needs ask, which judge decides and what then | add ask: { judge: NAME, where: { category: … }, then: cut }',
    ],
  },
  {
    slip: 'ask without action: ask',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\n    ask: { judge: guard, then: cut }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['6:5 ask goes with action: ask, not with action: cut | make the action ask, and say then: cut inside ask'],
  },
  {
    slip: 'ask without then',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n    ask: { judge: guard }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['6:10 ask has no then | add then: it takes mask, cut or flag'],
  },
  {
    slip: 'ask that is a name',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n    ask: guard\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['6:10 ask has keys of its own, it cannot be "guard" | did you mean ask: { judge: guard }?'],
  },
  {
    slip: 'then of another name',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n    ask: { judge: guard, action: block }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['6:26 there is no key "action" here | did you mean then?'],
  },
  {
    slip: 'then: mask without a replacement',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n    ask: { judge: guard, then: mask }\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: [
      '6:5 then: mask needs with, the text that stands in place of what is masked | add one beside ask, such as with: "***"',
    ],
  },
  {
    slip: 'replacement where nothing is masked',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: ask\n    ask: { judge: guard, then: cut }\n    with: "*"\njudges:\n  guard: { kind: openai_chat, template: llama-guard-3, base_url: GUARD_URL, model: lg3 }\n',
    says: ['7:5 with belongs to action: mask only | remove it, or say then: mask'],
  },
]
