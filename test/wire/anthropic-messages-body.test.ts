/** Whole messages of Anthropic's protocol are checked and changed as streamed ones are. */
import { describe, expect, it } from 'vitest'
import { message, passedBody } from './messages.ts'

const text = (said: string, more: object = {}) => ({ type: 'text', text: said, ...more })
const thinking = (said: string) => ({ type: 'thinking', thinking: said, signature: 'ErUB+/==' })
const call = (input: object, name = 'f') => ({ type: 'tool_use', id: 't', name, input })
const whole = (...content: object[]) =>
  message({ content, stop_reason: 'end_turn', usage: { input_tokens: 5, output_tokens: 12 } })
const redacted = { type: 'redacted_thinking', data: 'EmwK+/=' }

describe('a whole message', () => {
  it('leaves as it came where nothing is found, reasoning held or not', async () => {
    const clean = whole(thinking('hm'), redacted, text('hello', { citations: null }), call({ a: ['b'], n: 1 }), call({}))
    for (const reasoning of ['cut', 'hold'] as const) {
      const { text: out, trail } = await passedBody(clean, { reasoning })
      expect(out).toBe(JSON.stringify(clean))
      expect(trail).toMatchObject({ verdict: 'clear', exit: 'done', finish: ['end_turn'] })
    }
  })

  it('is masked in its texts and in the strings of calls, and keeps its usage', async () => {
    const { body } = await passedBody(whole(text('a bomb'), call({ a: 'bomb', list: ['a bomb'] })))
    expect(body).toEqual(whole(text('a ***'), call({ a: '***', list: ['a ***'] })))
  })

  it('is masked across text blocks; one that loses all its text is left out, for providers refuse it when it comes back', async () => {
    const citation = { type: 'char_location', cited_text: 'so', start_char_index: 0 }
    const { body } = await passedBody(whole(text('a bo'), text('mb', { citations: [citation] }), text('.')))
    expect(body.content).toEqual([text('a ***'), text('.')])
  })

  it('that is cut keeps what is before the line, and ends as a refusal', async () => {
    const given = whole(thinking('hm'), text('Use '), text('sk-1 now'), redacted, call({ a: 'b' }), {
      type: 'container_upload',
      file_id: 'f_1',
    })
    const { body, trail } = await passedBody(given)
    expect(body).toEqual({
      ...whole(thinking('hm'), text('Use ')),
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: null },
    })
    expect(trail.verdict).toBe('cut')
  })

  it('tells its notice where it is asked to', async () => {
    const cut = async (on_cut: object) =>
      (await passedBody(whole(text('sk-1')), { on_cut: { ending: 'native', notice: 'No.', notice_in: 'answer', ...on_cut } }))
        .body
    expect(await cut({})).toMatchObject({ content: [text('No.')], stop_reason: 'refusal', stop_details: { explanation: null } })
    expect(await cut({ notice_in: 'refusal' })).toMatchObject({ content: [], stop_details: { explanation: 'No.' } })
    expect(await cut({ ending: 'stop' })).toMatchObject({ content: [text('No.')], stop_reason: 'end_turn', stop_details: null })
    expect(await cut({ ending: 'error' })).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'No.', code: 'content_filter' },
    })
  })

  it('that is cut in signed text keeps no signature for a part of it', async () => {
    const { body } = await passedBody(whole(thinking('of bombs'), text('hi')))
    expect(body).toMatchObject({ content: [{ type: 'thinking', thinking: 'of ', signature: '' }], stop_reason: 'refusal' })
  })

  it('loses signed text whole with `reasoning: hold`, and is cut where a call comes after it', async () => {
    const held = await passedBody(whole(thinking('of bombs'), redacted, text('hi')), { reasoning: 'hold' })
    expect(held.body).toEqual(whole(redacted, text('hi')))
    const called = await passedBody(whole(thinking('of bombs'), text('hi'), call({})), { reasoning: 'hold' })
    expect(called.body).toMatchObject({ content: [text('hi')], stop_reason: 'refusal' })
  })

  it('loses a call whole where something is found in its name, its keys, or a rule cuts', async () => {
    for (const bad of [call({}, 'bomb'), call({ bomb: 1 }), call({ a: 'sk-1' })]) {
      expect((await passedBody(whole(text('hi'), bad))).body).toMatchObject({ content: [text('hi')], stop_reason: 'refusal' })
    }
  })

  it('is checked in fields that nobody knows', async () => {
    const odd = { ...whole({ type: 'new', note: 'bomb' }, text('hi', { note: 'bomb' })), note: ['bomb'] }
    const { text: out, body } = await passedBody(odd)
    expect(out).not.toContain('bomb')
    expect(body.content).toHaveLength(2)
    const dropped = await passedBody(odd, { unknown: 'drop' })
    expect(dropped.body.content).toContainEqual(text('hi'))
  })

  it('may be an error, whose message is text', async () => {
    const error = { type: 'error', error: { type: 'not_found_error', message: 'model: bomb' }, request_id: 'req_1' }
    const { body } = await passedBody(error)
    expect(body).toEqual({ ...error, error: { ...error.error, message: 'model: ***' } })
  })
})
