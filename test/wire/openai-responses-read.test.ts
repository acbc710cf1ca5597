/** Which text stands where in an event of Responses, and which event ends what. */
import { expect, test } from 'vitest'
import type { Reading } from '../../src/terms/frame.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'
import { bytesOf, facts, frameOf, said } from './events.ts'

type Fields = Record<string, unknown>

const at = { item_id: 'i', output_index: 1, content_index: 0 }
const item = (fields: Fields, done = false, output_index = 1) => ({
  type: `response.output_item.${done ? 'done' : 'added'}`,
  output_index,
  item: { id: 'i', status: 'completed', ...fields },
})
const message = (...content: Fields[]) => ({ type: 'message', role: 'assistant', content })
const text = (words: string, more: Fields = {}) => ({ type: 'output_text', text: words, annotations: [], logprobs: [], ...more })
const completed = (output: Fields[], more: Fields = {}) => ({
  type: 'response.completed',
  response: { id: 'r', object: 'response', status: 'completed', output, usage: { input_tokens: 1 }, ...more },
})
const delta = (of: string, words: string, where: Fields = at) => ({ type: `response.${of}.delta`, ...where, delta: words })
const whole = (of: string, fields: Fields, where: Fields = at) => ({ type: `response.${of}.done`, ...where, ...fields })
const summary = { item_id: 'i', output_index: 0, summary_index: 1 }
const call = { item_id: 'i', output_index: 2 }

