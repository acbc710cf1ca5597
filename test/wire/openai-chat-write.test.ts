/** New text goes into a frame of a chat where the old one stood, and every copy of it with it. */
import { expect, test } from 'vitest'
import type { Edit, Frame } from '../../src/terms/frame.ts'
import type { OnCut } from '../../src/terms/plan.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { openaiChat } from '../../src/wire/openai-chat.ts'
import { bytesOf, chunk, dataOf, envelope, facts, frameOf, noEdit, textOf, texts, withText } from './events.ts'

const entry = (token: string, bytes: readonly number[] = [...bytesOf(token)]) => ({
  token,
  logprob: -0.1,
  bytes,
  top_logprobs: [],
})
const call = (index: number, name: string, input: string) => ({
  index,
  id: `c${index}`,
  type: 'function',
  function: { name, arguments: input },
})

const write = (frame: Frame, edit: Edit, more = {}) => dataOf(openaiChat.stream({ ...facts, ...more }).write(frame, edit))
const choiceOf = (frame: Frame, edit: Edit) => write(frame, edit)?.choices[0]

/** Slots of the frame's segments, by the text they have. */
function slotsOf(frame: Frame): Map<string, number> {
  return new Map(texts(openaiChat.stream(facts).read(frame)).map(({ text, slot }) => [text, slot]))
}

const removing = (frame: Frame, ...said: string[]): Edit => {
  const slots = slotsOf(frame)
  return { ...noEdit, removed: new Set(said.map((text) => slots.get(text) as number)), stale: new Set(['0']) }
}

test('a new text goes where the old one stood, and everything else stays', () => {
  const frame = chunk(
    { role: 'assistant', content: 'secret' },
    { content_filter_results: { hate: { filtered: false } } },
    { usage: null, x_new: { n: 1 } },
  )
  expect(write(frame, withText('***'))).toEqual({
    ...envelope,
    choices: [
      {
        index: 0,
        delta: { role: 'assistant', content: '***' },
        logprobs: null,
        finish_reason: null,
        content_filter_results: { hate: { filtered: false } },
      },
    ],
    usage: null,
    x_new: { n: 1 },
  })
})

// biome-ignore lint/suspicious/noExplicitAny: looks into whatever JSON was written
const places: [string, object, object, (choice: any) => unknown][] = [
  ['refusal', { refusal: 'secret' }, {}, (choice) => choice.delta.refusal],
  ['a part of the content', { content: [{ type: 'text', text: 'secret' }] }, {}, (choice) => choice.delta.content[0].text],
  [
    'a thought in the content',
    { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'secret' }] }] },
    {},
    (choice) => choice.delta.content[0].thinking[0].text,
  ],
  ['reasoning_content', { reasoning_content: 'secret' }, {}, (choice) => choice.delta.reasoning_content],
  [
    'tool input',
    { tool_calls: [{ index: 0, function: { arguments: 'secret' } }] },
    {},
    (choice) => choice.delta.tool_calls[0].function.arguments,
  ],
  ['a transcript', { audio: { transcript: 'secret' } }, {}, (choice) => choice.delta.audio.transcript],
  ['a text beside the delta', {}, { text: 'secret' }, (choice) => choice.text],
]

for (const [name, delta, more, at] of places) {
  test(`a new text goes into ${name}`, () => {
    const written = choiceOf(chunk(delta, more), withText('***'))
    expect(at(written)).toBe('***')
    expect(JSON.stringify(written)).not.toContain('secret')
  })
}

test('every copy of a text is changed with it', () => {
  const frame = chunk(
    {
      content: 'Foo',
      reasoning: 'secret',
      reasoning_content: 'secret',
      reasoning_details: [{ type: 'reasoning.text', text: 'secret', signature: 'c2ln' }],
    },
    { text: 'Foo', logprobs: { content: [entry('Foo')], refusal: null } },
  )
  const slots = slotsOf(frame)
  const texts = new Map([
    [slots.get('secret') as number, 'a'],
    [slots.get('Foo') as number, 'b'],
  ])
  const written = choiceOf(frame, { ...noEdit, texts, stale: new Set(['0']) })
  expect(written).toMatchObject({ text: 'b', logprobs: null, delta: { content: 'b', reasoning: 'a', reasoning_content: 'a' } })
  expect(written.delta.reasoning_details).toEqual([{ type: 'reasoning.text', text: 'a' }])
})

