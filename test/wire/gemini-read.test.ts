/** Which text stands where in a frame of Google's protocol, and what ends what. */
import { expect, test } from 'vitest'
import type { Frame } from '../../src/terms/frame.ts'
import { gemini } from '../../src/wire/gemini.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { bytesOf, said, texts } from './events.ts'
import { body, chunk, envelope, facts, frame } from './gemini-frames.ts'

const read = (...frames: Frame[]): string[] => {
  const lens = gemini.stream(facts)
  return frames.flatMap((each) => said(lens.read(each)))
}

test('parts are read in order, thoughts as reasoning; what frames repeat is no text', () => {
  expect(read(chunk([{ text: 'hm', thought: true }, { text: 'Hel' }, { text: 'lo' }], { finishReason: 'STOP' }))).toEqual([
    'reasoning: hm',
    'answer: Hel',
    'answer: lo',
  ])
})

test('candidates are scopes by index, which is left out where it is 0', () => {
  const reading = gemini
    .stream(facts)
    .read(frame({ candidates: [{ content: { parts: [{ text: 'a' }] } }, { index: 1, content: { parts: [{ text: 'b' }] } }] }))
  expect(said(reading)).toEqual(['answer: a', '1/answer (1): b'])
  expect(reading.mentions).toEqual(['0', '1'])
})

test('candidates that come in any order are told by their index, and by their place where none has one', () => {
  const scopesOf = (...indexes: (object | undefined)[]) => {
    const candidates = indexes.map((index) => ({ content: { parts: [{ text: 'a' }] }, ...index }))
    return gemini.stream(facts).read(frame({ candidates })).mentions
  }
  expect(scopesOf({ index: 2 }, {})).toEqual(['2', '0'])
  expect(scopesOf({}, {})).toEqual(['0', '1'])
})

test('a finish reason ends nothing: older streams say one with every chunk, and text follows', () => {
  const lens = gemini.stream(facts)
  const readings = ['One ', 'two'].map((text) => lens.read(chunk([{ text }], { finishReason: 'STOP' })))
  expect(readings.flatMap(said)).toEqual(['answer: One ', 'answer: two'])
  expect(readings.map(({ finish, terminal }) => [finish, terminal])).toEqual([
    ['STOP', false],
    [undefined, false],
  ])
  expect(lens.read(chunk([{ text: '' }], { finishReason: 'SAFETY' })).finish).toBe('SAFETY')
})

test('a stream may end once every candidate has finished, or the prompt was blocked', () => {
  const lens = gemini.stream({ ...facts, scopes: 2 })
  expect(lens.complete).toBe(false)
  lens.read(chunk([{ text: 'a' }], { finishReason: 'STOP' }))
  lens.read(chunk([{ text: 'b' }], { index: 1 }))
  expect(lens.complete).toBe(false)
  lens.read(chunk([{ text: '' }], { index: 1, finishReason: 'MAX_TOKENS' }))
  expect(lens.complete).toBe(true)
  const blocked = gemini.stream(facts)
  const reading = blocked.read(frame({ promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'No, because.' } }))
  expect([said(reading), reading.finish, blocked.complete]).toEqual([['*answer/block: No, because.'], 'SAFETY', true])
})

test('a call is its name and its arguments as JSON text, and over with its part', () => {
  const call = { name: 'look_up', args: { q: 'a "b"\n', n: [1, { deep: true }] }, id: 'c1' }
  expect(read(chunk([{ functionCall: call }, { functionCall: { name: 'again' } }]))).toEqual([
    'tool_input/0/name: look_up',
    'tool_input/0: {"q":"a \\"b\\"\\n","n":[1,{"deep":true}]}',
    'end of tool_input/0/name',
    'end of tool_input/0',
    'tool_input/1/name: again',
    'end of tool_input/1/name',
  ])
})

