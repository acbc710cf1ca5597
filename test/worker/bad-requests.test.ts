/** What cannot be guarded is refused before anybody is asked, with an answer that says what to do. */
import { describe, expect, test } from 'vitest'
import { asked, chat, startService } from './service.ts'

const messages = asked('echo: hi')
const bad = [
  { what: 'a body that is not JSON', body: '{"model":', status: 400, code: 'invalid_request', says: /JSON/ },
  { what: 'a body that is no object', body: '[]', status: 400, code: 'invalid_request', says: /./ },
  { what: 'no body', body: '', status: 400, code: 'invalid_request', says: /JSON/ },
  { what: 'no messages', body: JSON.stringify({ model: 'rehearsal' }), status: 400, code: 'invalid_request', says: /messages/ },
  {
    what: 'stream: "true"',
    body: JSON.stringify({ stream: 'true', messages }),
    status: 400,
    code: 'invalid_request',
    says: /stream/,
  },
  { what: 'n: "two"', body: JSON.stringify({ n: 'two', messages }), status: 400, code: 'invalid_request', says: /n\b/ },
  {
    what: 'too much',
    body: JSON.stringify({ messages: asked('a'.repeat(5000)) }),
    status: 413,
    code: 'request_too_large',
    says: /2000 bytes/,
  },
]

describe('a bad request', () => {
  test.each(bad)('$what: $status, in the protocol’s shape, told once', async ({ body, status, code, says }) => {
    const service = startService({ REHEARSAL: 'true', REHEARSAL_PACE: 0, MOST_BODY_BYTES: 2000 })
    const response = await service.fetch(chat(body))
    expect(response.status).toBe(status)
    expect(response.headers.get('x-should-retry')).toBe('false')
    const { error } = (await response.json()) as { error: { message: string; code: string } }
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) })
    await service.settled()
    expect(service.trails).toMatchObject([{ exit: 'refused', id: response.headers.get('x-sluice-id') }])
  })

  test.each([
    ['POST', '/v1/completions/../images'],
    ['POST', '/v1/chat/completions/extra'],
    ['GET', '/v1/responses/resp_1'],
    ['GET', '/v1/chat/completions/chatcmpl-1/messages'],
    ['POST', '/v1/batches'],
    ['GET', '/v1/chat/completions'],
    ['GET', '/'],
    ['DELETE', '/_sluice/health'],
  ])('%s %s is refused with 501, never passed on', async (method, path) => {
    const service = startService()
    const response = await service.fetch(
      new Request(`http://sluice${path}`, { method, ...(method === 'POST' && { body: '{}' }) }),
    )
    expect(response.status).toBe(501)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toMatchObject({
      error: { code: 'endpoint_unknown', message: expect.any(String), type: expect.any(String) },
    })
    await service.settled()
    expect(service.trails).toMatchObject([{ exit: 'refused', id: response.headers.get('x-sluice-id') }])
  })

  test('a WebSocket is refused, whatever it is for', async () => {
    const headers = { upgrade: 'websocket', connection: 'Upgrade' }
    const response = await startService().fetch(new Request('http://sluice/v1/models', { headers }))
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([501, 'false'])
    expect(response.headers.get('x-sluice-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('every answer has a name to ask about', () => {
  const ready = { REHEARSAL: 'true', REHEARSAL_PACE: 0 }
  const answers: [string, Record<string, string | number>, string, string][] = [
    ['the health page', ready, 'GET', '/_sluice/health'],
    ['an unknown page', ready, 'GET', '/_sluice/nothing'],
    ['the rehearsal before the gate', ready, 'POST', '/_sluice/rehearsal/v1/chat/completions'],
    ['a list of models', ready, 'GET', '/v1/models'],
    ['what the upstream does not know', ready, 'POST', '/v1/embeddings'],
    ['a service without an upstream', {}, 'GET', '/_sluice/health'],
    ['a service that is not configured', { OPENAI_BASE_URL: 'nowhere' }, 'GET', '/v1/models'],
  ]

  test.each(answers)('%s', async (_, env, method, path) => {
    const init = { method, ...(method === 'POST' && { body: '{}' }) }
    const response = await startService(env).fetch(new Request(`http://sluice${path}`, init))
    expect(response.headers.get('x-sluice-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a service without an upstream', () => {
  test('says so, and never falls back to the rehearsal', async () => {
    const service = startService({})
    const response = await service.fetch(chat({ model: 'rehearsal', stream: true, messages }))
    expect(response.status).toBe(503)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('OPENAI_BASE_URL'), code: 'not_configured' },
    })
    expect(service.trails).toMatchObject([{ exit: 'refused', faults: [{ code: 'configuration' }] }])
    const health = await service.fetch(new Request('http://sluice/_sluice/health'))
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ status: 'not_configured', upstream: 'missing' })
  })

  test('has no side door to the rehearsal', async () => {
    const service = startService({})
    const url = 'http://sluice/_sluice/rehearsal/v1/chat/completions'
    const response = await service.fetch(new Request(url, { method: 'POST', body: JSON.stringify({ messages }) }))
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { code: 'not_configured' } })
  })

  test('names a variable that is wrong, and not its value', async () => {
    const service = startService({ OPENAI_BASE_URL: 'ftp://secret-place/v1' })
    const response = await service.fetch(chat({ messages }))
    expect(response.status).toBe(503)
    const text = await response.text()
    expect(text).toContain('OPENAI_BASE_URL')
    expect(text).not.toContain('secret-place')
  })

  test('does not call itself', async () => {
    const response = await startService({ OPENAI_BASE_URL: 'http://sluice/v1' }).fetch(chat({ messages }))
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('itself') } })
  })
})
