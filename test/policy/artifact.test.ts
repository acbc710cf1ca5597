/** A stored policy is the policy: it finds, holds and halts as the definition does, and nothing that is not whole is taken for it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import { SluiceError } from '../../src/errors.ts'
import { artifactVersion, readArtifact, writeArtifact } from '../../src/policy/artifact.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { planContent } from '../../src/policy/content.ts'
import type { PlanDefinition, RuleDefinition } from '../../src/policy/definition.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { packMatchers, packPlan } from '../../src/policy/pack.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { textCase } from '../generators/cases.ts'
import { someLenientPolicy } from '../generators/policies.ts'
import { patience, runs } from '../generators/settings.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { wordsCases } from '../text/cases.ts'

const hash = 'a'.repeat(64)
const usual = 150

/** What `sluice compile` would store of a definition. */
function packed(definition: PlanDefinition): Uint8Array<ArrayBuffer> {
  return packPlan({ name: 'shop', hash, definition, matchers: packMatchers(definition), tests: [] })
}

/** Everything a matcher says of a text, unit by unit, and after a halt at what holds. */
function told(matcher: Matcher, text: string): unknown[] {
  return (['stops', 'holds'] as const).map((stopAt) => {
    const run = matcher.open(stopAt)
    const said: unknown[] = []
    for (let at = 0; at < text.length; at += 1)
      said.push([run.push(text, at, at + 1), run.safeTo, run.take(), [0, 1, 2, 3].map((rule) => run.begunFrom(rule))])
    run.end()
    return [...said, run.safeTo, run.take()]
  })
}

function toldBy(plan: Plan, text: string): unknown {
  return Object.entries(plan.matchers).map(([kind, matchers]) => [kind, matchers.map((matcher) => told(matcher, text))])
}

function expectSame(definition: PlanDefinition, texts: readonly string[]): void {
  const direct = createPlan({ ...definition, name: 'shop' })
  const loaded = loadPlan(packed(definition))
  expect({ ...loaded, hash: '', matchers: {} }).toEqual({ ...direct, hash: '', matchers: {} })
  for (const text of texts) expect(toldBy(loaded, text)).toEqual(toldBy(direct, text))
}

const words = (id: string, terms: string[], more: object = {}): RuleDefinition => ({
  id,
  words: { terms },
  action: 'cut',
  ...more,
})

const nasty: PlanDefinition = {
  settings: { hold: { most_chars: 7 }, media: { image: 'cut' } },
  rules: [
    words('any', ['Straße', '炸弹', 'a\u0301b', '\u{1f600}']),
    {
      id: 'loose',
      words: { terms: ['bomb', '法轮功'], except: ['bombay'], fold: 'loose', boundary: 'word' },
      action: 'mask',
      with: '*',
    },
    words('asked', ['please'], { channels: ['prompt', 'reasoning'], mode: 'shadow', tags: ['x', 'y'] }),
    { id: 'card', pattern: compileNumber('payment_card'), number: 'payment_card', action: 'mask', with: '#' },
    { id: 'key', pattern: compilePattern('k-[a-z]{2,4}(?!z)'), action: 'cut', channels: ['answer'] },
    { id: 'told', pattern: compilePattern('(?<!\\d)9+', { most: 3 }), action: 'flag' },
  ],
}

const texts = [
  'STRASSE 炸弹 a\u0301b \u{1f600} BOMB b0mb bombay b.o.m.b 法輪功 please',
  'pay 4111 1111 1111 1111 with k-abcz, k-ab 999 1999 ',
  '\ud83d',
  '',
]

