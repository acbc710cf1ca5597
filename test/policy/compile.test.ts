/** A policy file means what it says together with its lists and what it extends. */
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../../src/policy/compile.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { packPlan } from '../../src/policy/pack.ts'
import type { Problem } from '../../src/policy/problem.ts'

type Files = Readonly<Record<string, string>>

async function compile(text: string, files: Files = {}, file = 'policies/shop.yaml') {
  const warnings: Problem[] = []
  const asked: string[] = []
  const readFile = async (path: string) => {
    asked.push(path)
    const content = files[path]
    if (content === undefined) throw new Error('no such file')
    return new TextEncoder().encode(content)
  }
  const policy = await compilePolicy(text, { file, readFile, packs: 'packs', onWarning: (warning) => warnings.push(warning) })
  return { policy, warnings, asked, rules: policy.definition.rules, plan: loadPlan(packPlan(policy)) }
}

const simple = 'name: shop\nrules:\n  - { id: a, words: { terms: [Nightjar] }, action: mask, with: "***" }\n'

describe('rules', () => {
  test('carry everything that was written, and defaults for the rest', async () => {
    const { rules } = await compile(
      'name: shop\nrules:\n  - { id: a, words: { terms: [x], boundary: none, fold: none, except: [xy] }, action: flag, tags: [t], channels: [prompt], mode: shadow }\n  - { id: b, words: { terms: [x] }, action: cut }\n',
    )
    expect(rules).toEqual([
      {
        id: 'a',
        words: { terms: ['x'], boundary: 'none', fold: 'none', except: ['xy'] },
        action: 'flag',
        tags: ['t'],
        channels: ['prompt'],
        mode: 'shadow',
      },
      { id: 'b', words: { terms: ['x'], boundary: 'none', fold: 'case', except: [] }, action: 'cut' },
    ])
  })

  test('find numbers that prove themselves, by name', async () => {
    const text = (name: string) => `name: shop\nrules:\n  - { id: a, number: ${name}, action: mask, with: '*' }\n`
    const { plan, rules, policy } = await compile(text('us_ssn'))
    const run = plan.matchers.answer[0]?.open()
    run?.push('987-65-4329 is nobody, 123-45-6789 somebody.')
    run?.end()
    expect(run?.take()).toEqual([{ rule: 0, start: 23, end: 34 }])
    expect(rules[0]).toMatchObject({ id: 'a', number: 'us_ssn', pattern: { check: 'us_ssn' } })
    expect((await compile(text('ipv4'))).policy.hash).not.toBe(policy.hash)
  })

  test('see through disguise where they say so', async () => {
    const { plan } = await compile(
      'name: shop\nrules:\n  - { id: a, words: { terms: [Nightjar], fold: loose }, action: cut }\n  - { id: b, words: { terms: [Nightjar] }, action: cut }\n',
    )
    const run = plan.matchers.answer.map((matcher) => matcher.open('holds'))[0]
    run?.push('n1ghtj4r')
    expect(run?.take()).toEqual([{ rule: 0, start: 0, end: 8 }])
  })

  test('may be in Chinese, ids included', async () => {
    const { plan } = await compile(
      'name: 商店\nrules:\n  - { id: 暗号, words: { terms: [夜鹰计划] }, action: mask, with: "［内部］" }\n',
    )
    expect([plan.name, plan.rules[0]?.id]).toEqual(['商店', '暗号'])
  })

  test('share parts by anchors', async () => {
    const { rules } = await compile(
      'name: shop\nrules:\n  - { id: a, words: &terms { terms: [x] }, action: flag }\n  - { id: b, words: *terms, action: cut }\n',
    )
    expect(rules[1]?.words).toEqual(rules[0]?.words)
  })
})

describe('word lists', () => {
  const listed = 'name: shop\nrules:\n  - { id: a, words: { list: lists/names.txt, terms: [zero] }, action: cut }\n'

  test('have one term a line; comments, blank lines and blanks around do not count', async () => {
    const list = '\ufeff# birds\r\nNightjar\r\n\r\n  two words  \n#no\nc#\n夜鹰\n'
    const { rules, asked } = await compile(listed, { 'policies/lists/names.txt': list })
    expect(rules[0]?.words?.terms).toEqual(['zero', 'Nightjar', 'two words', 'c#', '夜鹰'])
    expect(asked).toEqual(['policies/lists/names.txt'])
  })

  test('are found from wherever the policy is', async () => {
    const files = { 'lists/names.txt': 'a', '/srv/p/lists/names.txt': 'b' }
    expect((await compile(listed, files, 'shop.yaml')).rules[0]?.words?.terms).toEqual(['zero', 'a'])
    expect((await compile(listed, files, '/srv/p/shop.yaml')).rules[0]?.words?.terms).toEqual(['zero', 'b'])
  })

  test('are complained about in their own lines', async () => {
    const error = await compile('name: shop\nrules:\n  - { id: a, words: { list: l.txt, except: [dove] }, action: cut }\n', {
      'policies/l.txt': '# birds\n\nDove\n',
    }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ problems: [{ file: 'policies/l.txt', line: 3, column: 1 }] })
  })
})

