/** A plan is what its definition says, and a definition that contradicts itself makes none. */
import { describe, expect, test } from 'vitest'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import { SluiceError } from '../../src/errors.ts'
import type { PlanDefinition, RuleDefinition } from '../../src/policy/definition.ts'
import { createPlan } from '../../src/policy/plan.ts'
import { answerSide } from '../../src/terms/channel.ts'
import type { Matcher } from '../../src/terms/matcher.ts'

const word = (id: string, more: Partial<RuleDefinition> = {}): RuleDefinition =>
  ({ id, words: { terms: [id] }, action: 'cut', ...more }) as RuleDefinition

function refusal(definition: unknown): string {
  try {
    createPlan(definition as PlanDefinition)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'policy_invalid') return error.message
    throw error
  }
  throw new Error('the definition was accepted')
}

function found(matchers: readonly Matcher[], text: string): number[] {
  return matchers
    .flatMap((matcher) => {
      const run = matcher.open()
      for (let at = 0; at < text.length; ) at = run.push(text, at)
      run.end()
      return run.take().map((finding) => finding.rule)
    })
    .sort()
}

describe('every channel is looked at by the rules that name it', () => {
  const plan = createPlan({
    rules: [
      word('anywhere'),
      word('asked', { channels: ['prompt'] }),
      word('thought', { channels: ['reasoning'] }),
      { id: 'key', pattern: compilePattern('sk-[a-z]{4}'), action: 'mask', with: '[key]' },
    ],
  })
  const text = 'anywhere asked thought sk-abcd'

  test.each([
    ['answer', [0, 3]],
    ['refusal', [0, 3]],
    ['tool_input', [0, 3]],
    ['reasoning', [0, 2, 3]],
    ['prompt', [1]],
    ['prompt.system', []],
    ['unknown', [0, 2, 3]],
  ] as const)('%s', (kind, rules) => {
    expect(found(plan.matchers[kind], text)).toEqual(rules)
  })

  test('kinds with the same rules share their matchers', () => {
    expect(plan.matchers.refusal).toBe(plan.matchers.answer)
    expect(plan.matchers.tool_input).toBe(plan.matchers.answer)
    expect(plan.matchers.unknown).toBe(plan.matchers.reasoning)
  })

  test('a rule for prompts makes no answer wait', () => {
    const prompts = createPlan({ rules: [word('asked', { channels: ['prompt', 'prompt.system'] })] })
    for (const kind of [...answerSide, 'unknown'] as const) expect(prompts.matchers[kind]).toEqual([])
  })
})

describe('only rules in force hold', () => {
  const held = (definition: PlanDefinition) => {
    const run = createPlan(definition).matchers.answer[0]?.open()
    if (run === undefined) throw new Error('no matcher')
    run.push('slui')
    return 4 - run.safeTo
  }

  test.each([
    ['mask', { action: 'mask', with: '*' }, 4],
    ['cut', { action: 'cut' }, 4],
    ['flag', { action: 'flag' }, 0],
    ['mask in the shadow', { action: 'mask', with: '*', mode: 'shadow' }, 0],
  ] as const)('%s', (_name, rule, units) => {
    expect(held({ rules: [word('sluice', rule)] })).toBe(units)
  })

  test('in a shadow policy none does, and every rule says so itself', () => {
    const definition: PlanDefinition = { mode: 'shadow', rules: [word('sluice', { mode: 'enforce' })] }
    expect(held(definition)).toBe(0)
    expect(createPlan(definition).rules[0]?.mode).toBe('shadow')
  })
})

