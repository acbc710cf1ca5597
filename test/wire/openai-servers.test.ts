/** Chunks as single servers send them: all of each is known, and what spells a text goes when that text changes. */
import { describe, expect, test } from 'vitest'
import { openaiChat } from '../../src/wire/openai-chat.ts'
import { openaiCompletions } from '../../src/wire/openai-completions.ts'
import { guardStream } from '../laws/guard.ts'
import { planOf } from '../laws/plan.ts'
import type { OracleRule } from '../oracle/policy.ts'
import { bytesOf, chunk, dataOf, envelope, facts, frameOf, said, textOf, withText } from './events.ts'

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
const delta = { role: 'assistant', content: 'Hi' }
const choice = (more: object = {}) => [{ index: 0, delta, finish_reason: null, ...more }]

/** Together repeats the text beside the delta, and numbers its token. */
const together = {
  ...envelope,
  choices: choice({ text: 'Hi', seed: null, logprobs: null, delta: { ...delta, token_id: 13225, tool_calls: null } }),
}

/** Each says `Hi`, and nothing else that is text. */
const chunks: [string, object][] = [
  ['Together', together],
  [
    'vLLM',
    {
      ...envelope,
      choices: choice({ logprobs: null, stop_reason: null, token_ids: [13225] }),
      prompt_token_ids: [1, 2],
      kv_transfer_params: null,
    },
  ],
  [
    'SGLang',
    { ...envelope, choices: choice({ matched_stop: null, hidden_states: null }), metadata: { weight_version: 'default' } },
  ],
  ['llama.cpp', { ...envelope, choices: choice(), timings: { prompt_n: 1, predicted_ms: 12.5 } }],
  ['Groq', { ...envelope, choices: choice(), x_groq: { id: 'req_1', usage }, usage_breakdown: null }],
  ['Cerebras', { ...envelope, choices: choice(), time_info: { queue_time: 0.1, created: 1 } }],
  ['Fireworks', { ...envelope, choices: choice(), perf_metrics: null }],
  ['Moonshot', { ...envelope, choices: choice({ finish_reason: 'stop', usage }) }],
  [
    'MiniMax',
    {
      ...envelope,
      choices: choice(),
      input_sensitive: false,
      output_sensitive: false,
      input_sensitive_type: 0,
      output_sensitive_type: 0,
      output_sensitive_int: 0,
      base_resp: { status_code: 0, status_msg: '' },
    },
  ],
  ['Perplexity', { ...envelope, object: 'chat.completion.done', choices: choice(), citations: [], search_results: [], usage }],
  ['OpenRouter', { ...envelope, provider: 'Groq', choices: choice({ native_finish_reason: null }) }],
  ['Azure', { ...envelope, choices: choice({ content_filter_results: { hate: { filtered: false, severity: 'safe' } } }) }],
]

test.each(chunks)('%s: nothing in a chunk is a stranger', (_, value) => {
  const read = said(openaiChat.stream(facts).read(frameOf(value)))
  expect(read.filter((line) => !line.startsWith('end of'))).toEqual(['answer: Hi'])
})

test.each(['Groq', 'Moonshot', 'Perplexity'])('%s: usage is read where it stands', (name) => {
  const value = chunks.find(([server]) => server === name)?.[1]
  expect(openaiChat.stream(facts).read(frameOf(value)).usage).toEqual({ input: 3, output: 2 })
})

describe('the numbers of tokens', () => {
  test('go with a text that is masked, and with those after it', () => {
    const lens = openaiChat.stream(facts)
    expect(lens.read(frameOf(together)).describes).toEqual(['0'])
    const written = textOf(lens.write(frameOf(together), withText('**')) as Uint8Array)
    expect(written).not.toContain('13225')
    const numbered = chunk({ content: 'Hi' }, { token_ids: [13225] })
    expect(dataOf(lens.write(numbered, withText('**'))).choices[0]).toEqual({
      index: 0,
      delta: { content: '**' },
      logprobs: null,
      finish_reason: null,
    })
  })

  test('of a text that passes stay', async () => {
    const bytes = bytesOf(`data: ${JSON.stringify(together)}\n\ndata: [DONE]\n\n`)
    const out = await guardStream(openaiChat, planOf({ rules: [] }), facts, [bytes])
    expect(textOf(out.bytes)).toContain('13225')
  })
})

