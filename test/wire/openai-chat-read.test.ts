/** Which text stands where in a frame of a chat, with the dialects of its many servers. */
import { expect, test } from 'vitest'
import type { Frame } from '../../src/terms/frame.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { openaiChat } from '../../src/wire/openai-chat.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { bytesOf, chunk, envelope, facts, frameOf, joined, noEdit, said, textOf, texts } from './events.ts'

const link = { type: 'url_citation', url_citation: { url: 'u://x', title: 'T', content: 'page', start_index: 0, end_index: 2 } }
const entry = (token: string, bytes: number[] | null = [...bytesOf(token)], more: object = {}) => ({
  token,
  logprob: -0.1,
  bytes,
  top_logprobs: [],
  ...more,
})
const call = (index: number | undefined, id: string | undefined, name: string | undefined, input: string | undefined) => ({
  ...(index !== undefined && { index }),
  ...(id !== undefined && { id, type: 'function' }),
  function: { ...(name !== undefined && { name }), ...(input !== undefined && { arguments: input }) },
})

/** What is read in frames that come one after the other. */
const cases: Record<string, [Frame | Frame[], string[]]> = {
  'content as a string': [chunk({ content: 'Hi' }), ['answer: Hi']],
  'a role alone': [chunk({ role: 'assistant', content: '', refusal: null }), []],
  'content as parts': [chunk({ content: [{ type: 'text', text: 'Hi' }] }), ['answer: Hi']],
  'thinking inside the content': [
    chunk({
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }], closed: true },
        { type: 'text', text: 'Hi' },
      ],
    }),
    ['reasoning: hm', 'answer: Hi'],
  ],
  'thinking as a string': [chunk({ content: [{ type: 'thinking', thinking: 'hm', signature: 'c2ln' }] }), ['reasoning: hm']],
  refusal: [chunk({ refusal: 'No.' }), ['refusal: No.']],
  reasoning_content: [chunk({ content: null, reasoning_content: 'hm' }), ['reasoning: hm']],
  'metadata that reads like a sentence': [
    chunk({ content: 'x' }, {}, { model: 'see the word now' }),
    ['*answer/metadata: see the word now', 'answer: x'],
  ],
  reasoning: [chunk({ reasoning: 'hm', channel: 'analysis' }), ['*answer/channel: analysis', 'reasoning: hm']],
  'reasoning twice': [
    chunk({ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', format: 'f', index: 0 }] }),
    ['reasoning: hm'],
  ],
  'reasoning in two spellings': [chunk({ reasoning_content: 'hm', reasoning: 'hm' }), ['reasoning: hm']],
  'reasoning in its details only': [
    chunk({ reasoning_details: [{ type: 'reasoning.summary', summary: 'hm' }] }),
    ['reasoning: hm'],
  ],
  'reasoning details that say something else': [
    chunk({ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'aha' }] }),
    ['reasoning: hm', 'reasoning/details: aha'],
  ],
  'encrypted reasoning': [
    chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'gAAAAABk_-==', signature: 'Et0B+/' }] }),
    [],
  ],
  'text where something encrypted should be': [
    chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'in plain words' }] }),
    ['unknown/delta.reasoning_details[].data: in plain words'],
  ],
  'what is said first comes first': [
    chunk({ tool_calls: [call(0, 'c', 'f', '{}')], refusal: 'No.', content: 'Hi', reasoning: 'hm' }),
    ['reasoning: hm', 'answer: Hi', 'refusal: No.', 'tool_input/0/name: f', 'tool_input/0: {}'],
  ],
  'a tool call in pieces, then another, then the end': [
    [
      chunk({ role: 'assistant', content: null, tool_calls: [call(0, 'c0', 'f', '')] }),
      chunk({ tool_calls: [call(0, undefined, undefined, '{"a":')] }),
      chunk({ tool_calls: [call(0, undefined, undefined, '1}')] }),
      chunk({ tool_calls: [call(1, 'c1', 'g', '')] }),
      chunk({ tool_calls: [call(1, undefined, undefined, '{}')] }),
      chunk({}, { finish_reason: 'tool_calls' }),
    ],
    [
      ...['tool_input/0/name: f', 'tool_input/0: {"a":', 'tool_input/0: 1}'],
      ...['end of tool_input/0/name', 'end of tool_input/0', 'tool_input/1/name: g', 'tool_input/1: {}', 'end of scope 0'],
    ],
  ],
  'whole tool calls without an index': [
    chunk({ tool_calls: [call(undefined, 'a', 'f', '1'), call(undefined, 'b', 'g', '2')] }),
    [
      'tool_input/0/name: f',
      'tool_input/0: 1',
      'end of tool_input/0/name',
      'end of tool_input/0',
      'tool_input/1/name: g',
      'tool_input/1: 2',
    ],
  ],
  'a tool call without an index in pieces that repeat its id': [
    [chunk({ tool_calls: [call(undefined, 'a', 'f', '1')] }), chunk({ tool_calls: [call(undefined, 'a', undefined, '2')] })],
    ['tool_input/0/name: f', 'tool_input/0: 1', 'tool_input/0: 2'],
  ],
  'tool calls without an index whose ids are empty': [
    [
      chunk({ tool_calls: [call(undefined, '', 'f', '1')] }),
      chunk({ tool_calls: [call(undefined, '', undefined, '2')] }),
      chunk({ tool_calls: [call(undefined, '', 'f', '3')] }),
    ],
    [
      'tool_input/0/name: f',
      'tool_input/0: 1',
      'tool_input/0: 2',
      'end of tool_input/0/name',
      'end of tool_input/0',
      'tool_input/1/name: f',
      'tool_input/1: 3',
    ],
  ],
  'a tool call that is announced without a word': [
    chunk({ tool_calls: [{ index: 0, id: 'c', type: 'function' }] }),
    ['tool_input/0/id: c'],
  ],
  'a custom tool call': [
    chunk({ tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'sh', input: 'ls -l' } }] }),
    ['tool_input/0/name: sh', 'tool_input/0: ls -l'],
  ],
  'a signature beside a tool call': [
    chunk({ tool_calls: [{ ...call(0, 'c', 'f', '{}'), extra_content: { google: { thought_signature: 'c2ln' } } }] }),
    ['tool_input/0/name: f', 'tool_input/0: {}'],
  ],
  'tool input that is no string': [
    chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: { city: 'Rome' } } }] }),
    [
      'tool_input/0/name: f',
      '*unknown/delta.tool_calls[].function.arguments.{}: city',
      'unknown/delta.tool_calls[].function.arguments.city: Rome',
    ],
  ],
  'the function call of old': [
    chunk({ function_call: { name: 'f', arguments: '{}' } }),
    ['tool_input/function_call/name: f', 'tool_input/function_call: {}'],
  ],
  'speech and what it says': [
    chunk({ audio: { id: 'a', transcript: 'Hi', data: 'UklGRg==', expires_at: 1 } }),
    ['answer/audio: Hi'],
  ],
  annotations: [
    chunk({ annotations: [link] }),
    ['*answer/annotations: u://x', '*answer/annotations: T', '*answer/annotations: page'],
  ],
  'the address of an image': [
    chunk({ images: [{ type: 'image_url', image_url: { url: 'https://pictures.example/a b.png' } }] }),
    ['*answer/image: https://pictures.example/a b.png'],
  ],
  'tools the server ran': [
    chunk({
      executed_tools: [
        {
          index: 0,
          type: 'search',
          arguments: '{"q":1}',
          output: 'out',
          search_results: { results: [{ title: 'T', url: 'u', content: 'c', score: 1 }] },
        },
      ],
    }),
    [
      '*tool_input/executed: {"q":1}',
      '*tool_input/executed: out',
      '*answer/search_results: T',
      '*answer/search_results: u',
      '*answer/search_results: c',
    ],
  ],
  'content said twice': [chunk({ content: 'Hi' }, { text: 'Hi' }), ['answer: Hi']],
  'content under another name': [chunk({}, { text: 'Hi' }), ['answer: Hi']],
  'a text that is no copy': [chunk({ content: 'Hi' }, { text: 'Ho' }), ['answer: Hi', 'answer/text: Ho']],
  'several choices in one chunk': [
    frameOf({
      ...envelope,
      choices: [
        { index: 1, delta: { content: 'b' } },
        { index: 0, delta: { content: 'a' }, finish_reason: 'stop' },
      ],
    }),
    ['1/answer (1): b', 'answer: a', 'end of scope 0'],
  ],
  'choices without an index': [
    frameOf({ choices: [{ delta: { content: 'a' } }, { delta: { content: 'b' } }] }),
    ['answer: a', '1/answer (1): b'],
  ],
  'an empty finish reason is none': [chunk({ content: 'a' }, { finish_reason: '' }), ['answer: a']],
  'a scope ends once': [
    [chunk({}, { finish_reason: 'stop' }), chunk({}, { finish_reason: 'content_filter' })],
    ['end of scope 0'],
  ],
  'probabilities that spell the text': [
    chunk({ content: 'Foo!' }, { logprobs: { content: [entry('Foo'), entry('!')], refusal: null } }),
    ['answer: Foo!'],
  ],
  'probabilities that spell it in bytes': [
    chunk(
      { content: 'a😀' },
      { logprobs: { content: [entry('a'), entry('bytes:\\xf0\\x9f', [0xf0, 0x9f]), entry('bytes:\\x98\\x80', [0x98, 0x80])] } },
    ),
    ['answer: a😀', '*answer/logprobs/alternatives: bytes:\\xf0\\x9f', '*answer/logprobs/alternatives: bytes:\\x98\\x80'],
  ],
  'probabilities of another text': [
    chunk({ content: 'Foo' }, { logprobs: { content: [entry('B'), entry('ar')] } }),
    ['answer: Foo', 'answer/logprobs/tokens: Bar'],
  ],
  'bytes that say something else': [
    chunk({ content: 'Foo' }, { logprobs: { content: [entry('Foo', [...bytesOf('Bar')])] } }),
    ['answer: Foo', 'answer/logprobs/bytes: Bar'],
  ],
  'probabilities of a refusal': [
    chunk({ refusal: 'No' }, { logprobs: { content: null, refusal: [entry('No')] } }),
    ['refusal: No'],
  ],
  'tokens that were not chosen': [
    chunk(
      { content: 'a' },
      {
        logprobs: {
          content: [
            entry('a', [97], {
              top_logprobs: [
                { token: 'a', logprob: 0, bytes: [97] },
                { token: 'b', logprob: 0, bytes: null },
                { token: 'c', logprob: -1, bytes: [100] },
              ],
            }),
          ],
        },
      },
    ),
    ['answer: a', '*answer/logprobs/alternatives: b', '*answer/logprobs/alternatives: c', '*answer/logprobs/alternatives: d'],
  ],
  'text among the probabilities': [
    chunk({ content: 'a' }, { logprobs: { content: [entry('a', [97], { note: 'psst' }), 'psst'], other: 'psst' } }),
    [
      ...['answer: a', '*unknown/logprobs[].{}: note', 'unknown/logprobs[].note: psst', 'unknown/logprobs[]: psst'],
      ...['*unknown/logprobs.{}: other', 'unknown/logprobs.other: psst'],
    ],
  ],
  'errors that carry the generation': [
    frameOf(
      { error: { message: 'M', type: 't', code: 'c', failed_generation: 'G', metadata: { raw: 'R', provider_name: 'P' } } },
      'error',
    ),
    ['*answer/error: M', '*answer/error: G', '*answer/error: R'],
  ],
  'an error beside choices': [
    frameOf({ choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'error' }], error: { code: 502, message: 'M' } }),
    ['answer: a', 'end of scope 0', '*answer/error: M'],
  ],
  'an error that is a string': [frameOf({ error: 'M' }), ['*answer/error: M']],
  'sources beside the choices': [
    chunk({ content: 'a' }, {}, { citations: ['u://1'], search_results: [{ title: 'T', url: 'U', date: '2026', snippet: 'S' }] }),
    [
      'answer: a',
      '*answer/citations: u://1',
      '*answer/search_results: T',
      '*answer/search_results: U',
      '*answer/search_results: S',
    ],
  ],
  'usage, moderation and padding say nothing': [
    frameOf({
      ...envelope,
      choices: [],
      usage: { total_tokens: 1, cost_details: { tier: 'a' } },
      moderation: { input: { type: 'moderation_results', model: 'm' } },
      obfuscation: 'k3J',
      service_tier: 'default',
    }),
    [],
  ],
  'words where a code should be': [
    frameOf({ choices: [], usage: { note: 'in plain words' } }),
    ['*unknown/usage: in plain words'],
  ],
  "Azure's annotations": [
    frameOf({
      id: '',
      choices: [
        {
          index: 0,
          finish_reason: null,
          content_filter_results: { hate: { filtered: false, severity: 'safe' } },
          content_filter_offsets: { check_offset: 1 },
        },
      ],
      prompt_filter_results: [{ prompt_index: 0, content_filter_results: { jailbreak: { detected: false } } }],
    }),
    [],
  ],
  "Perplexity's last chunk": [
    frameOf({
      ...envelope,
      object: 'chat.completion.done',
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'stop' }],
    }),
    ['end of scope 0'],
  ],
  'unknown text in a delta adds up': [
    [chunk({ mystery: 'a' }), chunk({ mystery: 'b' })],
    ['*unknown/delta.{}: mystery', 'unknown/delta.mystery: a', '*unknown/delta.{}: mystery', 'unknown/delta.mystery: b'],
  ],
  'unknown text deep in a choice': [
    frameOf({ choices: [{ index: 2, delta: {}, new: { parts: ['a', { b: 'c' }], n: 1 } }] }),
    [
      ...['*2/unknown/{} (2): new', '*2/unknown/new.{} (2): parts', '2/unknown/new.parts[] (2): a'],
      ...['*2/unknown/new.parts[].{} (2): b', '2/unknown/new.parts[].b (2): c', '*2/unknown/new.{} (2): n'],
    ],
  ],
  'tokens spelled in numbers where nobody expects probabilities': [
    chunk({ content: 'a' }, { new: [{ token: 'b', bytes: [98] }, { bytes: [256] }, { bytes: [] }] }),
    [
      ...['answer: a', '*unknown/{}: new', '*unknown/new[].{}: token', 'unknown/new[].token: b', '*unknown/new[].{}: bytes'],
      ...['unknown/new[].bytes: b', '*unknown/new[].{}: bytes', '*unknown/new[].{}: bytes'],
    ],
  ],
  'unknown text elsewhere is checked at once': [
    frameOf({ choices: [], extra: { deep: ['a'] } }),
    ['*unknown/{}: extra', '*unknown/extra.{}: deep', '*unknown/extra.deep[]: a'],
  ],
  'text in the name of a field adds up and names no channel': [
    chunk({ 'in plain words': 'a' }),
    ['unknown/delta.{}: in plain words', 'unknown/delta.{}: a'],
  ],
  'fields with the names of prototypes': [
    frameOf('{"choices":[{"index":0,"delta":{"__proto__":"a","constructor":"b"}}]}'),
    [
      '*unknown/delta.{}: __proto__',
      'unknown/delta.__proto__: a',
      '*unknown/delta.{}: constructor',
      'unknown/delta.constructor: b',
    ],
  ],
  'a page where an id should be': [frameOf({ id: 'a'.repeat(1025), choices: [] }), [`*unknown/id: ${'a'.repeat(1025)}`]],
  'an event nobody knows': [frameOf({ choices: [] }, 'surprise'), ['*unknown/event: surprise']],
  'a choice that is no record': [frameOf({ choices: ['a', ['b']] }), ['unknown/: a', 'unknown/[]: b']],
  'blank data': [{ bytes: bytesOf('data:\n\n'), data: '', event: undefined, asides: [] }, []],
}

