/** `sluice replay` says what the gate does to every kind of input, the same at every split. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Recognized, Recognizer } from '../../src/cli/replay/recording.ts'
import { replayRecording } from '../../src/cli/replay/replay-recording.ts'
import { heldChange } from '../../src/cli/replay/replay-report.ts'
import { parseSplit } from '../../src/cli/replay/split.ts'
import type { PlanDefinition } from '../../src/policy/definition.ts'
import { packMatchers, packPlan } from '../../src/policy/pack.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Dialect } from '../../src/terms/dialect.ts'
import { objectsIn, Workplace } from './cli.ts'

const policy = `name: test
rules:
  - { id: bird, words: { terms: [Nightjar, 夜鹰], boundary: word }, action: mask, with: "[bird]" }
  - { id: key, pattern: 'sk-[a-z0-9]{8,40}', action: cut }
  - { id: greeting, words: { terms: [hello] }, action: flag }
`

interface Delta {
  readonly [field: string]: unknown
}

function chunk(delta: Delta, finish: string | null = null, index = 0): string {
  const choices = [{ index, delta, finish_reason: finish }]
  return JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })
}

function completion(text: string, finish: string | null = null): string {
  return JSON.stringify({ object: 'text_completion', choices: [{ text, index: 0, logprobs: null, finish_reason: finish }] })
}

const sse = (chunks: readonly string[]) => [...chunks, '[DONE]'].map((data) => `data: ${data}\n\n`).join('')

const twoChoices = sse([
  chunk({ role: 'assistant', content: '' }),
  chunk({ role: 'assistant', content: '' }, null, 1),
  chunk({ reasoning_content: 'hello Night' }),
  chunk({ content: 'Key: sk-abc' }, null, 1),
  chunk({ reasoning_content: 'jar.' }),
  chunk({ content: 'A Night' }),
  chunk({ content: 'defgh12 and more' }, null, 1),
  chunk({ content: 'jar sings. 🐦' }),
  chunk({ content: 'never read' }, null, 1),
  chunk({}, 'stop'),
  chunk({}, 'stop', 1),
])

const tool = sse([
  chunk({
    role: 'assistant',
    content: null,
    tool_calls: [{ index: 0, id: 't', type: 'function', function: { name: 'find', arguments: '' } }],
  }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"name":"Night' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: 'jar"}' } }] }),
  chunk({}, 'tool_calls'),
])

const body = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'The Nightjar.' }, finish_reason: 'stop' }],
})

const rows = [
  { id: 'a', text: 'hello Nightjar', lang: 'en', verdict: 'mine', channel: 'theirs' },
  { deltas: ['so: sk-', 'abcdefgh', 'ij'], id: 7 },
  { text: '夜鹰计划' },
]

let place: Workplace

beforeAll(() => {
  place = new Workplace({
    'p.yaml': policy,
    'rows.jsonl': `${rows.map((row) => JSON.stringify(row)).join('\n')}\n\n`,
    'two.sse': twoChoices,
    'tool.sse.txt': tool,
    'tool.chunks.jsonl': tool
      .split('\n\n')
      .filter((event) => event.startsWith('data: {'))
      .map((event) => event.slice(6))
      .join('\n'),
    'body.json': body,
    'plain.txt': 'A Nightjar, hello.\r\n',
    'completion.sse': sse([completion('A Night'), completion('jar.'), completion('', 'stop')]),
    'completion.json': completion('A Nightjar.', 'stop'),
  })
})

afterAll(() => place.remove())

const replay = (...args: string[]) => place.json(['replay', '--policy', 'p.yaml', '--json', ...args])

describe('the object', () => {
  test('has its fields in order, and what was carried through after them', async () => {
    const { out } = await place.run(['replay', '--policy', 'p.yaml', '--json', 'rows.jsonl'])
    expect(out.split('\n')[0]).toBe(
      '{"id":"a","input":"rows.jsonl:1","channel":"answer","verdict":"mask","by":["bird"],"released":"hello [bird]",' +
        '"findings":[{"rule":"greeting","start":0,"end":5,"action":"flag"},{"rule":"bird","start":6,"end":14,"action":"mask"}],' +
        '"cut_at":null,"held":{"mean":8,"p99":8,"max":8,"positions":1},"inquiries":0,"faults":[],"terminal":"stop","lang":"en"}',
    )
  })

  test('tells where the released text of a cut ends, and what was certain there', async () => {
    const [, cut] = await replay('rows.jsonl')
    expect(cut).toEqual({
      id: 7,
      input: 'rows.jsonl:2',
      channel: 'answer',
      verdict: 'cut',
      by: ['key'],
      released: 'so: ',
      findings: [{ rule: 'key', start: 4, end: 15, action: 'cut' }],
      cut_at: 4,
      // After the first delta `sk-` waits; with the second the answer is cut, and nothing waits any more.
      held: { mean: 1.5, p99: 3, max: 3, positions: 2 },
      inquiries: 0,
      faults: [],
      terminal: 'stop',
    })
  })

  test('of a row without an id has the input for it', async () => {
    const [, , last] = await replay('rows.jsonl')
    expect(last).toMatchObject({ id: 'rows.jsonl:3', input: 'rows.jsonl:3', released: '[bird]计划' })
  })
})

describe('a recording', () => {
  test('has an object for each channel, in order of first appearance', async () => {
    const told = await replay('two.sse')
    expect(
      told.map(({ channel, verdict, by, released, cut_at, terminal }) => ({ channel, verdict, by, released, cut_at, terminal })),
    ).toEqual([
      { channel: 'reasoning', verdict: 'mask', by: ['bird'], released: 'hello [bird].', cut_at: null, terminal: 'stop' },
      { channel: '1/answer', verdict: 'cut', by: ['key'], released: 'Key: ', cut_at: 5, terminal: 'content_filter' },
      { channel: 'answer', verdict: 'mask', by: ['bird'], released: 'A [bird] sings. 🐦', cut_at: null, terminal: 'stop' },
    ])
  })

  test('is measured after each delta that was read', async () => {
    // `sk-abc` waits; then the choice is cut, nothing of it waits any more, and what still comes is not read.
    expect((await replay('two.sse'))[1]).toMatchObject({ channel: '1/answer', held: { mean: 3, p99: 6, max: 6, positions: 2 } })
  })

  test('of a plain completion is read as one, streamed and whole', async () => {
    for (const file of ['completion.sse', 'completion.json']) {
      expect(await replay(file)).toMatchObject([
        { channel: 'answer', verdict: 'mask', by: ['bird'], released: 'A [bird].', terminal: 'stop' },
      ])
    }
  })

  test('of chunks is the recording with the framing put back', async () => {
    const [framed, chunks] = [await replay('tool.sse.txt'), await replay('tool.chunks.jsonl')]
    expect(framed).toHaveLength(1)
    expect(framed[0]).toMatchObject({
      channel: 'tool_input/0',
      verdict: 'mask',
      released: '{"name":"[bird]"}',
      terminal: 'tool_calls',
    })
    const named = (one: Record<string, unknown> | undefined) => ({ ...one, id: '', input: '' })
    expect(named(chunks[0])).toEqual(named(framed[0]))
  })

  test('of a whole body gets the verdict of its text', async () => {
    expect(await replay('body.json')).toMatchObject([
      { channel: 'answer', verdict: 'mask', released: 'The [bird].', terminal: 'stop' },
    ])
  })

  test('of Gemini is read as events, as an array and as a whole body', async () => {
    const message = (text: string, more: object = {}) => ({
      candidates: [{ content: { parts: [{ text }], role: 'model' }, ...more }],
      modelVersion: 'm',
    })
    const messages = [message('A Night'), message('jar.', { finishReason: 'STOP' })]
    place.write({
      'gemini.sse': messages.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join(''),
      'gemini.array.json.txt': `[${messages.map((each) => JSON.stringify(each, null, 2)).join('\n,\r\n')}\n]`,
      'gemini.chunks.jsonl': messages.map((each) => JSON.stringify(each)).join('\n'),
      'gemini.json': JSON.stringify(message('A Nightjar.', { finishReason: 'STOP' }), null, 2),
    })
    const files = ['gemini.sse', 'gemini.array.json.txt', 'gemini.chunks.jsonl', 'gemini.json']
    for (const split of ['events', 'chars', '7']) {
      for (const file of files) {
        expect(await replay('--split', split, file)).toMatchObject([
          { channel: 'answer', verdict: 'mask', by: ['bird'], released: 'A [bird].', terminal: 'STOP', faults: [] },
        ])
      }
    }
  })

  test('of Anthropic is read as events, as chunks and as a whole body', async () => {
    const told = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', usage: { input_tokens: 1, output_tokens: 1 } }
    const thought = { type: 'thinking', thinking: 'hm', signature: 'ErUB' }
    const delta = (index: number, said: object) => ({ type: 'content_block_delta', index, delta: said })
    const events = [
      { type: 'message_start', message: { ...told, content: [], stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: { ...thought, thinking: '', signature: '' } },
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'ErUB' }),
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      delta(1, { type: 'text_delta', text: 'A Night' }),
      delta(1, { type: 'text_delta', text: 'jar.' }),
      { type: 'content_block_stop', index: 1 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
      { type: 'message_stop' },
    ]
    place.write({
      'message.sse': events.map((each) => `event: ${each.type}\ndata: ${JSON.stringify(each)}\n\n`).join(''),
      'message.chunks.jsonl': events.map((each) => JSON.stringify(each)).join('\n'),
      'message.json': JSON.stringify({
        ...told,
        content: [thought, { type: 'text', text: 'A Nightjar.' }],
        stop_reason: 'end_turn',
      }),
    })
    for (const split of ['events', 'chars', '7']) {
      for (const file of ['message.sse', 'message.chunks.jsonl', 'message.json']) {
        expect(await replay('--split', split, file)).toMatchObject([
          { channel: 'reasoning', verdict: 'clear', released: 'hm', terminal: 'end_turn' },
          { channel: 'answer', verdict: 'mask', by: ['bird'], released: 'A [bird].', terminal: 'end_turn', faults: [] },
        ])
      }
    }
  })

  test('that ends inside an event is a fault', async () => {
    place.write({ 'short.sse': twoChoices.slice(0, twoChoices.indexOf('"A Night')) })
    const told = await replay('short.sse')
    expect(told.map(({ verdict, faults, by }) => ({ verdict, faults, by }))).toContainEqual({
      verdict: 'fault',
      faults: ['upstream_cut_short'],
      by: [],
    })
  })

  test('in which another channel of the scope is cut says so where something of it was not sent', async () => {
    place.write({
      'held.sse': sse([
        chunk({ content: 'a Night' }),
        chunk({ reasoning_content: 'x sk-abcdefgh' }),
        chunk({ content: 'fall' }),
        chunk({}, 'stop'),
      ]),
    })
    const told = await replay('held.sse')
    expect(told.map(({ channel, verdict, by, released, cut_at }) => ({ channel, verdict, by, released, cut_at }))).toEqual([
      { channel: 'answer', verdict: 'cut', by: ['key'], released: 'a ', cut_at: 2 },
      { channel: 'reasoning', verdict: 'cut', by: ['key'], released: '', cut_at: 0 },
    ])
  })
})

test('every split gives the same objects, apart from how much was held', async () => {
  const inputs = ['rows.jsonl', 'two.sse', 'tool.sse.txt', 'tool.chunks.jsonl', 'body.json', 'plain.txt']
  const of = async (...split: string[]) => (await replay(...split, ...inputs)).map((record) => ({ ...record, held: null }))
  const recorded = await of()
  expect(recorded).toHaveLength(3 + 3 + 1 + 1 + 1 + 1)
  for (const split of ['whole', 'chars', 'events', '3', 'random:1', 'random:two']) {
    expect(await of('--split', split)).toEqual(recorded)
  }
})

test('rows and texts come from standard input as well', async () => {
  const args = ['replay', '--policy', 'p.yaml', '--json', '-']
  const told = async (input: string) => (await place.json(args, input)).map(({ input: from, released }) => [from, released])
  expect(await told(rows.map((row) => JSON.stringify(row)).join('\n'))).toEqual([
    ['-:1', 'hello [bird]'],
    ['-:2', 'so: '],
    ['-:3', '[bird]计划'],
  ])
  expect(await told('Nightjar')).toEqual([['-', '[bird]']])
  expect(await told(twoChoices)).toHaveLength(3)
  expect(await told(body)).toEqual([['-', 'The [bird].']])
})

describe('what cannot be read', () => {
  test('is told, does not stop the rest, and makes the exit code 1', async () => {
    place.write({
      'bad.jsonl': '{"text":"fine"}\n{"text":3}\nnot json\n{"text":"fine"}\n',
      'alien.json': '{"candidates":[]}',
      'x.csv': '',
      'answers/one.txt': '',
    })
    const { code, out, err } = await place.run([
      'replay',
      '--policy',
      'p.yaml',
      '--json',
      'bad.jsonl',
      'none.txt',
      'alien.json',
      'x.csv',
      'answers',
      'plain.txt',
    ])
    expect(code).toBe(1)
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { input: string }).input),
    ).toEqual(['bad.jsonl:1', 'bad.jsonl:4', 'plain.txt'])
    expect(err.trim().split('\n')).toEqual([
      'bad.jsonl:2: the line is not a JSON object with text (a string) or deltas (an array of strings)',
      'bad.jsonl:3: the line is not a JSON object with text (a string) or deltas (an array of strings)',
      'none.txt: there is no such file',
      'alien.json: it is in no protocol this version of Sluice knows',
      'x.csv: its name does not end in .chunks.jsonl, .sse.txt, .json.txt, .sse, .json, .jsonl, .txt',
      'answers: it is a folder; name the files in it',
    ])
  })

  test('is also what is not UTF-8: its words would be other signs, and pass', async () => {
    const gbk = [0xb7, 0xa8, 0xc2, 0xd6]
    const row = Buffer.concat([Buffer.from('{"text":"'), Buffer.from(gbk), Buffer.from('"}')])
    place.write({ 'gbk.txt': Uint8Array.from(gbk), 'gbk.jsonl': row })
    const { code, out, err } = await place.run(['replay', '--policy', 'p.yaml', '--json', 'gbk.txt', 'gbk.jsonl'])
    expect([code, out, err]).toEqual([1, '', 'gbk.txt: it is not UTF-8 text\ngbk.jsonl: it is not UTF-8 text\n'])
  })
})

describe('for people', () => {
  test('lists what was touched, and sums up', async () => {
    const { code, out } = await place.run(['replay', '--policy', 'p.yaml', 'rows.jsonl', 'plain.txt'])
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual([
      'rows.jsonl:1  answer  mask by bird  "hello [bird]"',
      'rows.jsonl:2  answer  cut by key at 4  "so: "',
      'rows.jsonl:3  answer  mask by bird  "[bird]计划"',
      'plain.txt  answer  mask by bird  "A [bird], hello.\\r\\n"',
      '4 channels: 3 mask, 1 cut',
      'rule      channels  findings  decided',
      'bird             3         3        3',
      'greeting         2         2        0',
      'key              1         1        1',
      expect.stringMatching(/^held: mean [\d.]+, p99 \d+, max 8 units after each of 5 deltas$/),
    ])
  })
})

describe('--against', () => {
  const other = policy.replace('action: mask, with: "[bird]"', 'action: cut')

  test('tells only what flips', async () => {
    place.write({ 'other.yaml': other })
    const told = await replay('--against', 'other.yaml', 'rows.jsonl')
    expect(told.map(({ id, channel, flips }) => ({ id, channel, flips }))).toEqual([
      { id: 'a', channel: 'answer', flips: ['verdict', 'released', 'findings', 'cut_at'] },
      { id: 'rows.jsonl:3', channel: 'answer', flips: ['verdict', 'released', 'findings', 'cut_at'] },
    ])
    expect(told.map(({ at }) => at)).toEqual([6, 0])
    expect(told[0]).toMatchObject({ policy: { verdict: 'mask' }, against: { verdict: 'cut', released: 'hello ', cut_at: 6 } })
  })

  test('tells people the same', async () => {
    place.write({ 'other.yaml': other })
    const { out } = await place.run(['replay', '--policy', 'p.yaml', '--against', 'other.yaml', 'rows.jsonl'])
    expect(out.split('\n').slice(0, -1)).toEqual([
      'rows.jsonl:1  answer  mask by bird → cut by bird at 6, from 6 on',
      '  - "hello [bird]"',
      '  + "hello "',
      'rows.jsonl:3  answer  mask by bird → cut by bird at 0, from 0 on',
      '  - "[bird]计划"',
      '  + ""',
      '2 of 3 channels flip',
      'held: mean 2.75, p99 8, max 8 units after each of 4 deltas',
      '   →  mean 2.75, p99 8, max 8 units after each of 4 deltas',
      '      text is held as long',
    ])
  })

  test('tells how much longer text is held', async () => {
    const one = { mean: 0.25, p99: 3, max: 8, positions: 100 }
    expect(heldChange(one, { ...one, mean: 1.5, p99: 12 })).toBe('text is held longer: +1.25 units on average, p99 +9, max +0')
    expect(heldChange(one, { ...one, mean: 0.125 })).toBe('text is held shorter: -0.125 units on average, p99 +0, max +0')
    expect(heldChange(one, { ...one, max: 9 })).toBe('text is held as long on average, p99 +0, max +1')
  })

  test('a policy does not differ from itself compiled', async () => {
    expect((await place.run(['compile', 'p.yaml'])).code).toBe(0)
    expect(await replay('--against', 'p.plan', 'rows.jsonl', 'two.sse', 'tool.sse.txt')).toEqual([])
  })
})

describe('judges in a replay', () => {
  const definition: PlanDefinition = {
    name: 'judged',
    judges: {
      guard: { stretch: { first: 4, grow_to: 20 } },
      calm: { stretch: { first: 4, grow_to: 20 }, on_fault: 'forward' },
    },
    rules: [
      { id: 'violence', judge: 'guard', where: { category: 'violence' }, action: 'cut' },
      { id: 'bird', words: { terms: ['Nightjar'] }, action: 'ask', ask: { judge: 'calm', then: 'mask' }, with: '[bird]' },
    ],
  }
  const judged = (...args: string[]) => place.run(['replay', '--policy', 'judged.plan', '--json', ...args])
  const told = async (...args: string[]) => objectsIn((await judged(...args)).out)
  const stream = sse([chunk({ content: 'First. Night' }), chunk({ content: 'jar sings. Then blood.' }), chunk({}, 'stop')])

  beforeAll(() => {
    const policy = { name: 'judged', hash: '0'.repeat(64), definition, matchers: packMatchers(definition), tests: [] }
    place.write({
      'judged.plan': packPlan(policy),
      'spoken.jsonl': '{"text":"First. Nightjar sings. Then blood."}\n',
      'spoken.sse': stream,
      'says.yaml': 'guard: [{ category: violence, contains: blood }]\ncalm: [bird]\n',
      'half.json': '{"guard":[]}',
      'wrong.yaml': 'guard: perhaps\n',
    })
  })

  test('are not asked unless told so, which is said, and see nothing', async () => {
    const { err, code } = await judged('spoken.jsonl')
    expect(code).toBe(0)
    expect(err).toBe('the judges of judged (guard, calm) were not asked, and are taken to see nothing (--judges)\n')
    for (const input of ['spoken.jsonl', 'spoken.sse'])
      expect((await told(input))[0]).toMatchObject({
        verdict: 'clear',
        faults: [],
        released: 'First. Nightjar sings. Then blood.',
      })
    expect((await told('spoken.sse'))[0]?.['inquiries']).toBe((await told('spoken.jsonl'))[0]?.['inquiries'])
    expect((await told('spoken.sse'))[0]?.['inquiries']).toBeGreaterThan(2)
  })

  test('say what a file says', async () => {
    for (const input of ['spoken.jsonl', 'spoken.sse'])
      expect((await told('--judges', 'says.yaml', input))[0]).toMatchObject({
        verdict: 'cut',
        by: ['violence'],
        released: 'First. [bird] sings.',
        faults: [],
      })
  })

  test('that fail are faults, and on_fault decides', async () => {
    for (const input of ['spoken.jsonl', 'spoken.sse'])
      expect((await told('--judges', 'fault', input))[0]).toMatchObject({
        verdict: 'fault',
        by: ['guard'],
        released: '',
        cut_at: 0,
      })
    const [half] = await told('--judges', 'half.json', 'spoken.jsonl')
    expect(half).toMatchObject({
      verdict: 'fault',
      by: [],
      faults: ['judge_refused'],
      released: 'First. Nightjar sings. Then blood.',
    })
  })

  test('make the same objects at every split', async () => {
    const of = async (split: string) =>
      (await told('--judges', 'says.yaml', '--split', split, 'spoken.jsonl', 'spoken.sse')).map((one) => ({ ...one, held: null }))
    const recorded = await of('events')
    for (const split of ['whole', 'chars', '5', 'random:9']) expect(await of(split)).toEqual(recorded)
  })

  test('that hold nothing are heard at every split, although a cut came before their answers', async () => {
    const mentions: PlanDefinition = {
      name: 'mentions',
      judges: { guard: { stretch: { first: 10, grow_to: 30 } } },
      rules: [
        {
          id: 'rope',
          words: { terms: ['rope'] },
          action: 'ask',
          ask: { judge: 'guard', where: { category: 'w' }, then: 'flag' },
        },
        { id: 'end', words: { terms: ['DETONATE'] }, action: 'cut' },
      ],
    }
    const policy = { name: 'mentions', hash: '0'.repeat(64), definition: mentions, matchers: packMatchers(mentions), tests: [] }
    place.write({
      'mentions.plan': packPlan(policy),
      'mentions.jsonl': '{"text":"A long rope. And DETONATE now. A rope."}\n',
      'mentions.sse': sse([
        chunk({ content: 'A long rope. And DETO' }),
        chunk({ content: 'NATE now. A rope.' }),
        chunk({}, 'stop'),
      ]),
      'mentions.yaml': 'guard: [{ category: w }]\n',
    })
    for (const split of ['events', 'whole', 'chars', '5', 'random:9']) {
      const args = ['--policy', 'mentions.plan', '--json', '--judges', 'mentions.yaml', '--split', split]
      const { out } = await place.run(['replay', ...args, 'mentions.jsonl', 'mentions.sse'])
      const told = { verdict: 'cut', by: ['end'], released: 'A long rope. And ', inquiries: 1, faults: [] }
      const findings = [
        { rule: 'rope', start: 7, end: 11, action: 'ask' },
        { rule: 'end', start: 17, end: 25, action: 'cut' },
      ]
      expect(objectsIn(out)).toMatchObject([
        { ...told, findings },
        { ...told, findings },
      ])
    }
  })

  test('are summed up for people', async () => {
    const { out } = await place.run(['replay', '--policy', 'judged.plan', '--judges', 'fault', 'spoken.jsonl'])
    expect(out).toContain('fault judge_timeout')
    expect(out).toMatch(/^judges: \d+ asked, \d+ failed$/m)
  })

  test('that cannot be asked, or whose answers make no sense, are told of', async () => {
    const { code, err } = await judged('--judges', 'wrong.yaml', 'spoken.jsonl')
    expect(code).toBe(1)
    expect(err).toContain('wrong.yaml: what it has of "guard" is no answer; they are written as guard: [S1], ')
    expect(err).toContain('(answers_invalid)')
    place.write({ 'torn.yaml': 'guard: [S1\ncalm: []\n', 'bare.yaml': 'guard\n' })
    expect((await judged('--judges', 'torn.yaml', 'spoken.jsonl')).err).toContain(
      'torn.yaml:1:8: the bracket [ is never closed; ',
    )
    expect((await judged('--judges', 'bare.yaml', 'spoken.jsonl')).err).toContain('bare.yaml: it has no answers; ')
    expect((await judged('--judges', 'none.yaml', 'spoken.jsonl')).err).toBe('none.yaml: there is no such file (no_such_file)\n')
  })
})

describe('memory', () => {
  test.each(['events', '4096', 'random:3'])(
    'of a long recording never more is read than is on its way (--split %s)',
    async (split) => {
      const event = `data: ${chunk({ content: 'a quiet word and another, ' })}\n\n`
      const piece = new TextEncoder().encode(event.repeat(200))
      let pulled = 0
      let most = 0
      const read: { bytes: number }[] = []
      async function* open() {
        for (let index = 0; index < 100; index += 1) {
          pulled += piece.length
          most = Math.max(most, pulled - Math.min(...read.map(({ bytes }) => bytes)))
          yield piece
        }
      }
      const recognizer = new Recognizer()
      recognizer.take(JSON.parse(chunk({ content: 'x' })))
      const recognized = recognizer.result() as Recognized
      const counted: Dialect = {
        ...recognized.dialect,
        stream: (facts) => {
          const lens = recognized.dialect.stream(facts)
          const seen = { bytes: 0 }
          read.push(seen)
          const frame: typeof lens.read = (one) => {
            seen.bytes += one.bytes.length
            return lens.read(one)
          }
          return new Proxy(lens, { get: (target, key) => (key === 'read' ? frame : bound(target, key)) })
        },
      }
      const [answer] = await replayRecording(
        createPlan({ rules: [{ id: 'key', words: { terms: ['sk-'] }, action: 'cut' }] }),
        {
          kind: 'recording',
          origin: { id: 1, input: 'x', carried: {} },
          recognized: { ...recognized, dialect: counted },
          framing: 'events',
          open,
        },
        parseSplit(split),
        {},
      )
      expect(answer?.record.released).toHaveLength(100 * 200 * 26)
      expect(pulled).toBe(100 * piece.length)
      expect(most).toBeGreaterThan(0)
      expect(most).toBeLessThan(4 * piece.length)
    },
  )

  function bound(target: object, key: string | symbol): unknown {
    const value: unknown = Reflect.get(target, key)
    return typeof value === 'function' ? value.bind(target) : value
  }
})
