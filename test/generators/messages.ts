/** Random messages in Anthropic's protocol: blocks one after the other, whole or in pieces, with everything servers put around them. */
import fc from 'fast-check'
import { matches } from '../oracle/fates.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import type { OracleChannel, Step } from '../oracle/response.ts'
import { someInput, spell, type Texts } from './chat.ts'
import { everyPolicy } from './policies.ts'
import { divide, someText } from './texts.ts'

type Fields = Record<string, unknown>

interface Spoken {
  /** Where its text is cut into deltas; the first piece may stand in the block's start. */
  readonly places: readonly number[]
  readonly starts: boolean
}

export type Block =
  | (Spoken & { readonly kind: 'text'; readonly text: string; readonly mystery: string })
  | (Spoken & { readonly kind: 'thinking'; readonly text: string })
  | (Spoken & { readonly kind: 'tool'; readonly name: string; readonly text: string })
  | { readonly kind: 'redacted' }
  | { readonly kind: 'result'; readonly texts: readonly string[] }

export interface MessageScript {
  readonly json: boolean
  readonly blocks: readonly Block[]
}

/** How a server writes: the same message in every style. */
export interface MessageStyle {
  readonly newline: '\n' | '\r\n' | '\r'
  readonly bom: boolean
  readonly escaped: boolean
  readonly padding: boolean
  readonly pings: boolean
  readonly comments: boolean
  readonly sentinel: boolean
}

export const plainStyle: MessageStyle = {
  newline: '\n',
  bom: false,
  escaped: false,
  padding: false,
  pings: false,
  comments: false,
  sentinel: false,
}

export const someStyle: fc.Arbitrary<MessageStyle> = fc.record({
  newline: fc.constantFrom('\n' as const, '\n' as const, '\r\n' as const, '\r' as const),
  bom: fc.boolean(),
  escaped: fc.boolean(),
  padding: fc.boolean(),
  pings: fc.boolean(),
  comments: fc.boolean(),
  sentinel: fc.boolean(),
})

export function someMessageOf(texts: Texts): fc.Arbitrary<MessageScript> {
  const spoken = { places: fc.array(fc.nat(1000), { maxLength: 4 }), starts: fc.constantFrom(false, false, false, true) }
  const block = (json: boolean): fc.Arbitrary<Block> =>
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          ...spoken,
          kind: fc.constant('text' as const),
          text: json ? someInput(texts) : texts(8),
          mystery: fc.oneof(fc.constant(''), fc.constant(''), texts(3)),
        }),
      },
      { weight: 2, arbitrary: fc.record({ ...spoken, kind: fc.constant('thinking' as const), text: texts(6) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          ...spoken,
          kind: fc.constant('tool' as const),
          name: fc.oneof(fc.constant('look_up'), texts(2)).map((name) => name || 'f'),
          text: fc.oneof({ weight: 6, arbitrary: someInput(texts) }, { weight: 1, arbitrary: fc.constant('') }),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'redacted' as const }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('result' as const), texts: fc.array(texts(4), { maxLength: 2 }) }) },
    )
  return fc
    .constantFrom(false, false, true)
    .chain((json) => fc.record({ json: fc.constant(json), blocks: fc.array(block(json), { maxLength: 5 }) }))
}

export interface MessageCase {
  readonly policy: OraclePolicy
  readonly message: MessageScript
  readonly style: MessageStyle
  /** Where the network cuts the bytes. */
  readonly places: readonly number[]
}

/** What messages carry beside their text: the names of unknown fields, a comment. */
const noise = ['mystery', 'n', '0']

export function messageCase(policies: fc.Arbitrary<OraclePolicy> = everyPolicy): fc.Arbitrary<MessageCase> {
  return policies
    .filter((policy) => policy.rules.every((rule) => noise.every((text) => matches(rule, text).length === 0)))
    .chain((policy) =>
      fc.record({
        policy: fc.constantFrom('cut' as const, 'hold' as const).map((reasoning) => ({ ...policy, reasoning })),
        message: someMessageOf((most) => someText(policy, most)),
        style: someStyle,
        places: fc.array(fc.nat(100_000), { maxLength: 6 }),
      }),
    )
}

/** The name of the thread in which each block speaks; text blocks that follow one another are one thread. */
export function threadsOf({ blocks, json }: MessageScript): string[] {
  const counts = new Map<string, number>()
  return blocks.map(({ kind }, index) => {
    // Each text that was asked for as JSON is a document of its own.
    const goesOn = kind === 'text' && !json && blocks[index - 1]?.kind === 'text'
    if (!goesOn) counts.set(kind, (counts.get(kind) ?? -1) + 1)
    return `${kind}/${counts.get(kind)}`
  })
}

