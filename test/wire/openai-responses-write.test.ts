/** New text goes into an event of Responses where the old one stood, and everything that described it follows. */
import { expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import type { Edit } from '../../src/terms/frame.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'
import { plainPlan } from '../gate/plain-plan.ts'
import { bytesOf, facts, frameOf, noEdit, textOf, withText } from './events.ts'

type Fields = Record<string, unknown>

const at = { item_id: 'i', output_index: 0, content_index: 0 }
const delta = (text: string, number: number, more: Fields = {}) => ({
  type: 'response.output_text.delta',
  sequence_number: number,
  ...at,
  delta: text,
  logprobs: [],
  ...more,
})
const entry = (token: string) => ({ token, logprob: -1, bytes: [...new TextEncoder().encode(token)], top_logprobs: [] })
const link = (start_index: number, end_index: number) => ({ type: 'url_citation', start_index, end_index, url: 'u', title: 't' })

/** What is written of an event, parsed; null where nothing is. */
function written(
  lens: ReturnType<typeof openaiResponses.stream>,
  event: Fields,
  edit: Edit,
  frame = frameOf(event),
): Fields | null {
  const bytes = lens.write(frame, edit)
  if (bytes === null) return null
  const match = /^data: (.+)\n\n$/.exec(textOf(bytes))
  return JSON.parse(match?.[1] as string) as Fields
}

/** All that ends a response which was cut now. */
const endingOf = (lens: ReturnType<typeof openaiResponses.stream>): string =>
  textOf(lens.cut('0', { ending: 'native', notice: '', notice_in: 'none' })) + textOf(lens.close())

const edited = (event: Fields, edit: Edit) => written(openaiResponses.stream(facts), event, edit)

test('the new text stands in its place, without the padding that no longer fits', () => {
  expect(edited(delta('my bomb', 3, { obfuscation: 'xxxx' }), withText('my *'))).toEqual(delta('my *', 3))
})

test('a name is given where the event had one', () => {
  const event = delta('a', 0)
  const named = openaiResponses.stream(facts).write(frameOf(event, event.type), withText('b'))
  expect(textOf(named as Uint8Array)).toBe(`event: ${event.type}\ndata: ${JSON.stringify(delta('b', 0))}\n\n`)
})

test('an event of which nothing is left goes, and what follows is numbered anew', () => {
  const lens = openaiResponses.stream(facts)
  expect(lens.renumbers).toBe(false)
  expect(written(lens, delta('bomb', 1), withText(''))).toBeNull()
  expect(lens.renumbers).toBe(true)
  expect(written(lens, delta('next', 2), noEdit)).toEqual(delta('next', 1))
  // One more event makes up for it.
  const long = delta('heads and tails', 3)
  const frame = frameOf(long)
  expect(written(lens, long, withText('heads', { part: 'head' }), frame)).toEqual(delta('heads', 2))
  expect(written(lens, long, withText(' and tails', { part: 'tail' }), frame)).toEqual(delta(' and tails', 3))
  expect(lens.renumbers).toBe(false)
})

test('an ending after the head of an event whose rest is cut goes on counting from the head', () => {
  const lens = openaiResponses.stream(facts)
  const event = delta('heads and tails', 3)
  const frame = frameOf(event)
  lens.read(frame)
  expect(written(lens, event, withText('heads', { part: 'head' }), frame)).toEqual(delta('heads', 3))
  expect(written(lens, event, withText('', { part: 'tail', removed: new Set([0]) }), frame)).toBeNull()
  const numbers = [...endingOf(lens).matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number))
  expect(numbers).toEqual(numbers.map((_, index) => 4 + index))
  expect(numbers).not.toEqual([])
})

test('probabilities go with their text when it is divided, and where it is another now', () => {
  const spelled = delta('heads, tails', 0, { logprobs: [entry('heads'), entry(', '), entry('tails')] })
  const lens = openaiResponses.stream(facts)
  const frame = frameOf(spelled)
  expect(written(lens, spelled, withText('heads', { part: 'head' }), frame)?.['logprobs']).toEqual([entry('heads')])
  expect(written(lens, spelled, withText(', tails', { part: 'tail' }), frame)?.['logprobs']).toEqual([
    entry(', '),
    entry('tails'),
  ])
  expect(edited(spelled, withText('heads, *'))?.['logprobs']).toEqual([])
})

