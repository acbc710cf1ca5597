/** Whatever a definition says, its artifact says too: plans made either way are the same. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JudgeDefinition, PlanDefinition, RuleDefinition, SettingsDefinition } from '../../src/policy/definition.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { packMatchers, packPlan } from '../../src/policy/pack.ts'
import { createPlan } from '../../src/policy/plan.ts'
import { severities } from '../../src/terms/action.ts'
import { channelKinds } from '../../src/terms/channel.ts'
import { faultActions, faultKinds } from '../../src/terms/judge.ts'
import { patience, runs } from '../generators/settings.ts'

const usual = 200

/** Any part of a record may be left out. */
const some = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Partial<Shape>>

const one = <const Choices extends readonly unknown[]>(...choices: Choices): fc.Arbitrary<Choices[number]> =>
  fc.constantFrom(...choices)
const count = fc.integer({ min: 1, max: 9999 })
const text = fc.constantFrom('Sorry.', '抱歉。', 'a "quoted" \u{1f600} text')
const localised = fc.oneof(
  text,
  fc
    .uniqueArray(one('en', 'zh', 'zh-Hant', 'pt-BR'), { minLength: 1 })
    .map((tags) => Object.fromEntries(tags.map((tag) => [tag, `in ${tag}`]))),
)

const settings: fc.Arbitrary<SettingsDefinition> = some({
  release: one('exact', 'sentence'),
  hold: some({
    most_chars: count,
    tool_most_chars: count,
    answer_most_chars: count,
    most_ms: count,
    at_cap: one('cut', 'forward'),
  }),
  on_cut: some({
    ending: one('native', 'refusal', 'stop', 'error'),
    notice: localised,
    notice_in: one('answer', 'refusal', 'none'),
  }),
  on_block: some({ as: one('native', 'error', 'answer'), message: localised }),
  unknown: one('check', 'drop', 'refuse'),
  media: some({ image: one('pass', 'cut', 'drop'), audio: one('pass', 'cut', 'drop'), file: one('pass', 'cut', 'drop') }),
  reasoning: one('cut', 'hold'),
  prompt: some({ overlap: fc.boolean(), turns: one('last', 'all') }),
  require_terminal: fc.boolean(),
}) as fc.Arbitrary<SettingsDefinition>

const stretch = fc.oneof(
  fc.constant('whole' as const),
  some({ first: fc.constant(10), grow_to: count.map((more) => more + 10), context: fc.nat(99) }),
)
const onFault = one(...faultActions)
const judge = some({
  kind: one('embedded', 'openai_moderation', 'http'),
  stretch,
  wait: one('hold', 'trail'),
  most_ahead: count,
  timeout_ms: count,
  on_fault: fc.oneof(
    onFault,
    some(Object.fromEntries(faultKinds.map((kind) => [kind, onFault])) as Record<string, typeof onFault>),
  ),
  retry: fc.boolean(),
  breaker: fc.oneof(fc.constant(false as const), some({ faults: count, open_ms: count })),
  most_open: count,
  cache: fc.oneof(fc.boolean(), some({ seconds: count, most: count })),
  model: text,
}) as fc.Arbitrary<JudgeDefinition>

const where = some({
  category: fc.oneof(text, fc.array(text, { minLength: 1 })),
  at_least: one(0, 0.5, 1),
  severity_at_least: fc.nat(7),
})
const base = some({
  mode: one('enforce', 'shadow'),
  tags: fc.uniqueArray(one('t', 'u')),
  severity: one(...severities),
  channels: fc.uniqueArray(one(...channelKinds), { minLength: 1 }),
})
const words = fc.uniqueArray(one('alpha', 'beta', '法轮功'), { minLength: 1 }).map((terms) => ({ words: { terms } }))
const done = fc.oneof(one({ action: 'cut' }, { action: 'flag' }), fc.constant({ action: 'mask', with: '***' }))
const asked = fc.record({ judge: one('guard', 'other'), where, then: one('cut', 'flag') }).map((ask) => ({ action: 'ask', ask }))
const allowing = fc.constant({ action: 'allow', lifts: ['first'], channels: ['answer'] })
const rule = fc.oneof(
  fc.tuple(base, words, fc.oneof(done, asked, allowing)),
  fc.tuple(base, fc.record({ judge: one('guard', 'other'), where }), done),
) as fc.Arbitrary<object[]>

const definition: fc.Arbitrary<PlanDefinition> = fc
  .record({
    mode: one('enforce', 'shadow'),
    settings,
    judges: fc.record({ guard: judge, other: judge }),
    rules: fc.array(rule, { maxLength: 6 }),
  })
  .map(({ rules, ...rest }) => {
    const first = { id: 'first', words: { terms: ['gamma'] }, action: 'cut' } as RuleDefinition
    const others = rules.map((parts, index) => Object.assign({ id: `rule-${index}` }, ...parts) as RuleDefinition)
    return { ...rest, rules: [first, ...others] }
  })

test(
  'a definition, its artifact and the plan of that say the same as the plan of the definition',
  () => {
    fc.assert(
      fc.property(definition, (given) => {
        const direct = createPlan({ ...given, name: 'shop' })
        const policy = { name: 'shop', hash: direct.hash, definition: given, matchers: packMatchers(given), tests: [] }
        const { matchers, ...loaded } = loadPlan(packPlan(policy))
        const { matchers: own, ...made } = direct
        expect(loaded).toEqual(made)
        expect(Object.entries(matchers).map(([kind, list]) => [kind, list.length])).toEqual(
          Object.entries(own).map(([kind, list]) => [kind, list.length]),
        )
      }),
      runs(usual),
    )
  },
  patience,
)