test('arguments that come in pieces are one thread for each path, over frames, until nothing continues', () => {
  const piece = (jsonPath: string, stringValue: string, more: object = {}) => ({ jsonPath, stringValue, ...more })
  const call = (more: object, signature: object = {}) => chunk([{ functionCall: more, ...signature }])
  expect(
    read(
      call({ name: 'go', willContinue: true }, { thoughtSignature: 'c2ln' }),
      call({ partialArgs: [piece('$.to', 'New ', { willContinue: true })], willContinue: true }),
      call({
        partialArgs: [piece('$.to', 'York'), piece('$.by', 'car'), { jsonPath: '$.n', numberValue: 3 }],
        willContinue: true,
      }),
      call({}),
      call({ name: 'go', args: {} }),
    ),
  ).toEqual([
    'tool_input/0/name: go',
    '*tool_input/path: $.to',
    'tool_input/0/args/0: New ',
    '*tool_input/path: $.to',
    'tool_input/0/args/0: York',
    '*tool_input/path: $.by',
    'tool_input/0/args/1: car',
    '*tool_input/path: $.n',
    '*tool_input/args: 3',
    'tool_input/0/name: ',
    'end of tool_input/0/name',
    'end of tool_input/0/args/0',
    'end of tool_input/0/args/1',
    'tool_input/1/name: go',
    'tool_input/1: {}',
    'end of tool_input/1/name',
    'end of tool_input/1',
  ])
})

test('servers that repeat name and id with every piece go on with the same call; others begin another', () => {
  const call = (name: string, id: string, stringValue: string, willContinue: boolean) =>
    chunk([{ functionCall: { name, id, partialArgs: [{ jsonPath: '$.a', stringValue }], willContinue } }])
  const channels = read(call('f', '1', 'x', true), call('f', '1', 'y', true), call('f', '2', 'z', false)).filter((line) =>
    /^\*?tool_input\/(?:\d|name)/.test(line),
  )
  expect(channels).toEqual([
    'tool_input/0/name: f',
    'tool_input/0/args/0: x',
    '*tool_input/name: f',
    'tool_input/0/args/0: y',
    'tool_input/1/name: f',
    'tool_input/1/args/0: z',
  ])
})

test('a number as a piece of an argument is read as what its digits say, and cannot be masked', () => {
  const piece = { jsonPath: '$.a', numberValue: 4111111111111111 }
  const reading = gemini.stream(facts).read(chunk([{ functionCall: { name: 'f', partialArgs: [piece], willContinue: true } }]))
  expect(said(reading)).toEqual(['tool_input/0/name: f', '*tool_input/path: $.a', '*tool_input/args: 4111111111111111'])
  expect(texts(reading).at(-1)).toMatchObject({ channel: { fixed: true }, indivisible: true })
})

test('a candidate whose calls have more arguments than any is unreadable', () => {
  const lens = gemini.stream(facts)
  const call = (count: number) =>
    chunk([
      { functionCall: { partialArgs: Array.from({ length: count }, (_, n) => ({ jsonPath: `$.a${n}`, stringValue: 'x' })) } },
    ])
  for (let calls = 0; calls < 4; calls++) lens.read(call(256))
  expect(() => lens.read(call(1))).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
})

test('a signed call cannot be masked, another can', () => {
  const call = { functionCall: { name: 'f', args: { a: 'b' } } }
  const channels = texts(gemini.stream(facts).read(chunk([{ ...call, thoughtSignature: 'c2ln' }, call]))).map(
    ({ channel: { name, fixed } }) => [name, fixed ?? false],
  )
  expect(channels).toEqual([
    ['tool_input/0/name', true],
    ['tool_input/0', true],
    ['tool_input/1/name', true],
    ['tool_input/1', false],
  ])
})

test('a signed text is not divided', () => {
  const [plain, signed] = texts(gemini.stream(facts).read(chunk([{ text: 'a' }, { text: 'b', thoughtSignature: 'c2ln' }])))
  expect([plain?.joints, signed?.joints]).toEqual([undefined, []])
})

test('code, results and the calls of tools that Google runs are texts of their own', () => {
  expect(
    read(
      chunk([
        { executableCode: { language: 'PYTHON', code: 'print(1)\n' } },
        { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
        { toolCall: { toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['a b'] }, id: 't' } },
        { toolResponse: { toolType: 'GOOGLE_SEARCH_WEB', response: { x: 'y z' }, id: 't' } },
        { audioTranscription: 'spoken' },
        { audioTranscription: { text: ' on', languageCode: 'en' } },
      ]),
    ),
  ).toEqual([
    '*tool_input/code: print(1)\n',
    '*tool_input/code/output: 1\n',
    '*tool_input/executed: {"queries":["a b"]}',
    '*tool_input/executed: {"x":"y z"}',
    'answer/audio: spoken',
    'answer/audio:  on',
  ])
})

