/** Plain completions: where their text stands, how it is changed, and how they end. */
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { guardExchange, guardFetch } from '../../src/flow/index.ts'
import type { OnCut } from '../../src/terms/plan.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { openaiCompletions } from '../../src/wire/openai-completions.ts'
import { planOf } from '../laws/plan.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { bytesOf, dataOf, eventsIn, facts, frameOf, noEdit, said, textOf, withText } from './events.ts'

const envelope = { id: 'cmpl-A', object: 'text_completion', created: 1, model: 'm' }
const logprobsOf = (tokens: readonly string[], tops: readonly object[] | null = null) => ({
  tokens,
  token_logprobs: tokens.map(() => -0.1),
  top_logprobs: tops,
  text_offset: tokens.map((_, index) => index),
})
const chunk = (text: string, more: object = {}, top: object = {}) =>
  frameOf({ ...envelope, choices: [{ text, index: 0, logprobs: null, finish_reason: null, ...more }], ...top })

const lensOf = (more = {}) => openaiCompletions.stream({ ...facts, ...more })
const readings = (...values: unknown[]) => {
  const lens = lensOf()
  return values.flatMap((value) => said(lens.read(frameOf(value))))
}

describe('reading', () => {
  test('text is the answer, by choice; a finish reason ends the choice', () => {
    const choices = [
      { text: 'Hi', index: 0, finish_reason: null },
      { text: 'Ho', index: 1, finish_reason: 'stop' },
    ]
    expect(readings({ ...envelope, choices })).toEqual(['answer: Hi', '1/answer (1): Ho', 'end of scope 1'])
  })

  test('a local server’s last chunk, with a delta and without an index, ends the first choice', () => {
    expect(readings({ ...envelope, choices: [{ delta: {}, finish_reason: 'stop' }] })).toEqual(['end of scope 0'])
  })

  test('what stopped the text is a text of its own; a token’s number is none', () => {
    expect(readings({ choices: [{ text: '', index: 0, stop_reason: 'END' }] })).toEqual(['*answer/stop_reason: END'])
    expect(readings({ choices: [{ text: '', index: 0, stop_reason: 128009 }] })).toEqual([])
  })

  test('usage, the last word and an error say nothing but what they are', () => {
    const lens = lensOf()
    expect(said(lens.read(frameOf({ ...envelope, choices: [], usage: { prompt_tokens: 1 } })))).toEqual([])
    expect(lens.read(frameOf('[DONE]')).terminal).toBe(true)
    expect(readings({ error: { message: 'no luck', type: 'server_error' } })).toEqual(['*answer/error: no luck'])
  })

  test('tokens that spell the text are the text, which may be divided where they end', () => {
    const reading = lensOf().read(chunk('héy', { logprobs: logprobsOf(['h', 'é', 'y']) }))
    expect(said(reading)).toEqual(['answer: héy'])
    expect(reading.steps[0]).toMatchObject({ joints: [1, 2, 3] })
    expect(reading.describes).toEqual(['0'])
  })

  test('tokens that are parts of a character spell by their bytes', () => {
    const tokens = ['bytes:\\xf0\\x9f', 'bytes:\\x98\\x80', '!']
    const reading = lensOf().read(chunk('😀!', { logprobs: logprobsOf(tokens) }))
    expect(said(reading)).toEqual(['answer: 😀!'])
    expect(reading.steps[0]).toMatchObject({ joints: [2, 3] })
  })

  test('tokens that spell something else are read for themselves, and so is every alternative', () => {
    expect(said(lensOf().read(chunk('Hi', { logprobs: logprobsOf(['Ho']) })))).toEqual([
      'answer: Hi',
      'answer/logprobs/tokens: Ho',
    ])
    const tops = [{ Hi: -0.1, Hello: -2, 'bytes:\\xc3\\xa9': -3 }]
    expect(said(lensOf().read(chunk('Hi', { logprobs: logprobsOf(['Hi'], tops) })))).toEqual([
      'answer: Hi',
      '*answer/logprobs/alternatives: Hello',
      '*answer/logprobs/alternatives: é',
    ])
  })

  test('llama.cpp’s probabilities are those of chats', () => {
    const content = [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }]
    expect(said(lensOf().read(chunk('Hi', { logprobs: { content } })))).toEqual(['answer: Hi'])
  })

  test('what no server is known to send is a stranger, wherever it stands', () => {
    const logprobs = { ...logprobsOf(['Hi']), mystery: 'a', text_offset: ['b'] }
    expect(said(lensOf().read(chunk('Hi', { logprobs, note: 'c' }))).filter((line) => /: [abc]$/.test(line))).toEqual([
      expect.stringMatching(/^unknown.*b$/),
      expect.stringMatching(/^unknown.*a$/),
      expect.stringMatching(/^unknown.*c$/),
    ])
  })
})

