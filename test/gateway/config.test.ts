/** A configuration is understood as it is meant, or refused by the name of what is wrong in it. */
import { describe, expect, test } from 'vitest'
import { type GatewayEnv, readConfig } from '../../src/gateway/config.ts'

describe('the configuration', () => {
  test('of nothing has no upstream, no rehearsal, and a policy that is looked for once a minute', () => {
    expect(readConfig({})).toEqual({
      upstreams: {},
      rehearsalPace: undefined,
      policyName: undefined,
      policyCacheMs: 60_000,
      estimates: true,
      routes: [],
      proxySecretHash: undefined,
      limits: {},
    })
  })

  test('takes numbers and truths as text or as themselves', () => {
    const expected = { rehearsalPace: 0.5, policyCacheMs: 0, limits: { most_body_bytes: 1000, idle_ms: 500, keep_alive_ms: 0 } }
    const text = {
      REHEARSAL: 'true',
      REHEARSAL_PACE: '0.5',
      POLICY_CACHE_SECONDS: '0',
      MOST_BODY_BYTES: '1000',
      IDLE_MS: '500',
      KEEP_ALIVE_MS: '0',
    }
    const itself = {
      REHEARSAL: true,
      REHEARSAL_PACE: 0.5,
      POLICY_CACHE_SECONDS: 0,
      MOST_BODY_BYTES: 1000,
      IDLE_MS: 500,
      KEEP_ALIVE_MS: 0,
    }
    expect(readConfig(text)).toMatchObject(expected)
    expect(readConfig(itself)).toMatchObject(expected)
  })

  test('takes an empty variable for one that is not set', () => {
    expect(
      readConfig({ OPENAI_BASE_URL: '', OPENAI_API_KEY: '', IDLE_MS: '', POLICY: '', POLICY_ROUTES: '', PROXY_SECRET: '' }),
    ).toEqual(readConfig({}))
  })

  test('has the upstream and the key it is given', () => {
    const { upstreams } = readConfig({
      OPENAI_BASE_URL: 'https://models.example/openai/v1/',
      OPENAI_API_KEY: 'sk-ours',
      GEMINI_BASE_URL: 'https://google.example/v1beta',
    })
    expect(upstreams.openai?.baseUrl.href).toBe('https://models.example/openai/v1/')
    expect(upstreams.openai?.apiKey).toBe('sk-ours')
    expect(upstreams.gemini).toEqual({ baseUrl: new URL('https://google.example/v1beta'), apiKey: undefined })
    expect(upstreams.anthropic).toBeUndefined()
  })

  const wrong: [string, GatewayEnv][] = [
    ['OPENAI_BASE_URL', { OPENAI_BASE_URL: 'secret-models.example/v1' }],
    ['OPENAI_BASE_URL', { OPENAI_BASE_URL: 'file:///secret-' }],
    ['OPENAI_BASE_URL', { OPENAI_BASE_URL: 'https://user:secret-@models.example/v1' }],
    ['OPENAI_BASE_URL', { OPENAI_BASE_URL: 'https://models.example/v1?key=secret-' }],
    ['OPENAI_API_KEY', { OPENAI_BASE_URL: 'https://models.example/v1', OPENAI_API_KEY: 'secret-\n' }],
    ['OPENAI_API_KEY', { OPENAI_BASE_URL: 'https://models.example/v1', OPENAI_API_KEY: 'secret- key' }],
    ['ANTHROPIC_BASE_URL', { ANTHROPIC_BASE_URL: 'secret-anthropic.example' }],
    ['GEMINI_API_KEY', { GEMINI_BASE_URL: 'https://google.example/v1beta', GEMINI_API_KEY: 'secret- key' }],
    ['REHEARSAL', { REHEARSAL: 'yes' }],
    ['REHEARSAL_PACE', { REHEARSAL: 'true', REHEARSAL_PACE: 'secret-' }],
    ['POLICY_CACHE_SECONDS', { POLICY_CACHE_SECONDS: -1 }],
    ['MOST_BODY_BYTES', { MOST_BODY_BYTES: 0 }],
    ['IDLE_MS', { IDLE_MS: 'Infinity' }],
    ['KEEP_ALIVE_MS', { KEEP_ALIVE_MS: true }],
    ['PROXY_SECRET', { PROXY_SECRET: 'secret-short' }],
    ['PROXY_SECRET', { PROXY_SECRET: 'secret- of many words' }],
    ['PROXY_SECRET', { POLICY_ROUTES: [{ policy: 'kids', header: { 'x-tenant': 'secret-' } }] }],
    ['POLICY_ROUTES', { POLICY_ROUTES: '[secret-' }],
    ['POLICY_ROUTES', { POLICY_ROUTES: { policy: 'kids' } }],
  ]

  test.each(wrong)('names %s when it is wrong, and not its value: %j', (name, env) => {
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringContaining(name) }),
    )
    expect(() => readConfig(env)).not.toThrow('secret-')
  })
})