describe('settings', () => {
  test('have safe defaults', () => {
    expect(createPlan({ rules: [] }).settings).toEqual({
      release: 'exact',
      hold: { most_chars: 4000, tool_most_chars: 262144, answer_most_chars: 400000, most_ms: 8000, at_cap: 'cut' },
      on_cut: { ending: 'native', notice: "I can't continue with that.", notice_in: 'none' },
      on_block: { as: 'native', message: "This request can't be answered." },
      unknown: 'check',
      media: { image: 'pass', audio: 'cut', file: 'drop' },
      reasoning: 'cut',
      prompt: { overlap: true, turns: 'last' },
      require_terminal: false,
    })
  })

  test('are overridden field by field', () => {
    const { settings } = createPlan({ settings: { hold: { most_chars: 7 }, media: { file: 'drop' } }, rules: [] })
    expect(settings.hold).toMatchObject({ most_chars: 7, most_ms: 8000 })
    expect(settings.media).toEqual({ image: 'pass', audio: 'cut', file: 'drop' })
  })

  test('notices in several languages have the first for their default, in the order they were written', () => {
    const { on_cut, on_block } = createPlan({
      settings: { on_cut: { notice: { zh: '抱歉。', en: 'Sorry.' } }, on_block: { message: { en: 'No.' } } },
      rules: [],
    }).settings
    expect(on_cut).toMatchObject({ notice: '抱歉。', notice_in: 'answer' })
    expect(on_cut.notices?.map(({ language, text }) => `${language} ${text}`)).toEqual(['zh 抱歉。', 'en Sorry.'])
    expect(on_block).toMatchObject({ message: 'No.', messages: [{ language: 'en', text: 'No.' }] })
    expect(Object.isFrozen(on_cut.notices?.[0])).toBe(true)
  })

  test('a notice somebody wrote is shown in the answer, unless they say where else', () => {
    const shown = (on_cut: object) => createPlan({ settings: { on_cut }, rules: [] }).settings.on_cut.notice_in
    expect(shown({ notice: 'Sorry.' })).toBe('answer')
    expect(shown({ notice: 'Sorry.', notice_in: 'refusal' })).toBe('refusal')
    expect(shown({ ending: 'stop' })).toBe('none')
  })
})

describe('the name and the hash', () => {
  test('the hash is of the content, the name apart', () => {
    const rules = [word('a')]
    const one = createPlan({ name: 'one', rules })
    expect(one.name).toBe('one')
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(createPlan({ name: 'two', rules }).hash).toBe(one.hash)
    expect(createPlan({ name: 'one', rules: [word('b')] }).hash).not.toBe(one.hash)
  })
})

