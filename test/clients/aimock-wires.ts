/** How each protocol is asked and read by hand, as far as the mock speaks it. */

export interface Said {
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly input: unknown }[]
  readonly finish: string | null
  readonly error: string | null
}

export interface HandWire {
  readonly name: string
  readonly headers?: Readonly<Record<string, string>>
  request(prompt: string, stream: boolean): { readonly path: string; readonly body: object }
  read(text: string, stream: boolean): Said
  /** Without what is made anew for each answer. */
  withoutIds(text: string): string
  readonly finishes: { readonly clean: string; readonly cut: string; readonly tool: string }
  readonly blockStatus: number
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of four protocols, read as people do by hand
type Json = any

function eventsIn(text: string): Json[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const data = line.startsWith('data: ') ? line.slice('data: '.length) : '[DONE]'
    return data === '[DONE]' ? [] : [JSON.parse(data)]
  })
}

const newIds = /"(?:msg|rs|fc|call|toolu|resp|chatcmpl)[-_][\w-]+"/g

/** Adds up what a protocol says in pieces. */
class Sum {
  text = ''
  finish: string | null = null
  error: string | null = null
  readonly #calls = new Map<unknown, { name: string; input: string }>()

  call(key: unknown, name: string, input: string): void {
    const known = this.#calls.get(key) ?? { name: '', input: '' }
    this.#calls.set(key, { name: known.name + name, input: known.input + input })
  }

  fails(error: unknown): void {
    if (error) this.error = JSON.stringify(error)
  }

  get said(): Said {
    const calls = [...this.#calls.values()].map(({ name, input }) => ({ name, input: JSON.parse(input) }))
    return { text: this.text, calls, finish: this.finish, error: this.error }
  }
}

const chat: HandWire = {
  name: 'chat completions',
  finishes: { clean: 'stop', cut: 'content_filter', tool: 'tool_calls' },
  blockStatus: 400,
  withoutIds: (text) => text.replaceAll(newIds, '"id"'),
  request: (content, stream) => ({
    path: '/v1/chat/completions',
    body: { model: 'm', stream, messages: [{ role: 'user', content }] },
  }),
  read(text, stream) {
    const sum = new Sum()
    for (const { error, choices = [] } of stream ? eventsIn(text) : [JSON.parse(text)]) {
      sum.fails(error)
      for (const choice of choices) {
        const said = choice.delta ?? choice.message ?? {}
        sum.text += said.content ?? ''
        for (const [index, call] of (said.tool_calls ?? []).entries())
          sum.call(call.index ?? index, call.function.name ?? '', call.function.arguments)
        sum.finish = choice.finish_reason ?? sum.finish
      }
    }
    return sum.said
  },
}

const responses: HandWire = {
  name: 'responses',
  finishes: { clean: 'completed', cut: 'content_filter', tool: 'completed' },
  blockStatus: 400,
  withoutIds: chat.withoutIds,
  request: (content, stream) => ({ path: '/v1/responses', body: { model: 'm', stream, input: [{ role: 'user', content }] } }),
  read(text, stream) {
    const sum = new Sum()
    const events = stream ? eventsIn(text) : []
    const last = stream ? events.findLast(({ response }) => response)?.response : JSON.parse(text)
    for (const { type, error } of events) if (type === 'error') sum.fails(error ?? true)
    sum.fails(last?.error)
    sum.finish = last?.incomplete_details?.reason ?? last?.status ?? null
    for (const item of last?.output ?? []) {
      for (const part of item.type === 'message' ? item.content : []) sum.text += part.text ?? ''
      if (item.type === 'function_call') sum.call(item.id, item.name, item.arguments)
    }
    if (!stream) return sum.said
    // Whoever shows deltas sees what whoever reads the last event does.
    const deltas = events.flatMap(({ type, delta }) => (type === 'response.output_text.delta' ? [delta] : [])).join('')
    if (last?.output?.length > 0 && deltas !== sum.text) throw new Error(`deltas say ${deltas}, the last event ${sum.text}`)
    return sum.said
  },
}

const messages: HandWire = {
  name: 'messages',
  headers: { 'anthropic-version': '2023-06-01', 'x-api-key': 'k' },
  finishes: { clean: 'end_turn', cut: 'refusal', tool: 'tool_use' },
  blockStatus: 400,
  withoutIds: chat.withoutIds,
  request: (content, stream) => ({
    path: '/v1/messages',
    body: { model: 'm', stream, max_tokens: 100, messages: [{ role: 'user', content }] },
  }),
  read(text, stream) {
    const sum = new Sum()
    if (!stream) {
      const { content, stop_reason } = JSON.parse(text)
      for (const block of content) {
        if (block.type === 'text') sum.text += block.text
        if (block.type === 'tool_use') sum.call(block.id, block.name, JSON.stringify(block.input))
      }
      sum.finish = stop_reason
      return sum.said
    }
    for (const event of eventsIn(text)) {
      const { type, index, delta = {}, content_block: block = {} } = event
      if (type === 'error') sum.fails(event.error)
      if (type === 'content_block_start' && block.type === 'tool_use') sum.call(index, block.name, '')
      if (delta.type === 'text_delta') sum.text += delta.text
      if (delta.type === 'input_json_delta') sum.call(index, '', delta.partial_json)
      if (type === 'message_delta') sum.finish = delta.stop_reason
    }
    return sum.said
  },
}

const gemini: HandWire = {
  name: 'gemini',
  headers: { 'x-goog-api-key': 'k' },
  finishes: { clean: 'STOP', cut: 'SAFETY', tool: 'FUNCTION_CALL' },
  blockStatus: 200,
  withoutIds: chat.withoutIds,
  request: (text, stream) => ({
    path: `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: { contents: [{ role: 'user', parts: [{ text }] }] },
  }),
  read(text, stream) {
    const sum = new Sum()
    for (const { error, candidates = [] } of stream ? eventsIn(text) : [JSON.parse(text)]) {
      sum.fails(error)
      for (const { content = {}, finishReason } of candidates) {
        for (const part of content.parts ?? []) {
          if (part.text !== undefined && part.thought !== true) sum.text += part.text
          if (part.functionCall) sum.call(sum, part.functionCall.name, JSON.stringify(part.functionCall.args))
        }
        sum.finish = finishReason ?? sum.finish
      }
    }
    return sum.said
  },
}

export const wires: readonly HandWire[] = [chat, responses, messages, gemini]
