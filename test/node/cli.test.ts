/** The command line says what it did, what is wrong and how it ended, to people and to programs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sluice } from '../../src/cli/sluice.ts'
import { splitArtifacts } from '../../src/policy/bundle.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { objectsIn, Workplace } from './cli.ts'

let place: Workplace

beforeAll(() => {
  place = new Workplace({
    'good.yaml': 'name: good\nrules:\n  - { id: a, words: { list: lists/a.txt }, action: mask, with: "***" }\n',
    'lists/a.txt': '# birds\nNightjar\n',
    'warned.yaml': 'name: warned\nrules:\n  - { id: a, words: { terms: [cat], except: [dog] }, action: cut }\n',
    'dear.yaml':
      "name: dear\nrules:\n  - { id: mails, number: email, action: mask, with: '*' }\n  - { id: at, pattern: '[a-z]+@x', most: 60, action: cut }\n  - { id: key, pattern: 'k-[0-9]{4}', action: flag }\n",
    'built.yaml': 'name: built\nextends: [good, prompt-leak]\n',
    'misnamed.yaml': 'name: misnamed\nextends: [prompt-leek, goood]\n',
    'bad.yaml': 'name: bad\nrules:\n  - { id: a, words: { terms: [x] }, acton: cut }\n',
  })
})

afterAll(() => place.remove())

describe('sluice', () => {
  test('alone shows what there is, and is not understood', async () => {
    const { code, err, out } = await place.run([])
    expect([code, out]).toEqual([2, ''])
    for (const command of ['lint', 'test', 'explain', 'replay', 'compile', 'import-list']) expect(err).toContain(`  ${command} `)
  })

  test('--help shows it to who asks', async () => {
    const { code, out } = await place.run(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('Exit codes: 0 ')
  })

  test.each(['--version', '-v'])('%s says which version this is', async (word) => {
    const { version } = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'))
    expect(version).toMatch(/^\d+\.\d+\.\d+/)
    expect(await place.run([word])).toEqual({ code: 0, out: `${version}\n`, err: '' })
    expect((await place.run(['--help'])).out).toContain('sluice --version ')
  })

  test.each(['lint', 'test', 'explain', 'compile', 'replay', 'import-list'])(
    '%s --help explains the command',
    async (command) => {
      const { code, out, err } = await place.run([command, '--help'])
      expect([code, err]).toEqual([0, ''])
      expect(out).toMatch(new RegExp(`^sluice ${command} `))
    },
  )

  test.each([
    ['a command that is none', ['lnt'], 'sluice has no command "lnt"; did you mean lint?'],
    ['an option that is none', ['lint', '--jsno', 'x.yaml'], "Unknown option '--jsno'"],
    ['test where no policy is', ['test'], 'name at least one policy file'],
    ['explain without a policy', ['explain', 'x'], 'name a policy with --policy FILE'],
    ['explain without a text', ['explain', '--policy', 'good.yaml'], 'give one text in quotes'],
    ['a channel that is none', ['explain', '--policy', 'good.yaml', '--channel', 'voice', 'x'], '--channel takes answer, '],
    ['import-list without a file', ['import-list'], 'name at least one file with entries'],
    ['a fold that is none', ['import-list', '--fold', 'all', 'x.txt'], '--fold takes case, loose, none, not "all"'],
    ['a number that is none', ['import-list', '--most', 'few', 'x.txt'], '--most takes a number, not "few"'],
    ['lint without a file', ['lint'], 'name at least one policy file'],
    ['compile without a file', ['compile'], 'name at least one policy file'],
    ['a bundle without a file', ['compile', '--bundle', 'a.yaml'], '--bundle needs a file'],
    ['several policies into one file', ['compile', '-o', 'x.plan', 'a.yaml', 'b.yaml'], 'several policies need a folder'],
    ['replay without a policy', ['replay', 'x.txt'], 'name a policy with --policy FILE'],
    ['replay without input', ['replay', '--policy', 'good.yaml'], 'name at least one input'],
    [
      'a split that is none',
      ['replay', '--policy', 'good.yaml', '--split', 'words', 'x.txt'],
      '--split takes whole, chars, events',
    ],
    ['a split of nothing', ['replay', '--policy', 'good.yaml', '--split', '0', 'x.txt'], '--split takes whole, chars, events'],
  ])('%s exits with 2 and a reason', async (_name, args, reason) => {
    const { code, out, err } = await place.run(args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(reason)
    expect(err).not.toContain('    at ')
  })
})

describe('lint', () => {
  test('finds nothing wrong with a good policy', async () => {
    const { code, out, err } = await place.run(['lint', 'good.yaml'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^fine {2}good\.yaml: 1 rule, hash [0-9a-f]{12}\n$/)
  })

  test('shows every mistake with its line, and exits with 1', async () => {
    const { code, err } = await place.run(['lint', 'good.yaml', 'bad.yaml'])
    expect(code).toBe(1)
    expect(err).toContain('bad.yaml:3:37: there is no key "acton" here\n  did you mean action?\n')
    expect(err).toContain('bad.yaml: 1 problem')
  })

  test('finds the packs that come along, from any folder, and knows their names', async () => {
    const { code, out, err } = await place.run(['lint', 'built.yaml'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^fine {2}built\.yaml: \d+ rules/)
    const misnamed = await place.run(['lint', 'misnamed.yaml'])
    expect(misnamed.code).toBe(1)
    expect(misnamed.err).toContain('did you mean prompt-leak?')
    expect(misnamed.err).toContain('did you mean good?')
  })

  test('warns, and exits with 0', async () => {
    const { code, out, err } = await place.run(['lint', 'warned.yaml'])
    expect(code).toBe(0)
    expect(err).toContain('warned.yaml:3:46: warning: ')
    expect(out).toContain('fine')
  })

  test('--json has one object a problem', async () => {
    const { code, out } = await place.run(['lint', '--json', 'bad.yaml', 'warned.yaml', 'none.yaml'])
    expect(code).toBe(1)
    const told = objectsIn(out)
    expect(told.map(({ file, line, column, severity }) => [file, line, column, severity])).toEqual([
      ['bad.yaml', 3, 37, 'error'],
      ['warned.yaml', 3, 46, 'warning'],
      ['none.yaml', 1, 1, 'error'],
    ])
    expect(Object.keys(told[0] ?? {})).toEqual(['severity', 'file', 'line', 'column', 'message', 'advice'])
  })
})

test.each([
  [
    'none.yaml',
    'none.yaml: there is no such file (no_such_file)\nnone.yaml: 1 problem\n\n',
    'name a policy file that can be read',
  ],
  ['bytes.yaml', 'bytes.yaml is not UTF-8 text (file_not_text)\nbytes.yaml: 1 problem\n\n', 'save the file as UTF-8'],
])('lint says of %s what is wrong with the file, by its stable name', async (file, said, advice) => {
  place.write({ 'bytes.yaml': Uint8Array.of(0x6e, 0xff) })
  const { code, err } = await place.run(['lint', file])
  expect([code, err]).toEqual([1, said])
  expect(objectsIn((await place.run(['lint', '--json', file])).out)).toMatchObject([{ file, line: 1, column: 1, advice }])
})

describe('lint tells what patterns cost', () => {
  test('in a table, with what to change under what is dear', async () => {
    const { code, out } = await place.run(['lint', 'dear.yaml'])
    expect(code).toBe(0)
    const [fine, head, mails, at, advice, key, ...rest] = out.split('\n')
    expect(fine).toContain('3 rules')
    expect(head).toMatch(/^ {2}pattern +states +longest +held of English +Chinese +code$/)
    expect(mails).toMatch(/^ {2}mails +\d+ +254 +\d\.\d\d +\d\.\d\d +\d\.\d\d$/)
    expect(at).toMatch(/^ {2}at +\d+ +60 +[1-9]\.\d\d /)
    expect(advice).toContain('begin it with signs that are rare')
    // Nothing waits for a flag.
    expect(key).toMatch(/^ {2}key +\d+ +6 +- +- +-$/)
    expect(rest).toEqual([''])
  })

  test('and in objects for programs', async () => {
    const told = await place.json(['lint', '--json', 'dear.yaml', 'good.yaml'])
    expect(told.map(({ file, rule, holds, longest }) => [file, rule, holds, longest])).toEqual([
      ['dear.yaml', 'mails', true, 254],
      ['dear.yaml', 'at', true, 60],
      ['dear.yaml', 'key', false, 6],
    ])
    expect(told.map(({ advice }) => (advice as string[]).length)).toEqual([0, 1, 0])
    const english = told.map(({ held }) => (held as { english: number }).english)
    expect(english[0]).toBeGreaterThan(1)
    expect(english[2]).toBeLessThan(0.1)
  })
})

describe('compile', () => {
  test('writes beside the policy what a Worker loads', async () => {
    const { code, out } = await place.run(['compile', 'good.yaml'])
    expect(code).toBe(0)
    expect(out).toMatch(/^good\.plan: good, 1 rule, \d+ kB, hash [0-9a-f]{12}\n$/)
    const plan = loadPlan(readFileSync(join(place.folder, 'good.plan')))
    expect(plan.rules).toMatchObject([{ id: 'a', action: 'mask', with: '***' }])
  })

  test('writes into a folder or into a file, the same bytes each time', async () => {
    place.write({ 'plans/readme.txt': '' })
    const into = (await place.json(['compile', '--json', '-o', 'plans', 'good.yaml']))[0]
    expect(into).toMatchObject({ policy: 'good.yaml', out: join('plans', 'good.plan'), name: 'good', rules: 1 })
    expect((await place.run(['compile', '--out', 'plans/x.plan', 'good.yaml'])).out).toContain('plans/x.plan: good')
    const [one, other] = ['good', 'x'].map((name) => readFileSync(join(place.folder, 'plans', `${name}.plan`)))
    expect(one).toEqual(other)
    expect(one?.byteLength).toBe(into?.['bytes'])
    expect(loadPlan(one as Uint8Array).hash).toBe(into?.['hash'])
  })

  test('writes several into one file, the first first, and none where one has a mistake or two have a name', async () => {
    place.write({ 'other.yaml': 'name: other\nrules: [{ id: b, words: { terms: [reeds] }, action: cut }]\n' })
    const told = await place.json(['compile', '--json', '--bundle', '--out', 'both.plan', 'good.yaml', 'other.yaml'])
    expect(told).toMatchObject([{ name: 'good', out: 'both.plan' }, { name: 'other' }])
    const file = readFileSync(join(place.folder, 'both.plan'))
    const plans = splitArtifacts(new Uint8Array(file).buffer).map((artifact) => loadPlan(artifact))
    expect(plans.map(({ name, hash }) => ({ name, hash }))).toEqual(told.map(({ name, hash }) => ({ name, hash })))
    expect((await place.run(['compile', '--bundle', '--out', 'none.plan', 'good.yaml', 'bad.yaml'])).code).toBe(1)
    place.write({ 'again.yaml': 'name: good\nrules: []\n' })
    expect((await place.run(['compile', '--bundle', '--out', 'none.plan', 'good.yaml', 'again.yaml'])).err).toContain(
      'two policies are called good',
    )
    expect(existsSync(join(place.folder, 'none.plan'))).toBe(false)
  })

  test('writes nothing for a policy with a mistake', async () => {
    const { code, err } = await place.run(['compile', '--out', 'never.plan', 'bad.yaml'])
    expect(code).toBe(1)
    expect(err).toContain('there is no key "acton" here')
    expect(() => readFileSync(join(place.folder, 'never.plan'))).toThrow()
  })
})

describe('a policy that cannot be used', () => {
  test.each([
    ['that is not there', 'none.yaml', 'none.yaml: there is no such file'],
    ['with a mistake', 'bad.yaml', 'bad.yaml:3:37: there is no key "acton" here'],
    ['that is no artifact', 'other.plan', 'other.plan: the compiled policy cannot be used'],
    ['that is a folder', 'lists', 'lists is a folder'],
    ['that is no text', 'bytes.yaml', 'bytes.yaml is not UTF-8 text'],
  ])('%s is told before anything is replayed', async (_name, file, reason) => {
    place.write({ 'other.plan': '{}', 'bytes.yaml': Uint8Array.of(0x6e, 0xff), 'x.txt': 'x' })
    const { code, out, err } = await place.run(['replay', '--policy', file, 'x.txt'])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(reason)
    expect(err).not.toContain('    at ')
  })
})

describe('as a program', () => {
  test('reads standard input, prints to standard output and exits with a code', async () => {
    const { code, out } = await place.program(['replay', '--policy', 'good.yaml', '--json', '-'], { input: 'A Nightjar' })
    expect([code, objectsIn(out)[0]?.['released']]).toEqual([0, 'A ***'])
    const bad = await place.program(['lint', 'bad.yaml'])
    expect([bad.code, bad.out]).toEqual([1, ''])
    expect(bad.err).toContain('did you mean action?')
  }, 60_000)

  test('writes in colours only where they are wanted', async () => {
    const coloured = async (env: NodeJS.ProcessEnv) =>
      (await place.program(['lint', 'good.yaml'], { env })).out.includes('\u001b[')
    expect(await coloured({})).toBe(false)
    expect(await coloured({ FORCE_COLOR: '1', NO_COLOR: undefined })).toBe(true)
    expect(await coloured({ NO_COLOR: '1' })).toBe(false)
  }, 60_000)
})

describe('a policy from standard input', () => {
  const policy = `name: piped
rules:
  - { id: a, words: { list: lists/a.txt }, action: mask, with: "***" }
tests:
  - { answer: "a Nightjar", reads: "a ***" }
`

  test.each([
    ['lint', ['lint', '-'], /^fine {2}-: 1 rule/],
    ['test', ['test', '-'], /^pass {2}-: 1 test/],
    ['compile', ['compile', '--out', 'piped.plan', '-'], /^piped\.plan: piped, 1 rule/],
    ['explain', ['explain', '--policy', '-', 'Nightjar'], /^text:1:1: mask by a/],
    ['replay', ['replay', '--policy', '-', '--json', 'piped.txt'], /"released":"no \*\*\*"/],
  ])('is what %s takes as well', async (_name, args, told) => {
    place.write({ 'piped.txt': 'no Nightjar' })
    const { code, out, err } = await place.run(args, policy)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(told)
  })

  test('is compiled into a file that has to be named', async () => {
    expect((await place.run(['compile', '-'], policy)).err).toContain('needs a file for --out')
  })
})

test('what Sluice itself does wrong has an exit code of its own, and no stack', async () => {
  const broken = {
    print: () => Promise.reject(new RangeError('no paper')),
    complain: (line: string) => void told.push(line),
    styled: (_style: unknown, text: string) => text,
    input: [] as never,
  }
  const told: string[] = []
  expect(await sluice(['lint', 'good.yaml'], broken)).toBe(3)
  expect(told).toEqual(['sluice lint failed: RangeError: no paper', expect.stringContaining('Please report it')])
})
