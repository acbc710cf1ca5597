/** Clients put together what has the same index, whatever it looks like: texts they keep apart are read apart, and no other way. */
import { describe, expect, test } from 'vitest'
import { answering, chunk, data, exchange, until } from './upstream.ts'

const named = (event: Readonly<Record<string, unknown>>): string => `event: ${event['type']}\n${data(event)}`

const call = (index: unknown, more: object): string => chunk({ tool_calls: [{ index, ...more }] })
const begun = (id: string, text: string) => ({ id, type: 'function', function: { name: 'f', arguments: text } })

/** By path: an index says `bo`, another says something else, and the first goes on with `mb`. */
const streams: Readonly<Record<string, (first: unknown, second: unknown) => string[]>> = {
  'chat/completions': (first, second) => [
    chunk({ content: 'a bo' }, null, first as number),
    chunk({ content: 'xx' }, null, second as number),
    chunk({ content: 'mb' }, null, first as number),
  ],
  'chat/completions#calls': (first, second) => [
    call(first, begun('c1', '{"a":"bo')),
    call(second, begun('c2', '{"b":"')),
    call(first, { function: { arguments: 'mb"}' } }),
    call(second, { function: { arguments: '"}' } }),
  ],
  completions: (first, second) =>
    [
      { text: 'a bo', index: first },
      { text: 'xx', index: second },
      { text: 'mb', index: first },
    ].map((choice) => data({ choices: [choice] })),
  responses: (first, second) =>
    [
      { output_index: first, delta: 'a bo' },
      { output_index: second, delta: 'xx' },
      { output_index: first, delta: 'mb' },
    ].map((event) => named({ type: 'response.output_text.delta', item_id: 'm', content_index: 0, ...event })),
  messages: (first, second) =>
    [first, second].flatMap((index, at) => [
      named({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } }),
      ...(at === 0 ? ['a bo', 'mb'] : ['xx']).map((text) =>
        named({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }),
      ),
      named({ type: 'content_block_stop', index }),
    ]),
  'v1beta/models/m:streamGenerateContent?alt=sse': (first, second) =>
    [
      { index: first, content: { parts: [{ text: 'a bo' }] } },
      { index: second, content: { parts: [{ text: 'xx' }] } },
      { index: first, content: { parts: [{ text: 'mb' }] } },
    ].map((candidate) => data({ candidates: [candidate] })),
}

async function read(path: string, pieces: readonly string[]) {
  const url = `http://sluice.example/v1/${path}`
  const { response, trails } = await exchange(answering(pieces), { n: 2, input: 'hi', contents: [], prompt: 'hi' }, { url })
  const text = await response.text()
  await until(() => trails.length > 0)
  return { text, trail: trails[0] }
}

describe.each(Object.entries(streams))('%s', (path, stream) => {
  test.each([
    [0, 1],
    ['0', '1'],
    [1, null],
  ])('%j and %j are two texts', async (first, second) => {
    const { text, trail } = await read(path, stream(first, second))
    expect(trail).toMatchObject({ verdict: 'mask', faults: [] })
    expect(text).toContain('***')
    expect(text).not.toContain('"mb')
  })

  test.each([
    [-1, -2],
    [0.5, 0],
    ['a', 'b'],
    [{}, 0],
  ])('of %j and %j nobody knows, and so nothing of them leaves', async (first, second) => {
    const { text, trail } = await read(path, stream(first, second))
    expect(trail).toMatchObject({ verdict: 'fault', faults: [{ code: 'unreadable_frame' }] })
    expect(text).not.toContain('"mb')
  })
})
