/** Keeps the linter honest about who may import whom: each wrong import is written down once and has to be reported. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The table of src/README.md: a room, and the rooms it may import besides itself. A name with `.ts` is a room of one file. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  terms: [],
  text: [],
  checks: ['terms', 'text', 'errors.ts'],
  judges: ['terms', 'errors.ts'],
  policy: ['terms', 'checks', 'judges', 'errors.ts'],
  gate: ['terms', 'text', 'errors.ts'],
  wire: ['terms', 'text', 'errors.ts'],
  flow: ['terms', 'gate', 'wire', 'errors.ts'],
  'hono.ts': ['terms', 'flow', 'errors.ts'],
  'index.ts': ['terms', 'flow', 'policy', 'wire', 'errors.ts'],
  gateway: ['terms', 'hono.ts', 'policy', 'judges', 'errors.ts'],
  'worker.ts': ['terms', 'gateway', 'policy', 'errors.ts'],
  cli: ['terms', 'text', 'checks', 'judges', 'policy', 'gate', 'wire', 'flow', 'hono.ts', 'index.ts', 'errors.ts'],
}
const rooms = Object.keys(mayImport)

/** Packages that only some files may import; the parsers are in nothing that runs beside a stream. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  yaml: ['policy/probe.ts', 'cli/probe.ts'],
  valibot: ['policy/probe.ts', 'cli/probe.ts', 'checks/probe-rule.ts', 'judges/probe-fields.ts'],
  refa: ['checks/probe-compile.ts', 'cli/probe.ts'],
  '@eslint-community/regexpp': ['checks/probe-compile.ts', 'cli/probe.ts'],
  'eventsource-parser': ['wire/probe.ts', 'cli/probe.ts'],
  hono: ['hono.ts', 'gateway/probe.ts', 'cli/probe.ts'],
  'hono/body-limit': ['hono.ts', 'gateway/probe.ts', 'cli/probe.ts'],
  'gpt-tokenizer/BytePairEncodingCore': ['gateway/probe.ts', 'cli/probe.ts'],
  'gpt-tokenizer/data/o200k_base.tiktoken': ['gateway/probe.ts', 'worker.ts', 'cli/probe.ts'],
  openai: ['judges/probe.ts', 'cli/probe.ts'],
  'node:fs': ['cli/probe.ts'],
  'node:fs/promises': ['cli/probe.ts'],
  'cloudflare:workers': ['gateway/probe.ts', 'worker.ts'],
}

interface Probe {
  readonly from: string
  readonly specifier: string
  readonly allowed: boolean
}

function fileIn(room: string, name = 'probe.ts'): string {
  return room.endsWith('.ts') ? room : `${room}/${name}`
}

function specifierOf(from: string, to: string): string {
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

/** Where a room may import one file of another. */
const doors: Readonly<Record<string, string>> = { 'index.ts wire': 'wire/index.ts', 'policy judges': 'judges/fields.ts' }

const sources = [
  ...rooms.map((room) => fileIn(room)),
  'checks/probe-rule.ts',
  'checks/probe-compile.ts',
  'judges/probe-fields.ts',
]
const roomOf = (file: string) => rooms.find((room) => file === room || file.startsWith(`${room}/`)) as string

const probes: readonly Probe[] = sources.flatMap((from) => [
  ...rooms
    // A file does not import itself.
    .filter((room) => !(fileIn(room) === from))
    .map((room) => ({
      from,
      specifier: specifierOf(from, doors[`${roomOf(from)} ${room}`] ?? fileIn(room, 'other.ts')),
      allowed: roomOf(from) === room || (mayImport[roomOf(from)] as string[]).includes(room),
    })),
  ...Object.entries(mayUse).map(([specifier, files]) => ({ from, specifier, allowed: files.includes(from) })),
  { from, specifier: specifierOf(from, '../test/probe.ts'), allowed: false },
])

