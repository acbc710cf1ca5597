/** Case group 15: the same answer, however it was cut, spelled and packed on its way here, has one outcome. */
import { expect, test } from 'vitest'
import { guardChat } from './guard-chat.ts'
import { planOf } from './plan.ts'

const answer = 'A bomb, 炸弹 and 😀: "bo\\mb" is\nno bömb.'
const words = { except: [], boundary: 'none' } as const
const plan = planOf({
  rules: [
    { id: 'masked', action: 'mask', with: '[…]', words: { ...words, terms: ['bomb', '炸弹', '😀:'], fold: 'case' } },
    { id: 'told', action: 'flag', words: { ...words, terms: ['is\nno'], fold: 'none' } },
    { id: 'ended', action: 'cut', words: { ...words, terms: ['bömb'], fold: 'case' } },
  ],
})
const released = 'A […], […] and […] "bo\\mb" is\nno '

const chunk = (delta: object | undefined, finish: string | null = null) =>
  JSON.stringify({
    id: 'c-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm-9',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
const event = (data: string, end = '\n') => `data: ${data}${end}${end}`
const said = (pieces: readonly string[]) => pieces.map((content) => chunk({ content }))
const closing = [chunk({}, 'stop'), '[DONE]']
const stream = (chunks: readonly string[], end = '\n') => [...chunks, ...closing].map((data) => event(data, end)).join('')

/** ASCII only: every other unit as an escape of its own, so that halves of characters stand in different escapes. */
const escaped = (json: string) => json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const units = answer.split('')

const ways: Readonly<Record<string, string>> = {
  'in one event': stream(said([answer])),
  'a unit an event, halves of a character in two': stream(said(units)),
  'every unit escaped': stream(said(units).map(escaped)),
  'some escaped, some not': stream(said(units).map((data, index) => (index % 2 === 0 ? escaped(data) : data))),
  'lines that end in CRLF': stream(said(units), '\r\n'),
  'lines that end in CR': stream(said(units), '\r'),
  'events merged two by two by a proxy': stream(said(answer.match(/[\s\S]{1,2}/g) ?? [])),
  'nothing, and null, between the pieces': stream(
    units.flatMap((content) => [chunk({ content: '' }), chunk({ content }), chunk({ content: null }), chunk({})]),
  ),
  'a role first, and with every piece': stream([
    chunk({ role: 'assistant', content: '' }),
    ...units.map((content) => chunk({ role: 'assistant', content })),
  ]),
  'data over several lines': stream(
    said(units).map((data) => JSON.stringify(JSON.parse(data), null, 1).split('\n').join('\ndata: ')),
  ),
  'comments, names and blank lines between': said(units)
    .concat(closing)
    .map((data) => `: alive\n\nevent: message\nid: 7\n${event(data)}\n`)
    .join(''),
  'the last piece with the finish reason': [...said(units.slice(0, -1)), chunk({ content: units.at(-1) }, 'stop'), '[DONE]']
    .map((data) => event(data))
    .join(''),
  'a byte order mark first': `\ufeff${stream(said(units))}`,
}

const facts = { stream: true, scopes: 1, json: false, usage: false, model: 'm-9' }

/** On the network: whole, byte by byte (so that characters are cut), and at a length that is none of the text's. */
const cuts: Readonly<Record<string, number>> = { whole: 1e9, 'byte by byte': 1, 'in sevens': 7 }

test.each(Object.keys(ways))('15 %s', async (way) => {
  const bytes = new TextEncoder().encode(ways[way])
  for (const [name, length] of Object.entries(cuts)) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
      bytes.subarray(index * length, (index + 1) * length),
    )
    const { reading, trail } = await guardChat(plan, facts, pieces)
    expect(reading.said.get('0/content'), name).toBe(released)
    expect(reading.finishes.get('0'), name).toEqual(['content_filter'])
    expect(
      trail.findings.map(({ rule, start, end }) => [rule, start, end]),
      name,
    ).toEqual([
      ['masked', 2, 6],
      ['masked', 8, 10],
      ['masked', 15, 18],
      ['told', 27, 32],
      ['ended', 33, 37],
    ])
  }
})
