/** Slips of YAML: what somebody writes who has never written any. */
import type { BadPolicy } from './bad-policy.ts'

export const badYaml: readonly BadPolicy[] = [
  {
    slip: 'left a pattern without quotes, inside braces',
    text: 'name: shop\nrules:\n  - { id: a, pattern: sk-[a-z]{4}, action: cut }\n',
    says: ["3:26 this cannot stand here | put the pattern in single quotes: pattern: '…'"],
  },
  {
    slip: 'left signs without quotes, inside brackets',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [100%, @all, #tag] }\n    action: cut\n',
    says: [
      '4:21 the bracket [ is never closed | close it with ], or put text that begins with [ in quotes',
      '4:28 plain text cannot begin with @ | put the value in quotes: "@all"',
    ],
  },
  {
    slip: 'left a pattern without quotes, and it begins as a list does',
    text: 'name: shop\nrules:\n  - id: a\n    pattern: [A-Z]{3}\n    action: cut\n',
    says: ["4:19 the value goes on after its bracket was closed | put the pattern in single quotes: pattern: '…'"],
  },
  {
    slip: 'left a pattern without quotes, and it is a list',
    text: 'name: shop\nrules:\n  - id: a\n    pattern: [A-Z]\n    action: cut\n',
    says: ["4:14 pattern is text, not a list | put it in quotes: '[A-Z]'"],
  },
  {
    slip: 'left a pattern without quotes, and it begins as a group does',
    text: 'name: shop\nrules:\n  - id: a\n    pattern: {foo\n    action: cut\n',
    says: ["4:14 the bracket { is never closed | put the pattern in single quotes: pattern: '…'"],
  },
  {
    slip: 'left a pattern with a colon without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    pattern: key: \\w\n    action: cut\n',
    says: ['4:14 a second ": " on one line | put the pattern in single quotes: \'key: \\w\''],
  },
  {
    slip: 'left stars without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: ***\n',
    says: ['6:11 plain text cannot begin with * | put text that begins with * in quotes: "***"'],
  },
  {
    slip: 'left a star without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: *\n',
    says: ['6:11 plain text cannot begin with * | put the value in quotes: "***"'],
  },
  {
    slip: 'left brackets without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: [card]\n',
    says: ['6:11 with is text, not a list | put it in quotes: "[card]"'],
  },
  {
    slip: 'left an at sign without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: @hidden\n',
    says: ['6:11 plain text cannot begin with @ | put the value in quotes: "@hidden"'],
  },
  {
    slip: 'left a hash without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: #hidden\n',
    says: ['6:11 with has no value | what follows # is a comment; put text that begins with # in quotes: "#hidden"'],
  },
  {
    slip: 'left a question mark without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: ? who\n',
    says: ['6:11 plain text cannot begin with ? | put the value in quotes: "? who"'],
  },
  {
    slip: 'left an arrow without quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: >>>\n',
    says: ['6:11 plain text cannot begin with > | put the value in quotes: ">>>"'],
  },
  {
    slip: 'wrote an apostrophe between single quotes',
    text: "name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: 'it's'\n",
    says: [
      "6:15 the quotes end before the value does | an apostrophe inside '…' is written twice, as in 'it''s'; or put the text in \"…\"",
    ],
  },
  {
    slip: 'wrote on after the quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: "a" b\n',
    says: ['6:15 the quotes end before the value does | put the whole value in quotes, and those inside it into single ones'],
  },
  {
    slip: 'left a single quote open',
    text: "name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    with: 'hidden\n    action: mask\n",
    says: ["5:11 the quote ' is never closed | close it; inside '…' an apostrophe is written twice, as in 'it''s'"],
  },
  {
    slip: 'indented a line too little',
    text: 'name: shop\nrules:\n  - id: a\n  action: cut\n',
    says: [
      '4:3 the line begins at another column than those around it | the keys of one group begin at one column; those of a rule stand below its id',
    ],
  },
  {
    slip: 'indented a line by one blank too few',
    text: 'name: shop\nrules:\n  - id: a\n   action: cut\n',
    says: [
      '4:4 the line begins at another column than those around it | the keys of one group begin at one column; those of a rule stand below its id',
    ],
  },
  {
    slip: 'indented a line too far',
    text: 'name: shop\nrules:\n  - id: a\n     action: cut\n',
    says: ['4:6 the line is indented too far | the keys of one group begin at one column'],
  },
  {
    slip: 'indented the first line',
    text: ' name: shop\nrules: []\n',
    says: ['1:1 the file begins with a blank | the first key begins at the first column'],
  },
  {
    slip: 'did not indent what stands inside',
    text: 'name: shop\nrules:\n  - id: a\n    words:\n    terms: [x]\n    action: cut\n',
    says: [
      '4:11 words has no value | write one, or remove it. Looks for terms.',
      '5:5 there is no key "terms" here | it belongs inside words: indent it below words:',
    ],
  },
  {
    slip: 'indented with a tab',
    text: 'name: shop\nrules:\n  - id: a\n\taction: cut\n',
    says: ['4:1 a tab cannot indent | indent with spaces'],
  },
  {
    slip: 'indented with blanks that do not break',
    text: 'name: shop\nhold:\n  most_chars: 3\n',
    says: [
      '2:6 hold has no value | write one, or remove it. How much may wait, and how long.',
      '3:1 there is no key "\\u00a0\\u00a0most_chars" here | the blank before it is no ordinary one: indent with the space bar, in half width',
    ],
  },
  {
    slip: 'indented with blanks of full width',
    text: 'name: shop\nhold:\n　most_chars: 3\n',
    says: [
      '2:6 hold has no value | write one, or remove it. How much may wait, and how long.',
      '3:1 there is no key "\\u3000most_chars" here | the blank before it is no ordinary one: indent with the space bar, in half width',
    ],
  },
  {
    slip: 'left the blank after all colons out',
    text: 'name:shop\nmode:shadow\n',
    says: [
      '1:1 a policy is a group of keys, not "name:shop mode:shadow" | put an ordinary colon and a blank after each key: name: shop',
    ],
  },
  {
    slip: 'left the blank after a colon out',
    text: 'name: shop\nmode:shadow\n',
    says: ['2:1 a blank is missing after the colon | write mode: shadow'],
  },
  {
    slip: 'wrote a blank that does not break after a colon',
    text: 'name: shop\nmode:\u00a0shadow\n',
    says: ['2:1 the blank after the colon is no ordinary one | write mode: shadow with the space bar, in half width'],
  },
  {
    slip: 'left the blank after a colon out, inside braces',
    text: 'name: shop\nrules:\n  - { id: a, words: { terms: [x] }, action:flag }\n',
    says: ['3:37 there is no key "action:flag" here | put an ordinary blank after the colon: action: flag'],
  },
  {
    slip: 'copied signs along that do not show',
    text: 'name: shop\nmo\u200bde: shadow\nreasoning: cut\u00ad\n',
    says: [
      '2:1 there is no key "mo\\u200bde" here | did you mean mode?',
      '3:12 reasoning cannot be "cut\\u00ad" | did you mean cut? it takes cut or hold',
    ],
  },
  {
    slip: 'ended lines as old Macs do, and made a slip',
    text: 'name: shop\rmode: shaddow\rrules: []\r',
    says: ['2:7 mode cannot be "shaddow" | did you mean shadow? it takes enforce or shadow'],
  },
  {
    slip: 'listed what YAML takes for a number without end',
    text: 'name: shop\nrules:\n  - { id: a, words: { terms: [.inf] }, action: flag }\n',
    says: ['3:31 entry 1 of terms is text, but YAML reads Infinity as a number | put it in quotes: ".inf"'],
  },
  {
    slip: 'left the blank after a dash out, and the columns with it',
    text: 'name: shop\nrules:\n  -id: a\n   action: cut\n',
    says: ['3:3 a blank is missing after the dash | write - id: a'],
  },
  {
    slip: 'indented with tabs inside of a bracket',
    text: 'name: shop\nrules:\n  - id: a\n    words: {\n\t\tterms: [x]\n    }\n    action: cut\n',
    says: ['5:1 a tab cannot indent | indent with spaces'],
  },
  {
    slip: 'did not indent what stands in a bracket',
    text: 'name: shop\nrules:\n  - id: a\n    words: {\n  terms: [x]\n    }\n    action: cut\n',
    says: ['5:3 what stands between { and } begins too far to the left | indent it further than the key before the bracket'],
  },
  {
    slip: 'left the blank after a dash out',
    text: 'name: shop\nrules:\n  -id: a\n',
    says: ['3:3 rules is a list, not a group of keys | put a blank after each dash: - id: …'],
  },
  {
    slip: 'wrote colons of full width',
    text: 'name：shop\nmode：shadow\n',
    says: [
      '1:1 a policy is a group of keys, not "name：shop mode：shadow" | put an ordinary colon and a blank after each key: name: shop',
    ],
  },
  {
    slip: 'wrote a colon of full width',
    text: 'name: shop\nmode：shadow\nrules: []\n',
    says: ['2:1 a colon of full width is no colon here | write an ordinary colon and a blank: mode: shadow'],
  },
  {
    slip: 'left a brace open',
    text: 'name: shop\nrules:\n  - { id: a, words: { terms: [x] }, action: cut\n  - { id: b }\n',
    says: ['3:5 the bracket { is never closed | close it with }, or put text that begins with { in quotes'],
  },
  {
    slip: 'left a bracket open inside braces',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x, y }\n    action: cut\n',
    says: ['4:21 the bracket [ is never closed | close it with ], or put text that begins with [ in quotes'],
  },
  {
    slip: 'closed a brace twice',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }}\n    action: cut\n',
    says: ['4:26 a closing bracket too many | remove it, or put the text in quotes'],
  },
  {
    slip: 'left a comma out',
    text: 'name: shop\nrules:\n  - { id: a words: { terms: [x] }, action: cut }\n',
    says: ['3:11 a comma is missing between two keys | inside { } keys are parted by commas: { id: a, action: cut }'],
  },
  {
    slip: 'wrote commas at the ends of lines',
    text: 'name: shop\nrules:\n  - id: a,\n    words: { terms: [x] }\n    action: cut,\n',
    says: [
      '3:9 id cannot be "a," | use letters, digits, ".", "_" and "-", at most 100, beginning with a letter or digit',
      '5:13 action cannot be "cut," | did you mean cut? it takes flag, mask, cut, ask or allow',
    ],
  },
  {
    slip: 'began a list beside its key',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: cut\n    channels: - prompt\n',
    says: ['6:15 a list begins on the line below its key | begin each entry with "- " on a line of its own, or write [ … ]'],
  },
  {
    slip: 'merged a rule into another',
    text: 'name: shop\nrules:\n  - &a { id: a, words: { terms: [x] }, action: cut }\n  - <<: *a\n    id: b\n    action: flag\n',
    says: [
      '4:5 there is no key "<<" here | merging is not in YAML 1.2: write the keys, or take over a whole value (words: *name)',
    ],
  },
  {
    slip: 'wrote typographic quotes',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: “cut”\n',
    says: [
      '5:13 action cannot be "“cut”" | did you mean cut, without typographic quotes? it takes flag, mask, cut, ask or allow',
    ],
  },
  {
    slip: 'quoted a key typographically',
    text: 'name: shop\n“mode”: shadow\n',
    says: ['2:1 there is no key "“mode”" here | typographic quotes are part of the key; write mode'],
  },
  {
    slip: 'quoted a text with a colon typographically',
    text: 'name: shop\nrules:\n  - id: a\n    words: { terms: [x] }\n    action: mask\n    with: “a: b”\n',
    says: ['6:11 typographic quotes are part of the text, and quote nothing | write straight quotes: "…"'],
  },
  {
    slip: 'made slips in YAML and others',
    text: 'name: shop\nrules:\n  - id: a\n    id: b\n    wrods: { terms: [x] }\n    action: block\n',
    says: [
      '4:5 this key is given twice | keep one of them; the other would be ignored',
      '5:5 there is no key "wrods" here | did you mean words?',
      '6:13 action cannot be "block" | did you mean cut? on a prompt it refuses the request; it takes flag, mask, cut, ask or allow',
    ],
  },
]