for (const [name, [frames, expected]] of Object.entries(cases)) {
  test(`read: ${name}`, () => {
    const lens = openaiChat.stream(facts)
    const readings = [frames].flat().map((frame) => lens.read(frame))
    expect(readings.flatMap(said)).toEqual(expected)
    expect(readings.some(({ rewrite }) => rewrite)).toBe(false)
  })
}

test('comments are text of their own, ids and times are not', () => {
  const frame: Frame = {
    bytes: bytesOf(''),
    data: undefined,
    event: undefined,
    asides: [': PROCESSING', ':', 'id: 7', 'retry: 10', 'id: in plain words', 'foo: bar'],
  }
  expect(said(openaiChat.stream(facts).read(frame))).toEqual([
    '*answer/comment: PROCESSING',
    '*unknown/aside: id: in plain words',
    '*unknown/aside: foo: bar',
  ])
})

test('a message beside deltas is left out, since it says again what they said', () => {
  const lens = openaiChat.stream(facts)
  const both = chunk({ content: 'b' }, { message: { role: 'assistant', content: 'ab' } })
  const reading = lens.read(both)
  expect([said(reading), reading.rewrite]).toEqual([['answer: b'], true])
  const last = frameOf({
    object: 'chat.completion.done',
    choices: [{ index: 0, message: { content: 'ab' }, finish_reason: 'stop' }],
  })
  expect([said(lens.read(last)), lens.read(last).rewrite]).toEqual([['end of scope 0'], true])
  expect(said(openaiChat.stream(facts).read(last))).toEqual(['answer: ab', 'end of scope 0'])
})

