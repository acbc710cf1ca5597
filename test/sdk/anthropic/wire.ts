/** Messages as Anthropic's servers write them. */
import type { Asks, Step } from '../cases.ts'
import { counted, summed, type Wire } from '../dialect.ts'

/** One that `ai` knows to answer by a schema. */
export const model = 'claude-sonnet-4-5'

export const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const

export const note = {
  type: 'object',
  properties: { note: { type: 'string' } },
  required: ['note'],
  additionalProperties: false,
} as const

const tool = { name: 'weather', description: 'The weather in a city.', input_schema: city }

const message = { id: 'msg_1', type: 'message', role: 'assistant', model }

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}

type Block = 'text' | 'thinking' | 'tool_use'

const starts: Readonly<Record<Block, object>> = {
  text: { type: 'text', text: '' },
  thinking: { type: 'thinking', thinking: '', signature: '' },
  tool_use: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} },
}

/** Writes the blocks of a message, one after the other. */
class Blocks {
  readonly frames: string[] = []
  #index = -1
  #open: Block | undefined

  open(type: Block): void {
    if (this.#open === type && type !== 'tool_use') return
    this.close()
    this.#open = type
    this.#index++
    const start = type === 'tool_use' ? { ...starts[type], id: `toolu_${this.#index}` } : starts[type]
    this.frames.push(event('content_block_start', { index: this.#index, content_block: start }))
  }

  delta(delta: object): void {
    this.frames.push(event('content_block_delta', { index: this.#index, delta }))
  }

  close(): void {
    if (this.#open === undefined) return
    if (this.#open === 'thinking') this.delta({ type: 'signature_delta', signature: 'c2lnbmVk' })
    this.#open = undefined
    this.frames.push(event('content_block_stop', { index: this.#index }))
  }
}

export const anthropicMessages: Wire = {
  name: 'anthropic',
  path: () => '/v1/messages',
  request: (prompt: string, asks: Asks, stream: boolean) => ({
    model,
    max_tokens: 100,
    messages: [{ role: 'user', content: prompt }],
    ...(stream && { stream: true }),
    ...(asks === 'tools' && { tools: [tool] }),
    ...(asks === 'json' && { output_config: { format: { type: 'json_schema', schema: note } } }),
  }),
  streamType: 'text/event-stream; charset=utf-8',
  garbage: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{\n\n',
  refusal: { type: 'error', error: { type: 'rate_limit_error', message: 'Rate limit reached.' } },
  frames(script: readonly Step[]): string[] {
    const usage = { input_tokens: counted.input, output_tokens: 1 }
    const blocks = new Blocks()
    const reason = script.some((step) => typeof step !== 'string' && 'call' in step) ? 'tool_use' : 'end_turn'
    blocks.frames.push(
      event('message_start', { message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage } }),
      event('ping', {}),
    )
    for (const step of script) {
      if (step === 'finish') {
        blocks.close()
        blocks.frames.push(
          event('message_delta', {
            delta: { stop_reason: reason, stop_sequence: null },
            usage: { output_tokens: counted.output },
          }),
          event('message_stop', {}),
        )
      } else if (typeof step === 'string') continue
      else if ('say' in step) {
        blocks.open('text')
        blocks.delta({ type: 'text_delta', text: step.say })
      } else if ('think' in step) {
        blocks.open('thinking')
        blocks.delta({ type: 'thinking_delta', thinking: step.think })
      } else {
        blocks.open('tool_use')
        for (const partial_json of step.input) blocks.delta({ type: 'input_json_delta', partial_json })
        if (!step.torn) blocks.close()
      }
    }
    return blocks.frames
  },
  whole(script: readonly Step[]): object {
    const { text, thought, calls } = summed(script)
    const content = [
      ...(thought === '' ? [] : [{ type: 'thinking', thinking: thought, signature: 'c2lnbmVk' }]),
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...calls.map(({ name, input }, index) => ({
        type: 'tool_use',
        id: `toolu_${index}`,
        name,
        // What breaks off is not written to its end anyway.
        input: JSON.parse(input.endsWith('}') ? input : `${input}}`) as unknown,
      })),
    ]
    const usage = { input_tokens: counted.input, output_tokens: counted.output }
    const stop_reason = calls.length > 0 ? 'tool_use' : 'end_turn'
    return { ...message, content, stop_reason, stop_sequence: null, usage }
  },
}