test('a plan cannot be changed, nor by what it was made of', () => {
  const tags = ['x']
  const plan = createPlan({ rules: [word('a', { tags })] })
  tags.push('y')
  expect(plan.rules[0]?.tags).toEqual(['x'])
  for (const part of [plan, plan.settings, plan.settings.hold, plan.rules, plan.rules[0], plan.matchers, plan.matchers.answer]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
})

const judge = (fields: object): object => ({ judges: { guard: fields }, rules: [] })

test('how often a judge is asked, and how many times at once, is settled; what else it is given belongs to its kind', () => {
  const [usual] = createPlan({ judges: { guard: { kind: 'embedded', model: 'm' } }, rules: [] }).judges
  expect(usual).toMatchObject({ retry: true, breaker: { faults: 5, open_ms: 10_000 }, most_open: 20, settings: { model: 'm' } })
  expect(usual).not.toHaveProperty('cache')
  const fields = { retry: false, breaker: false, most_open: 3, cache: { seconds: 9 } } as const
  const [given] = createPlan({ judges: { guard: fields }, rules: [] }).judges
  expect(given).toMatchObject({ ...fields, cache: { seconds: 9, most: 500 }, settings: {} })
  const [remembering] = createPlan({ judges: { guard: { cache: true } }, rules: [] }).judges
  expect(remembering).toMatchObject({ cache: { seconds: 300, most: 500 } })
})

describe('what a program can get wrong is told', () => {
  test.each([
    ['no object', null, 'a definition is an object with rules'],
    ['no rules', {}, 'rules is an array'],
    ['an unknown key', { rules: [], rule: [] }, 'the definition has no "rule"; it takes name, mode, settings, judges, rules'],
    ['an unknown mode', { mode: 'off', rules: [] }, 'mode is one of enforce, shadow'],
    [
      'a limit of nothing',
      { settings: { hold: { most_chars: 0 } }, rules: [] },
      'settings.hold.most_chars is a whole number above zero',
    ],
    ['an unknown setting', { settings: { hold: { max: 1 } }, rules: [] }, 'settings.hold has no "max"; it takes most_chars'],
    [
      'a setting that is no choice',
      { settings: { media: { image: 'no' } }, rules: [] },
      'settings.media.image is one of pass, cut, drop',
    ],
    [
      'a notice in no language',
      { settings: { on_cut: { notice: {} } }, rules: [] },
      'settings.on_cut.notice is text and not empty, or such a text for each language',
    ],
    [
      'a language that is none',
      { settings: { on_block: { message: { 'in English': 'x' } } }, rules: [] },
      'on_block.message is text',
    ],
    ['a severity of its own', { rules: [word('a', { severity: 'grave' as 'high' })] }, 'severity is one of low, medium, high'],
    ['an id twice', { rules: [word('a'), word('a')] }, 'rule "a" is defined twice'],
    ['an id with a space', { rules: [word('a b')] }, 'rule "a b": id takes letters'],
    ['an id that names a limit', { rules: [word('tool_most_chars')] }, 'the id is the name of a limit'],
    ['an unknown action', { rules: [word('a', { action: 'block' as 'cut' })] }, 'rule "a": action is one of flag, mask, cut'],
    ['a mask without replacement', { rules: [word('a', { action: 'mask' })] }, 'rule "a": action: mask needs with'],
    ['a mask with nothing', { rules: [word('a', { action: 'mask', with: '' })] }, 'rule "a": with is empty'],
    [
      'a replacement it finds itself',
      { rules: [word('a', { action: 'mask', with: '<a>' })] },
      'rule "a": with is itself found by rule "a"',
    ],
    [
      'a replacement another rule finds',
      { rules: [word('a', { action: 'mask', with: '[b]' }), word('b', { mode: 'shadow' })] },
      'rule "a": with is itself found by rule "b"',
    ],
    ['a replacement without a mask', { rules: [word('a', { with: '*' })] }, 'rule "a": with belongs to action: mask only'],
    [
      'half a character as replacement',
      { rules: [word('a', { action: 'mask', with: '\ud83d' })] },
      'with has half a surrogate pair',
    ],
    [
      'a channel that is none',
      { rules: [word('a', { channels: ['answers' as 'answer'] })] },
      'rule "a": channel is one of answer',
    ],
    ['no channel', { rules: [word('a', { channels: [] })] }, 'channels is an array with at least one'],
    ['no terms', { rules: [{ id: 'a', action: 'cut', words: { terms: [] } }] }, 'terms is an array of at least one string'],
    [
      'a blank term',
      { rules: [{ id: 'a', action: 'cut', words: { terms: [' '] } }] },
      'terms is an array of at least one string',
    ],
    [
      'a mistyped option',
      { rules: [{ id: 'a', action: 'cut', words: { terms: ['x'], excpet: [] } }] },
      'rule "a": words has no "excpet"',
    ],
    ['no check', { rules: [{ id: 'a', action: 'cut' }] }, 'rule "a": a rule has one check: words, pattern or judge'],
    [
      'a number that is not compiled',
      { rules: [{ id: 'a', action: 'cut', number: 'email' }] },
      'number is the name of a compiled pattern, and goes with it',
    ],
    ['a switch of another kind', judge({ retry: 2 }), 'judge "guard": retry is true or false'],
    ['a breaker that never closes', judge({ breaker: true }), 'breaker is false, or an object with faults, open_ms'],
    ['a cache of nothing', judge({ cache: { most: 0 } }), 'cache.most is a whole number above zero'],
    ['a cache of something else', judge({ cache: { size: 1 } }), 'cache has no "size"; it takes seconds, most'],
    ['no questions at all', judge({ most_open: 0 }), 'most_open is a whole number above zero'],
    ['a RegExp', { rules: [{ id: 'a', action: 'cut', pattern: /x/u }] }, 'pattern is a compiled pattern'],
    ['a pattern that is not compiled', { rules: [{ id: 'a', action: 'cut', pattern: 'x' }] }, 'pattern is a compiled pattern'],
  ])('%s', (_name, definition, message) => {
    expect(refusal(definition)).toContain(message)
  })

  test('all of it at once', () => {
    expect(
      refusal({ mode: 'off', rules: [word('a'), word('a', { action: 'mask' })] }).match(/;/g)?.length,
    ).toBeGreaterThanOrEqual(2)
  })
})

test('a replacement may be found by rules that only flag', () => {
  expect(() => createPlan({ rules: [word('a', { action: 'mask', with: '[b]' }), word('b', { action: 'flag' })] })).not.toThrow()
})

test('a replacement may be found by rules that look elsewhere', () => {
  const rules = [word('a', { action: 'mask', with: '[b]', channels: ['answer'] }), word('b', { channels: ['prompt'] })]
  expect(() => createPlan({ rules })).not.toThrow()
})
