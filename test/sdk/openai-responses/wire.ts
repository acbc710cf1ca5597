/** Responses as OpenAI's servers write them: every text in the deltas, and again at the end of its part, item and response. */
import type { Asks, Step } from '../cases.ts'
import { counted, summed, type Wire } from '../dialect.ts'

const tool = {
  type: 'function',
  name: 'weather',
  description: 'The weather in a city.',
  strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

const format = {
  type: 'json_schema',
  name: 'note',
  strict: true,
  schema: { type: 'object', properties: { note: { type: 'string' } }, required: ['note'], additionalProperties: false },
}

const usage = {
  input_tokens: counted.input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: counted.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: counted.input + counted.output,
}

function response(status: string, output: readonly object[]): object {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: 'm',
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    store: false,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: status === 'completed' ? usage : null,
    metadata: {},
  }
}

interface Item {
  readonly type: 'message' | 'reasoning' | 'function_call'
  readonly index: number
  readonly name: string
  text: string
}

function itemOf({ type, index, name, text }: Item, status: 'in_progress' | 'completed'): object {
  const done = status === 'completed'
  if (type === 'reasoning') return { id: `rs_${index}`, type, summary: done ? [{ type: 'summary_text', text }] : [] }
  if (type === 'function_call')
    return { id: `fc_${index}`, type, status, call_id: `call_${index}`, name, arguments: done ? text : '' }
  return { id: `msg_${index}`, type, status, role: 'assistant', content: done ? [textPart(text)] : [] }
}

function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

const ids = { message: 'msg', reasoning: 'rs', function_call: 'fc' } as const

/** Writes the events of a response, one item after the other. */
class Events {
  readonly frames: string[] = []
  readonly items: Item[] = []
  #open: Item | undefined

  event(type: string, fields: object): void {
    const data = { type, ...fields, sequence_number: this.frames.length }
    this.frames.push(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  open(type: Item['type'], name = ''): void {
    if (this.#open?.type === type && type !== 'function_call') return
    this.close()
    const item: Item = { type, index: this.items.length, name, text: '' }
    this.#open = item
    this.items.push(item)
    this.event('response.output_item.added', { output_index: item.index, item: itemOf(item, 'in_progress') })
    if (type === 'message') this.event('response.content_part.added', { ...this.#at(item), part: textPart('') })
    if (type === 'reasoning')
      this.event('response.reasoning_summary_part.added', { ...this.#at(item), part: { type: 'summary_text', text: '' } })
  }

  delta(delta: string): void {
    const item = this.#open!
    item.text += delta
    const more = item.type === 'message' ? { logprobs: [] } : {}
    this.event(`response.${subjects[item.type]}.delta`, { ...this.#at(item), delta, ...more })
  }

  close(): void {
    const item = this.#open
    if (item === undefined) return
    this.#open = undefined
    const at = this.#at(item)
    const { text } = item
    if (item.type === 'message') {
      this.event('response.output_text.done', { ...at, text, logprobs: [] })
      this.event('response.content_part.done', { ...at, part: textPart(text) })
    } else if (item.type === 'reasoning') {
      this.event('response.reasoning_summary_text.done', { ...at, text })
      this.event('response.reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text } })
    } else this.event('response.function_call_arguments.done', { ...at, arguments: text })
    this.event('response.output_item.done', { output_index: item.index, item: itemOf(item, 'completed') })
  }

  #at({ type, index }: Item): object {
    const part = type === 'message' ? { content_index: 0 } : type === 'reasoning' ? { summary_index: 0 } : {}
    return { item_id: `${ids[type]}_${index}`, output_index: index, ...part }
  }
}

const subjects = {
  message: 'output_text',
  reasoning: 'reasoning_summary_text',
  function_call: 'function_call_arguments',
} as const

export const openaiResponses: Wire = {
  name: 'openai-responses',
  path: () => '/v1/responses',
  request: (prompt: string, asks: Asks, stream: boolean) => ({
    model: 'm',
    input: prompt,
    ...(stream && { stream: true }),
    ...(asks === 'tools' && { tools: [tool] }),
    ...(asks === 'json' && { text: { format } }),
  }),
  streamType: 'text/event-stream; charset=utf-8',
  garbage: 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","item_id":{\n\n',
  refusal: { error: { message: 'Rate limit reached.', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
  frames(script: readonly Step[]): string[] {
    const events = new Events()
    events.event('response.created', { response: response('in_progress', []) })
    events.event('response.in_progress', { response: response('in_progress', []) })
    for (const step of script) {
      if (step === 'finish') {
        events.close()
        const output = events.items.map((item) => itemOf(item, 'completed'))
        events.event('response.completed', { response: response('completed', output) })
      } else if (typeof step === 'string') continue
      else if ('say' in step) {
        events.open('message')
        events.delta(step.say)
      } else if ('think' in step) {
        events.open('reasoning')
        events.delta(step.think)
      } else {
        events.open('function_call', step.call)
        for (const piece of step.input) events.delta(piece)
        if (!step.torn) events.close()
      }
    }
    return events.frames
  },
  whole(script: readonly Step[]): object {
    const { text, thought, calls } = summed(script)
    const said: Omit<Item, 'index'>[] = [
      ...(thought === '' ? [] : [{ type: 'reasoning' as const, name: '', text: thought }]),
      ...(text === '' ? [] : [{ type: 'message' as const, name: '', text }]),
      ...calls.map(({ name, input }) => ({ type: 'function_call' as const, name, text: input })),
    ]
    const output = said.map((item, index) => itemOf({ ...item, index }, 'completed'))
    return response('completed', output)
  },
}