describe('what is probably a slip', () => {
  test('is a policy without rules, which touches nothing', async () => {
    const { warnings } = await compile('name: shop\nmode: shadow\n')
    expect(warnings).toMatchObject([{ line: 1, column: 7, message: 'the policy has no rules, so nothing is looked for' }])
    expect(
      (await compile('name: shop\nextends: [base]\n', { 'policies/base.yaml': simple.replace('shop', 'base') })).warnings,
    ).toEqual([])
  })

  const warned = async (rule: string) => {
    const { warnings, rules } = await compile(`name: shop\nrules:\n  - ${rule}\n`)
    const told = warnings.map(({ severity, line, column, message, advice }) => [severity, `${line}:${column}`, message, advice])
    return { told, rules }
  }

  test.each([
    [
      '{ id: a, words: { terms: [夜鹰，代号] }, action: cut }',
      '3:31',
      'commas of full width part nothing: this is one entry',
      'write 夜鹰, 代号; or put it in quotes if it is one',
    ],
    [
      '{ id: a, words: { terms: [x] }, action: mask, with: “***” }',
      '3:57',
      'typographic quotes are part of the text',
      'write "***", or \'“***”\' if they are meant',
    ],
    [
      'id: a\n    pattern: room #101\n    action: cut',
      '4:14',
      'what follows # is a comment, and no part of the pattern',
      "put the pattern in single quotes: 'room'",
    ],
    [
      'id: a\n    pattern: /sk-[a-z]{4}/i\n    action: cut',
      '4:14',
      'the slashes are part of the pattern',
      "write '(?i)sk-[a-z]{4}'",
    ],
    [
      'id: a\n    pattern: |\n      sk-[a-z]{4}\n    action: cut',
      '4:14',
      'the pattern ends with a line end',
      'write it in single quotes on one line, or after |- in place of |',
    ],
    [
      "{ id: a, pattern: 'x[0-9]{,5}', action: cut }",
      '3:23',
      '{,5} counts nothing here, it is text',
      'write {0,5}; or \\{,5} if it is meant',
    ],
    [
      "{ id: a, pattern: '[a-z&&[^aeiou]]', action: cut }",
      '3:23',
      '&& means nothing inside a class but itself',
      'write what is left as one class',
    ],
    [
      '{ id: a, judge: guard, action: cut }\njudges: { guard: { kind: workers_ai, stretch: whole } }',
      '4:47',
      'a streamed answer longer than 4000 characters is cut before judge "guard" sees it whole',
      'write hold: { most_chars: … } for the longest answer that may wait, or give stretch sizes',
    ],
    [
      '{ id: a, judge: guard, action: mask, with: "*" }\njudges: { guard: { kind: workers_ai, wait: trail } }',
      '3:36',
      'judge "guard" lets text go ahead, so what it finds may have left before it is masked',
      'make the action cut, or let the judge wait: hold',
    ],
  ])('is warned of, and stops nothing: %s', async (rule, place, message, advice) => {
    const { told, rules } = await warned(rule)
    expect(told).toEqual([['warning', place, message, advice]])
    expect(rules).toHaveLength(1)
  })

  test.each([
    '{ id: a, words: { terms: ["夜鹰，代号"] }, action: cut }',
    '{ id: a, words: { terms: [x] }, action: mask, with: "“***”" }',
    "{ id: a, pattern: 'room #101', action: cut }",
    "{ id: a, pattern: 'x\\{,5}', action: cut }",
    '{ id: a, judge: guard, action: cut }\nhold: { most_chars: 4000 }\njudges: { guard: { kind: workers_ai, stretch: whole } }',
    '{ id: a, judge: guard, action: flag }\njudges: { guard: { kind: workers_ai, stretch: whole } }',
    '{ id: a, judge: guard, action: cut, channels: [prompt, tool_input] }\njudges: { guard: { kind: workers_ai, stretch: whole } }',
    '{ id: a, words: { terms: [x] }, action: cut } # a comment',
  ])('is not warned of where it is meant: %s', async (rule) => {
    expect((await warned(rule)).told).toEqual([])
  })
})

describe('exceptions', () => {
  test('that lift nothing are warned of, and stop nothing', async () => {
    const { warnings } = await compile(
      'name: shop\nrules:\n  - { id: a, words: { terms: [cat], except: [dogma] }, action: cut }\n',
    )
    expect(warnings).toMatchObject([{ severity: 'warning', line: 3, column: 46 }])
  })

  test('that a rule for whole words does not need are fine', async () => {
    const { warnings } = await compile(
      'name: shop\nrules:\n  - { id: a, words: { terms: [cat], except: [category] }, action: cut }\n',
    )
    expect(warnings).toEqual([])
  })
})