test('inline data is media of its type; an address in its place is text', () => {
  const inline = (mimeType: string, data = 'AAAA') => ({ inlineData: { mimeType, data } })
  const { media, steps } = gemini
    .stream(facts)
    .read(chunk([inline('image/png'), inline('audio/pcm;rate=24000'), inline('application/pdf'), inline('image/png', 'a b')]))
  expect(media?.map(({ kind }) => kind)).toEqual(['image', 'audio', 'file'])
  expect(said({ steps } as never)).toEqual(['*answer/image: a b'])
})

test('what is beside the text is checked too, and what points into it or repeats it describes it', () => {
  const segment = { startIndex: 0, endIndex: 5, text: 'Hello' }
  const reading = gemini.stream(facts).read(
    chunk([{ text: 'Hello' }], {
      finishMessage: 'Done well.',
      citationMetadata: {
        citations: [{ startIndex: 1, endIndex: 2, uri: 'https://a.example', license: 'mit', title: 'A title' }],
      },
      groundingMetadata: {
        webSearchQueries: ['who is'],
        searchEntryPoint: { renderedContent: '<b>x</b>', sdkBlob: 'AAAA' },
        groundingChunks: [{ web: { uri: 'https://b.example', title: 'b' } }, { retrievedContext: { text: 'c d' } }],
        groundingSupports: [{ segment, groundingChunkIndices: [0], confidenceScores: [0.5] }],
      },
      urlContextMetadata: {
        urlMetadata: [{ retrievedUrl: 'https://c.example', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' }],
      },
      safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'LOW', blocked: true }],
    }),
  )
  expect(said(reading)).toEqual([
    'answer: Hello',
    '*answer/finish: Done well.',
    '*answer/citations: https://a.example',
    '*answer/citations: mit',
    '*answer/citations: A title',
    '*answer/grounding: who is',
    '*answer/grounding: <b>x</b>',
    '*answer/grounding: https://b.example',
    '*answer/grounding: b',
    '*answer/grounding: c d',
    '*answer/grounding: Hello',
    '*answer/grounding: https://c.example',
  ])
  expect(reading.describes).toEqual(['0'])
  expect(reading.undivided).toBe(true)
})

test('grounding that says nothing describes nothing', () => {
  expect(gemini.stream(facts).read(chunk([{ text: 'a' }], { groundingMetadata: {} })).describes).toEqual([])
})

const entry = (token: string) => ({ token, tokenId: 7, logProbability: -0.5 })

test('chosen tokens that spell the text are that text, others are a thread; alternatives are texts of their own', () => {
  const logprobs = (tokens: string[], others: string[]) => ({
    logprobsResult: {
      chosenCandidates: tokens.map(entry),
      topCandidates: tokens.map((token) => ({ candidates: [entry(token), ...others.map(entry)] })),
      logProbabilitySum: -1,
    },
  })
  expect(read(chunk([{ text: 'ab' }], logprobs(['a', 'b'], [])))).toEqual(['answer: ab'])
  expect(read(chunk([{ text: 'hm', thought: true }, { text: 'ab' }], logprobs(['hm', 'a', 'b'], [])))).toEqual([
    'reasoning: hm',
    'answer: ab',
  ])
  expect(read(chunk([{ text: 'ab' }], logprobs(['a', 'c'], ['z'])))).toEqual([
    'answer: ab',
    '*answer/logprobs/alternatives: z',
    '*answer/logprobs/alternatives: z',
    'answer/logprobs/tokens: ac',
  ])
  expect(gemini.stream(facts).read(chunk([{ text: 'ab' }], logprobs(['a', 'b'], [])))).toMatchObject({
    describes: ['0'],
    undivided: true,
  })
})