test('what describes a changed text goes with it, in later frames too', () => {
  const link = { type: 'url_citation', url_citation: { url: 'u', start_index: 3, end_index: 9 } }
  const later = chunk(
    { annotations: [link] },
    { logprobs: { content: [], refusal: null }, content_filter_offsets: { check_offset: 1 } },
    { obfuscation: 'k3J' },
  )
  const written = write(later, { ...noEdit, stale: new Set(['0']) })
  expect(written.choices[0]).toEqual({ index: 0, delta: { annotations: [] }, logprobs: null, finish_reason: null })
  expect(written).not.toHaveProperty('obfuscation')
  const other = write(later, { ...noEdit, stale: new Set(['1']) })
  expect(other.choices[0]).toMatchObject({
    logprobs: { content: [] },
    content_filter_offsets: { check_offset: 1 },
    delta: { annotations: [link] },
  })
})

test('tool calls, parts, details and unknown fields vanish whole', () => {
  const two = chunk({ content: 'a', tool_calls: [call(0, 'f', '{"x":1}'), call(1, 'g', '{}')] })
  expect(choiceOf(two, removing(two, 'g', '{}')).delta).toEqual({ content: 'a', tool_calls: [call(0, 'f', '{"x":1}')] })
  expect(choiceOf(two, removing(two, 'f', '{"x":1}', 'g', '{}')).delta).toEqual({ content: 'a' })
  const announced = chunk({ content: null, tool_calls: [{ index: 0, id: 'c', type: 'function' }] })
  expect(write(announced, removing(announced, 'c'))).toBeNull()
  const parts = chunk({
    content: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
  })
  expect(choiceOf(parts, removing(parts, 'a')).delta).toEqual({ content: [{ type: 'text', text: 'b' }] })
  const strange = chunk({ content: 'a', mystery: { deep: ['b'] } })
  expect(choiceOf(strange, removing(strange, 'mystery', 'deep', 'b')).delta).toEqual({ content: 'a' })
  const sources = chunk({ content: 'a' }, {}, { citations: ['u://1', 'u://2'] })
  expect(write(sources, removing(sources, 'u://1')).citations).toEqual(['u://2'])
})

test('a legacy call and sound that lost all they said vanish whole, whatever they bring that is empty', () => {
  const called = chunk({ role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } })
  expect(choiceOf(called, removing(called, 'f')).delta).toEqual({ role: 'assistant', content: null })
  const rest = chunk({ function_call: { arguments: '' }, content: 'secret' })
  expect(choiceOf(rest, withText('***')).delta).toEqual({ content: '***' })
  const sound = chunk({ content: 'so', audio: { data: 'AAAA' } })
  expect(choiceOf(sound, { ...noEdit, removed: new Set([1]) }).delta).toEqual({ content: 'so' })
})

test('the name of a field cannot be rewritten: its field goes', () => {
  const frame = chunk({ content: 'a', 'a secret': 'b' })
  const key = slotsOf(frame).get('a secret') as number
  expect(choiceOf(frame, { ...noEdit, texts: new Map([[key, '***']]) }).delta).toEqual({ content: 'a' })
})

test('probabilities that spell something else go as a whole', () => {
  const frame = chunk({ content: 'Foo' }, { logprobs: { content: [entry('Bar')] } })
  expect(choiceOf(frame, { ...noEdit, texts: new Map([[slotsOf(frame).get('Bar') as number, '***']]) })).toMatchObject({
    logprobs: null,
    delta: { content: 'Foo' },
  })
})

test('of choices that ended before nothing remains', () => {
  const frame = frameOf({
    ...envelope,
    choices: [
      { index: 0, delta: { content: 'a' } },
      { index: 1, delta: { content: 'b' } },
    ],
  })
  expect(write(frame, { ...noEdit, gone: new Set(['0']) }).choices).toEqual([{ index: 1, delta: { content: 'b' } }])
  expect(write(frame, { ...noEdit, gone: new Set(['0', '1']) })).toBeNull()
  const last = chunk({}, { finish_reason: 'stop' }, { usage: { total_tokens: 3 } })
  expect(write(last, { ...noEdit, gone: new Set(['0']) })).toBeNull()
  expect(write(last, { ...noEdit, gone: new Set(['0']) }, { usage: true })).toEqual({
    ...envelope,
    choices: [],
    usage: { total_tokens: 3 },
  })
})