/** One event, what it says, and of which block it is. */
export interface MessageEvent {
  readonly data: Fields
  readonly steps: readonly Step[]
}

const scope = '0'
const says = (channel: OracleChannel, text: string): Step[] => (text === '' ? [] : [{ kind: 'says', scope, channel, text }])
const whole = (name: string, text: string, kind = 'answer'): Step[] =>
  text === '' ? [] : [{ kind: 'whole', scope, channel: { name, kind }, text }]
const mystery: OracleChannel = { name: 'mystery', kind: 'unknown' }

const channelOf = (thread: string, json: boolean): OracleChannel => {
  if (thread.startsWith('text')) return { name: thread, kind: 'answer', json }
  if (thread.startsWith('thinking')) return { name: thread, kind: 'reasoning', signed: true }
  return { name: thread, kind: 'tool_input', atomic: true, json: true, call: thread }
}
const nameOf = (thread: string): OracleChannel => ({
  name: `name/${thread}`,
  kind: 'tool_input',
  atomic: true,
  fixed: true,
  call: thread,
})

function endsOf(thread: string): Step[] {
  const names = thread.startsWith('tool') ? [`name/${thread}`, thread] : [thread]
  return names.map((channel) => ({ kind: 'ends', scope, channel, last: true }))
}

const envelope = { id: 'msg_9', type: 'message', role: 'assistant', model: 'm-9' }
const usage = { input_tokens: 5, output_tokens: 1 }

/** The message as a stream. Blocks carry their own number in a field that nobody knows, so that a reader can tell them apart. */
export function streamOf(script: MessageScript): MessageEvent[] {
  const { blocks, json } = script
  const threads = threadsOf(script)
  const start = { type: 'message_start', message: { ...envelope, content: [], stop_reason: null, stop_sequence: null, usage } }
  const events: MessageEvent[] = [{ data: start, steps: [] }]
  for (const [index, block] of blocks.entries()) {
    const thread = threads[index] as string
    const before = threads[index - 1]
    const over = before?.startsWith('text') && before !== thread ? endsOf(before) : []
    events.push(
      ...blockEvents(block, index, channelOf(thread, json)).map(withEnds(over, block.kind === 'text' ? [] : endsOf(thread))),
    )
  }
  const last = { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } }
  events.push({ data: last, steps: [{ kind: 'finishes', scope }] }, { data: { type: 'message_stop' }, steps: [] })
  return events
}

const withEnds =
  (over: readonly Step[], own: readonly Step[]) =>
  (event: MessageEvent, at: number, { length }: readonly MessageEvent[]): MessageEvent => ({
    ...event,
    steps: [...(at === 0 ? over : []), ...event.steps, ...(at === length - 1 ? own : [])],
  })

const numbered = ({ type, ...fields }: Fields, n: number): Fields => ({ type, n, ...fields })

function blockEvents(block: Block, index: number, channel: OracleChannel): MessageEvent[] {
  const n = whole('n', 'n', 'unknown')
  const start = (fields: Fields, steps: readonly Step[]): MessageEvent => ({
    data: { type: 'content_block_start', index, content_block: numbered(fields, index) },
    // Of a call the name is read before anything that nobody knows.
    steps: block.kind === 'tool' ? [...steps, ...n] : [...n, ...steps],
  })
  const delta = (said: Fields, steps: readonly Step[]): MessageEvent => ({
    data: { type: 'content_block_delta', index, delta: said },
    steps,
  })
  const stop: MessageEvent = { data: { type: 'content_block_stop', index }, steps: [] }
  if (block.kind === 'redacted') return [start({ type: 'redacted_thinking', data: 'EmwK+/==' }, []), stop]
  if (block.kind === 'result') {
    const content = block.texts.map((text) => ({ type: 'text', text }))
    return [
      start(
        { type: 'mcp_tool_result', tool_use_id: 't', content },
        block.texts.flatMap((text) => whole('result', text)),
      ),
      stop,
    ]
  }
  const all = divide(block.text, block.places)
  const [first = '', ...rest] = block.starts && block.kind !== 'tool' ? all : ['', ...all]
  if (block.kind === 'tool') {
    const name = nameOf(channel.name)
    return [
      start({ type: 'tool_use', id: `toolu_${index}`, name: block.name, input: {} }, says(name, block.name)),
      ...all.map((piece) => delta({ type: 'input_json_delta', partial_json: piece }, says(channel, piece))),
      stop,
    ]
  }
  if (block.kind === 'thinking') {
    return [
      start({ type: 'thinking', thinking: first, signature: '' }, says(channel, first)),
      ...rest.map((piece) => delta({ type: 'thinking_delta', thinking: piece }, says(channel, piece))),
      delta({ type: 'signature_delta', signature: 'ErUB+/==' }, []),
      stop,
    ]
  }
  const beside = divide(block.mystery, block.places)
  return [
    start({ type: 'text', text: first }, says(channel, first)),
    ...rest.map((piece, at) => {
      const other = beside.slice(at, at === rest.length - 1 ? undefined : at + 1).join('')
      const unknown = other === '' ? [] : [...whole('mystery/key', 'mystery', 'unknown'), ...says(mystery, other)]
      const fields = other === '' ? {} : { mystery: other }
      return delta({ type: 'text_delta', text: piece, ...fields }, [...says(channel, piece), ...unknown])
    }),
    stop,
  ]
}

