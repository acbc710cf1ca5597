/** Whatever the provider does wrong, the client is told in the protocol's own shape, nothing unchecked leaves, and the record is one. */
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { all, asked, chat, type Service, startService } from './service.ts'

let service: Service

beforeEach(() => {
  service = startService({ OPENAI_BASE_URL: `${inject('provider')}/v1`, IDLE_MS: 300, MOST_BODY_BYTES: 200_000 })
})

const whole = [
  { model: 'html', status: 502, code: 'upstream_failed', exit: 'upstream_failed' },
  { model: 'not-json', status: 502, code: 'moderation_unavailable', exit: 'fault' },
  { model: '401', status: 401, code: 'provider_401', exit: 'upstream_failed' },
  { model: '429', status: 429, code: 'provider_429', exit: 'upstream_failed' },
  { model: '500', status: 500, code: 'provider_500', exit: 'upstream_failed' },
  { model: 'redirect', status: 502, code: 'upstream_failed', exit: 'upstream_failed' },
  { model: 'mute', status: 504, code: 'upstream_failed', exit: 'upstream_failed' },
]

describe('a provider that fails before the first byte', () => {
  test.each(whole)('$model: $status, in the protocol’s shape, whether streamed or not', async ({ model, status, code, exit }) => {
    for (const stream of [true, false]) {
      const response = await service.fetch(chat({ model, stream, messages: asked('hello') }))
      const text = await response.text()
      expect(response.status).toBe(status)
      expect(JSON.parse(text)).toMatchObject({ error: { message: expect.any(String), type: expect.any(String), code } })
      expect(text).not.toContain('secret-')
      expect(response.headers.get('x-sluice-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
    await service.settled()
    expect(service.trails).toMatchObject([{ exit }, { exit }])
  })

  test('says when to come back, where the provider did', async () => {
    const response = await service.fetch(chat({ model: '429', messages: asked('hello') }))
    expect(response.headers.get('retry-after')).toBe('7')
    await response.text()
  })
})

const midway = [
  { model: 'half', code: 'upstream_failed', exit: 'upstream_failed', fault: 'upstream_cut_short' },
  { model: 'garbage', code: 'moderation_unavailable', exit: 'fault', fault: 'unreadable_frame' },
  { model: 'stall', code: 'upstream_failed', exit: 'upstream_failed', fault: 'upstream_silent' },
]

describe('a provider that fails in the middle of a stream', () => {
  test.each(midway)('$model: what was clear stays, then the protocol’s failure', async ({ model, code, exit, fault }) => {
    const response = await service.fetch(chat({ model, stream: true, messages: asked('hello') }))
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toMatch(/whole |two words /)
    expect(text).toContain(`"code":"${code}"`)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(text).not.toContain('secret-')
    await service.settled()
    expect(service.trails).toMatchObject([{ exit, faults: [{ code: fault }] }])
  })

  test.each(midway)('$model: the official client raises', async ({ model, code }) => {
    const stream = await service.client().chat.completions.create({ model, stream: true, messages: asked('hello') })
    await expect(all(stream)).rejects.toMatchObject({ code })
  })

  test('endless: an event without an end is ended, and memory stays bounded', async () => {
    const response = await service.fetch(chat({ model: 'endless', stream: true, messages: asked('hello') }))
    const text = await response.text()
    expect(text).toContain('"code":"moderation_unavailable"')
    expect(text.length).toBeLessThan(1000)
    await service.settled()
    expect(service.trails).toMatchObject([{ exit: 'fault', faults: [{ code: 'frame_too_large' }] }])
  })
})