describe('extends', () => {
  const base =
    'name: base\nhold: { most_chars: 10, most_ms: 20 }\nrules:\n  - { id: a, words: { terms: [one] }, action: cut }\n  - { id: b, words: { terms: [two] }, action: cut }\n'

  test('lays rules over rules by id, in the place of the one overridden, and settings over settings by field', async () => {
    const own =
      'name: shop\nextends: [base]\nhold: { most_chars: 30 }\nrules:\n  - { id: c, words: { terms: [three] }, action: flag }\n  - { id: a, words: { terms: [uno] }, action: flag }\n'
    const { policy, rules } = await compile(own, { 'policies/base.yaml': base })
    expect(rules.map(({ id, action }) => `${id} ${action}`)).toEqual(['a flag', 'b cut', 'c flag'])
    expect(policy.name).toBe('shop')
    expect(policy.definition.settings?.hold).toMatchObject({ most_chars: 30, most_ms: 20 })
  })

  test('lets the later of two win, and the extended of an extended be overridden by it', async () => {
    const files = {
      'policies/one.yaml': 'name: one\nextends: [base]\nrules:\n  - { id: a, words: { terms: [x] }, action: flag }\n',
      'policies/two.yaml': 'name: two\nextends: [base]\nrules:\n  - { id: b, words: { terms: [y] }, action: flag }\n',
      'policies/base.yaml': base,
    }
    const { rules, asked } = await compile('name: shop\nextends: [one, two]\n', files)
    // `two` leans on base again: were it laid down a second time, it would bring back the cut that `one` has overridden.
    expect(rules.map(({ id, action }) => `${id} ${action}`)).toEqual(['a flag', 'b flag'])
    expect(new Set(asked).size).toBe(asked.length)
  })

  test('keeps the rules of a shadow file in the shadow, and only those', async () => {
    const { plan } = await compile('name: shop\nextends: [base]\nrules:\n  - { id: c, words: { terms: [x] }, action: cut }\n', {
      'policies/base.yaml': base.replace('name: base', 'name: base\nmode: shadow'),
    })
    expect(plan.mode).toBe('enforce')
    expect(plan.rules.map(({ id, mode }) => `${id} ${mode}`)).toEqual(['a shadow', 'b shadow', 'c enforce'])
  })

  test('finds packs where the policy’s own folder has none of that name', async () => {
    const pack = (id: string) => `name: ${id}\nrules:\n  - { id: ${id}, words: { terms: [${id}] }, action: cut }\n`
    const files = {
      'packs/one.yaml': pack('one').replace('rules:', 'extends: [three]\nrules:'),
      'packs/two.yaml': pack('two'),
      'packs/three.yaml': pack('three'),
      'policies/two.yaml': pack('own'),
    }
    const rulesOf = async (text: string, file?: string) => (await compile(text, files, file)).rules.map(({ id }) => id)
    expect(await rulesOf('name: shop\nextends: [one, two]\n')).toEqual(['three', 'one', 'own'])
    // Whoever takes over a pack's name may build on the pack.
    expect(await rulesOf('name: one\nextends: [one]\n', 'policies/one.yaml')).toEqual(['three', 'one'])
  })

  test('finds contradictions between files', async () => {
    const error = await compile(
      'name: shop\nextends: [base]\nrules:\n  - { id: c, words: { terms: [x] }, action: mask, with: "[one]" }\n',
      {
        'policies/base.yaml': base,
      },
    ).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      problems: [{ file: 'policies/shop.yaml', line: 4, message: 'the replacement is itself found by rule "a"' }],
    })
  })
})

describe('the hash', () => {
  const hashOf = async (text: string, files?: Files) => (await compile(text, files)).policy.hash

  test('does not change with name, comments, layout, written-out defaults or tests', async () => {
    const same = [
      simple.replace('shop', 'store'),
      `# comment\n${simple}`,
      'mode: enforce\nhold: { most_chars: 4000 }\nname: shop\nrules:\n- id: a\n  with: "***"\n  action: mask\n  words:\n    boundary: none\n    terms:\n    - Nightjar\n',
      `${simple}tests:\n  - { answer: x, reads: x }\n`,
    ]
    for (const text of same) expect(await hashOf(text)).toBe(await hashOf(simple))
  })

  test('changes with a term in a list, and with a rule of an extended file', async () => {
    const text = 'name: shop\nextends: [base]\nrules:\n  - { id: a, words: { list: l.txt }, action: cut }\n'
    const rule = (term: string) => `name: base\nrules:\n  - { id: b, words: { terms: [${term}] }, action: cut }\n`
    const hashes = new Set<string>()
    for (const list of ['x', 'y']) {
      for (const term of ['z', 'w']) hashes.add(await hashOf(text, { 'policies/l.txt': list, 'policies/base.yaml': rule(term) }))
    }
    expect(hashes.size).toBe(4)
  })
})

describe('a compiled policy', () => {
  test('keeps the tests of the policy', async () => {
    const { policy } = await compile(
      `${simple}tests:\n  - { answer: Nightjar, reads: "***" }\n  - { name: one word, answer: x Nightjar, masked_by: [a] }\n`,
    )
    expect(policy.tests).toEqual([
      { answer: 'Nightjar', reads: '***' },
      { name: 'one word', answer: 'x Nightjar', masked_by: ['a'] },
    ])
  })
})
