/** The operator says which policy rules which request; no client can say so, and a route that is written wrongly is refused. */
import { describe, expect, test } from 'vitest'
import { choosePolicy } from '../../src/gateway/choice.ts'
import type { GatewayConfig } from '../../src/gateway/config.ts'
import type { Policies, Ruling } from '../../src/gateway/policies.ts'
import { readRoutes } from '../../src/gateway/routes.ts'
import { secretHash } from '../../src/gateway/secrets.ts'

const secret = 'a-secret-of-the-proxy'
const keyOfOurs = 'client-key-of-ours'

interface Asked {
  readonly url?: string
  readonly headers?: Record<string, string>
  readonly model?: string
  readonly upstreams?: GatewayConfig['upstreams']
}

/** The name of the policy that is chosen, and the client it is drawn for; undefined for what rules by default. */
async function chosen(
  routes: unknown,
  { upstreams = {}, url = 'http://s/v1/chat/completions', headers = {}, model = 'm' }: Asked,
) {
  const asked: (string | undefined)[][] = []
  const policies = {
    ruling: async (name?: string, client?: string) => {
      asked.push([name, client])
      return {} as Ruling
    },
  } as Policies
  const config = { routes: readRoutes(routes), proxySecretHash: secretHash(secret), upstreams }
  await choosePolicy(config, policies, new Request(url, { headers }), { model })
  expect(asked).toHaveLength(1)
  return { name: asked[0]?.[0], client: asked[0]?.[1] }
}

const nameOf = async (routes: unknown, asked: Asked): Promise<string | undefined> => (await chosen(routes, asked)).name

const bearer = (key: string): Asked => ({ headers: { authorization: `Bearer ${key}` } })

describe('a route', () => {
  test('by the client’s key knows it by its hash, wherever clients bring it', async () => {
    const routes = [{ policy: 'ours', key: ['0'.repeat(64), secretHash(keyOfOurs)] }]
    for (const name of ['x-api-key', 'api-key', 'x-goog-api-key', 'authorization'])
      expect(await nameOf(routes, { headers: { [name]: keyOfOurs } })).toBe('ours')
    expect(await nameOf(routes, bearer(keyOfOurs))).toBe('ours')
    expect(await nameOf(routes, { url: `http://s/v1beta/models/m:generateContent?key=${keyOfOurs}` })).toBe('ours')
    expect(await nameOf(routes, bearer('another'))).toBeUndefined()
    expect(await nameOf(routes, bearer(secretHash(keyOfOurs)))).toBeUndefined()
    expect(await nameOf(routes, {})).toBeUndefined()
  })

  test('by a key is no way round: whoever brings it along with another is refused', async () => {
    const routes = [{ policy: 'strict', key: secretHash(keyOfOurs) }]
    const headers = { authorization: `Bearer ${keyOfOurs}`, 'api-key': 'junk' }
    await expect(chosen(routes, { headers })).rejects.toMatchObject({ code: 'request_invalid' })
    expect(await nameOf(routes, { headers: { authorization: 'Bearer a', 'api-key': 'b' } })).toBeUndefined()
  })

  test.each([
    ['gpt-5', 'gpt-5', true],
    ['gpt-5', 'GPT-5', true],
    ['gpt-5', ' gpt-5 ', true],
    ['gpt-5', 'gpt-5-mini', false],
    ['gpt-*', 'gpt-5-mini', true],
    ['*-mini', 'gpt-5-mini', true],
    ['*codex*', 'gpt-5-codex-max', true],
    ['a*b*a', 'aba', true],
    ['aba*ba', 'aba', false],
    ['*', '', true],
    ['g.t', 'gpt', false],
  ])('by the model: %s and %s', async (glob, model, fits) => {
    expect(await nameOf([{ policy: 'p', model: glob }], { model })).toBe(fits ? 'p' : undefined)
  })

  test('by the model takes the deployment where the address names one: there the body says what it likes', async () => {
    const routes = [{ policy: 'strict', model: 'raw-*' }]
    const url = 'http://s/openai/deployments/raw-4/chat/completions'
    expect(await nameOf(routes, { url, model: 'tame' })).toBe('strict')
  })

  test.each([
    ['/v1/responses', 'http://s/v1/responses', true],
    ['/v1/responses', 'http://s/v1/responses/', true],
    ['/v1/responses', 'http://s/v1/%72esponses?x=1', true],
    ['/v1/responses', 'http://s//v1///responses', true],
    ['/v1/responses', 'http://s/v1/chat/completions', false],
    ['*/responses', 'http://s/other/responses', true],
    ['/v1/*', 'http://s/v1/messages', true],
  ])('by the path: %s and %s', async (glob, url, fits) => {
    expect(await nameOf([{ policy: 'p', path: glob }], { url })).toBe(fits ? 'p' : undefined)
  })

  test('by a header counts only where the proxy proves itself', async () => {
    const routes = [{ policy: 'kids', header: { 'X-Tenant': ['school', 'kids'] } }]
    const headers = { 'x-tenant': 'kids' }
    expect(await nameOf(routes, { headers })).toBeUndefined()
    expect(await nameOf(routes, { headers: { ...headers, 'x-sluice-proxy-secret': secret } })).toBe('kids')
    expect(await nameOf(routes, { headers: { 'x-tenant': 'adults', 'x-sluice-proxy-secret': secret } })).toBeUndefined()
  })

  test('and a proxy with the wrong secret is refused: it would send its readers to another policy unnoticed', async () => {
    const routes = [{ policy: 'kids', header: { 'x-tenant': 'kids' } }]
    const headers = { 'x-tenant': 'kids', 'x-sluice-proxy-secret': `${secret}x` }
    await expect(chosen(routes, { headers })).rejects.toMatchObject({ code: 'request_invalid' })
  })

  test('is the first of which all is met', async () => {
    const routes = JSON.stringify([
      { policy: 'one', model: 'm', path: '/v1/responses' },
      { policy: 'two', model: ['x', 'm'] },
      { policy: 'three' },
    ])
    expect(await nameOf(routes, { url: 'http://s/v1/responses' })).toBe('one')
    expect(await nameOf(routes, {})).toBe('two')
    expect(await nameOf(routes, { model: 'y' })).toBe('three')
  })

  test('or none: what is configured rules, drawn for the client’s key where there is one', async () => {
    expect(await chosen(undefined, bearer(keyOfOurs))).toEqual({ name: undefined, client: keyOfOurs })
    expect(await chosen([], {})).toEqual({ name: undefined, client: undefined })
    expect(await chosen([{ policy: 'p', model: 'x' }], bearer(keyOfOurs))).toEqual({ name: undefined, client: keyOfOurs })
  })
})

