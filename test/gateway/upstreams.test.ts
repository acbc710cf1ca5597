/** The provider is asked for what the client asked, with the right key, and with nothing that is not its business. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/gateway/config.ts'
import { upstreamOf } from '../../src/gateway/upstreams.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

interface Asked {
  readonly url: string
  readonly init: RequestInit & { headers: Headers }
}

/** What reaches the provider, which answers with `answer`. */
async function asked(
  env: Parameters<typeof readConfig>[0],
  request: Request,
  answer = new Response('{}'),
): Promise<Asked & { response: Response }> {
  const provider = vi.fn(async (_url: URL, _init: RequestInit) => answer)
  vi.stubGlobal('fetch', provider)
  const response = await upstreamOf(readConfig(env)).ask(request)
  const [url, init] = provider.mock.calls[0] as [URL, Asked['init']]
  return { url: String(url), init, response }
}

function request(headers: Record<string, string> = {}, path = '/v1/chat/completions'): Request {
  return new Request(`http://sluice${path}`, { method: 'POST', body: '{"model":"m"}', headers })
}

const provider = { OPENAI_BASE_URL: 'https://models.example/openai/v1/' }

describe('a call to the provider', () => {
  test.each([
    ['https://models.example/v1', '/v1/chat/completions', 'https://models.example/v1/chat/completions'],
    ['https://models.example/openai/v1/', '/v1/chat/completions', 'https://models.example/openai/v1/chat/completions'],
    ['http://127.0.0.1:11434', '/v1/chat/completions?api-version=2', 'http://127.0.0.1:11434/chat/completions?api-version=2'],
  ])('with the base %s and the route %s goes to %s', async (base, path, url) => {
    expect((await asked({ OPENAI_BASE_URL: base }, request({}, path))).url).toBe(url)
  })

  test('takes the body along, follows no redirect, and can be ended', async () => {
    const leaving = new AbortController()
    const { init } = await asked(provider, new Request(request(), { signal: leaving.signal }))
    expect(init).toMatchObject({ method: 'POST', body: '{"model":"m"}', redirect: 'manual' })
    leaving.abort()
    expect(init.signal?.aborted).toBe(true)
  })

  test('carries the client’s own key where none is configured', async () => {
    const { init } = await asked(provider, request({ authorization: 'Bearer sk-client', 'openai-organization': 'org-client' }))
    expect(init.headers.get('authorization')).toBe('Bearer sk-client')
    expect(init.headers.get('openai-organization')).toBe('org-client')
  })

  test('carries the configured key in place of whatever the client brought', async () => {
    const theirs = {
      authorization: 'Bearer sk-client',
      'api-key': 'sk-client',
      'x-api-key': 'sk-client',
      'openai-organization': 'org-client',
      'openai-project': 'p',
    }
    const { init } = await asked({ ...provider, OPENAI_API_KEY: 'sk-ours' }, request(theirs))
    expect(Object.fromEntries(init.headers)).toEqual({
      authorization: 'Bearer sk-ours',
      'content-type': expect.stringContaining('text/plain'),
    })
  })

  test('carries what the provider understands, and nothing of the client’s connection or person', async () => {
    const { init } = await asked(
      provider,
      request({
        'content-type': 'application/json',
        'idempotency-key': 'one',
        'x-stainless-lang': 'js',
        'content-length': '13',
        'accept-encoding': 'br',
        cookie: 'session=secret',
        'proxy-authorization': 'Basic secret',
        'x-forwarded-for': '10.0.0.1',
        'cf-connecting-ip': '10.0.0.1',
        forwarded: 'for=10.0.0.1',
        'x-sluice-user': 'mia',
        te: 'trailers',
        connection: 'close, x-hop',
        'x-hop': 'secret',
      }),
    )
    expect([...init.headers.keys()].sort()).toEqual(['content-type', 'idempotency-key', 'x-stainless-lang'])
  })

  test('tells nothing of the operator’s account to the client', async () => {
    const headers = {
      'openai-organization': 'org-ours',
      'openai-project': 'ours',
      'x-request-id': 'req-1',
      'x-ratelimit-remaining-requests': '5',
    }
    const ours = await asked({ ...provider, OPENAI_API_KEY: 'sk-ours' }, request(), new Response('{}', { headers }))
    expect(ours.response.headers.get('openai-organization')).toBeNull()
    expect(ours.response.headers.get('openai-project')).toBeNull()
    expect(ours.response.headers.get('x-request-id')).toBe('req-1')
    const theirs = await asked(provider, request(), new Response('{}', { headers }))
    expect(theirs.response.headers.get('openai-organization')).toBe('org-ours')
  })

  test.each([1, 2, 7, 1000])('tells no client the operator’s key, which refusals quote, in pieces of %d bytes', async (size) => {
    const key = 'AIza/Sy"+ours-0123456789'
    const said = JSON.stringify({
      error: { message: 'wrong', details: [{ metadata: { consumer: `api_key:${key}` } }, key, 'AIza'] },
    })
    const bytes = new TextEncoder().encode(`${said}\n${encodeURIComponent(key)} ${key.replace('/', '\\/')} AIza/Sy`)
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
    const refusal = () => {
      const body = new TransformStream<Uint8Array, Uint8Array>()
      const writer = body.writable.getWriter()
      void Promise.all(pieces.map((piece) => writer.write(piece))).then(() => writer.close())
      return new Response(body.readable, { status: 400 })
    }
    const ours = await asked({ ...provider, OPENAI_API_KEY: key }, request(), refusal())
    expect(await ours.response.text()).toBe(
      `${JSON.stringify({ error: { message: 'wrong', details: [{ metadata: { consumer: 'api_key:[key]' } }, '[key]', 'AIza'] } })}\n[key] [key] AIza/Sy`,
    )
    const theirs = await asked(provider, request(), refusal())
    expect(await theirs.response.text()).toContain(encodeURIComponent(key))
  })

  test('that does not come about is named as such', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('secret address')))
    await expect(upstreamOf(readConfig(provider)).ask(request())).rejects.toMatchObject({ code: 'upstream_unreachable' })
  })
})