const waysRound: readonly Probe[] = [
  { from: 'gate/probe.ts', specifier: './../wire/other.ts', allowed: false },
  { from: 'gate/probe.ts', specifier: '../terms/../wire/other.ts', allowed: false },
  { from: 'gate/probe.ts', specifier: './deep/../../wire/other.ts', allowed: false },
  { from: 'cli/probe.ts', specifier: './../gateway/other.ts', allowed: false },
  { from: 'index.ts', specifier: './wire/other.ts', allowed: false },
  { from: 'policy/probe.ts', specifier: '../judges/other.ts', allowed: false },
  { from: 'text/deep/probe.ts', specifier: '../other.ts', allowed: true },
  { from: 'text/deep/probe.ts', specifier: '../../terms/other.ts', allowed: false },
  { from: 'text/deep/probe.ts', specifier: '../../errors.ts', allowed: false },
]

const everyForm = [
  "import { x } from '../wire/other.ts'",
  "import type { X } from '../wire/other.ts'",
  "import '../wire/other.ts'",
  "export * from '../wire/other.ts'",
  "export type { X } from '../wire/other.ts'",
  "export const later = () => import('../wire/other.ts')",
]

let folder: string
const reported = new Set<string>()

/** Everything is written first and linted in one run: a run for each probe would take minutes. */
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-layers-')))
  copyFileSync(join(root, '.biome.jsonc'), join(folder, '.biome.jsonc'))
  spawnSync('git', ['init', '-q', folder])
  const lines = new Map<string, string[]>()
  for (const { from, specifier } of [...probes, ...waysRound]) {
    const list = lines.get(from) ?? lines.set(from, []).get(from)
    list?.push(`import '${specifier}'`)
  }
  lines.set('gate/forms.ts', [...everyForm])
  lines.set('flow/one.ts', ["import type { Two } from './two.ts'", 'export type One = Two'])
  lines.set('flow/two.ts', ["import type { One } from './one.ts'", 'export type Two = One'])
  lines.set('flow/globals.ts', ['export const x = Buffer.from(process.argv[0])'])
  for (const [file, content] of lines) {
    mkdirSync(dirname(join(folder, 'src', file)), { recursive: true })
    writeFileSync(join(folder, 'src', file), `${content.join('\n')}\n`)
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=github', '--max-diagnostics=none', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  for (const [, rule, file, line] of run.stdout.matchAll(/::error title=lint\/\w+\/(\w+),file=([^,]+),line=(\d+)/g)) {
    const place = relative(join(folder, 'src'), resolve(folder, file as string))
    const text = lines.get(place)?.[Number(line) - 1] ?? ''
    reported.add(`${rule} ${place} ${text}`)
  }
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the linter reports', () => {
  test.each(rooms)('%s: every import its row of the table does not name, and no other', (room) => {
    const wrong = [...probes, ...waysRound]
      .filter(({ from }) => roomOf(from) === room)
      .filter(({ from, specifier, allowed }) => reported.has(`noRestrictedImports ${from} import '${specifier}'`) === allowed)
    expect(wrong).toEqual([])
  })

  test.each(everyForm)('a wrong import in every form it can be written: %s', (form) => {
    expect(reported).toContain(`noRestrictedImports gate/forms.ts ${form}`)
  })

  test('two files that import each other, even for types alone', () => {
    expect(reported).toContain("noImportCycles flow/one.ts import type { Two } from './two.ts'")
    expect(reported).toContain("noImportCycles flow/two.ts import type { One } from './one.ts'")
  })

  test("Node's own globals outside the command line", () => {
    expect([...reported].filter((entry) => entry.startsWith('noRestrictedGlobals flow/globals.ts'))).toHaveLength(1)
  })
})

test('every room of the house has its row in the table', () => {
  const found = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.ts'))
    .map((entry) => entry.name)
  expect(found.filter((room) => !rooms.includes(room))).toEqual([])
})
