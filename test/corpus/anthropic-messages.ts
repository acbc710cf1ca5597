/** Recorded messages. Anthropic's client is installed with the suite of clients only, so its outcomes are compared there. */
import type { Fields, RecordedDialect } from './recorded.ts'
import { eventsOf, type Leaf, leavesOf } from './walker.ts'

const said = /^content_block_delta\[\d+\]\.delta\.text$/

function leaves(event: Fields): Leaf[] {
  const { type, index } = event
  return leavesOf(event, `${type}${typeof index === 'number' ? `[${index}]` : ''}`)
}

const framed = (chunks: readonly string[]): string =>
  chunks.map((chunk) => `event: ${(JSON.parse(chunk) as Fields)['type']}\ndata: ${chunk}\n\n`).join('')

export const recordedMessages: RecordedDialect = {
  protocol: 'anthropic.messages',
  url: 'http://upstream.example/v1/messages',
  facts: () => ({ stream: true, scopes: 1, json: false, usage: true, model: 'm' }),
  framed,
  outcomes: {},
  eventsOf,
  leavesOf: leaves,
  isSaid: (path) => said.test(path),
  isSigned: (path) => path.endsWith('.delta.thinking'),
  isInput: (path) => path.endsWith('.delta.partial_json'),
  scopeOf: () => '0',
  streamOf: (recording, _path, pieces) => {
    const events = eventsOf(recording)
    const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
    const deltas = pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }))
    const rest = [
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ]
    const start = events.find(({ type }) => type === 'message_start')
    const chunks = [start, block, ...deltas, ...rest].map((event) => JSON.stringify(event))
    return { bytes: new TextEncoder().encode(framed(chunks)), path: 'content_block_delta[0].delta.text' }
  },
  endingsOf: (bytes) => {
    const events = eventsOf(bytes)
    if (events.filter(({ type }) => type === 'message_stop').length !== 1) throw new Error('not one last word')
    return events
      .filter(({ type }) => type === 'message_delta')
      .map((event) => ('sluice' in event ? ('cut' as const) : ('own' as const)))
  },
}
