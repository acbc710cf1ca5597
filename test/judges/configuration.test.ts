/** What is wrong with a judge is told before there is a question: by judge and variable, never with a value. */
import { describe, expect, it } from 'vitest'
import { SluiceError } from '../../src/errors.ts'
import { askersFor } from '../../src/judges/askers.ts'
import { judgeAskers } from '../../src/judges/index.ts'
import type { JudgeDefinition } from '../../src/policy/definition.ts'
import { settleJudge } from '../../src/policy/judges.ts'

const good: Record<string, string> = {
  OPENAI_BASE_URL: 'https://api.openai.com/v1',
  OPENAI_API_KEY: 'sk-1',
  URL: 'https://a.example',
  KEY: 'k',
}

function problem(judge: JudgeDefinition, variables: Record<string, string> = {}): string | undefined {
  const known = { ...good, ...variables }
  try {
    judgeAskers([settleJudge('guard', judge)], { variable: (name) => known[name] })
  } catch (error) {
    expect(error).toBeInstanceOf(SluiceError)
    expect((error as SluiceError).code).toBe('configuration')
    return (error as Error).message
  }
  return undefined
}

const guard = { kind: 'openai_chat', template: 'llama-guard-3', model: 'm' }
const secret = 'se\ncret VALUE'

describe('a judge', () => {
  it.each([
    [{ kind: 'openai_moderation' }],
    [guard],
    [{ ...guard, base_url: 'URL' }],
    [{ kind: 'http', url: 'URL', secret: 'KEY' }],
    [{ kind: 'http', preset: 'perspective', api_key: 'KEY' }],
  ])('that has all it needs is ready: %o', (judge) => {
    expect(problem(judge)).toBeUndefined()
  })

  it.each<[JudgeDefinition, Record<string, string>, string]>([
    [{ kind: 'openai_moderation' }, { OPENAI_BASE_URL: '' }, 'The judge "guard" needs the variable OPENAI_BASE_URL (base_url).'],
    [{ kind: 'openai_moderation' }, { OPENAI_API_KEY: '' }, 'The judge "guard" needs the variable OPENAI_API_KEY (api_key).'],
    [{ ...guard, base_url: 'GUARD' }, {}, 'The judge "guard" needs the variable GUARD (base_url).'],
    [{ ...guard, base_url: 'URL', api_key: 'GUARD' }, {}, 'The judge "guard" needs the variable GUARD (api_key).'],
    [{ kind: 'http', url: 'URL', secret: 'HOOK' }, {}, 'The judge "guard" needs the variable HOOK (secret).'],
    [
      { kind: 'http', preset: 'alibaba', base_url: 'URL', key_id: 'KEY', key_secret: 'B' },
      {},
      'The judge "guard" needs the variable B (key_secret).',
    ],
    [{ kind: 'workers_ai' }, {}, 'The judge "guard" needs the binding AI (binding).'],
    [{ kind: 'oracle' }, {}, 'The judge "guard" is of a kind that there is not: oracle.'],
    [{ ...guard, template: 'llama-guard-9' }, {}, 'The judge "guard" has a template that there is not: llama-guard-9.'],
    [{ kind: 'http', preset: 'nobody' }, {}, 'The judge "guard" has a preset that there is not: nobody.'],
    [
      { ...guard, template: 'rubric', rubric: 'No ducks.' },
      {},
      'The judge "guard" needs categories: names the model may answer with.',
    ],
    [
      { ...guard, template: 'granite-guardian-4.1', risks: ['ducks'] },
      {},
      'The judge "guard" needs criteria for the risk ducks: this version knows none by name.',
    ],
    [{ ...guard, scores: 'yes' }, {}, 'The judge "guard" takes for scores true or false.'],
  ])('that lacks something says so: %o', (judge, variables, message) => {
    expect(problem(judge, variables)).toBe(message)
  })

  it.each([
    ['a key with a line break', { OPENAI_API_KEY: secret }],
    ['no address', { OPENAI_BASE_URL: secret }],
    ['an address with a user', { OPENAI_BASE_URL: 'https://VALUE:x@a.example' }],
    ['an address with a query', { OPENAI_BASE_URL: 'https://a.example/?key=VALUE' }],
    ['an address of another sort', { OPENAI_BASE_URL: 'file:///VALUE' }],
  ])('whose variable holds %s names it and keeps quiet about what it holds', (_, variables) => {
    const message = problem({ kind: 'openai_moderation' }, variables)
    expect(message).toContain(Object.keys(variables)[0])
    expect(message).not.toContain('VALUE')
  })

  it('that asks by a package needs it at hand', () => {
    const judges = [settleJudge('guard', { kind: 'openai_moderation' })]
    expect(() => askersFor(judges, { variable: (name) => good[name] })).toThrow('The judge "guard" needs the openai package.')
  })

  it('that is embedded is nobody of ours', () => {
    expect(judgeAskers([settleJudge('guard', { kind: 'embedded' })], { variable: () => undefined })).toEqual({})
  })
})
