/** What an allowance may lift, and the contradictions that are told before a plan is made. */
import { expect, test } from 'vitest'
import { SluiceError } from '../../src/errors.ts'
import type { PlanDefinition } from '../../src/policy/definition.ts'
import { createPlan } from '../../src/policy/plan.ts'

const rules: PlanDefinition['rules'] = [
  { id: 'violence', action: 'mask', with: '#', words: { terms: ['kill'] }, tags: ['harm'] },
  { id: 'weapons', action: 'cut', words: { terms: ['bomb'] }, tags: ['harm', 'arms'], channels: ['answer'] },
  { id: 'asked', action: 'cut', words: { terms: ['now'] }, channels: ['prompt'] },
  { id: 'judged', action: 'cut', judge: 'guard', tags: ['harm', 'seen'] },
]
const judges = { guard: {} }

function planWith(rule: object): ReturnType<typeof createPlan> {
  return createPlan({
    judges,
    rules: [...rules, { id: 'brand', action: 'allow', words: { terms: ['killer app'] }, ...rule }] as never,
  })
}

function refusal(rule: object): string {
  try {
    planWith(rule)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'policy_invalid') return error.message
    throw error
  }
  throw new Error('the definition was accepted')
}

test.each([
  [['violence'], [0]],
  [['harm'], [0, 1]],
  [
    ['arms', 'violence'],
    [0, 1],
  ],
])('lifts: %j means the rules of that id or tag, never a judge’s', (lifts, meant) => {
  expect(planWith({ lifts }).rules.at(-1)).toMatchObject({ action: 'allow', lifts: meant })
})

test('what is lifted is part of what the policy says', () => {
  expect(planWith({ lifts: ['violence'] }).hash).not.toBe(planWith({ lifts: ['harm'] }).hash)
})

test.each([
  ['no names', {}, 'action: allow needs lifts, the ids or tags of the rules it lifts'],
  ['an empty list', { lifts: [] }, 'action: allow needs lifts'],
  ['a name of nobody', { lifts: ['violense'] }, 'no rule has the id or tag "violense"'],
  ['a judge’s rule', { lifts: ['seen'] }, '"seen" is a judge\'s, and what judges find is never lifted'],
  ['itself', { lifts: ['brand'] }, '"brand" is itself an allowance'],
  ['a rule for other channels', { lifts: ['asked'] }, '"asked" looks at none of the channels that this rule looks at'],
  ['a replacement', { lifts: ['violence'], with: '#' }, 'with belongs to action: mask only'],
  ['a judge that allows', { lifts: ['violence'], words: undefined, judge: 'guard' }, 'a judge cannot allow'],
  [
    'exceptions of its own',
    { lifts: ['violence'], words: { terms: ['killer app'], except: ['a killer app'] } },
    'except lifts findings',
  ],
  ['lifting without allowing', { lifts: ['violence'], action: 'flag' }, 'lifts belongs to action: allow only'],
])('%s is a contradiction', (_, rule, message) => {
  expect(refusal(rule)).toContain(`rule "brand": ${message}`)
})

test('text leaves exactly as it is clear unless sentences are asked for', () => {
  expect(createPlan({ judges, rules }).settings.release).toBe('exact')
  expect(createPlan({ judges, rules, settings: { release: 'sentence' } }).settings.release).toBe('sentence')
  expect(() => createPlan({ judges, rules, settings: { release: 'word' as never } })).toThrow(
    'settings.release is one of exact, sentence',
  )
})
