/** Nothing in a frame of a chat goes unaccounted for, whatever its shape. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Edit } from '../../src/terms/frame.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { openaiChat } from '../../src/wire/openai-chat.ts'
import { runs } from '../generators/settings.ts'
import { bytesOf, facts, frameOf, noEdit, readable, textOf, texts } from './events.ts'

/** Fields in which a string is no text; everywhere else it has to be found. */
const metadata = new Set([
  ...[
    'id',
    'object',
    'model',
    'role',
    'channel',
    'type',
    'index',
    'finish_reason',
    'native_finish_reason',
    'stop_reason',
    'matched_stop',
  ],
  ...[
    'format',
    'detail',
    'code',
    'param',
    'status',
    'provider_name',
    'file_id',
    'start_index',
    'date',
    'token_ids',
    'seed',
    'obfuscation',
  ],
])

const spoken = [
  ...[
    'content',
    'refusal',
    'reasoning',
    'reasoning_content',
    'reasoning_text',
    'reasoning_details',
    'text',
    'summary',
    'data',
    'signature',
  ],
  ...[
    'tool_calls',
    'function',
    'custom',
    'name',
    'arguments',
    'input',
    'function_call',
    'audio',
    'transcript',
    'images',
    'image_url',
    'url',
  ],
  ...[
    'annotations',
    'url_citation',
    'title',
    'thinking',
    'executed_tools',
    'output',
    'search_results',
    'results',
    'extra_content',
    'google',
  ],
  ...[
    'thought_signature',
    'delta',
    'message',
    'logprobs',
    'token',
    'bytes',
    'top_logprobs',
    'error',
    'metadata',
    'raw',
    'usage',
    'choices',
  ],
  ...['citations', 'content_filter_results', 'failed_generation', 'mystery', '__proto__', 'constructor', '0'],
]

const someKey = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...spoken) }, fc.constantFrom(...metadata), fc.constant('MARK'))
const someLeaf = fc.constantFrom('MARK', 'MARK', 'MARK', 'x', '', 1, null, true)

const { value: someValue } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, someLeaf, fc.array(tie('value'), { maxLength: 3 }), tie('record')),
  record: fc.array(fc.tuple(someKey, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}))

const someSaid = fc
  .array(fc.tuple(fc.constantFrom(...spoken.slice(0, 32)), someValue), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries))

const someChoice = fc.record(
  {
    index: fc.constantFrom(0, 0, 1),
    delta: someSaid,
    message: someSaid,
    text: someValue,
    logprobs: fc.record({
      content: fc.array(
        fc.record(
          { token: someLeaf, bytes: fc.constantFrom(null, [97], 'MARK'), top_logprobs: someValue, more: someValue },
          { requiredKeys: [] },
        ),
      ),
      refusal: someValue,
    }),
    finish_reason: fc.constantFrom('stop', null),
    error: someValue,
    more: someValue,
  },
  { requiredKeys: [] },
)

const someFrame = fc.record(
  {
    id: fc.constant('x'),
    choices: fc.oneof({ weight: 5, arbitrary: fc.array(someChoice, { maxLength: 2 }) }, someValue),
    usage: someValue,
    error: someValue,
    citations: someValue,
    more: someValue,
  },
  { requiredKeys: [] },
)

/** Gives every mark a name of its own. @returns the frame's JSON and the marks that are text. */
function marked(value: unknown): { json: string; marks: string[] } {
  const marks: string[] = []
  const mark = (isText: boolean): string => {
    const name = `§${String(marks.length).padStart(3, '0')} 炸`
    marks.push(isText ? name : '')
    return name
  }
  const walk = (value: unknown, key: string): unknown => {
    if (value === 'MARK') return mark(!metadata.has(key))
    if (Array.isArray(value)) return value.map((member) => walk(member, key))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([name, member]): [string, unknown] => [
      name === 'MARK' ? mark(true) : name,
      walk(member, name),
    ])
    return Object.fromEntries(entries)
  }
  return { json: JSON.stringify(walk(value, '')), marks: marks.filter((name) => name !== '') }
}

for (const whole of [false, true]) {
  test(`every string of any ${whole ? 'body' : 'chunk'} is found, and none is left when all are taken out`, () => {
    fc.assert(
      fc.property(someFrame, fc.constantFrom('whole' as const, 'head' as const, 'tail' as const), (value, part) => {
        const { json, marks } = marked(value)
        const frame = whole ? bodyFrame(bytesOf(json)) : frameOf(json)
        const lens = whole ? openaiChat.body(facts) : openaiChat.stream(facts)
        const reading = readable(lens, frame)
        const found = texts(reading)
        const leftOut = reading.rewrite ? JSON.stringify(json) : ''
        for (const mark of marks) {
          const seen = found.some(({ text }) => text.includes(mark))
          if (!seen) expect(leftOut.includes(mark), `${mark} in ${json}`).toBe(true)
        }
        const slots = found.map(({ slot }) => slot)
        const removed: Edit = { ...noEdit, part, removed: new Set(slots), stale: new Set(['0', '1']) }
        const replaced: Edit = { ...noEdit, part, texts: new Map(slots.map((slot) => [slot, 'R'])), stale: new Set(['0', '1']) }
        for (const edit of [removed, replaced]) {
          const bytes = lens.write(frame, edit)
          const written = bytes === null ? '' : textOf(bytes)
          for (const mark of marks) expect(written.includes(mark), `${mark} of ${json} in ${written}`).toBe(false)
        }
      }),
      runs(400),
    )
  }, 60_000)
}
