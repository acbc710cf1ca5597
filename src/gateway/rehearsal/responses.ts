/** Speaks OpenAI's Responses: items and parts that open and close, and every text again in each event that closes it. */
import type { Beat } from './beats.ts'
import { refusedRequest } from './chat.ts'
import type { Fields } from './hearing.ts'
import { hearResponse, type ResponseAsked } from './responses-request.ts'
import type { Call, Line, Speech } from './script.ts'
import { counted, nameOf, now, type Speaker } from './speaker.ts'

export const responsesSpeaker: Speaker<ResponseAsked> = {
  hear: hearResponse,
  misheard: () => refusedRequest('input', 'input: a string or an array of items is required'),
  whole(asked, part) {
    const output = (part.speeches[0] as Speech).map(
      (each) => new Item(each.voice === 'tool' ? each.name : each.voice, each).closed,
    )
    return completed(responseOf(asked), output, usageOf(asked, part))
  },
  begin(asked, part) {
    const response = responseOf(asked)
    const output: Fields[] = []
    let sequence = 0
    let item: Item | undefined
    const events = (list: readonly Fields[]): string =>
      list.map((each) => `event: ${each['type']}\ndata: ${JSON.stringify({ ...each, sequence_number: sequence++ })}\n\n`).join('')
    const close = (): Fields[] => {
      if (item === undefined) return []
      const closing = item.close(output.length)
      output.push(item.closed)
      item = undefined
      return closing
    }
    const open = (voice: Line['voice'] | 'tool', name: string): Fields[] => {
      const closing = close()
      item = new Item(name, { voice, name, text: '', input: '' } as Line | Call)
      return [...closing, ...item.open(output.length)]
    }
    return (beat) => {
      const begun =
        sequence === 0
          ? [
              { type: 'response.created', response },
              { type: 'response.in_progress', response },
            ]
          : []
      if (beat === null) return ''
      if (beat.voice === 'over') {
        const last = completed(response, output, usageOf(asked, part))
        return events([...begun, ...close()]) + events([{ type: 'response.completed', response: last }])
      }
      if (beat.voice === 'open') return events([...begun, ...open('tool', beat.text)])
      const opening = beat.voice === 'input' || item?.voice === beat.voice ? [] : open(beat.voice, beat.voice)
      return events([...begun, ...opening, ...(item as Item).say(beat, output.length)])
    }
  },
}

/** One item of the output: a message, a summary of reasoning, or a call. */
class Item {
  readonly voice: Line['voice'] | 'tool'
  readonly #id: string
  readonly #name: string
  readonly #callId = nameOf('call')
  #text: string

  constructor(name: string, said: Line | Call) {
    this.voice = said.voice
    this.#name = name
    this.#id = nameOf(said.voice === 'tool' ? 'fc' : said.voice === 'answer' ? 'msg' : 'rs')
    this.#text = said.voice === 'tool' ? said.input : said.text
  }

  get closed(): Fields {
    return this.#item('completed', [this.#part(this.#text)])
  }

  open(at: number): Fields[] {
    const added = { type: 'response.output_item.added', output_index: at, item: this.#item('in_progress', []) }
    if (this.voice === 'tool') return [added]
    return [added, { type: `response.${this.#partName}.added`, ...this.#place(at), part: this.#part('') }]
  }

  say({ text }: Beat, at: number): Fields[] {
    this.#text += text
    const logprobs = this.voice === 'answer' && { logprobs: [] }
    return [{ type: `response.${this.#deltaName}.delta`, ...this.#place(at), delta: text, ...logprobs }]
  }

  close(at: number): Fields[] {
    const item = { type: 'response.output_item.done', output_index: at, item: this.closed }
    const place = this.#place(at)
    if (this.voice === 'tool')
      return [{ type: `response.${this.#deltaName}.done`, ...place, name: this.#name, arguments: this.#text }, item]
    const logprobs = this.voice === 'answer' && { logprobs: [] }
    return [
      { type: `response.${this.#deltaName}.done`, ...place, text: this.#text, ...logprobs },
      { type: `response.${this.#partName}.done`, ...place, part: this.#part(this.#text) },
      item,
    ]
  }

  get #partName(): string {
    return this.voice === 'answer' ? 'content_part' : 'reasoning_summary_part'
  }

  get #deltaName(): string {
    if (this.voice === 'tool') return 'function_call_arguments'
    return this.voice === 'answer' ? 'output_text' : 'reasoning_summary_text'
  }

  #place(at: number): Fields {
    const index = this.voice === 'tool' ? {} : this.voice === 'answer' ? { content_index: 0 } : { summary_index: 0 }
    return { item_id: this.#id, output_index: at, ...index }
  }

  #part(text: string): Fields {
    return this.voice === 'answer' ? { type: 'output_text', text, annotations: [], logprobs: [] } : { type: 'summary_text', text }
  }

  #item(status: string, parts: readonly Fields[]): Fields {
    const id = this.#id
    if (this.voice === 'reasoning') return { id, type: 'reasoning', summary: parts }
    if (this.voice === 'answer') return { id, type: 'message', status, role: 'assistant', content: parts }
    const input = status === 'completed' ? this.#text : ''
    return { id, type: 'function_call', status, call_id: this.#callId, name: this.#name, arguments: input }
  }
}

function responseOf({ question, echoed }: ResponseAsked): Fields {
  return {
    id: nameOf('resp'),
    object: 'response',
    created_at: now(),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    model: question.model,
    output: [],
    ...echoed,
    usage: null,
  }
}

function completed(response: Fields, output: readonly Fields[], usage: Fields): Fields {
  return { ...response, status: 'completed', output, usage }
}

function usageOf({ question }: ResponseAsked, part: Parameters<typeof counted>[1]): Fields {
  const { prompt, completion, reasoning } = counted(question, part)
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: completion,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: prompt + completion,
  }
}