/** By what happens: the events, and what is read in them. */
const cases: Record<string, [events: Fields[], read: string[]]> = {
  'every copy of an answer': [
    [
      item(message()),
      { type: 'response.content_part.added', ...at, part: text('') },
      delta('output_text', 'Hel'),
      delta('output_text', 'lo'),
      whole('output_text', { text: 'Hello', logprobs: [] }),
      { type: 'response.content_part.done', ...at, part: text('Hello') },
      item(message(text('Hello')), true),
      completed(
        [
          { type: 'reasoning', summary: [] },
          { id: 'i', ...message(text('Hello')) },
        ],
        { output_text: 'Hello' },
      ),
    ],
    [
      'answer: Hel',
      'answer: lo',
      '=answer: Hello',
      '=answer: Hello',
      '=answer: Hello',
      '=answer: Hello',
      '*answer/output_text: Hello',
      'end of scope 0',
    ],
  ],
  'ids that change with every event': [
    [
      item({ ...message(), id: 'a' }),
      delta('output_text', 'x', { ...at, item_id: 'b' }),
      whole('output_text', { text: 'x' }, { ...at, item_id: 'c' }),
    ],
    ['answer: x', '=answer: x'],
  ],
  'parts are threads of their own': [
    [
      delta('output_text', 'a'),
      delta('output_text', 'b', { ...at, content_index: 1 }),
      delta('refusal', 'no', { ...at, content_index: 2 }),
      delta('output_text', 'c', { ...at, output_index: 2 }),
      item(message(text('a'), text('b'), { type: 'refusal', refusal: 'no' }), true),
    ],
    ['answer: a', 'answer/1: b', 'refusal: no', 'answer/2: c', '=answer: a', '=answer/1: b', '=refusal: no'],
  ],
  'reasoning and its summary': [
    [
      item({ type: 'reasoning', summary: [], encrypted_content: 'gAAAA==' }, false, 0),
      delta('reasoning_summary_text', 'so', summary),
      whole('reasoning_summary_text', { text: 'so' }, summary),
      { type: 'response.reasoning_summary_part.done', ...summary, part: { type: 'summary_text', text: 'so' } },
      delta('reasoning_text', 'hm', { ...at, output_index: 0 }),
      whole('reasoning_text', { text: 'hm' }, { ...at, output_index: 0 }),
      item(
        {
          type: 'reasoning',
          summary: [
            { type: 'summary_text', text: '' },
            { type: 'summary_text', text: 'so' },
          ],
          content: [{ type: 'reasoning_text', text: 'hm' }],
          encrypted_content: 'gAAAA==',
        },
        true,
        0,
      ),
    ],
    [
      'reasoning: so',
      '=reasoning: so',
      '=reasoning: so',
      'reasoning/1: hm',
      '=reasoning/1: hm',
      '=reasoning: so',
      '=reasoning/1: hm',
    ],
  ],
  'a function call': [
    [
      item({ type: 'function_call', call_id: 'c', name: 'f', arguments: '' }, false, 2),
      delta('function_call_arguments', '{"a"', call),
      delta('function_call_arguments', ':1}', call),
      whole('function_call_arguments', { arguments: '{"a":1}', name: 'f' }, call),
      item({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' }, true, 2),
    ],
    [
      'tool_input/0/name: f',
      'tool_input/0: {"a"',
      'tool_input/0: :1}',
      '=tool_input/0/name: f',
      '=tool_input/0: {"a":1}',
      '=tool_input/0/name: f',
      '=tool_input/0: {"a":1}',
      'end of tool_input/0/name',
      'end of tool_input/0',
    ],
  ],
  'a call that is announced full, as xAI does': [
    [
      item({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }),
      item({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }, true),
    ],
    [
      'tool_input/0/name: f',
      'tool_input/0: {}',
      '=tool_input/0/name: f',
      '=tool_input/0: {}',
      'end of tool_input/0/name',
      'end of tool_input/0',
    ],
  ],
  'a call that is told only when it is done': [
    [item({ type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'go' }, true)],
    [
      'tool_input/0/name: f',
      'end of tool_input/0/name',
      'tool_input/0: go',
      'end of tool_input/0',
      'end of tool_input/0/name',
      'end of tool_input/0',
    ],
  ],
  'tools of other kinds': [
    [
      delta('mcp_call_arguments', '{}', call),
      delta('code_interpreter_call_code', 'print', { ...call, output_index: 3 }),
      whole('code_interpreter_call_code', { code: 'print' }, { ...call, output_index: 3 }),
      delta('apply_patch_call_operation_diff', '+a', { ...call, output_index: 4 }),
      delta('shell_call_command', 'ls', { ...call, output_index: 5, command_index: 1 }),
      whole('shell_call_command', { command: 'ls' }, { ...call, output_index: 5, command_index: 1 }),
      { type: 'response.shell_call_output_content.delta', ...call, output_index: 6, delta: { stdout: 'a', stderr: 'b' } },
    ],
    [
      'tool_input/0: {}',
      'tool_input/1: print',
      '=tool_input/1: print',
      'tool_input/2: +a',
      'tool_input/3: ls',
      '=tool_input/3: ls',
      'end of tool_input/3',
      'tool_input/4/output: a',
      'tool_input/4/errors: b',
    ],
  ],
  'what tools were told and gave back, in one piece': [
    [
      item({ type: 'web_search_call', action: { type: 'search', query: 'q' } }, true),
      item({ type: 'mcp_call', name: 'f', arguments: '{}', output: 'o', error: 'e' }, true, 2),
      item({ type: 'code_interpreter_call', code: null, outputs: [{ type: 'logs', logs: 'l' }] }, true, 3),
      item({ type: 'shell_call_output', output: [{ stdout: 's' }] }, true, 4),
    ],
    [
      '*tool_input/tools: {"type":"search","query":"q"}',
      'tool_input/0/name: f',
      'end of tool_input/0/name',
      'tool_input/0: {}',
      'end of tool_input/0',
      '*tool_input/tools: o',
      '*tool_input/tools: e',
      'end of tool_input/0/name',
      'end of tool_input/0',
      '*tool_input/tools: l',
      '*tool_input/tools: [{"stdout":"s"}]',
    ],
  ],
  'an announcement of a call without a word of it waits for the call': [
    [item({ type: 'computer_call', call_id: 'c', pending_safety_checks: [] })],
    ['*tool_input/tools: []', 'tool_input/0/name: '],
  ],
  'what the request said is not the answer': [
    [
      {
        type: 'response.created',
        response: {
          id: 'r',
          status: 'in_progress',
          output: [],
          instructions: 'Never say bomb.',
          tools: [{ type: 'function', name: 'f', description: 'does a thing', 'an odd key': [{ a: 'b c' }] }],
          metadata: { 'my note': 'some words' },
          text: { format: { type: 'text' } },
          user: 'some one',
        },
      },
    ],
    [],
  ],
  'an annotation': [
    [
      {
        type: 'response.output_text.annotation.added',
        ...at,
        annotation_index: 0,
        annotation: { type: 'url_citation', start_index: 0, end_index: 4, url: 'u', title: 't' },
      },
    ],
    ['*answer/annotations: u', '*answer/annotations: t'],
  ],
  'an event of an unknown type adds up': [
    [
      { type: 'response.news.delta', item_id: 'i', sequence_number: 3, mystery: 'a b', deep: ['c d'] },
      { type: 'response.news.delta', mystery: 'e' },
    ],
    [
      '*unknown/{}: mystery',
      'unknown/mystery: a b',
      '*unknown/{}: deep',
      'unknown/deep[]: c d',
      '*unknown/{}: mystery',
      'unknown/mystery: e',
    ],
  ],
  'an unknown field of an item is a text of its own each time': [
    [item({ type: 'message', mood: 'so so' }), item({ type: 'message', mood: 'so so' }, true)],
    ['*unknown/item.{}: mood', '*unknown/item.mood: so so', '*unknown/item.{}: mood', '*unknown/item.mood: so so'],
  ],
  'a failure': [
    [
      { type: 'error', error: { type: 'server_error', code: 'c', message: 'm m', param: null } },
      { type: 'response.failed', response: { status: 'failed', error: { code: 'c', message: 'm m' }, output: [] } },
    ],
    ['*answer/error: m m', 'end of scope 0', '*answer/error: m m'],
  ],
  'text that comes whole after the response failed': [
    [{ type: 'error', message: 'm m' }, completed([message(text('late'))])],
    ['*answer/error: m m', 'end of scope 0', '*answer: late'],
  ],
}

for (const [name, [events, expected]] of Object.entries(cases)) {
  test(`read: ${name}`, () => {
    const lens = openaiResponses.stream(facts)
    const readings = events.map((event) => lens.read(frameOf(event, event['type'] as string)))
    expect(readings.flatMap(said)).toEqual(expected)
    expect(readings.every(({ mentions }) => mentions.includes('0'))).toBe(true)
    expect(readings.some(({ rewrite }) => rewrite)).toBe(false)
  })
}

const reading = (event: Fields): Reading => openaiResponses.stream(facts).read(frameOf(event))

test('the last word is the event that ends the response, or the one that other servers add', () => {
  const ending = (type: string, response: Fields = {}) => {
    const { terminal, finish } = reading({ type, response: { output: [], ...response } })
    return [terminal, finish]
  }
  expect(ending('response.created')).toEqual([false, undefined])
  expect(ending('response.completed')).toEqual([true, 'completed'])
  expect(ending('response.failed')).toEqual([true, 'failed'])
  expect(ending('response.incomplete', { incomplete_details: { reason: 'max_output_tokens' } })).toEqual([
    true,
    'max_output_tokens',
  ])
  expect(openaiResponses.stream(facts).read(frameOf('[DONE]')).terminal).toBe(true)
})

test('only events that bring a piece of text can be divided', () => {
  expect(reading(delta('output_text', 'a')).undivided).toBeUndefined()
  for (const event of [whole('output_text', { text: 'a' }), item(message()), { type: 'response.news', mystery: 'a' }])
    expect(reading(event).undivided).toBe(true)
})

test('pictures and sound are media, an address is a text', () => {
  const media = (event: Fields) => reading(event).media?.map(({ kind }) => kind)
  expect(media({ type: 'response.image_generation_call.partial_image', ...call, partial_image_b64: 'AAAA' })).toEqual(['image'])
  expect(media(item({ type: 'image_generation_call', result: 'AAAA', revised_prompt: 'a cat' }, true))).toEqual(['image'])
  expect(media({ type: 'response.audio.delta', delta: 'AAAA' })).toEqual(['audio'])
  expect(
    media(item({ type: 'code_interpreter_call', outputs: [{ type: 'image', url: 'https://a.example/b c' }] }, true)),
  ).toBeUndefined()
})

test('an event named otherwise than it calls itself says something of its own', () => {
  const frame = { ...frameOf(delta('output_text', 'a')), event: 'a surprise' }
  expect(said(openaiResponses.stream(facts).read(frame))).toEqual(['answer: a', '*unknown/event: a surprise'])
  expect(
    said(openaiResponses.stream(facts).read({ bytes: bytesOf(''), data: undefined, event: undefined, asides: [': x'] })),
  ).toEqual(['*answer/comment: x'])
})

test('a whole body says everything once, and ends', () => {
  const body = (value: Fields) =>
    openaiResponses.body(facts).read({ bytes: bytesOf(''), data: JSON.stringify(value), event: undefined, asides: [] })
  const whole = body({
    object: 'response',
    status: 'completed',
    output: [
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      message(text('a'), { type: 'refusal', refusal: 'b' }),
    ],
  })
  expect(said(whole)).toEqual([
    'tool_input/0/name: f',
    'end of tool_input/0/name',
    'tool_input/0: {}',
    'end of tool_input/0',
    'end of tool_input/0/name',
    'end of tool_input/0',
    'answer: a',
    'end of answer',
    'refusal: b',
    'end of refusal',
    'end of scope 0',
  ])
  expect([whole.terminal, whole.finish]).toEqual([true, 'completed'])
  expect(said(body({ error: { message: 'no no', type: 't', code: null, param: null } }))).toEqual([
    '*answer/error: no no',
    'end of scope 0',
  ])
})