describe('a stored policy', () => {
  test('finds, holds and halts as its definition does', () => expectSame(nasty, texts))

  test('finds in each case that taught us something what is to be found', () => {
    const cases = Object.values(wordsCases).flat()
    const rules = cases.map(({ terms, except = [], fold = 'case', boundary = 'none' }, index): RuleDefinition => {
      const id = `case-${index}`
      return { id, words: { terms, except, fold, boundary }, action: 'mask', with: '⁂', channels: ['answer'] }
    })
    const [matcher, ...others] = loadPlan(packed({ rules })).matchers.answer
    expect(others).toEqual([])
    for (const [index, { name, text, found }] of cases.entries()) {
      const run = (matcher as Matcher).open()
      run.push(text)
      run.end()
      const own = run.take().filter(({ rule }) => rule === index)
      const spans = own.sort((one, other) => one.end - other.end || one.start - other.start)
      expect(
        spans.map(({ start, end }) => `${start}-${end}`),
        name,
      ).toEqual(found)
    }
  })

  test('shares between kinds of channel what its definition shares', () => {
    const { matchers } = loadPlan(packed(nasty))
    expect(matchers.refusal).toBe(matchers.tool_input)
    expect(matchers['prompt.system']).toEqual([])
    // The words are the same for both, though one of the patterns looks at answers only.
    expect(matchers.answer[0]).toBe(matchers.refusal[0])
    expect(matchers.answer[1]).not.toBe(matchers.refusal[1])
  })

  test('is as closed as any plan', () => {
    const plan = loadPlan(packed(nasty))
    for (const part of [plan, plan.settings, plan.settings.hold, plan.rules, plan.rules[2]?.tags, plan.matchers.answer]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  test('says all that its definition says, judges, allowances and notices included', () => {
    const rich: PlanDefinition = {
      settings: {
        release: 'sentence',
        on_cut: { notice: { zh: '抱歉。', en: 'Sorry.' }, notice_in: 'refusal' },
        on_block: { as: 'answer', message: { en: 'No.', 'zh-Hant': '不行。' } },
      },
      judges: {
        guard: { kind: 'openai_chat', template: 'llama-guard-3', base_url: 'GUARD', on_fault: { timeout: 'forward' } },
        slow: { stretch: 'whole', wait: 'trail', most_ahead: 7, breaker: false, cache: true, retry: false, most_open: 2 },
      },
      rules: [
        words('slurs', ['x'], { tags: ['manners'], severity: 'critical' }),
        words('names', ['xy'], { action: 'allow', lifts: ['manners'] }),
        words('harm', ['z'], {
          action: 'ask',
          ask: { judge: 'guard', where: { category: ['S10', 'S11'] }, then: 'mask' },
          with: '*',
        }),
        { id: 'seen', judge: 'slow', where: { at_least: 0.5, severity_at_least: 2 }, action: 'cut', channels: ['prompt'] },
      ],
    }
    expectSame(rich, ['x xy z'])
    expect(loadPlan(packed(rich)).settings.on_cut.notice).toBe('抱歉。')
  })

  test('may have no rules', () => expectSame({ rules: [] }, ['text']))

  test(
    'finds, holds and halts as its definition does, by property',
    () => {
      fc.assert(
        fc.property(fc.oneof(textCase(), textCase(someLenientPolicy)), ({ policy, text }) => {
          expectSame(definitionOf(policy), [text])
        }),
        runs(usual),
      )
    },
    patience,
  )
})

function definitionOf({ rules, judges: _judges, judged: _judged, ...policy }: OraclePolicy): PlanDefinition {
  return {
    ...policy,
    rules: rules.map(({ pattern, ...rule }) => {
      if (pattern === undefined) return rule as RuleDefinition
      const { source, flags = '', most } = pattern
      return { ...rule, pattern: compilePattern(source, { flags, ...(most === undefined ? {} : { most }) }) } as RuleDefinition
    }),
  } as PlanDefinition
}

describe('the bytes', () => {
  const text =
    'name: shop\nrules:\n  - { id: a, words: { terms: [x, y] }, action: cut }\n  - { id: b, number: us_ssn, action: flag }\n'
  const compiled = (source: string) =>
    compilePolicy(source, { file: 'shop.yaml', readFile: () => Promise.reject(new Error('none')) })

  test(
    'are the same for the same policy, its tests and comments apart',
    async () => {
      const one = packPlan(await compiled(text))
      expect(packPlan(await compiled(text))).toEqual(one)
      expect(packPlan(await compiled(`# birds\n${text}tests:\n  - { answer: x, reads: '', cut_by: a }\n`))).toEqual(one)
      expect(packPlan(await compiled(text.replace('[x, y]', '[x, z]')))).not.toEqual(one)
    },
    patience,
  )

  test('name the policy and its hash', async () => {
    const policy = await compiled(text)
    expect(loadPlan(packPlan(policy))).toMatchObject({ name: 'shop', hash: policy.hash })
  })

  test('may come in any kind of buffer, at any place in it', () => {
    const bytes = packed(nasty)
    const expected = toldBy(createPlan(nasty), texts[0] as string)
    for (const offset of [0, 1, 2, 4]) {
      const larger = new Uint8Array(bytes.length + offset + 3)
      larger.set(bytes, offset)
      expect(toldBy(loadPlan(larger.subarray(offset, offset + bytes.length)), texts[0] as string)).toEqual(expected)
    }
    expect(toldBy(loadPlan(bytes.buffer), texts[0] as string)).toEqual(expected)
    expect(toldBy(loadPlan(new DataView(bytes.buffer)), texts[0] as string)).toEqual(expected)
  })
})

function refusal(artifact: unknown): string {
  try {
    loadPlan(artifact as ArrayBuffer)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'plan_unreadable') return error.message
    throw error
  }
  throw new Error('it was accepted')
}

describe('what is no whole artifact of this version is refused:', () => {
  const bytes = packed(nasty)
  const changed = (at: number, to: (byte: number) => number): Uint8Array => {
    const copy = bytes.slice()
    copy[at] = to(bytes[at] as number)
    return copy
  }
  const longer = (by: number): Uint8Array => {
    const copy = new Uint8Array(bytes.length + by)
    copy.set(bytes)
    return copy
  }

  test.each([
    ['nothing', undefined, 'it is none'],
    ['a text', '{"sluice":1}', 'it is none'],
    ['no bytes', new Uint8Array(0), 'it is none'],
    ['a policy file', new TextEncoder().encode('name: shop\nrules: []\n# and more to come than a head has\n'), 'it is none'],
    ['the head of one', bytes.subarray(0, 31), 'it is none'],
    ['another magic word', changed(0, (byte) => byte + 1), 'it is none'],
    [
      'another version',
      changed(4, (byte) => byte + 1),
      `of version ${artifactVersion + 1}, this Sluice reads ${artifactVersion}`,
    ],
    ['one that was cut short', bytes.subarray(0, -16), `has ${bytes.length - 16} bytes of ${bytes.length}`],
    ['one with something behind it', longer(16), `has ${bytes.length + 16} bytes of`],
  ])('%s', (_name, artifact, reason) => {
    expect(refusal(artifact)).toContain(reason)
  })

  test('one bit of damage, wherever it is', () => {
    const places = [
      ...Array(64).keys(),
      ...Array.from({ length: 200 }, (_, index) => (index * 7919) % bytes.length),
      bytes.length - 1,
    ]
    const damaged = bytes.slice()
    for (const at of places) {
      for (const bit of [1, 128]) {
        const byte = bytes[at] as number
        damaged[at] = byte ^ bit
        expect(refusal(damaged)).toMatch(/it is none|version|bytes of|seal/)
        damaged[at] = byte
      }
    }
    expect(() => loadPlan(damaged)).not.toThrow()
  })

  test('parts that changed places', () => {
    const swapped = bytes.slice()
    swapped.set(bytes.subarray(bytes.length - 32, bytes.length - 16), bytes.length - 16)
    swapped.set(bytes.subarray(bytes.length - 16), bytes.length - 32)
    expect(swapped).not.toEqual(bytes)
    expect(refusal(swapped)).toContain('seal')
  })

  test('tables of another version of the engines, though the seal fits', () => {
    const { matchers, ...content } = readArtifact(bytes)
    for (const [index, { tables }] of matchers.entries()) {
      for (const other of [
        tables.slice(0, tables.length - 16),
        tables.map((byte, at) => (at < 64 ? byte ^ 85 : byte)),
        new Uint8Array(0),
      ]) {
        const replaced = matchers.map((matcher, at) => (at === index ? { ...matcher, tables: other } : matcher))
        expect(refusal(writeArtifact({ ...content, matchers: replaced }))).toContain('does not know its tables')
      }
    }
  })

  test('an engine nobody knows', () => {
    const content = planContent({ rules: [] }, 'shop', hash)
    const stranger = { engine: 'judges' as 'words', kinds: ['answer' as const], tables: new Uint8Array(4) }
    expect(refusal(writeArtifact({ ...content, matchers: [stranger] }))).toContain('does not know its tables')
  })
})