test('a choice that is cut keeps what is left of it, without an ending of its own', () => {
  const frame = chunk({ role: 'assistant', content: 'Use sk-1' }, { finish_reason: 'stop', native_finish_reason: 'STOP' })
  const cut = { cut: new Set(['0']) }
  expect(choiceOf(frame, withText('Use ', cut))).toEqual({
    index: 0,
    delta: { role: 'assistant', content: 'Use ' },
    logprobs: null,
    finish_reason: null,
    native_finish_reason: null,
  })
  expect(choiceOf(frame, { ...removing(frame, 'Use sk-1'), ...cut }).delta).toEqual({ role: 'assistant' })
  const later = chunk({ content: 'sk-1' })
  expect(write(later, { ...removing(later, 'sk-1'), ...cut })).toBeNull()
})

test('a divided frame says each text once, and what follows text only at its end', () => {
  const frame = chunk(
    { role: 'assistant', reasoning: 'hm', content: 'Foo! Bar', tool_calls: [call(0, 'f', '{}')], mystery: 3 },
    {
      logprobs: { content: [entry('Foo'), entry('! '), entry('Bar')], refusal: null },
      finish_reason: 'stop',
      content_filter_results: {},
    },
    { usage: { total_tokens: 3 }, citations: ['u'], obfuscation: 'k' },
  )
  const lens = openaiChat.stream(facts)
  const slot = slotsOf(frame)
  const at = (text: string) => slot.get(text) as number
  const later = [at('f'), at('{}'), at('u'), at('mystery')]
  const parts: Edit[] = [
    {
      ...noEdit,
      part: 'head',
      texts: new Map([
        [at('hm'), 'hm'],
        [at('Foo! Bar'), 'Foo'],
      ]),
      removed: new Set(later),
    },
    { ...noEdit, part: 'head', texts: new Map([[at('Foo! Bar'), '! ']]), removed: new Set([...later, at('hm')]) },
    { ...noEdit, part: 'tail', texts: new Map([[at('Foo! Bar'), 'Bar']]), removed: new Set([at('hm')]) },
  ]
  const [first, second, third] = parts.map((part) => dataOf(lens.write(frame, part)))
  expect(first).toEqual({
    ...envelope,
    choices: [
      {
        index: 0,
        delta: { role: 'assistant', reasoning: 'hm', content: 'Foo' },
        logprobs: { content: [entry('Foo')], refusal: null },
        finish_reason: null,
      },
    ],
  })
  expect(second.choices).toEqual([
    { index: 0, delta: { content: '! ' }, logprobs: { content: [entry('! ')], refusal: null }, finish_reason: null },
  ])
  expect(third).toEqual({
    ...envelope,
    choices: [
      {
        index: 0,
        delta: { content: 'Bar', tool_calls: [call(0, 'f', '{}')], mystery: 3 },
        logprobs: { content: [entry('Bar')], refusal: null },
        finish_reason: 'stop',
        content_filter_results: {},
      },
    ],
    usage: { total_tokens: 3 },
    citations: ['u'],
  })
})

test('probabilities of a divided text stay together with their characters', () => {
  const halves = [entry('?', [0xf0, 0x9f]), entry('?', [0x98, 0x80])]
  const frame = chunk({ content: 'a😀b' }, { logprobs: { content: [entry('a'), ...halves, entry('b')] } })
  const lens = openaiChat.stream(facts)
  const head = dataOf(lens.write(frame, withText('a😀', { part: 'head', stale: new Set() })))
  const tail = dataOf(lens.write(frame, withText('b', { part: 'tail', stale: new Set() })))
  expect(head.choices[0].logprobs.content).toEqual([entry('a'), ...halves])
  expect(tail.choices[0].logprobs.content).toEqual([entry('b')])
  const inside = dataOf(
    openaiChat
      .stream(facts)
      .write(
        chunk({ content: 'Foo' }, { logprobs: { content: [entry('Foo')] } }),
        withText('F', { part: 'head', stale: new Set() }),
      ),
  )
  expect(inside.choices[0].logprobs).toBeNull()
})

