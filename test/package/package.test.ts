/** The package as strangers get it: sound for every resolver, small, and its program at work on the oldest and the newest Node. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import readChangesets from '@changesets/read'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { example, type Packed, packed, root, run, sluiceLines } from '../node/packed.ts'
import { doorsOf, sizesIn, table } from './sizes.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

let made: Packed

beforeAll(async () => {
  made = await packed()
})

afterAll(() => made?.remove())

/** What a program of this folder says; it must not complain. */
async function said(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(here, 'node_modules', program), ...args], { cwd: root })
  return stdout
}

describe('the tarball', () => {
  test('has nothing that publint would change', async () => {
    expect(await said('publint/src/cli.js', 'run', made.tarball, '--strict')).toContain('All good!')
  })

  test('has types that are there wherever its code is, for every resolver that knows ES modules', async () => {
    expect(await said('@arethetypeswrong/cli/dist/index.js', made.tarball, '--profile', 'esm-only', '--no-emoji')).toContain(
      'sluice/hono',
    )
  })

  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('compiles from every door, its own declarations included (module %s, resolution %s)', async (module, resolution) => {
    const doors = doorsOf(made.project)
    const code = doors.map((door, index) => `export * as door${index} from '${door}'\n`).join('')
    writeFileSync(join(made.project, 'doors.ts'), code)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const lib = ['--target', 'es2023', '--lib', 'es2024,dom,dom.iterable,dom.asynciterable', '--types', '']
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      ...lib,
      '--module',
      module,
      '--moduleResolution',
      resolution,
    ]
    const check = run(process.execPath, [tsc, ...options, 'doors.ts'], { cwd: made.project })
    const { stdout } = await check.catch((error: { stdout: string }) => error)
    // What other packages declare is theirs.
    expect(stdout.split('\n').filter((line) => line.startsWith('node_modules/sluice/') || /^doors\.ts/.test(line))).toEqual([])
    expect(doors.length).toBeGreaterThanOrEqual(4)
  })
})

test('no door grows unnoticed', async () => {
  const sizes = await sizesIn(made.project)
  console.log(table(sizes))
  const of = (what: string): number => sizes.find((one) => one.what === what)?.gzip ?? Number.POSITIVE_INFINITY
  expect(of('sluice + sluice/hono')).toBeLessThan(132_000)
  expect(of('sluice/hono')).toBeLessThan(66_000)
  expect(of('sluice { guardFetch, loadPlan }')).toBeLessThan(88_000)
  expect(of('sluice { TextGateStream, loadPlan }')).toBeLessThan(35_000)
  expect(of('sluice/judges')).toBeLessThan(20_000)
})

const nodes = [
  ['the oldest Node that is promised', join(here, 'node_modules/node-22/bin/node'), 'v22.12.0'],
  ['the Node that tests', process.execPath, process.version],
] as const

describe.each(nodes)('on %s', (_name, node, version) => {
  const sluice = async (...words: string[]) => {
    const program = join(made.project, 'node_modules/.bin/sluice')
    const options = { cwd: made.project, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } }
    return await run(node, [program, ...words], options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, out: stdout, err: stderr }),
    )
  }

  beforeAll(() => {
    writeFileSync(join(made.project, 'our-app.yaml'), example('policy'))
    writeFileSync(join(made.project, 'answers.jsonl'), example('answers'))
  })

  test('the program is run by it', async () => {
    expect((await run(node, ['--version'])).stdout.trim()).toBe(version)
  })

  test('every command of the README does what it says, without a warning', async () => {
    const lines = sluiceLines(example('first'))
    expect(lines.map(([command]) => command)).toEqual(['lint', 'test', 'explain', 'replay', 'compile'])
    const told = []
    for (const words of lines) told.push(await sluice(...words))
    expect(told.map(({ code, err }) => [code, err])).toEqual(lines.map(() => [0, '']))
    expect(told[1]?.out).toContain('pass  our-app.yaml: 3 tests\n')
    expect(told[3]?.out).toContain(example('replayed'))
  })

  test('a list is imported and used', async () => {
    writeFileSync(join(made.project, 'found.csv'), 'word,level\n笨蛋,1\nMoron,2\nmoron,2\n')
    expect(await sluice('import-list', '--out', 'lists/rude.txt', 'found.csv')).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(join(made.project, 'lists/rude.txt'), 'utf8')).toContain('\n笨蛋\nMoron\n')
    const policy = 'name: rude\nrules:\n  - { id: rude, words: { list: lists/rude.txt }, action: mask, with: "***" }\n'
    writeFileSync(join(made.project, 'rude.yaml'), policy)
    expect((await sluice('explain', '--policy', 'rude.yaml', '你这个笨蛋')).out).toContain('term     "笨蛋"  lists/rude.txt:2')
  })

  test('a policy builds on one that comes along', async () => {
    const policy = `name: ours
extends: [secrets]
rules:
  - { id: codename, words: { terms: [Nightjar] }, action: mask, with: "[internal]" }
tests:
  - { answer: "Nightjar, AKIAIOSFODNN7EXAMPLE", cut_by: aws-key, reads: "[internal], " }
`
    writeFileSync(join(made.project, 'ours.yaml'), policy)
    expect(await sluice('test', 'ours.yaml')).toMatchObject({ code: 0, err: '' })
    expect((await sluice('explain', '--policy', 'ours.yaml', 'AKIAIOSFODNN7EXAMPLE')).out).toMatch(
      /rule {5}node_modules\/sluice\/policies\/secrets\.yaml:\d+/,
    )
  })

  test('the policies that come along have no mistake, and pass their own tests', async () => {
    expect(await sluice('test', 'node_modules/sluice/policies/*.yaml')).toMatchObject({ code: 0, err: '' })
  })

  test('what goes wrong has a name and no stack', async () => {
    const { code, err } = await sluice('replay', '--policy', 'none.yaml', 'answers.jsonl')
    expect([code, err]).toEqual([1, 'none.yaml: there is no such file (no_such_file)\n'])
    expect((await sluice('replay', '--polcy', 'x')).code).toBe(2)
  })
})

test('changes are told by changesets that can be read', async () => {
  for (const { releases, summary } of await readChangesets(root)) {
    expect(releases.map(({ name }) => name)).toEqual(['sluice'])
    expect(summary).not.toBe('')
  }
})