test('text spelled by probabilities is divided only where an entry and a character end', () => {
  const joints = (content: string, entries: object[]) =>
    texts(openaiChat.stream(facts).read(chunk({ content }, { logprobs: { content: entries } })))[0]?.joints
  expect(joints('Foo!', [entry('Foo'), entry('!')])).toEqual([3, 4])
  expect(joints('a😀b', [entry('a'), entry('?', [0xf0, 0x9f]), entry('?', [0x98, 0x80]), entry('b')])).toEqual([1, 3, 4])
  expect(joints('😀', [entry('\ud83d', null), entry('\ude00', null)])).toEqual([2])
})

test('every scope a frame says anything about is mentioned, and what goes stale is told', () => {
  const read = (frame: Frame) => openaiChat.stream(facts).read(frame)
  const two = read(
    frameOf({
      choices: [
        { index: 3, delta: {} },
        { index: 1, delta: {}, logprobs: { content: [] } },
      ],
    }),
  )
  expect([two.mentions, two.describes]).toEqual([['3', '1'], ['1']])
  const describing = (delta: object, more: object) => read(chunk(delta, more)).describes
  expect(describing({ content: 'a' }, {})).toEqual([])
  expect(describing({ annotations: [link] }, {})).toEqual(['0'])
  expect(describing({}, { content_filter_offsets: { check_offset: 1 } })).toEqual(['0'])
  expect(describing({ reasoning_details: [{ type: 'reasoning.text', signature: 'c2ln' }] }, {})).toEqual(['0'])
})