test('several choices are divided each for itself', () => {
  const frame = frameOf({
    ...envelope,
    choices: [
      { index: 0, delta: { content: 'aa' } },
      { index: 1, delta: { content: 'bb' }, finish_reason: 'stop' },
    ],
  })
  const lens = openaiChat.stream(facts)
  const head = dataOf(lens.write(frame, { ...noEdit, part: 'head', texts: new Map([[0, 'a']]), removed: new Set([1]) }))
  const tail = dataOf(lens.write(frame, { ...noEdit, part: 'tail', texts: new Map([[0, 'a']]) }))
  expect(head.choices).toEqual([{ index: 0, delta: { content: 'a' }, finish_reason: null }])
  expect(tail.choices).toEqual([
    { index: 0, delta: { content: 'a' } },
    { index: 1, delta: { content: 'bb' }, finish_reason: 'stop' },
  ])
})

test('what is written is one line that no reader splits or tears', () => {
  const text = 'a\u2028b\u2029c\u0085d\ud83de\n'
  const bytes = openaiChat.stream(facts).write(chunk({ content: 'x' }), withText(text)) as Uint8Array
  expect(textOf(bytes)).toMatch(/^data: [^\n\r\u2028\u2029\u0085\ufffd]+\n\n$/)
  expect(dataOf(bytes).choices[0].delta.content).toBe(text)
})

test('a key that would change a prototype is not written', () => {
  const frame = frameOf('{"choices":[{"index":0,"delta":{"content":"a","__proto__":{"b":"__proto__"}}}]}')
  expect(textOf(openaiChat.stream(facts).write(frame, withText('c')) as Uint8Array)).toBe(
    'data: {"choices":[{"index":0,"delta":{"content":"c"}}]}\n\n',
  )
})

test('a frame that repeats keys leaves as it was read', () => {
  const frame = frameOf('{"choices":[{"index":0,"delta":{"content":"secret","content":"b"}}]}')
  expect(write(frame, noEdit)).toEqual({ choices: [{ index: 0, delta: { content: 'b' } }] })
})

test('a message that repeats the deltas is not written', () => {
  const lens = openaiChat.stream(facts)
  lens.read(chunk({ content: 'ab' }))
  const last = frameOf({ choices: [{ index: 0, message: { content: 'ab' }, finish_reason: 'stop' }] })
  lens.read(last)
  expect(dataOf(lens.write(last, noEdit))).toEqual({ choices: [{ index: 0, finish_reason: 'stop' }] })
})

test('a slot names the same text when it is written as when it was read, however many frames lie between', () => {
  const lens = openaiChat.stream(facts)
  const frames = [
    chunk({ tool_calls: [call(0, 'f', '{}')] }),
    chunk({ content: 'a' }),
    chunk({ tool_calls: [call(1, 'g', '{}')] }),
    chunk({}, { finish_reason: 'stop' }),
  ]
  const readings = frames.map((frame) => lens.read(frame))
  for (const [index, frame] of frames.entries()) {
    for (const segment of texts(readings[index] as never)) {
      const written = JSON.stringify(dataOf(lens.write(frame, { ...noEdit, texts: new Map([[segment.slot, 'CHANGED']]) })))
      expect(written.split('CHANGED')).toHaveLength(2)
    }
  }
})

test('lines beside the data leave with the bytes that came or not at all', () => {
  const lens = openaiChat.stream(facts)
  const comment: Frame = { bytes: bytesOf(': secret\n\n'), data: undefined, event: undefined, asides: [': secret'] }
  expect(lens.write(comment, noEdit)).toBe(comment.bytes)
  expect(lens.write(comment, withText('***'))).toBeNull()
  const both: Frame = { ...chunk({ content: 'a' }), asides: [': secret'] }
  expect(textOf(lens.write(both, { ...noEdit, removed: new Set([1]) }) as Uint8Array)).not.toContain('secret')
  expect(textOf(lens.write(frameOf('[DONE]'), noEdit) as Uint8Array)).toBe('data: [DONE]\n\n')
})