/** A configured provider of each protocol. */
const everybody = {
  OPENAI_BASE_URL: 'https://openai.example/v1',
  OPENAI_API_KEY: 'sk-openai',
  ANTHROPIC_BASE_URL: 'https://anthropic.example/v1',
  ANTHROPIC_API_KEY: 'sk-anthropic',
  GEMINI_BASE_URL: 'https://google.example/v1beta',
  GEMINI_API_KEY: 'sk-google',
}

describe('each protocol', () => {
  test.each<[string, Record<string, string>, string, string, string]>([
    ['/v1/chat/completions', {}, 'https://openai.example/v1/chat/completions', 'authorization', 'Bearer sk-openai'],
    ['/v1/responses', {}, 'https://openai.example/v1/responses', 'authorization', 'Bearer sk-openai'],
    ['/v1/embeddings', {}, 'https://openai.example/v1/embeddings', 'authorization', 'Bearer sk-openai'],
    ['/v1/messages', {}, 'https://anthropic.example/v1/messages', 'x-api-key', 'sk-anthropic'],
    ['/v1/messages/count_tokens', {}, 'https://anthropic.example/v1/messages/count_tokens', 'x-api-key', 'sk-anthropic'],
    ['/v1/models', { 'anthropic-version': '2023-06-01' }, 'https://anthropic.example/v1/models', 'x-api-key', 'sk-anthropic'],
    [
      '/v1beta/models/g:streamGenerateContent?alt=sse&key=sk-client&access_token=ya29.client',
      {},
      'https://google.example/v1beta/models/g:streamGenerateContent?alt=sse',
      'x-goog-api-key',
      'sk-google',
    ],
    ['/v1/models/g:generateContent', {}, 'https://google.example/v1beta/models/g:generateContent', 'x-goog-api-key', 'sk-google'],
  ])('%s goes to its own provider with its own key, and with no other', async (path, headers, url, name, key) => {
    const theirs = {
      authorization: 'Bearer sk-client',
      'x-api-key': 'sk-client',
      'x-goog-api-key': 'sk-client',
      'api-key': 'sk-client',
    }
    const { url: to, init } = await asked(everybody, request({ ...theirs, ...headers }, path))
    expect(to).toBe(url)
    const keys = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'].filter((header) => init.headers.has(header))
    expect([keys, init.headers.get(name)]).toEqual([[name], key])
  })

  test('has no substitute: a client’s key goes to no other provider than its own', async () => {
    const { ask } = upstreamOf(readConfig({ OPENAI_BASE_URL: 'https://openai.example/v1' }))
    for (const [path, variable] of [
      ['/v1/messages', 'ANTHROPIC_BASE_URL'],
      ['/v1beta/models/g:generateContent', 'GEMINI_BASE_URL'],
    ] as const)
      await expect(ask(request({}, path))).rejects.toMatchObject({
        code: 'configuration',
        message: expect.stringContaining(variable),
      })
  })

  test.each([
    [{ ANTHROPIC_BASE_URL: 'https://anthropic.example' }, '/v1/messages', 'https://anthropic.example/v1/messages'],
    [{ ANTHROPIC_BASE_URL: 'https://a.example/anthropic/' }, '/v1/messages', 'https://a.example/anthropic/v1/messages'],
    [{ ANTHROPIC_BASE_URL: 'https://a.example/anthropic/v1/' }, '/v1/messages', 'https://a.example/anthropic/v1/messages'],
    [
      { GEMINI_BASE_URL: 'https://google.example' },
      '/v1beta/models/g:generateContent',
      'https://google.example/v1beta/models/g:generateContent',
    ],
    [
      { GEMINI_BASE_URL: 'https://vertex.example/v1/projects/p/publishers/google' },
      '/v1beta/models/g:generateContent',
      'https://vertex.example/v1/projects/p/publishers/google/models/g:generateContent',
    ],
  ])('with %j is asked for %s at %s, whether its address has the version or not', async (env, path, url) => {
    expect((await asked(env, request({}, path))).url).toBe(url)
  })

  test('gets of a client’s own keys those that it takes, and what else a request of its own says', async () => {
    const theirs = {
      authorization: 'Bearer sk-client',
      'api-key': 'azure',
      'x-api-key': 'anthropic',
      'x-goog-api-key': 'google',
      'openai-organization': 'org',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'some-beta',
    }
    const keys = async (base: string, path: string, headers = theirs) => {
      const { init } = await asked({ [base]: 'https://models.example/v1' }, request(headers, path))
      return [...init.headers.keys()].filter((name) => name !== 'content-type')
    }
    expect(await keys('ANTHROPIC_BASE_URL', '/v1/messages')).toEqual([
      'anthropic-beta',
      'anthropic-version',
      'authorization',
      'x-api-key',
    ])
    const { 'anthropic-version': _version, 'anthropic-beta': _beta, ...others } = theirs
    expect(await keys('OPENAI_BASE_URL', '/v1/chat/completions', others as typeof theirs)).toEqual([
      'api-key',
      'authorization',
      'openai-organization',
    ])
    expect(await keys('GEMINI_BASE_URL', '/v1beta/models/g:generateContent', others as typeof theirs)).toEqual([
      'authorization',
      'x-goog-api-key',
    ])
  })

  test('of Google carries a client’s key in the address where none is configured', async () => {
    const { url } = await asked(
      { GEMINI_BASE_URL: 'https://google.example/v1beta' },
      request({}, '/v1beta/models/g:generateContent?key=k'),
    )
    expect(url).toBe('https://google.example/v1beta/models/g:generateContent?key=k')
  })
})

