/** The rehearsal speaks its protocol as a provider does, the same on every run, and stops when nobody listens. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beatsOf, piecesOf } from '../../src/gateway/rehearsal/beats.ts'
import { rehearsal } from '../../src/gateway/rehearsal/index.ts'
import { sampleOf } from '../../src/gateway/rehearsal/sample.ts'

function ask(body: unknown, options: { pace?: number; signal?: AbortSignal } = {}): Promise<Response> {
  const { pace = 0, signal } = options
  const init = { method: 'POST', body: JSON.stringify(body), ...(signal && { signal }) }
  return rehearsal({ pace })(new Request('http://rehearsal/v1/chat/completions', init))
}

function asked(content: unknown): object[] {
  return [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content },
  ]
}

interface Chunk {
  readonly usage?: unknown
  readonly choices: { index: number; delta: Record<string, unknown>; finish_reason: string | null; logprobs: unknown }[]
}

async function chunks(response: Response): Promise<Chunk[]> {
  const text = await response.text()
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  const events = text.split('\n\n').slice(0, -2)
  return events.map((event) => JSON.parse(event.replace(/^data: /, '')) as Chunk)
}

const texts = fc
  .array(fc.constantFrom('a', 'B7', ' ', '\n', '\u3000', '水', '闸。', 'が', '🌊', '\u{20BB7}', '\ud83c', '\udf0a', '\u0301'))
  .map((parts) => parts.join(''))

describe('pieces', () => {
  test('are together the text, whatever it is', () => {
    void fc.assert(
      fc.property(texts, fc.boolean(), (text, letterByLetter) => {
        expect(piecesOf(text, letterByLetter).join('')).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  test('are as small as tokens, in English and Chinese', () => {
    expect(piecesOf('A gentle millwheel, 慢慢转起来。')).toEqual([
      'A',
      ' gentl',
      'e',
      ' millw',
      'heel,',
      ' 慢慢',
      '转起',
      '来',
      '。',
    ])
    expect(piecesOf('sk-1', true)).toEqual(['s', 'k', '-', '1'])
  })

  test('come at the same pace on every run, slower after a sentence', () => {
    const waits = () => [...beatsOf([[{ voice: 'answer', text: 'One. Two and three.' }]])].map(({ wait }) => wait)
    expect(waits()).toEqual(waits())
    const [, afterSentence = 0, afterWord = 0] = waits()
    expect(afterSentence).toBeGreaterThan(2 * afterWord)
  })
})

describe('a streamed answer', () => {
  test('begins with the role, ends with the reason, and is the text in between', async () => {
    const said = await chunks(await ask({ model: 'rehearsal', stream: true, messages: asked('echo: one two') }))
    expect(said[0]?.choices).toEqual([
      { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
    ])
    expect(said.map((chunk) => chunk.choices[0]?.delta['content'] ?? '').join('')).toBe('one two')
    expect(said.at(-1)?.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }])
    expect(said.some((chunk) => 'usage' in chunk)).toBe(false)
  })

  test('has usage on every chunk and figures on the last, where they are asked for', async () => {
    const request = { stream: true, stream_options: { include_usage: true }, messages: asked('echo: one two') }
    const said = await chunks(await ask(request))
    expect(said.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true)
    expect(said.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 2 } })
  })

  test('takes turns among choices, each with its own part and end', async () => {
    const said = await chunks(await ask({ stream: true, n: 3, messages: asked('echo: a b\n---\nc d') }))
    const text = (index: number) =>
      said
        .flatMap(({ choices }) => choices.filter((choice) => choice.index === index).map(({ delta }) => delta['content'] ?? ''))
        .join('')
    expect([text(0), text(1), text(2)]).toEqual(['a b', 'c d', 'c d'])
    expect(said.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).filter(Boolean)).toEqual([
      'stop',
      'stop',
      'stop',
    ])
  })

  test('is echoed by the model that echoes, from text in parts too', async () => {
    const said = await chunks(
      await ask({ model: 'rehearsal-echo', stream: true, messages: asked([{ type: 'text', text: 'what I say' }]) }),
    )
    expect(said.map((chunk) => chunk.choices[0]?.delta['content'] ?? '').join('')).toBe('what I say')
  })

  test('stops, and fails for whoever still reads, when the signal fires in the middle of a pause', async () => {
    const leaving = new AbortController()
    const response = await ask({ stream: true, messages: asked('echo: one two three') }, { pace: 1000, signal: leaving.signal })
    const reading = response.text()
    leaving.abort()
    await expect(reading).rejects.toThrow()
  })

  test('takes its time', async () => {
    const begun = Date.now()
    await (await ask({ stream: true, messages: asked('echo: one two three four') }, { pace: 0.5 })).text()
    expect(Date.now() - begun).toBeGreaterThan(40)
  })
})

describe('a whole answer', () => {
  test('is the streamed one in one piece', async () => {
    const answer = (await (await ask({ messages: asked('Think aloud: which gift?') })).json()) as {
      choices: { message: Record<string, string> }[]
    }
    const said = await chunks(await ask({ stream: true, messages: asked('Think aloud: which gift?') }))
    for (const field of ['content', 'reasoning_content']) {
      expect(said.map((chunk) => chunk.choices[0]?.delta[field] ?? '').join('')).toBe(answer.choices[0]?.message[field])
    }
  })

  test('calls every tool on offer with input that fits, and says what the tool answered', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } } }
    const tools = [{ type: 'function', function: { name: 'weather', parameters } }]
    const answer = (await (await ask({ tools, messages: asked('Bern') })).json()) as {
      choices: { message: { tool_calls: { function: object }[] }; finish_reason: string }[]
    }
    expect(answer.choices[0]?.message.tool_calls[0]?.function).toEqual({ name: 'weather', arguments: '{"city":"Bern","days":3}' })
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls')
    const messages = [...asked('Bern'), { role: 'tool', tool_call_id: 'call', content: 'Sunny.' }]
    expect(await (await ask({ tools, messages })).json()).toMatchObject({
      choices: [{ message: { content: 'Sunny.' }, finish_reason: 'stop' }],
    })
  })
})

describe('what cannot be answered', () => {
  test.each([{}, { messages: 'hello' }, 'hello', null])('%j is refused like a provider does', async (body) => {
    const response = await ask(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  })

  test('another endpoint is not known', async () => {
    expect((await rehearsal({ pace: 0 })(new Request('http://rehearsal/v1/images', { method: 'POST' }))).status).toBe(404)
  })
})

describe('a sample', () => {
  test.each([
    [
      { type: 'object', properties: { a: { type: 'array', items: { type: 'string' } }, b: { enum: ['x', 'y'] } } },
      { a: ['w'], b: 'x' },
    ],
    [{ $defs: { n: { type: 'number' } }, type: 'object', properties: { n: { $ref: '#/$defs/n' } } }, { n: 1 }],
    [{ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, true],
    [{ type: ['string', 'null'] }, 'w'],
    [{ const: 7 }, 7],
    [true, { text: 'w' }],
  ])('fits %j', (schema, expected) => {
    expect(sampleOf(schema, 'w')).toEqual(expected)
  })

  test('of a schema that describes itself ends', () => {
    const schema = { type: 'object', properties: { next: { $ref: '#' } } }
    expect(JSON.stringify(sampleOf(schema, 'w'))).toContain('null')
  })
})
