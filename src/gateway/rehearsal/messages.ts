/** Speaks Anthropic's messages: blocks one after the other, thinking with a signature, calls with their input in pieces. */
import type { Beat } from './beats.ts'
import { type Fields, isRecord, modelIn, recordsIn, textOf } from './hearing.ts'
import type { Speech, Tool } from './script.ts'
import { type Asked, callsTools, counted, nameOf, type Speaker } from './speaker.ts'

export const messagesSpeaker: Speaker<Asked> = {
  hear(body) {
    if (!isRecord(body) || !Array.isArray(body['messages'])) return undefined
    const messages = recordsIn(body['messages'])
    const results = recordsIn(messages.at(-1)?.['content']).filter(({ type }) => type === 'tool_result')
    const { output_config: config } = body
    const format = isRecord(config) ? config['format'] : undefined
    const question = {
      model: modelIn(body),
      text: textOf(messages.findLast(({ role, content }) => role === 'user' && textOf(content) !== '')?.['content']),
      toolResult: results.length > 0 ? results.map(({ content }) => textOf(content)).join('\n') : undefined,
      tools: recordsIn(body['tools']).flatMap(toolOf),
      schema: isRecord(format) ? format['schema'] : undefined,
      choices: 1,
    }
    return { question, stream: body['stream'] === true }
  },
  misheard() {
    const error = { type: 'invalid_request_error', message: 'messages: an array of messages is required' }
    return Response.json({ type: 'error', error, request_id: nameOf('req') }, { status: 400 })
  },
  whole({ question }, part) {
    const speech = part.speeches[0] as Speech
    const { prompt, completion } = counted(question, part)
    return {
      ...messageOf(question.model),
      content: speech.map((each) => {
        if (each.voice === 'tool') return { ...toolBlock(each.name), input: JSON.parse(each.input) as unknown }
        return each.voice === 'answer' ? { type: 'text', text: each.text } : { type: 'thinking', thinking: each.text, signature }
      }),
      stop_reason: stopOf(speech),
      usage: usageOf(prompt, completion),
    }
  },
  begin({ question }, part) {
    const { prompt, completion } = counted(question, part)
    const blocks = new Blocks()
    let begun = false
    return (beat) => {
      const opening = begun ? '' : opened(question.model, prompt)
      begun = true
      if (beat === null) return ''
      if (beat.voice !== 'over') return opening + blocks.say(beat)
      const delta = { stop_reason: stopOf(part.speeches[0] as Speech), stop_sequence: null, stop_details: null }
      const usage = usageOf(prompt, completion)
      return `${opening}${blocks.close()}${event({ type: 'message_delta', delta, usage })}${event({ type: 'message_stop' })}`
    }
  },
}

/** The blocks of one message, of which one is open at a time. */
class Blocks {
  #index = -1
  #open: Beat['voice'] | undefined

  say({ voice, text }: Beat): string {
    if (voice === 'open') return this.#start('input', toolBlock(text))
    const started =
      voice === this.#open || voice === 'input'
        ? ''
        : this.#start(voice, voice === 'answer' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' })
    return started + this.#delta(deltaOf(voice, text))
  }

  close(): string {
    if (this.#open === undefined) return ''
    const signed = this.#open === 'reasoning' ? this.#delta({ type: 'signature_delta', signature }) : ''
    this.#open = undefined
    return signed + event({ type: 'content_block_stop', index: this.#index })
  }

  #start(voice: Beat['voice'], block: object): string {
    const closed = this.close()
    this.#open = voice
    this.#index++
    const started = event({ type: 'content_block_start', index: this.#index, content_block: block })
    return closed + started + (this.#index === 0 ? event({ type: 'ping' }) : '')
  }

  #delta(delta: object): string {
    return event({ type: 'content_block_delta', index: this.#index, delta })
  }
}

/** No signature of anybody's, but in its form. */
const signature = 'UmVoZWFyc2FsIQ=='

function deltaOf(voice: Beat['voice'], text: string): object {
  if (voice === 'input') return { type: 'input_json_delta', partial_json: text }
  return voice === 'answer' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text }
}

function event(data: { readonly type: string } & Fields): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}

function opened(model: string, prompt: number): string {
  return event({ type: 'message_start', message: { ...messageOf(model), usage: usageOf(prompt, 1) } })
}

function messageOf(model: string): object {
  return { id: nameOf('msg'), type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null }
}

function toolBlock(name: string): object {
  return { type: 'tool_use', id: nameOf('toolu'), name, input: {} }
}

function stopOf(speech: Speech): string {
  return callsTools(speech) ? 'tool_use' : 'end_turn'
}

function usageOf(input: number, output: number): object {
  return { input_tokens: input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: output }
}

function toolOf({ name, input_schema: schema }: Fields): Tool[] {
  return typeof name === 'string' ? [{ name, schema }] : []
}