test('what nobody declared is unknown: in a candidate it adds up, beside it is a text of its own', () => {
  expect(read(chunk([{ mystery: 'a', text: 'b' }], { riddle: { deep: ['c'] } }, { enigma: 'd' }))).toEqual([
    'answer: b',
    '*unknown/content.parts[].{}: mystery',
    'unknown/content.parts[].mystery: a',
    '*unknown/{}: riddle',
    '*unknown/riddle.{}: deep',
    'unknown/riddle.deep[]: c',
    '*unknown/{}: enigma',
    '*unknown/enigma: d',
  ])
  for (const strange of [
    { functionCall: 'text' },
    { functionCall: ['text'] },
    { functionCall: { name: 'f', args: 'text' } },
    { functionCall: { partialArgs: ['text'] } },
    { functionCall: { partialArgs: [{ numberValue: 'a text' }] } },
    { functionCall: { id: 'a text' } },
    { functionCall: { x: 'text' } },
    { thoughtSignature: 'a text' },
    { inlineData: 'text' },
  ])
    expect([strange, read(chunk([strange])).some((line) => /unknown.*text$/.test(line))]).toEqual([strange, true])
})

test('every key is accounted for: a frame is rewritten only where one is said twice', () => {
  const rich = chunk(
    [
      { functionCall: { name: 'f', args: { a: { b: [{ c: 1 }] }, d: 'e' }, id: 'i' } },
      { functionCall: { name: 'g', partialArgs: [{ jsonPath: '$.a', stringValue: 'x', boolValue: true }], willContinue: true } },
      { toolCall: { args: { a: [] } } },
    ],
    { logprobsResult: { chosenCandidates: [entry('a')], topCandidates: [{ candidates: [entry('b')] }], logProbabilitySum: 1 } },
  )
  expect(gemini.stream(facts).read(rich).rewrite).toBeUndefined()
  const twice = frame('{"candidates":[{"content":{"parts":[{"text":"a","text":"b"}]}}]}')
  expect(gemini.stream(facts).read(twice).rewrite).toBe(true)
})

test('an error Google writes between events as bare JSON is read, and leaves as an event', () => {
  const text =
    '{\r\n  "error": {\r\n    "code": 499,\r\n    "message": "The operation was cancelled.",\r\n    "status": "CANCELLED"\r\n  }\r\n}\r\n'
  for (const tail of ['', '\r\n']) {
    const framing = new SseFrames({ most_frame_bytes: 1 << 20 })
    const [error] = [...framing.push(bytesOf(text + tail)), ...framing.end().frames]
    const lens = gemini.stream(facts)
    const reading = lens.read(error as Frame)
    expect(said(reading)).toEqual(['*answer/error: The operation was cancelled.'])
    expect(reading).toMatchObject({ terminal: true, finish: 'error', rewrite: true })
  }
})

test('lines beside the data are texts as in any event stream', () => {
  const [aside] = new SseFrames({ most_frame_bytes: 1000 }).push(bytesOf(': a comment\n\n'))
  expect(read(aside as Frame)).toEqual(['*answer/comment: a comment'])
})

test('a whole body ends all it says; an error may come as an array of one', () => {
  const lens = gemini.body({ ...facts, stream: false })
  expect(lens.read(body({ candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }] }))).toMatchObject({
    terminal: true,
    finish: 'STOP',
  })
  const failed = gemini
    .body(facts)
    .read(body([{ error: { code: 400, message: 'Not this way.', details: [{ detail: 'because so' }] } }]))
  expect(said(failed)).toEqual(['*answer/error: Not this way.', '*answer/error: detail', '*answer/error: because so'])
  expect(failed.finish).toBe('error')
})

test('what is no JSON is unreadable, and so is nesting without end', () => {
  const deep = `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`
  for (const text of ['nonsense', '"text"', `{"candidates":[{"content":{"parts":[{"functionCall":{"args":${deep}}}]}}]}`])
    expect(() => gemini.stream(facts).read(frame(text))).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
})

test('usage and names are metadata', () => {
  expect(read(frame({ candidates: [], ...envelope, createTime: '2026-01-01T00:00:00Z' }))).toEqual([])
})