describe('writing', () => {
  const before = chunk('Hi you', { logprobs: logprobsOf(['Hi', ' you']), token_ids: [1, 2] }, { obfuscation: 'x' })

  test('a masked text takes its probabilities and the numbers of its tokens along', () => {
    const [choice] = dataOf(lensOf().write(before, withText('Hi ***'))).choices
    expect(choice).toEqual({ text: 'Hi ***', index: 0, logprobs: null, finish_reason: null })
  })

  test('from the first change on, so do those of later frames', () => {
    const [choice] = dataOf(lensOf().write(before, { ...noEdit, stale: new Set(['0']) })).choices
    expect(choice).toEqual({ text: 'Hi you', index: 0, logprobs: null, finish_reason: null })
  })

  test('a divided frame divides its lists where a token ends', () => {
    const lens = lensOf()
    const frame = chunk('Hi you', { logprobs: logprobsOf(['Hi', ' you']), finish_reason: 'stop' })
    const head = dataOf(lens.write(frame, { ...noEdit, texts: new Map([[0, 'Hi']]), part: 'head' }))
    const tail = dataOf(lens.write(frame, { ...noEdit, texts: new Map([[0, ' you']]), part: 'tail' }))
    expect(head.choices).toEqual([
      { text: 'Hi', index: 0, logprobs: { ...logprobsOf(['Hi']), text_offset: [0] }, finish_reason: null },
    ])
    expect(tail.choices).toEqual([
      { text: ' you', index: 0, logprobs: { ...logprobsOf([' you']), text_offset: [1] }, finish_reason: 'stop' },
    ])
  })

  test('a choice that lost its text keeps an empty one, for its finish reason; a frame that says nothing more is not sent', () => {
    const gone = { ...noEdit, removed: new Set([0]), stale: new Set(['0']) }
    expect(dataOf(lensOf().write(chunk('x', { finish_reason: 'stop' }), gone)).choices).toEqual([
      { text: '', index: 0, logprobs: null, finish_reason: 'stop' },
    ])
    expect(lensOf().write(chunk('x'), gone)).toBeNull()
  })

  test('a whole body that was cut says so, with the notice in the text', () => {
    const body = bodyFrame(
      bytesOf(JSON.stringify({ ...envelope, choices: [{ text: 'Use x', index: 0, logprobs: null, finish_reason: 'stop' }] })),
    )
    const how: OnCut = { ending: 'native', notice: 'No.', notice_in: 'answer' }
    const edit = { ...withText('Use '), cut: new Set(['0']), how }
    const written = openaiCompletions.body(facts).write(body, edit)
    expect(JSON.parse(textOf(written as Uint8Array)).choices).toEqual([
      { text: 'Use No.', index: 0, logprobs: null, finish_reason: 'content_filter' },
    ])
  })
})

