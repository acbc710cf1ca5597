/** What we say in Anthropic's protocol ourselves: errors, refusals, keep-alives. */
import { describe, expect, it } from 'vitest'
import { anthropicMessages } from '../../src/wire/anthropic-messages.ts'
import { dialectFor } from '../../src/wire/index.ts'
import { bytesOf, textOf } from './events.ts'
import { accumulated, eventsIn, facts } from './messages.ts'

describe('errors before the first byte', () => {
  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [501, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('of status %i are of type %s', (status, type) => {
    const reply = anthropicMessages.error(status, 'a_code', 'What it is.', false)
    expect(reply.status).toBe(status)
    expect(reply.headers).toEqual({ 'content-type': 'application/json', 'x-should-retry': 'false' })
    expect(JSON.parse(reply.body)).toEqual({ type: 'error', error: { type, message: 'What it is.', code: 'a_code' } })
  })

  it('may be tried again where that helps', () => {
    expect(anthropicMessages.error(503, 'a', 'b', true).headers).not.toHaveProperty('x-should-retry')
  })
})

describe('a block that is answered', () => {
  it('is a message of one text that ends as a refusal, streamed and whole', () => {
    const streamed = anthropicMessages.refusal(facts, 'Not this.')
    expect(streamed.headers['content-type']).toContain('text/event-stream')
    const events = eventsIn(bytesOf(streamed.body))
    expect(events.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(accumulated(events)).toEqual({ content: [{ type: 'text', text: 'Not this.' }], stop_reason: 'refusal' })
    const whole = JSON.parse(anthropicMessages.refusal({ ...facts, stream: false }, 'Not this.').body)
    expect(whole).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Not this.' }],
      stop_reason: 'refusal',
      usage: { input_tokens: 0, output_tokens: 0 },
    })
  })
})

it('a keep-alive is a ping', () => {
  expect(textOf(anthropicMessages.stream(facts).keepAlive())).toBe('event: ping\ndata: {"type":"ping"}\n\n')
})

it('messages are spoken at their own address only', () => {
  expect(dialectFor('POST', '/v1/messages')).toBe(anthropicMessages)
  expect(dialectFor('POST', '/anthropic/v1/messages/')).toBe(anthropicMessages)
  for (const path of ['/v1/messages/count_tokens', '/v1/messages/batches', '/v1/threads/t/messages', '/v1/complete'])
    expect(dialectFor('POST', path)).toBeUndefined()
  expect(dialectFor('GET', '/v1/messages')).toBeUndefined()
})