test('an error keeps the name of its event and loses the text it carried', () => {
  const frame = frameOf({ error: { message: 'M', code: 'tool_use_failed', failed_generation: 'secret' } }, 'error')
  const bytes = openaiChat.stream(facts).write(frame, removing(frame, 'secret')) as Uint8Array
  expect(textOf(bytes)).toBe('event: error\ndata: {"error":{"message":"M","code":"tool_use_failed"}}\n\n')
})

const body = (message: object, more = {}) =>
  bodyFrame(
    bytesOf(
      JSON.stringify({
        id: 'x',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', ...message }, logprobs: null, finish_reason: 'stop', ...more }],
        usage: { total_tokens: 3 },
      }),
    ),
  )
const how: OnCut = { ending: 'native', notice: 'No.', notice_in: 'answer' }
const cutBody = (frame: Frame, edit: Partial<Edit>, json = false) =>
  JSON.parse(textOf(openaiChat.body({ ...facts, json }).write(frame, { ...noEdit, cut: new Set(['0']), ...edit }) as Uint8Array))

test('a body that is cut keeps the text before the cut and says that it was cut', () => {
  const edit = { texts: new Map([[0, 'Use ']]) }
  expect(cutBody(body({ content: 'Use sk-1' }), edit)).toEqual({
    id: 'x',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Use ' }, logprobs: null, finish_reason: 'content_filter' }],
    usage: { total_tokens: 3 },
  })
  const messageOf = (ending: Partial<OnCut>, json = false) => {
    const [choice] = cutBody(body({ content: 'Use sk-1' }), { ...edit, how: { ...how, ...ending } }, json).choices
    return [choice.message.content, choice.message.refusal, choice.finish_reason]
  }
  expect(messageOf({})).toEqual(['Use No.', undefined, 'content_filter'])
  expect(messageOf({ notice_in: 'refusal' })).toEqual(['Use ', 'No.', 'content_filter'])
  expect(messageOf({ notice_in: 'none' })).toEqual(['Use ', undefined, 'content_filter'])
  expect(messageOf({ ending: 'stop' })).toEqual(['Use No.', undefined, 'stop'])
  expect(messageOf({ ending: 'refusal' })).toEqual(['Use ', 'No.', 'stop'])
  expect(messageOf({}, true)).toEqual(['Use ', 'No.', 'content_filter'])
})

test('a body cut with an error says so beside its choices', () => {
  const written = cutBody(body({ content: 'sk-1' }), { removed: new Set([0]), how: { ...how, ending: 'error' } })
  expect(written).toMatchObject({
    error: { code: 'content_filter' },
    choices: [{ message: { content: null }, finish_reason: 'content_filter' }],
  })
})

test('tool calls that were taken out of a body are gone, and content is null as clients expect', () => {
  const frame = body(
    { content: null, tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }] },
    { finish_reason: 'tool_calls' },
  )
  expect(cutBody(frame, { removed: new Set([0, 1]) }).choices[0]).toEqual({
    index: 0,
    message: { role: 'assistant', content: null },
    logprobs: null,
    finish_reason: 'content_filter',
  })
})

test('annotations of a body that lie before the first change stay', () => {
  const link = (start_index: number, end_index: number) => ({
    type: 'url_citation',
    url_citation: { url: 'u', title: 't', start_index, end_index },
  })
  const frame = body({ content: 'See it. A secret.', annotations: [link(0, 3), link(8, 16)] })
  const written = JSON.parse(textOf(openaiChat.body(facts).write(frame, withText('See it. A ***.')) as Uint8Array))
  expect(written.choices[0].message.annotations).toEqual([link(0, 3)])
})

test('a masked answer does not break the signature of the thought before it', () => {
  const details = [{ type: 'reasoning.text', text: 'hm', signature: 'c2ln' }]
  const frame = body({ reasoning: 'hm', reasoning_details: details, content: 'secret' })
  const detailsWith = (slot: number) =>
    JSON.parse(
      textOf(
        openaiChat.body(facts).write(frame, { ...noEdit, stale: new Set(['0']), texts: new Map([[slot, '***']]) }) as Uint8Array,
      ),
    ).choices[0].message.reasoning_details
  expect(detailsWith(1)).toEqual(details)
  expect(detailsWith(0)).toEqual([{ type: 'reasoning.text', text: '***' }])
})