test('images and audio are media, by slots of their own', () => {
  const reading = openaiChat.stream(facts).read(
    chunk({
      content: 'a',
      audio: { data: 'UklGRg==' },
      images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } }],
    }),
  )
  expect(reading.media).toEqual([
    { kind: 'audio', scope: '0', slot: 1 },
    { kind: 'image', scope: '0', slot: 2 },
  ])
})

test('repeated keys are never accounted for', () => {
  const read = (data: string) => openaiChat.stream(facts).read(frameOf(data))
  expect(read('{"choices":[{"index":0,"delta":{"content":"secret","content":"b"}}]}').rewrite).toBe(true)
  expect(read('{"choices":[],"usage":{"a":1,"a":2}}').rewrite).toBe(true)
  expect(read('{"choices":[{"index":0,"delta":{"content":"{\\"a\\":1,\\"a\\":2}"}}]}').rewrite).toBeUndefined()
  const spelled = '{"content":[{"token":"b","token":"a","bytes":[97],"logprob":0,"top_logprobs":[{"token":"a","token":"a"}]}]}'
  expect(read(`{"choices":[{"index":0,"delta":{"content":"a"},"logprobs":${spelled}}]}`).rewrite).toBe(true)
})

test('bytes that are no UTF-8 leave as they were read', () => {
  const [before, after] = ['data: {"choices":[{"index":0,"delta":{"content":"', '"}}]}\n\n'].map(bytesOf) as [
    Uint8Array,
    Uint8Array,
  ]
  for (const [bytes, exact] of [
    [[0xc0, 0xaf], false],
    [[0xed, 0xa0, 0x80], false],
    [[0xef, 0xbf, 0xbd], true],
  ] as const) {
    const [frame] = new SseFrames({ most_frame_bytes: 1000 }).push(joined([before, Uint8Array.from(bytes), after])) as [Frame]
    const lens = openaiChat.stream(facts)
    for (const time of [1, 2]) expect(lens.read(frame).rewrite, `${bytes} ${time}`).toBe(exact ? undefined : true)
    if (!exact) expect(textOf(lens.write(frame, noEdit) as Uint8Array)).toContain('\ufffd')
  }
  const comment: Frame = {
    bytes: Uint8Array.of(0x3a, 0xc0, 0xaf, 10, 10),
    data: undefined,
    event: undefined,
    asides: [':\ufffd\ufffd'],
  }
  expect(openaiChat.stream(facts).read(comment).rewrite).toBe(true)
  expect(openaiChat.stream(facts).write(comment, noEdit)).toBeNull()
})