test('annotations that lie before a change hold, others go', () => {
  const part = { type: 'output_text', text: 'a link and a bomb', annotations: [link(0, 6), link(11, 17)], logprobs: [entry('x')] }
  const event = { type: 'response.content_part.done', sequence_number: 4, ...at, part }
  const slot = openaiResponses
    .stream(facts)
    .read(frameOf(event))
    .steps.find((step) => step.kind === 'text')?.slot as number
  const changed = edited(event, { ...noEdit, texts: new Map([[slot, 'a link and a *']]), stale: new Set(['0']) })
  expect(changed?.['part']).toEqual({ ...part, text: 'a link and a *', annotations: [link(0, 6)], logprobs: [] })
  const added = {
    type: 'response.output_text.annotation.added',
    sequence_number: 5,
    ...at,
    annotation_index: 0,
    annotation: link(0, 6),
  }
  expect(openaiResponses.stream(facts).read(frameOf(added)).describes).toEqual(['0'])
  expect(edited(added, { ...noEdit, stale: new Set(['0']) })).toBeNull()
  expect(edited(added, noEdit)).toEqual(added)
})

test('a picture that is taken out takes its event along, and leaves its call with a result that is empty', () => {
  const preview = { type: 'response.image_generation_call.partial_image', sequence_number: 1, ...at, partial_image_b64: 'AAAA' }
  expect(edited(preview, { ...noEdit, removed: new Set([0]) })).toBeNull()
  const item = { type: 'image_generation_call', id: 'i', status: 'completed', result: 'AAAA' }
  const done = { type: 'response.output_item.done', sequence_number: 2, output_index: 0, item }
  const bare = { ...item, result: '' }
  expect(edited(done, { ...noEdit, removed: new Set([0]) })).toEqual({ ...done, item: bare })
  const completed = { type: 'response.completed', sequence_number: 3, response: { id: 'r', output: [item] } }
  const left = { ...completed, response: { id: 'r', output: [bare] } }
  expect(edited(completed, { ...noEdit, removed: new Set([0]) })).toEqual(left)
})

test('a response whose output lost everything has an empty output: clients go through it unasked', () => {
  const response = { id: 'r', status: 'completed', output: [{ note: 'a secret' }] }
  const removed = { ...noEdit, removed: new Set([0, 1]) }
  expect(edited({ type: 'response.completed', sequence_number: 3, response }, removed)).toMatchObject({
    response: { output: [] },
  })
  const bytes = openaiResponses.body(facts).write(bodyFrame(bytesOf(JSON.stringify(response))), removed)
  expect(JSON.parse(textOf(bytes as Uint8Array))).toMatchObject({ output: [] })
})

test.each([
  ['code_interpreter_call', { container_id: 'c', code: '', outputs: [] }, { container_id: 'c', code: null, outputs: null }],
  ['image_generation_call', {}, { result: '' }],
  ['file_search_call', { queries: [], results: null }, { queries: [], results: null }],
  ['mcp_list_tools', { server_label: 's', tools: [] }, { server_label: 's', tools: [] }],
  ['web_search_call', {}, {}],
])('a %s that a cut leaves open ends with all that clients look for in one', (type, begun, ended) => {
  const lens = openaiResponses.stream(facts)
  const item = { id: 'i', type, status: 'in_progress', ...begun }
  const { note } = lens.read(frameOf({ type: 'response.output_item.added', sequence_number: 0, output_index: 0, item }))
  lens.left?.(note)
  const told = endingOf(lens).matchAll(/^data: (.+)$/gm)
  const [done, incomplete] = [...told].map(([, json]) => JSON.parse(json as string))
  const left = { id: 'i', type, ...ended, status: 'incomplete' }
  expect(done).toMatchObject({ type: 'response.output_item.done', item: left })
  expect(incomplete).toMatchObject({ type: 'response.incomplete', response: { output: [left] } })
})

test('what tells a text whole is left to the ending when its scope is cut in it, and nothing follows one that is over', () => {
  const told = { type: 'response.output_text.done', sequence_number: 2, ...at, text: 'all of it' }
  expect(edited(told, withText('all', { cut: new Set(['0']) }))).toBeNull()
  expect(edited(delta('all of it', 1), withText('all', { cut: new Set(['0']) }))).toEqual(delta('all', 1))
  expect(edited(delta('more', 3), { ...noEdit, gone: new Set(['0']) })).toBeNull()
})

test('lines beside the data leave as they came or not at all', () => {
  const frame = { bytes: bytesOf(': hello\n\n'), data: undefined, event: undefined, asides: [': hello'] }
  expect(openaiResponses.stream(facts).write(frame, noEdit)).toBe(frame.bytes)
  expect(openaiResponses.stream(facts).write(frame, withText('x'))).toBeNull()
})

