/** What a policy may ask of a judge is what the judge says. */
import { describe, expect, test } from 'vitest'
import { saysOf } from '../../src/judges/says.ts'
import { llamaGuardOpinions } from '../../src/judges/templates/llama-guard.ts'
import { qwen3guard } from '../../src/judges/templates/qwen3guard.ts'
import type { Question } from '../../src/terms/judge.ts'

const question = { text: 'x', context: '', channel: { name: 'answer', scope: '0', kind: 'answer' } } as Question

describe('a guard model may name every category that policies may ask for', () => {
  test.each(saysOf({ kind: 'openai_chat', template: 'llama-guard-3' }).categories ?? [])('Llama Guard: %s', (category) => {
    expect(llamaGuardOpinions(`unsafe\n${category}`)).toEqual([{ category }])
  })

  test.each(saysOf({ kind: 'openai_chat', template: 'qwen3guard' }).categories ?? [])('Qwen3Guard: %s', (category) => {
    const [ask] = qwen3guard()(question)
    expect(ask?.opinions(`Safety: Unsafe\nCategories: ${category}`, undefined)).toEqual([{ category, severity: 2 }])
  })

  test('and no other', () => {
    const [ask] = qwen3guard()(question)
    expect(() => ask?.opinions('Safety: Unsafe\nCategories: Bad Taste', undefined)).toThrow()
    expect(() => llamaGuardOpinions('unsafe\nS15')).toThrow()
    expect(saysOf({ kind: 'openai_chat', template: 'llama-guard-3' }).categories).not.toContain('S15')
  })
})

test.each([
  [
    { kind: 'openai_chat', template: 'llama-guard-4', categories: { X1: 'own' } },
    { categories: ['X1'], scores: false },
  ],
  [{ kind: 'openai_chat', template: 'llama-guard-4', scores: true }, { scores: true }],
  [{ kind: 'openai_chat', template: 'shieldgemma', guidelines: { own: 'x' } }, { categories: ['own'] }],
  [
    { kind: 'openai_chat', template: 'shieldgemma', principles: ['sexual'], guidelines: { own: 'x' } },
    { categories: ['sexual', 'own'] },
  ],
  [
    { kind: 'openai_chat', template: 'granite-guardian-3.3' },
    { categories: ['harm'], levels: false },
  ],
  [
    { kind: 'openai_chat', template: 'rubric', categories: ['a'] },
    { categories: ['a'], levels: true, scores: true },
  ],
  [
    { kind: 'http', preset: 'azure-content-safety', categories: ['Hate'], blocklists: ['b'] },
    { categories: ['Hate', 'b'], levels: true },
  ],
  [
    { kind: 'http', preset: 'perspective' },
    { categories: ['TOXICITY'], scores: true },
  ],
  [{ kind: 'http', url: 'URL', secret: 'SECRET' }, {}],
  [{ kind: 'embedded' }, {}],
])('what a judge is set to is what it says: %j', (judge, says) => {
  expect(saysOf(judge)).toMatchObject(says)
  if (Object.keys(says).length === 0) expect(saysOf(judge)).toEqual({})
})