describe('the client for whom a canary is drawn', () => {
  const baseUrl = new URL('https://models.example/v1')
  const ours = { openai: { baseUrl, apiKey: 'sk-ours' }, anthropic: { baseUrl, apiKey: undefined } }

  test('is known by the key it brings where that key goes upstream, or where the proxy vouches for the request', async () => {
    const anthropic = { url: 'http://s/v1/messages', headers: { 'x-api-key': keyOfOurs }, upstreams: ours }
    expect((await chosen([], anthropic)).client).toBe(keyOfOurs)
    const headers = { authorization: `Bearer ${keyOfOurs}`, 'x-sluice-proxy-secret': secret }
    expect((await chosen([], { headers, upstreams: ours })).client).toBe(keyOfOurs)
  })

  test('is nobody where the operator’s key takes the place of what the client made up', async () => {
    expect((await chosen([], { ...bearer('made-up'), upstreams: ours })).client).toBeUndefined()
    expect((await chosen([{ policy: 'p', model: 'x' }], { ...bearer('made-up'), upstreams: ours })).client).toBeUndefined()
    expect((await chosen([], { headers: { authorization: 'Bearer made-up', 'x-api-key': keyOfOurs } })).client).toBeUndefined()
  })
})

describe('routes', () => {
  const hidden = 'sk-written-in-the-wrong-place'
  const wrong: [unknown, RegExp][] = [
    [`[${hidden}`, /not JSON/],
    ['{}', /JSON list/],
    [7, /JSON list/],
    [[null], /route 1 is no object/],
    [[{ policy: 'a' }, {}], /route 2 needs "policy"/],
    [[{ policy: 'two words' }], /route 1 needs "policy"/],
    [[{ policy: 'a', [hidden]: 'x' }], /a field that is none of policy, key, path, model, header/],
    [[{ policy: 'a', key: hidden }], /"key", which takes SHA-256 hashes .* `sluice key-hash`/],
    [[{ policy: 'a', key: [] }], /"key", which takes a text or a list/],
    [[{ policy: 'a', model: '' }], /"model", which takes a text/],
    [[{ policy: 'a', path: [1] }], /"path", which takes a text/],
    [[{ policy: 'a', header: 'x-tenant' }], /"header", which takes names with their values/],
    [[{ policy: 'a', header: {} }], /"header", which takes names with their values/],
    [[{ policy: 'a', header: { [`${hidden} `]: 'x' } }], /a name that no header has/],
    [[{ policy: 'a', header: { 'x-sluice-proxy-secret': 'x' } }], /that of the secret/],
    [[{ policy: 'a', header: { 'x-tenant': [] } }], /"header", which takes a text or a list/],
  ]

  test.each(wrong)('%j: refused, and what stands there is not repeated', (given, says) => {
    expect(() => readRoutes(given)).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringMatching(says) }),
    )
    expect(() => readRoutes(given)).not.toThrow(hidden)
  })
})