/** The input of a tool as an object: a whole message has it so. */
function inputOf(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {}
  return text === '' ? {} : { q: text }
}

/** The message as a whole body, every block in one piece. */
export function bodyOf(script: MessageScript): MessageEvent {
  const { blocks, json } = script
  const threads = threadsOf(script)
  const steps: Step[] = []
  const content = blocks.map((block, index) => {
    const thread = threads[index] as string
    const before = threads[index - 1]
    const channel = channelOf(thread, json)
    if (before?.startsWith('text') && before !== thread) steps.push(...endsOf(before))
    const n = whole('n', 'n', 'unknown')
    if (block.kind !== 'tool') steps.push(...n)
    const fields = wholeBlock(block, channel, steps)
    if (block.kind === 'tool') steps.push(...n)
    if (block.kind !== 'text') steps.push(...endsOf(thread))
    return numbered(fields, index)
  })
  steps.push({ kind: 'finishes', scope })
  return { data: { ...envelope, content, stop_reason: 'end_turn', stop_sequence: null, usage }, steps }
}

function wholeBlock(block: Block, channel: OracleChannel, steps: Step[]): Fields {
  switch (block.kind) {
    case 'redacted':
      return { type: 'redacted_thinking', data: 'EmwK+/==' }
    case 'result':
      steps.push(...block.texts.flatMap((text) => whole('result', text)))
      return { type: 'mcp_tool_result', tool_use_id: 't', content: block.texts.map((text) => ({ type: 'text', text })) }
    case 'thinking':
      steps.push(...says(channel, block.text))
      return { type: 'thinking', thinking: block.text, signature: 'ErUB+/==' }
    case 'tool': {
      const input = inputOf(block.text)
      const isEmpty = Object.keys(input).length === 0
      steps.push(...says(nameOf(channel.name), block.name), ...(isEmpty ? [] : says(channel, JSON.stringify(input))))
      return { type: 'tool_use', id: 'toolu_9', name: block.name, input }
    }
    case 'text':
      steps.push(...says(channel, block.text))
      return { type: 'text', text: block.text, citations: null }
  }
}

/** One event as it is sent, with what it says. */
export interface SentEvent {
  readonly bytes: Uint8Array
  readonly steps: readonly Step[]
}

/** The events as bytes; `alter` changes what each says before it is written. */
export function spelled(
  events: readonly MessageEvent[],
  style: MessageStyle,
  alter: (data: Fields, index: number) => Fields = (data) => data,
): SentEvent[] {
  const { newline, escaped } = style
  const sent: { text: string; steps: readonly Step[] }[] = []
  for (const [index, { data, steps }] of events.entries()) {
    if (style.comments && index % 3 === 1) sent.push({ text: `: 0${newline}${newline}`, steps: [] })
    if (style.pings && index % 4 === 2)
      sent.push({ text: `event: ping${newline}data: {"type":"ping"}${newline}${newline}`, steps: [] })
    const altered = alter(data, index)
    const json = spell(altered, escaped)
    const padded = style.padding ? json.replace(/\}$/, `${' '.repeat(index % 5)}}`) : json
    sent.push({ text: `event: ${data['type']}${newline}data: ${padded}${newline}${newline}`, steps })
  }
  if (style.sentinel) sent.push({ text: `event: data${newline}data: [DONE]${newline}${newline}`, steps: [] })
  const encoder = new TextEncoder()
  return sent.map(({ text, steps }, index) => ({
    bytes: encoder.encode((style.bom && index === 0 ? '\ufeff' : '') + text),
    steps,
  }))
}
