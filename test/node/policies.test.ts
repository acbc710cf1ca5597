/** The policies that come with Sluice compile without a warning, and do what their own tests say, at every split. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { numberNames } from '../../src/checks/numbers.ts'
import { wordsMatcher } from '../../src/checks/words.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import { judgeKinds } from '../../src/judges/fields.ts'
import { httpPresetFields } from '../../src/judges/http-fields.ts'
import { openaiChatFields } from '../../src/judges/openai-chat-fields.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { packPlan } from '../../src/policy/pack.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Channel } from '../../src/terms/channel.ts'
import type { Plan } from '../../src/terms/plan.ts'

const folder = fileURLToPath(new URL('../../policies', import.meta.url))
const warnings: string[] = []

async function compile(name: string, text = readFileSync(join(folder, name), 'utf8')) {
  return await compilePolicy(text, {
    file: join(folder, name),
    readFile: (path) => readFileSync(path),
    onWarning: ({ message }) => warnings.push(`${name}: ${message}`),
  })
}

function outcome(plan: Plan, kind: 'answer' | 'reasoning' | 'prompt', pieces: readonly string[]) {
  const channel: Channel = { name: kind, scope: '0', kind }
  const gate = new TextGate(plan, channel)
  let reads = ''
  for (const piece of pieces) reads += gate.push(piece)
  return { reads: reads + gate.end(), by: gate.watch.cut?.by ?? [] }
}

function everyTwoWaySplit(text: string): string[][] {
  return Array.from(text, (_, index) => [text.slice(0, index), text.slice(index)])
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
  const policy = await compile(name)
  const { tests } = policy
  const plan = loadPlan(packPlan(policy))
  const direct = createPlan(policy.definition)
  describe(`${name}: each test holds, however the text is split`, () => {
    test.each(tests.map((one) => [one]))('%j', (one) => {
      const kind = (['answer', 'reasoning', 'prompt'] as const).find((channel) => one[channel] !== undefined)
      if (kind === undefined) throw new Error('the test has no text')
      const text = String(one[kind])
      const by = [one['cut_by'] ?? one['blocked_by']].filter((id) => id !== undefined)
      const whole = outcome(plan, kind, [text])
      expect(whole.by).toEqual(by)
      expect(outcome(direct, kind, [text])).toEqual(whole)
      if (kind !== 'prompt') expect(whole.reads).toBe(one['reads'])
      for (const pieces of [text.split(''), ...everyTwoWaySplit(text)]) expect(outcome(plan, kind, pieces)).toEqual(whole)
    })
  })

  test(`${name}: every rule is named by a test, or has its replacement shown in one`, () => {
    const shown = JSON.stringify(tests)
    for (const { id, with: replacement } of policy.definition.rules) {
      expect(shown.includes(id) || (replacement !== undefined && shown.includes(JSON.stringify(replacement).slice(1, -1)))).toBe(
        true,
      )
    }
  })
}

test('nothing in them is warned of', () => {
  expect(warnings).toEqual([])
})

describe('policies/README.md', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] as string)

  test('shows a first policy that compiles', async () => {
    expect((await compile('readme.yaml', blocks[0])).definition.rules).toHaveLength(2)
  })

  test('shows the defaults as they are', async () => {
    const shown = await compile('readme.yaml', `name: x\n${blocks.find((block) => block.startsWith('mode: '))}`)
    expect(shown.definition.settings?.on_cut?.notice_in).toBe('none')
    expect(shown.hash).toBe((await compile('readme.yaml', 'name: x\n')).hash)
  })

  test('shows judges that compile', async () => {
    const shown = blocks.filter((block) => block.startsWith('judges:'))
    expect(shown.length).toBeGreaterThan(1)
    for (const block of shown) await compile('readme.yaml', `name: x\n${block}`)
  })

  test('tells of every kind of judge, template and preset there is, and of no other', () => {
    const table = (head: string) =>
      new RegExp(`\\| ${head} \\|.*\\n\\|.*\\n([\\s\\S]*?)\\n\\n`).exec(readme)?.[1]?.split('\n') ?? []
    const named = (head: string) =>
      table(head).flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([a-z0-9_.-]+)`/g)].map(([, name]) => name))
    expect(named('kind')).toEqual(judgeKinds)
    expect(named('template').map((name) => name?.replace(/^-/, 'granite-guardian-'))).toEqual(Object.keys(openaiChatFields))
    expect(named('preset')).toEqual(Object.keys(httpPresetFields))
  })

  test('tells of every number there is, and of no other', () => {
    const table = /\| `number` \| finds \|\n([\s\S]*?)\n\n/.exec(readme)?.[1] ?? ''
    const named = table
      .split('\n')
      .flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([a-z0-9_]+)`/g)].map(([, name]) => name))
    expect(named.sort()).toEqual([...numberNames].sort())
  })

  describe('says what each fold sees through', () => {
    const rows = [...readme.matchAll(/^\| (`[^|]+`) \| ([^|]+) \| (yes|no) \| (yes|no) \| (yes|no) \|/gm)]
    const spans = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => JSON.parse(`"${text}"`) as string)
    const cases = rows.flatMap(([, term, texts, ...seen]) =>
      spans(texts).map((text) => ({ term: spans(term)[0] as string, text, seen: seen.map((cell) => cell === 'yes') })),
    )

    test.each(cases)('$term in $text', ({ term, text, seen }) => {
      const found = (['none', 'case', 'loose'] as const).map((fold) => {
        const spec = { terms: [term], except: [], fold, boundary: 'none' } as const
        const run = wordsMatcher([{ rule: 0, effect: { holds: true, stops: false }, spec }]).open()
        run.push(text)
        run.end()
        return run.take().length > 0
      })
      expect(found).toEqual(seen)
    })

    test('and what none does', () => {
      expect(cases.length).toBeGreaterThan(30)
      expect(cases.some(({ seen }) => seen.every((yes) => !yes))).toBe(true)
    })
  })
})
