/** Keeps the README true: its picture is drawn by the gate, and its links lead somewhere. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import { readConfig } from '../../src/gateway/config.ts'
import { createPlan } from '../../src/policy/plan.ts'

const root = new URL('../../', import.meta.url)
const readme = readFileSync(new URL('README.md', root), 'utf8')

const pieces = ['Our plan for ', 'Project Nig', 'htjar is simple. ', 'The key is sk-7G', 'x2Vq8WzL0pTn4', 'RcYd9']

/** What the gate did with one piece, read off what left and what stayed. */
function deed(gate: TextGate, piece: string, held: number, left: string): string {
  if (gate.isCut) return 'cut'
  const words = left === '' ? [] : [piece.startsWith(left) && held === 0 ? 'forward' : 'mask']
  return [...words, ...(gate.held > 0 ? ['hold'] : [])].join(', ')
}

function draw(): string {
  const plan = createPlan({
    rules: [
      { id: 'codename', words: { terms: ['Project Nightjar'] }, action: 'mask', with: '[internal]' },
      { id: 'api-key', pattern: compilePattern('sk-[A-Za-z0-9_-]{20,200}'), action: 'cut' },
    ],
  })
  const gate = new TextGate(plan)
  const columns = pieces.map((piece) => {
    const held = gate.held
    const left = gate.push(piece)
    return [piece, deed(gate, piece, held, left), gate.isCut ? `${left}∎` : left]
  })
  const rows = ['model ', 'gate  ', 'reader'].map((name, row) => {
    const cells = columns.map((column) => (column[row] as string).padEnd(Math.max(...column.map((cell) => cell.length))))
    return `${name} ▏${cells.join('▏')}`.trimEnd()
  })
  const time = `time   ${'─'.repeat(Math.max(...rows.map((row) => row.length)) - 8)}▶`
  return [time, ...rows].join('\n')
}

test("the README's picture is what the gate does", () => {
  expect(readme).toContain(`\`\`\`\n${draw()}\n\`\`\``)
})

test.each(['README.md', 'CONTRIBUTING.md', 'src/README.md', 'policies/README.md'])('every link of %s leads to a file', (file) => {
  const at = new URL(file, root)
  const links = [...readFileSync(at, 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g)].map((match) => match[1] as string)
  const local = links.filter((link) => !/^[a-z]+:/.test(link))
  expect(local.filter((link) => !existsSync(fileURLToPath(new URL(link, at))))).toEqual([])
})

test('the commands the README names exist', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm (?:run (\S+?)|(test))(?=[\s`;)]|$)/gm)].map((match) => match[1] ?? match[2] ?? '')
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
})

test("the README's routes are what wrangler hands over, and routes that can be read", () => {
  const [, toml = ''] = /```toml\n([\s\S]*?)```/.exec(readme) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'sluice-readme-'))
  try {
    writeFileSync(join(folder, 'wrangler.toml'), `name = "w"\ncompatibility_date = "2026-09-25"\n${toml}`)
    const { vars } = unstable_readConfig({ config: join(folder, 'wrangler.toml') })
    const config = readConfig({ ...vars, PROXY_SECRET: 'x'.repeat(16) })
    expect(config.routes.map(({ policy, ...by }) => [policy, Object.keys(by)])).toEqual([
      ['kids', ['header']],
      ['staff', ['key']],
      ['code', ['path', 'model']],
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
