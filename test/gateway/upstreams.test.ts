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

  test('that does not come about is named as such', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('secret address')))
    await expect(upstreamOf(readConfig(provider)).ask(request())).rejects.toMatchObject({ code: 'upstream_unreachable' })
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