test('a failure is told nested, where every client raises, and then as the end of the response that was announced', () => {
  const lens = openaiResponses.stream(facts)
  const created = {
    type: 'response.created',
    sequence_number: 0,
    response: { id: 'r', created_at: 5, model: 'gpt', tools: [], output: [] },
  }
  lens.left?.(lens.read(frameOf(created)).note)
  const events = textOf(lens.fail('upstream_failed', 'It broke.'))
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)))
  expect(events).toEqual([
    {
      type: 'error',
      sequence_number: 1,
      error: { type: 'server_error', code: 'upstream_failed', message: 'It broke.', param: null },
    },
    {
      type: 'response.failed',
      sequence_number: 2,
      response: {
        id: 'r',
        object: 'response',
        created_at: 5,
        model: 'gpt',
        tools: [],
        status: 'failed',
        error: { code: 'server_error', message: 'It broke.' },
        incomplete_details: null,
        output: [],
        usage: null,
      },
    },
  ])
})

test('our frames repeat what is known of the announced response, never a field that may have been masked', () => {
  const lens = openaiResponses.stream(facts)
  const response = { id: 'r', model: 'a model that talks', truncation: 'in plain words', 'a secret': 1, instructions: 'Be kind.' }
  lens.left?.(lens.read(frameOf({ type: 'response.created', sequence_number: 0, response })).note)
  const ending = endingOf(lens)
  expect(ending).not.toMatch(/secret|plain words|that talks/)
  expect(ending).toContain('Be kind.')
})

test('what is announced but has not left is no part of the ending', () => {
  const lens = openaiResponses.stream(facts)
  const announced = {
    type: 'response.output_item.added',
    sequence_number: 1,
    output_index: 0,
    item: { id: 'i', type: 'message', content: [] },
  }
  lens.read(frameOf(announced))
  const ending = endingOf(lens)
  expect(ending).toMatch(/^event: response\.incomplete\n/)
  expect(ending).toContain('"output":[]')
})

test("what was cut ends once: at its close, or at once behind the upstream's last word, for which nobody closes it", () => {
  const open = openaiResponses.stream(facts)
  expect(endingOf(open).match(/event: response\.incomplete/g)).toHaveLength(1)
  expect(textOf(open.close())).toBe('')
  const over = openaiResponses.stream(facts)
  over.read(frameOf({ type: 'response.completed', sequence_number: 0, response: { id: 'r' } }))
  expect(textOf(over.cut('0', { ending: 'native', notice: '', notice_in: 'none' }))).toContain('event: response.incomplete')
  expect(textOf(over.close())).toBe('')
  expect(textOf(openaiResponses.stream(facts).close({ output: 3 }))).toBe('')
})

test('a call that goes on as one of another kind is a fault: its escapes would not be seen', () => {
  const gate = new Gate(plainPlan([{ term: 'bomb', action: 'mask' }]), openaiResponses.stream(facts), 1)
  const piece = (type: string, text: string) =>
    frameOf({ type: `response.${type}.delta`, item_id: 'i', output_index: 0, delta: text })
  gate.read(piece('custom_tool_call_input', '{"a":"'))
  expect(() => gate.read(piece('function_call_arguments', '\\u0062omb"}'))).toThrow(
    expect.objectContaining({ code: 'unreadable_frame' }),
  )
})

test('a comment keeps the stream alive', () => {
  expect(textOf(openaiResponses.stream(facts).keepAlive())).toBe(': keep-alive\n\n')
  expect(openaiResponses.body(facts).keepAlive()).toHaveLength(0)
})

test('a failure repeats codes of the response it ends, and nothing of it that may have been masked where it came', () => {
  for (const [reasoning, kept] of [
    [{ effort: 'low', summary: null }, true],
    [{ effort: 'a secret' }, false],
    [{ effort: ['ᚠ'] }, false],
    [{ 'a secret': 1 }, false],
    [{ effort: { deep: 'ᚠ' } }, false],
  ] as const) {
    const lens = openaiResponses.stream(facts)
    const created = { type: 'response.created', sequence_number: 0, response: { id: 'r', model: 'gpt', reasoning, output: [] } }
    lens.left?.(lens.read(frameOf(created)).note)
    const events = textOf(lens.fail('upstream_failed', 'It broke.'))
    expect(events.includes(JSON.stringify(reasoning)), JSON.stringify(reasoning)).toBe(kept)
    expect(/secret|ᚠ/.test(events)).toBe(false)
  }
})

test('what an answer was to look like is the client’s own word only where it is written as a request writes it', () => {
  const format = { type: 'json_schema', name: 'n', schema: { description: 'two words' } }
  for (const [text, kept] of [
    [{ format, verbosity: 'low' }, true],
    ['two words', false],
    [{ format, note: 'two words' }, false],
  ] as const) {
    const lens = openaiResponses.stream(facts)
    const created = { type: 'response.created', sequence_number: 0, response: { id: 'r', model: 'gpt', text, output: [] } }
    const reading = lens.read(frameOf(created))
    expect(reading.steps.some((step) => step.kind === 'text' && step.text === 'two words')).toBe(!kept)
    lens.left?.(reading.note)
    expect(textOf(lens.fail('upstream_failed', 'It broke.')).includes('two words')).toBe(kept)
  }
})
