/** What a policy may say of a judge is one schema, and editors can be given it. */
import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { judgeKinds, judgeSchema } from '../../src/judges/fields.ts'

const schema = judgeSchema({ timeout_ms: v.exactOptional(v.number()) })
const good = (judge: object) => v.safeParse(schema, judge).issues?.map(({ message }) => message)
const where = (judge: object) => v.safeParse(schema, judge).issues?.map((issue) => v.getDotPath(issue))

describe('what a policy says of a judge', () => {
  it.each([
    { kind: 'openai_moderation' },
    {
      kind: 'openai_moderation',
      model: 'omni-moderation-latest',
      base_url: 'MODERATION_URL',
      api_key: 'MODERATION_KEY',
      timeout_ms: 1,
    },
    { kind: 'openai_chat', template: 'llama-guard-3', model: 'llama-guard-3-8b', base_url: 'GUARD_BASE_URL' },
    { kind: 'openai_chat', template: 'llama-guard-4', model: 'm', categories: { S1: 'Violent Crimes' } },
    {
      kind: 'openai_chat',
      template: 'shieldgemma',
      model: 'm',
      principles: ['hate_speech'],
      guidelines: { spoilers: 'No spoilers.' },
    },
    { kind: 'openai_chat', template: 'qwen3guard', model: 'm' },
    { kind: 'openai_chat', template: 'granite-guardian-3.2', model: 'm', risks: ['harm', 'jailbreak'] },
    { kind: 'openai_chat', template: 'granite-guardian-4.1', model: 'm', criteria: { rude: 'The message is rude.' } },
    { kind: 'openai_chat', template: 'rubric', model: 'm', rubric: 'Look for …', categories: ['medical advice'] },
    { kind: 'workers_ai' },
    { kind: 'workers_ai', binding: 'AI', model: '@cf/meta/llama-guard-3-8b' },
    { kind: 'http', url: 'CHECK_URL', secret: 'CHECK_SECRET' },
    { kind: 'http', preset: 'azure-content-safety', base_url: 'AZURE_URL', api_key: 'AZURE_KEY', levels: 8 },
    { kind: 'http', preset: 'perspective', api_key: 'PERSPECTIVE_KEY' },
    { kind: 'http', preset: 'presidio', base_url: 'PRESIDIO_URL', entities: ['PERSON'] },
    { kind: 'http', preset: 'alibaba', base_url: 'ALIBABA_URL', key_id: 'ALIBABA_ID', key_secret: 'ALIBABA_SECRET' },
  ])('takes %o', (judge) => {
    expect(good(judge)).toBeUndefined()
  })

  it.each([
    ['a field no judge has', { kind: 'openai_moderation', temperature: 1 }, ['temperature']],
    ["a field of another template's", { kind: 'openai_chat', template: 'qwen3guard', model: 'm', risks: ['harm'] }, ['risks']],
    ['a template nobody knows', { kind: 'openai_chat', template: 'llama-guard', model: 'm' }, ['template']],
    ['a chat model without a name', { kind: 'openai_chat', template: 'qwen3guard' }, ['model']],
    ['an address where a variable has to be named', { kind: 'http', url: 'https://a.example', secret: 'S' }, ['url']],
    ['a key where a variable has to be named', { kind: 'openai_moderation', api_key: 'sk-abc' }, ['api_key']],
    ['an own service that could not tell who asks', { kind: 'http', url: 'CHECK_URL' }, ['secret']],
    ['a preset nobody knows', { kind: 'http', preset: 'azure', base_url: 'U' }, ['preset']],
    ['a kind nobody knows', { kind: 'oracle' }, ['kind']],
  ])('refuses %s, and says where', (_, judge, paths) => {
    expect(where(judge)).toEqual(paths)
  })

  it('names every kind it takes, and can be written for editors', () => {
    expect(judgeKinds.filter((kind) => where({ kind })?.includes('kind') ?? false)).toEqual([])
    expect(() => toJsonSchema(schema)).not.toThrow()
  })
})