test.each<[string, Partial<OnCut>, object, unknown[]]>([
  ['notice in the answer', {}, {}, ['No.', 'content_filter']],
  ['a notice for the refusal has nowhere to stand', { notice_in: 'refusal' }, {}, ['', 'content_filter']],
  ['no notice', { notice_in: 'none' }, {}, ['', 'content_filter']],
  ['stop', { ending: 'stop' }, {}, ['No.', 'stop']],
  ['a refusal is one in the text', { ending: 'refusal', notice_in: 'refusal' }, {}, ['No.', 'stop']],
  ['JSON has no room for a notice', {}, { json: true }, ['', 'content_filter']],
])('cut: %s', (_, how, more, expected) => {
  const lens = lensOf(more)
  lens.read(chunk('Use '))
  const events = eventsIn(lens.cut('0', { ending: 'native', notice: 'No.', notice_in: 'answer', ...how }))
  for (const event of events) expect(event).toMatchObject(envelope)
  expect([events.map((event) => event.choices[0].text).join(''), events.at(-1).choices[0].finish_reason]).toEqual(expected)
})

describe('requests', () => {
  const read = (body: object) => openaiCompletions.request({ model: 'm', ...body })

  test('a prompt is a string or several, each with n choices; the suffix is prompt too', () => {
    expect(read({ prompt: 'a' }).facts).toEqual({ stream: false, scopes: 1, json: false, usage: false, model: 'm' })
    const several = read({ prompt: ['a', 'b'], n: 2, suffix: 'c', stream: true })
    expect(several.facts).toMatchObject({ scopes: 4, stream: true })
    expect(several.prompts.map(({ channel, text, fresh }) => [channel.kind, text, fresh])).toEqual([
      ['prompt', 'a', true],
      ['prompt', 'b', true],
      ['prompt', 'c', true],
    ])
    expect(
      JSON.parse(
        several.write(
          new Map([
            [1, 'B'],
            [2, 'C'],
          ]),
        ),
      ),
    ).toMatchObject({ prompt: ['a', 'B'], suffix: 'C', n: 2 })
    expect(JSON.parse(read({ prompt: 'a' }).write(new Map([[0, 'A']])))).toEqual({ model: 'm', prompt: 'A' })
  })

  test('the numbers of tokens cannot be read, and the reading says so', () => {
    expect(read({ prompt: [1, 2] })).toMatchObject({ facts: { scopes: 1 }, prompts: [], unread: expect.stringMatching(/prompt/) })
    expect(read({ prompt: [[1], [2, 3]], n: 3 }).facts.scopes).toBe(6)
    expect(read({ prompt_embeds: 'AAAA' }).unread).toBe('prompt_embeds')
    expect(read({ prompt: 'a' }).unread).toBeUndefined()
    expect(read({}).unread).toBeUndefined()
  })

  test.each([
    [{ prompt: 5 }, /prompt must/],
    [{ prompt: [{}] }, /prompt\[0\]/],
    [{ prompt: [['a']] }, /prompt\[0\]/],
    [{ prompt: 'a', suffix: 5 }, /suffix/],
    [{ prompt: 'a', stream: 'true' }, /stream/],
    [{ prompt: Array.from({ length: 65 }, () => 'a'), n: 2 }, /at most 128/],
  ])('refused: %j', (body, message) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringMatching(message) }),
    )
  })
})

/** A policy that masks one word and cuts at another, in answers and prompts. */
const policy: OraclePolicy = {
  rules: [
    {
      id: 'm',
      action: 'mask',
      with: '***',
      channels: ['answer', 'prompt'],
      words: { terms: ['idiot'], except: [], fold: 'none', boundary: 'none' },
    },
    {
      id: 'c',
      action: 'cut',
      channels: ['answer', 'prompt'],
      words: { terms: ['secret'], except: [], fold: 'none', boundary: 'none' },
    },
  ],
}

const asked: string[] = []

