/** Ids of 64 bits, as models write them into the arguments of calls: no double holds them, and no digit of them may change. */
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../src/terms/dialect.ts'
import type { Frame } from '../../src/terms/frame.ts'
import { anthropicMessages } from '../../src/wire/anthropic-messages.ts'
import { gemini } from '../../src/wire/gemini.ts'
import { bodyFrame } from '../../src/wire/json-body.ts'
import { exactly } from '../../src/wire/numbers.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'
import { bytesOf, facts, noEdit, textOf, texts } from './events.ts'

const id = '1234567890123456789'
const input = `{"id":${id},"say":"secret","ratio":0.98765432109876543210,"one":1}`

const use = (args: string, more = '') => `{"type":"tool_use","id":"t","name":"f","input":${args}${more}}`
const call = (args: string, more = '') => `{"functionCall":{"name":"f","args":${args}}${more}}`

/** A whole body that has the arguments twice. */
const bodies: readonly (readonly [Dialect, string])[] = [
  [anthropicMessages, `{"type":"message","content":[${use(input)},${use(`{"other":${id}}`)}]}`],
  [gemini, `{"candidates":[{"content":{"parts":[${call(input)},${call(`{"other":${id}}`, ',"thoughtSignature":"c2ln"')}]}}]}`],
  [
    openaiResponses,
    `{"output":[${[input, `{"other":${id}}`].map((args) => `{"type":"web_search_call","id":"w","action":${args}}`).join(',')}]}`,
  ],
]

describe.each(bodies.map(([dialect, json]) => [dialect.name, dialect, json] as const))('%s', (_, dialect, json) => {
  const frame: Frame = bodyFrame(bytesOf(json))

  test('arguments leave as they came, and are read as what they say', () => {
    const reading = dialect.body(facts).read(frame)
    expect(reading.rewrite).toBeUndefined()
    const read = texts(reading).map(({ text }) => text)
    expect(read).toEqual(expect.arrayContaining([input, `{"other":${id}}`]))
  })

  test('a mask changes no digit, neither beside it nor in another call', () => {
    const lens = dialect.body(facts)
    const found = texts(lens.read(frame)).filter(({ text }) => text.includes('secret'))
    const masked = new Map(found.map(({ slot, text }) => [slot, text.replace('secret', '***')]))
    const written = textOf(lens.write(frame, { ...noEdit, texts: masked, stale: new Set(['0']) }) as Uint8Array)
    expect(written).toContain('***')
    expect(written.split(id)).toHaveLength(3)
    expect(written).toContain('0.98765432109876543210')
    expect(written.includes('c2ln')).toBe(json.includes('c2ln'))
  })
})

test('pieces of arguments keep theirs in a frame that is written', () => {
  const piece = `{"functionCall":{"partialArgs":[{"jsonPath":"$.a","numberValue":${id}}]}}`
  const frame = bodyFrame(bytesOf(`{"candidates":[{"content":{"parts":[{"text":"secret"},${piece}]}}]}`))
  const lens = gemini.body(facts)
  expect(texts(lens.read(frame)).map(({ text }) => text)).toContain(id)
  expect(textOf(lens.write(frame, { ...noEdit, texts: new Map([[0, '***']]) }) as Uint8Array)).toContain(`"numberValue":${id}`)
})

test('JSON is parsed exactly where a double would not do, and as ever elsewhere', () => {
  for (const json of ['[1,2.5,-3e2,"12345678901234567890"]', '{"a":{"b":[null,true]}}']) {
    expect(exactly(json)).toEqual(JSON.parse(json))
  }
  const long = `{"a":[${id},-${id},1.2345678901234567890],"${id}":"${id}"}`
  expect(JSON.stringify(exactly(long))).toBe(long)
})
