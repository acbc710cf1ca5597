/** The policies that come with Sluice compile without a warning, and do what their own tests say, at every split. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { numberNames } from '../../src/checks/numbers.ts'
import { wordsMatcher } from '../../src/checks/words.ts'
import { runTest } from '../../src/cli/testing/policy-tests.ts'
import { judgeKinds } from '../../src/judges/fields.ts'
import { httpPresetFields } from '../../src/judges/http-fields.ts'
import { openaiChatFields } from '../../src/judges/openai-chat-fields.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { packPlan } from '../../src/policy/pack.ts'
import { createPlan } from '../../src/policy/plan.ts'

const folder = fileURLToPath(new URL('../../policies', import.meta.url))
const warnings: string[] = []

async function compile(name: string, text = readFileSync(join(folder, name), 'utf8')) {
  return await compilePolicy(text, {
    file: join(folder, name),
    readFile: (path) => readFileSync(path),
    onWarning: ({ message }) => warnings.push(`${name}: ${message}`),
  })
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
  const policy = await compile(name)
  const { tests } = policy
  const plan = loadPlan(packPlan(policy))
  const direct = createPlan(policy.definition)
  describe(`${name}: each test holds, however the text is split`, () => {
    test.each(tests.map((one) => [one]))('%j', (one) => {
      expect(runTest(plan, one, name).failure).toBeUndefined()
      expect(runTest(direct, one, name).failure).toBeUndefined()
    })
  })

  // Numbers have tests of their own, and a key for each of them here would alarm every scanner of repositories.
  test(`${name}: every rule of its own that is no number by name is named by a test`, () => {
    const { rules = [] } = parse(readFileSync(join(folder, name), 'utf8')) as {
      rules?: { id: string; number?: string; action: string }[]
    }
    const named = new Set(tests.flatMap((one) => [one['cut_by'], one['masked_by'], one['flagged_by'], one['blocked_by']].flat()))
    // What is allowed is seen by what stays as it was written.
    const own = rules.filter(({ number, action }) => number === undefined && action !== 'allow')
    expect(own.filter(({ id }) => !named.has(id)).map(({ id }) => id)).toEqual([])
  })
}

test('self-harm-help ends answers at what self-harm-care records', () => {
  const urging = (name: string) => {
    const { rules } = parse(readFileSync(join(folder, name), 'utf8')) as { rules: { id: string; pattern?: string }[] }
    return rules.find(({ id }) => id === 'self-harm-urging')?.pattern
  }
  expect(urging('self-harm-help.yaml')).toBe(urging('self-harm-care.yaml'))
})

test('the options go on top of the default, both at once', async () => {
  const policy = await compile('mine.yaml', 'name: mine\nextends: [consumer-chat, self-harm-help, care-judged]\n')
  const plan = loadPlan(packPlan(policy))
  const holds = (one: Record<string, unknown>) => expect(runTest(plan, one, 'mine').failure).toBeUndefined()
  holds({ answer: 'You should just kill yourself.', judge: { moderation: [] }, cut_by: 'self-harm-urging', reads: '' })
  holds({
    answer: 'That book about suicide, 4111 1111 1111 1111, is good.',
    judge: { moderation: [] },
    reads: 'That book about suicide, [card number], is good.',
    asked: ['moderation'],
  })
  expect(JSON.stringify(policy.definition.settings?.on_cut?.notice)).toContain('12356')
})

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

  test('shows nothing that does not compile', async () => {
    // What is shown of tests is of rules and judges that stand elsewhere.
    const around = (block: string) =>
      block.startsWith('tests:')
        ? 'rules: [{ id: a, judge: guard, action: flag }]\njudges: { guard: { kind: workers_ai } }\n'
        : ''
    for (const block of blocks) {
      const text = block.startsWith('name:') || block.includes('\nname:') ? block : `name: x\n${around(block)}${block}`
      expect((await compile('readme.yaml', text)).name, block).toMatch(/./)
    }
    expect(blocks.length).toBeGreaterThan(8)
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
