/** Recorded Responses, and what OpenAI's client makes of them. */
import OpenAI from 'openai'
import { raises } from './openai-chat.ts'
import type { Fields, RecordedDialect } from './recorded.ts'
import { eventsOf, type Leaf, leavesOf } from './walker.ts'

const clientOf = (send: typeof fetch): OpenAI =>
  new OpenAI({ apiKey: 'k', baseURL: 'http://upstream.example/v1', maxRetries: 0, fetch: send })

const asked = { model: 'm', input: 'hi' }

async function iterated(send: typeof fetch): Promise<string> {
  let events = 0
  let characters = 0
  try {
    for await (const event of await clientOf(send).responses.create({ ...asked, stream: true })) {
      events++
      if (event.type === 'response.output_text.delta') characters += event.delta.length
    }
    return `ok n=${events} chars=${characters}`
  } catch (error) {
    return raises(error)
  }
}

async function accumulated(send: typeof fetch): Promise<string> {
  try {
    const { status, output_text } = await clientOf(send).responses.stream(asked).finalResponse()
    return `ok ${status} len=${output_text.length}`
  } catch (error) {
    return raises(error)
  }
}

const framed = (chunks: readonly string[]): string => chunks.map((chunk) => `data: ${chunk}\n\n`).join('')

/** Threads are known by the kind of event and the place of the part: ids may change with every event. */
function leaves(event: Fields): Leaf[] {
  const { type, output_index, content_index, summary_index } = event
  const place = [output_index, content_index, summary_index].map((index) => index ?? '').join('.')
  return leavesOf(event).map(({ path, text }) => ({ path: `${type}#${place}:${path}`, text }))
}

const said = /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text)\.delta#.*:delta$/

export const recordedResponses: RecordedDialect = {
  protocol: 'openai.responses',
  url: 'http://upstream.example/v1/responses',
  facts: () => ({ stream: true, scopes: 1, json: false, usage: true, model: 'm' }),
  framed,
  outcomes: { raw: iterated, helper: accumulated },
  eventsOf,
  leavesOf: leaves,
  isSaid: (path) => said.test(path),
  scopeOf: () => '0',
  streamOf: (recording, _path, pieces) => {
    const [created] = eventsOf(recording)
    const text = pieces.join('')
    const at = { item_id: 'msg_1', output_index: 0, content_index: 0 }
    const part = { type: 'output_text', text, annotations: [], logprobs: [] }
    const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] }
    const events: Fields[] = [
      { ...created },
      { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
      { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
      ...pieces.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
      { type: 'response.output_text.done', ...at, text, logprobs: [] },
      { type: 'response.content_part.done', ...at, part },
      { type: 'response.output_item.done', output_index: 0, item },
      {
        type: 'response.completed',
        response: { ...(created?.['response'] as Fields), status: 'completed', output: [item], usage: null },
      },
    ]
    const numbered = events.map((event, sequence_number) => JSON.stringify({ ...event, sequence_number }))
    return { bytes: new TextEncoder().encode(framed(numbered)), path: 'response.output_text.delta#0.0.:delta' }
  },
  endingsOf: (bytes) => {
    const ends = eventsOf(bytes).filter(({ type }) => /^response\.(completed|incomplete|failed|cancelled)$/.test(String(type)))
    if (ends.length !== 1) throw new Error(`${ends.length} last words`)
    return ends.map(({ type }) => (type === 'response.incomplete' ? 'cut' : 'own'))
  },
}