test('the last word is a word of its own, and an error event is one', () => {
  const lens = openaiChat.stream(facts)
  expect(lens.read(frameOf('[DONE]'))).toMatchObject({ terminal: true, steps: [] })
  expect(lens.read(frameOf('[DONE] '))).toMatchObject({ terminal: true })
  expect(lens.read(frameOf({ error: { message: 'M' } }, 'error'))).toMatchObject({ terminal: true, finish: 'error' })
  expect(lens.read(chunk({}, { finish_reason: 'length' }))).toMatchObject({ terminal: false, finish: 'length' })
})

test('what is not of the protocol is not read', () => {
  const lens = openaiChat.stream(facts)
  for (const data of ['[DONE', '[]', '"secret"', '{"choices":', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`]) {
    expect(() => lens.read(frameOf(data)), data).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
  }
  const many = openaiChat.stream(facts)
  const flood = () => {
    for (let index = 0; index < 200; index++) many.read(frameOf({ choices: [{ index, delta: {} }] }))
  }
  expect(flood).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
})

test('an answer that was asked for as JSON is one', () => {
  const kinds = (json: boolean) =>
    texts(
      openaiChat.stream({ ...facts, json }).read(chunk({ content: 'a', reasoning: 'b', tool_calls: [call(0, 'c', 'f', '{}')] })),
    ).map(({ channel }) => channel)
  expect(kinds(true)).toEqual([
    { name: 'reasoning', scope: '0', kind: 'reasoning' },
    { name: 'answer', scope: '0', kind: 'answer', json: true },
    { name: 'tool_input/0/name', scope: '0', kind: 'tool_input', atomic: true, call: 'tool_input/0', fixed: true },
    { name: 'tool_input/0', scope: '0', kind: 'tool_input', json: true, atomic: true, call: 'tool_input/0' },
  ])
  expect(kinds(false)[1]).toEqual({ name: 'answer', scope: '0', kind: 'answer' })
})

test('a whole body is read in the order in which it would have been said', () => {
  const body = {
    id: 'chatcmpl-A',
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Hi',
          tool_calls: [call(undefined, 'a', 'f', '{"x":1}'), call(undefined, 'b', 'g', '{}')],
          reasoning_content: 'hm',
          refusal: null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: 'stop',
      },
      { index: 1, finish_reason: 'content_filter', content_filter_results: { hate: { filtered: true } } },
    ],
    usage: { total_tokens: 3 },
  }
  const reading = openaiChat.body({ ...facts, scopes: 2 }).read(bodyFrame(bytesOf(JSON.stringify(body, null, 2))))
  expect(said(reading)).toEqual([
    ...['reasoning: hm', 'answer: Hi', 'tool_input/0/name: f', 'tool_input/0: {"x":1}'],
    ...['end of tool_input/0/name', 'end of tool_input/0', 'tool_input/1/name: g', 'tool_input/1: {}'],
    ...['end of scope 0', 'end of scope 1'],
  ])
  expect(reading).toMatchObject({ terminal: true, mentions: ['0', '1'] })
  expect(reading.rewrite).toBeUndefined()
})