/** The official client in front of a server that says these texts, guarded. */
function client(texts: readonly string[], rules = policy): OpenAI {
  const upstream = (async (_url: unknown, init?: RequestInit) => {
    asked.push(String(init?.body))
    const { stream } = JSON.parse(String(init?.body))
    const choice = (text: string, finish_reason: string | null) => ({ text, index: 0, logprobs: null, finish_reason })
    if (!stream) return Response.json({ ...envelope, choices: [choice(texts.join(''), 'stop')], usage: { prompt_tokens: 1 } })
    const chunks = [...texts.map((text) => choice(text, null)), choice('', 'stop')].map((each) =>
      JSON.stringify({ ...envelope, choices: [each] }),
    )
    const body = [...chunks, '[DONE]'].map((data) => `data: ${data}\n\n`).join('')
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }) as typeof fetch
  const fetch = guardFetch({ plan: planOf(rules, { on_cut: { notice: 'No.', notice_in: 'answer' } }), fetch: upstream })
  return new OpenAI({ apiKey: 'k', baseURL: 'http://upstream.example/v1', maxRetries: 0, fetch, dangerouslyAllowBrowser: true })
}

async function streamed(texts: readonly string[]): Promise<[string, string | null | undefined]> {
  let text = ''
  let finish: string | null | undefined
  for await (const chunk of await client(texts).completions.create({ model: 'm', prompt: 'hi', stream: true })) {
    text += chunk.choices[0]?.text ?? ''
    finish = chunk.choices[0]?.finish_reason ?? finish
  }
  return [text, finish]
}

describe('the official client', () => {
  const told: [string[], [string, string]][] = [
    [
      ['a calm', ' text'],
      ['a calm text', 'stop'],
    ],
    [
      ['you id', 'iot', ', you'],
      ['you ***, you', 'stop'],
    ],
    [
      ['it is sec', 'ret, and more'],
      ['it is No.', 'content_filter'],
    ],
  ]

  test.each(told)('reads %j streamed and whole as %j', async (texts, expected) => {
    expect(await streamed(texts)).toEqual(expected)
    const whole = await client(texts).completions.create({ model: 'm', prompt: 'hi' })
    expect([whole.choices[0]?.text, whole.choices[0]?.finish_reason]).toEqual(expected)
  })

  test('is told of a block as a bad request about the prompt, and the model gets masked prompts', async () => {
    const blocked = client(['x']).completions.create({ model: 'm', prompt: ['fine', 'a secret'] })
    await expect(blocked).rejects.toMatchObject({ status: 400, code: 'content_filter', param: 'prompt' })
    await client(['x']).completions.create({ model: 'm', prompt: ['you idiot', 'b'] })
    expect(JSON.parse(asked.at(-1) as string).prompt).toEqual(['you ***', 'b'])
  })

  test('may send the numbers of tokens only where no rule looks at prompts', async () => {
    const sent = asked.length
    const refused = client(['x']).completions.create({ model: 'm', prompt: [1, 2, 3] })
    await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining('cannot be checked') })
    expect(asked).toHaveLength(sent)
    const answersOnly: OraclePolicy = { rules: policy.rules.map((rule) => ({ ...rule, channels: ['answer'] })) }
    const passed = await client(['you idiot'], answersOnly).completions.create({ model: 'm', prompt: [1, 2, 3] })
    expect(passed.choices[0]?.text).toBe('you ***')
  })

  test('a stream that breaks off raises, and the trail says whose fault it was', async () => {
    const ended = Promise.withResolvers<Trail>()
    const response = await guardExchange({
      plan: planOf(policy),
      request: { method: 'POST', url: 'http://s/v1/completions', body: new Response('{"prompt":"a","stream":true}').body },
      call: async () =>
        new Response(`data: ${JSON.stringify({ ...envelope, choices: [{ text: 'Ho', index: 0 }] })}\n\ndata: {"cho`, {
          headers: { 'content-type': 'text/event-stream' },
        }),
      onEnd: ended.resolve,
    })
    const events = eventsIn(new Uint8Array(await response.arrayBuffer()))
    expect(events.slice(1)).toEqual([{ error: expect.objectContaining({ code: 'upstream_failed' }) }, '[DONE]'])
    expect(await ended.promise).toMatchObject({ dialect: 'openai-completions', exit: 'upstream_failed' })
  })
})
