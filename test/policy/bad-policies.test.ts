/** Every slip is told: all of them, at their places, each with a way out. */
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../../src/policy/compile.ts'
import { PolicyError } from '../../src/policy/problem.ts'
import { badPolicies } from './bad-policies.ts'
import type { BadPolicy } from './bad-policy.ts'

const file = 'policies/shop.yaml'

async function problemsOf({ text, files }: Pick<BadPolicy, 'text' | 'files'>) {
  const readFile = (path: string) => {
    const content = files?.[path]
    if (content === undefined) throw new Error('no such file')
    return content
  }
  const error = await compilePolicy(text, { file, readFile }).catch((reason: unknown) => reason)
  if (!(error instanceof PolicyError)) throw new Error('the policy was accepted, or failed in another way', { cause: error })
  return error.problems
}

describe('whoever', () => {
  test.each(badPolicies)('$slip is told what is wrong, and where', async ({ text, says, files }) => {
    const problems = await problemsOf({ text, ...(files && { files }) })
    const told = problems.map(({ file: of, line, column, message, advice }, index) => {
      const place = `${of === file ? '' : `${of}:`}${line}:${column}`
      return `${place} ${message}${says[index]?.includes(' | ') ? ` | ${advice}` : ''}`
    })
    expect(told).toEqual(says)
    for (const { advice, severity } of problems) {
      expect(advice).toMatch(/\p{L}/u)
      expect(severity).toBe('error')
    }
  })
})

const advised: readonly (readonly [text: string, advice: string])[] = [
  ['name: shop\nrulse: []\n', 'did you mean rules?'],
  ['name: shop\nmode: shaddow\n', 'did you mean shadow? it takes enforce or shadow'],
  ['name: shop\nhold: { most_char: 1 }\n', 'did you mean most_chars?'],
  ['name: shop\nrules:\n  - { id: a, words: { terms: [x] }, actoin: cut, action: cut }\n', 'did you mean action?'],
  ['name: shop\nrules:\n  - { id: a, words: { terms: [007, x] }, action: cut }\n', 'put it in quotes: "007"'],
  ['name: shop\nextends: secrets\n', 'put it in brackets: [secrets]'],
  [
    "name: shop\nrules:\n  - { id: a, pattern: 'a+', action: cut }\n",
    'give the repetition an upper count, or say with `most` how long a span to look for',
  ],
]

test.each(advised)('%j is answered with what to do', async (text, advice) => {
  expect((await problemsOf({ text })).map((problem) => problem.advice)).toEqual([advice])
})

test.each([
  ['credit_card', 'payment_card'],
  ['paymentcard', 'payment_card'],
  ['e-mail', 'email'],
  ['ssn', 'us_ssn'],
  ['OpenAI', 'openai_key'],
  ['slack', 'slack_token or slack_webhook'],
])('whoever looks for the number %s is shown the way to %s', async (name, meant) => {
  const [problem] = await problemsOf({ text: `name: shop\nrules:\n  - { id: a, number: ${name}, action: cut }\n` })
  expect(problem?.advice).toMatch(new RegExp(`^did you mean ${meant}\\? it takes payment_card, iban, `))
})

test.each([
  ['(?>ab)c', 'write (?:…): no way of matching is tried twice as it is'],
  ['a++b', 'leave the second + out: no way of matching is tried twice as it is'],
  ['a{2,3}+b', 'leave the second + out: no way of matching is tried twice as it is'],
  ['a(?#a note)b', 'write notes as comments of the file, after a #'],
  ['(?ix) a b', 'write the pattern without blanks and notes; i, m and s are the flags there are'],
  ["(?'year'a)b", 'write (?<year>…) or (?:…)'],
  ['(?|a|b)c', 'write (?:…|…)'],
  ['a(?R)b', 'a pattern cannot call itself: spell out as many levels as are meant'],
  ['(?(1)a|b)', 'there are no conditions: write both ways, (?:…|…)'],
  ['密码\\p{Han}{4}', 'write \\p{Script=Han}'],
  ['\\P{IsCyrillic}x', 'write \\P{Script=Cyrillic}'],
  [
    '\\p{Chinese}x',
    'there is no such property: scripts are written \\p{Script=Han}, kinds of character \\p{L}, \\p{Lu}, \\p{Nd}',
  ],
  ['a\\pLb', 'write \\p{L}'],
  ['a\\hb', 'write [ \\t]'],
  ['a\\Rb', 'write \\r?\\n'],
  ['a\\Kb', 'write what stands before it as a look-behind: (?<=…)'],
  ['\\Qa.b\\E', 'escape each sign that needs it by itself'],
  ['\\mword', 'write \\b where a word begins or ends'],
  ['(?P<year>a)b', 'write (?<name>…) or (?:…) in place of (?P<name>…)'],
  ['a\\Zb', 'write $ for the end of the text'],
  ['a)b', 'patterns are JavaScript regular expressions with the u flag'],
])('a pattern as other tools have it, %s, is answered with how it is written here', async (pattern, advice) => {
  const text = `name: shop\nrules:\n  - { id: a, pattern: '${pattern.replaceAll("'", "''")}', action: cut }\n`
  expect((await problemsOf({ text })).map((problem) => problem.advice)).toEqual([advice])
})

test('the table has a row for each thing that is often done wrong, and no row twice', () => {
  expect(badPolicies.length).toBeGreaterThanOrEqual(200)
  expect(new Set(badPolicies.map(({ text, files }) => JSON.stringify([text, files]))).size).toBe(badPolicies.length)
})

test('what was written in place of a variable’s name is shown nowhere', async () => {
  const key = 'sk-proj-Zz9'
  const text = `name: shop\nname: shop\njudges:\n  guard: { kind: openai_moderation, wait: soon, api_key: ${key}, model: 7 }\n`
  const problems = await problemsOf({ text })
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['2:1', '4:43', '4:58', '4:78'])
  expect(JSON.stringify(problems)).not.toContain(key)
  expect(new PolicyError(problems).message).not.toContain(key)
  expect(problems[2]?.excerpt).toContain('api_key: ***********, model')
})

test('a slip in one rule hides no slip in another', async () => {
  const text =
    "name: shop\nrules:\n  - { id: a, wrods: {}, action: cut }\n  - { id: b, pattern: '(', action: cut }\n  - { id: c, action: mask }\n"
  expect((await problemsOf({ text })).map(({ line }) => line)).toEqual([3, 4, 5, 5])
})
