/** Requests whose answers hold no model's words go to the upstream and back as they are, within the usual bounds. */
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { type ExchangeOptions, guardExchange, guardFetch } from '../../src/flow/index.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { planOf } from '../laws/plan.ts'

const plan = planOf({
  rules: [{ id: 'm', action: 'cut', words: { terms: ['secret'], except: [], fold: 'none', boundary: 'none' } }],
})

async function passed(
  answer: Response | Error,
  {
    body = '{"input":"a"}',
    path = '/v1/embeddings',
    ...options
  }: { body?: string; path?: string } & Partial<ExchangeOptions> = {},
) {
  const ended = Promise.withResolvers<Trail>()
  const asked: { body: string; signal: AbortSignal }[] = []
  const response = await guardExchange({
    plan,
    request: { method: 'POST', url: `http://s${path}`, body: new Response(body).body },
    call: async (body, signal) => {
      asked.push({ body, signal })
      if (answer instanceof Error) throw answer
      return answer
    },
    onEnd: ended.resolve,
    ...options,
  })
  return { response, asked, trail: await ended.promise }
}

const json = { 'content-type': 'application/json' }

describe('a request that is passed on', () => {
  test('comes back byte for byte, with its name and without what belongs to the connection', async () => {
    const body = '{ "data":[{"embedding":[0.5] }],\n "note":"secret" }'
    const headers = { ...json, 'content-length': String(body.length), 'set-cookie': 'a=1', 'x-request-id': 'r' }
    const { response, asked, trail } = await passed(new Response(body, { headers }))
    expect(asked.map((call) => call.body)).toEqual(['{"input":"a"}'])
    expect(await response.text()).toBe(body)
    expect(response.headers.get('x-sluice-id')).toBe(trail.id)
    expect(response.headers.get('x-request-id')).toBe('r')
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(trail).toMatchObject({ dialect: 'none', exit: 'done', verdict: 'clear' })
  })

  test('keeps the upstream’s own refusal', async () => {
    const { response, trail } = await passed(Response.json({ error: { message: 'no' } }, { status: 401 }))
    expect([response.status, await response.json()]).toEqual([401, { error: { message: 'no' } }])
    expect(trail.exit).toBe('upstream_failed')
  })

  test.each(['text/event-stream', 'text/html', ''])('is no way for an answer of type “%s”', async (type) => {
    const { response, asked, trail } = await passed(new Response('data: secret\n\n', { headers: { 'content-type': type } }))
    expect(response.status).toBe(502)
    expect(await response.text()).not.toContain('secret')
    expect(asked[0]?.signal.aborted).toBe(true)
    expect(trail).toMatchObject({ exit: 'upstream_failed', faults: [{ code: 'upstream_failed' }] })
  })

  test('is as large as any request may be', async () => {
    const { response, asked } = await passed(new Response('{}', { headers: json }), {
      body: 'a'.repeat(100),
      limits: { most_body_bytes: 50 },
    })
    expect([response.status, asked]).toEqual([413, []])
  })

  test('fails in the shape its clients read', async () => {
    const path = '/v1beta/models/gemini-9:countTokens'
    const { response, trail } = await passed(new Error('secret address'), { path })
    expect([response.status, await response.json()]).toEqual([502, { error: expect.objectContaining({ code: 502 }) }])
    expect(trail).toMatchObject({ exit: 'upstream_failed', faults: [{ code: 'upstream_unreachable' }] })
  })

  test('ends with its reader', async () => {
    const leaving = new AbortController()
    const { asked } = await passed(new Response('{}', { headers: json }), { signal: leaving.signal })
    leaving.abort()
    expect(asked[0]?.signal.aborted).toBe(true)
  })
})

test('the official client lists models and embeds through a guarded fetch', async () => {
  const upstream = (async (url: unknown) =>
    String(url).endsWith('/models')
      ? Response.json({ object: 'list', data: [{ id: 'gpt-9', object: 'model' }] })
      : Response.json({ data: [{ index: 0, object: 'embedding', embedding: [0.5] }], usage: {} })) as typeof fetch
  const client = new OpenAI({
    apiKey: 'k',
    baseURL: 'http://upstream.example/v1',
    maxRetries: 0,
    fetch: guardFetch({ plan, fetch: upstream }),
    dangerouslyAllowBrowser: true,
  })
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['gpt-9'])
  const vectors = await client.embeddings.create({ model: 'e', input: 'a', encoding_format: 'float' })
  expect(vectors.data[0]?.embedding).toEqual([0.5])
  await expect(client.responses.retrieve('resp_1')).rejects.toMatchObject({ status: 501, code: 'endpoint_unknown' })
})