describe('Azure’s asynchronous filter', () => {
  const annotation = (finish: string | null) => ({
    id: '',
    object: '',
    created: 0,
    model: '',
    choices: [
      {
        index: 0,
        finish_reason: finish,
        content_filter_results: { hate: { filtered: finish !== null, severity: 'safe' } },
        content_filter_offsets: { check_offset: 44, start_offset: 44, end_offset: 198 },
      },
    ],
  })
  const mask: OracleRule = {
    ...{ id: 'm', action: 'mask', with: '***' },
    words: { terms: ['idiot'], except: [], fold: 'none', boundary: 'none' },
  }
  const words = planOf({ rules: [mask] })
  const stream = (text: string) =>
    [
      { ...envelope, choices: [{ index: 0, delta: { content: text }, finish_reason: null }] },
      annotation(null),
      { ...envelope, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      annotation('content_filter'),
    ]
      .map((value) => `data: ${JSON.stringify(value)}\n\n`)
      .join('')
      .concat('data: [DONE]\n\n')

  test('annotates after the finish reason, and all of it leaves as it came', async () => {
    const { bytes, trail } = await guardStream(openaiChat, words, facts, [bytesOf(stream('a calm text'))])
    expect(textOf(bytes)).toBe(stream('a calm text'))
    expect(trail).toMatchObject({ verdict: 'clear', exit: 'done', faults: [] })
  })

  test.each([
    { error: { code: 'content_filter_error', message: 'The contents are not filtered' } },
    { protected_material_code: { detected: true, citation: { URL: 'https://a.example/b c', license: 'MIT License' } } },
  ])('says in words what it has to say, wherever, and that is no stranger: %j', async (results) => {
    const said = (choice: object, top: object = {}) =>
      `data: ${JSON.stringify({ ...envelope, choices: [{ index: 0, ...choice }], ...top })}\n\n`
    const text = [
      said({ delta: { content: 'calm' }, content_filter_results: results }, { prompt_filter_results: [results] }),
      said({ delta: {}, finish_reason: 'stop' }),
      said({ finish_reason: null, content_filter_results: results, content_filter_raw: [results] }),
      'data: [DONE]\n\n',
    ].join('')
    const strict = planOf({ rules: [mask] }, { unknown: 'refuse' })
    const { bytes, trail } = await guardStream(openaiChat, strict, facts, [bytesOf(text)])
    expect(textOf(bytes)).toBe(text)
    expect(trail.faults).toEqual([])
    const masked = await guardStream(openaiChat, words, facts, [bytesOf(text.replace(/filtered"|MIT License"/g, 'idiot"'))])
    expect(textOf(masked.bytes)).not.toContain('idiot')
    expect(masked.trail.faults).toEqual([])
  })

  test('loses its offsets, and nothing else, where the text they point into was changed', async () => {
    const { bytes } = await guardStream(openaiChat, words, facts, [bytesOf(stream('you idiot'))])
    const text = textOf(bytes)
    expect(text).toContain('you ***')
    expect(text).not.toContain('content_filter_offsets')
    expect(text.match(/"severity":"safe"/g)).toHaveLength(2)
    expect(text).toContain('"finish_reason":"content_filter"')
  })
})

test('a completion of vLLM has its own fields, too', () => {
  const value = {
    ...envelope,
    object: 'text_completion',
    choices: [
      { index: 0, text: 'Hi', logprobs: null, finish_reason: null, stop_reason: null, token_ids: null, prompt_token_ids: [1] },
    ],
    kv_transfer_params: null,
  }
  expect(said(openaiCompletions.stream(facts).read(frameOf(value)))).toEqual(['answer: Hi'])
})