describe('Azure', () => {
  const path = '/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21'

  test.each([
    ['https://mine.openai.azure.com', path, `https://mine.openai.azure.com${path}`],
    [
      'https://mine.openai.azure.com/openai/v1',
      '/v1/chat/completions',
      'https://mine.openai.azure.com/openai/v1/chat/completions',
    ],
    ['http://127.0.0.1:9', path, `http://127.0.0.1:9${path}`],
  ])('at %s is asked for %s with the key in its own header', async (base, path, url) => {
    const { url: to, init } = await asked({ OPENAI_BASE_URL: base, OPENAI_API_KEY: 'k' }, request({ 'api-key': 'client' }, path))
    expect([to, init.headers.get('api-key'), init.headers.get('authorization')]).toEqual([url, 'k', null])
  })

  test('gets the client’s own key where none is configured', async () => {
    const { init } = await asked({ OPENAI_BASE_URL: 'https://mine.openai.azure.com' }, request({ 'api-key': 'client' }, path))
    expect(init.headers.get('api-key')).toBe('client')
  })
})

describe('the choice of upstream', () => {
  test('is the provider wherever one is configured, the rehearsal only where it is asked for, and otherwise none', async () => {
    expect(upstreamOf(readConfig({ ...provider, REHEARSAL: 'true' })).kind).toBe('configured')
    expect(upstreamOf(readConfig({ REHEARSAL: 'true' })).kind).toBe('rehearsal')
    const none = upstreamOf(readConfig({}))
    expect(none.kind).toBe('missing')
    await expect(none.ask(request())).rejects.toMatchObject({ code: 'configuration' })
  })

  test('is not the service itself', async () => {
    const own = upstreamOf(readConfig({ OPENAI_BASE_URL: 'http://sluice/v1' }))
    await expect(own.ask(request())).rejects.toMatchObject({ code: 'configuration' })
  })
})
