/**
 * The frames of our own in OpenAI's Responses protocol: how a response that was cut ends, failures, refusals.
 *
 * A cut ends in `response.incomplete` with the reason `content_filter`, as OpenAI's own filter does, or (`refusal`) in a
 * refusal part and `response.completed`: Python's `get_final_response`, older Node helpers and agents accept nothing else.
 * What is open is closed first, with the text that was released: helpers take the last word for the text, and UIs wait for it.
 */
import type { Reply, RequestFacts } from '../terms/dialect.ts'
import type { Usage } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { isCode } from './code.ts'
import { eventText, jsonText } from './encode.ts'
import type { ScopeChannels } from './memory.ts'
import { errorBody } from './openai-endings.ts'
import { threadOf } from './openai-responses-items.ts'
import { endedBy, noticeOf, type Outcome, outcomeOf, refusalPart, type Said, textPart } from './openai-responses-outcome.ts'
import { isRepeated } from './openai-responses-repeated.ts'
import { Seen, type SeenItem, type SeenPart } from './openai-responses-seen.ts'
import { bodyReply, streamReply } from './reply.ts'
import type { JsonRecord } from './shape.ts'

/** Writes events after those that were seen. */
export class Endings {
  readonly #seen: Seen
  /** Whose all of them are. */
  readonly #identity: JsonRecord
  #text = ''
  /** How the response ends that was cut. */
  #outcome: Outcome = { status: 'incomplete' }
  /** Items as they were released, for the response that ends. */
  readonly #output: JsonRecord[] = []

  constructor(seen: Seen, model: string) {
    this.#seen = seen
    const { id, model: announced, created_at } = seen.response ?? {}
    this.#identity = {
      id: isCode(id) ? id : `resp_${crypto.randomUUID()}`,
      object: 'response',
      created_at: typeof created_at === 'number' ? created_at : Math.floor(Date.now() / 1000),
      model: isCode(announced) ? announced : model,
    }
  }

  /**
   * All that closes what is open; the last event is `close`'s.
   *
   * @param released by channel, what was sent; a part whose channel is absent is not told again.
   */
  cut(how: OnCut, json: boolean, channels: ScopeChannels, released: ReadonlyMap<string, string>): string {
    const outcome = outcomeOf(how)
    this.#outcome = outcome
    if (outcome.status === 'failed') {
      this.#event('error', { error: errorBody('content_filter', how.notice, 'invalid_request_error') })
      return this.#taken()
    }
    const items = [...this.#seen.items.values()].sort((a, b) => a.index - b.index)
    const said = noticeOf(how, json)
    // The notice goes where the model was speaking, or into a message of its own.
    const speaking = said && items.findLast(({ type, closed }) => type === 'message' && !closed)
    for (const item of items) {
      const parts = this.#close(
        item,
        outcome.status,
        (part) => textOf(item, part, channels, released),
        item === speaking ? said : undefined,
      )
      const whole = this.#released(item, parts, outcome.status, channels, released)
      if (whole !== undefined) this.#output.push(whole)
    }
    if (said !== undefined && speaking === undefined) this.#message((items.at(-1)?.index ?? -1) + 1, said)
    return this.#taken()
  }

  /** The last event of a response that was cut. @param usage an estimate, for what only the upstream's last event tells. */
  close(usage?: Usage): string {
    return this.#end(this.#outcome, usage)
  }

  fail(code: string, message: string): string {
    this.#event('error', { error: errorBody(code, message, 'server_error') })
    return this.#end({ status: 'failed', code: 'server_error', message })
  }

  /** A response that declines, from its beginning. */
  refuse(message: string): string {
    this.#event('response.created', { response: this.#response({ status: 'in_progress', output: [] }) })
    this.#event('response.in_progress', { response: this.#response({ status: 'in_progress', output: [] }) })
    this.#message(0, { refusal: message })
    return this.#end({ status: 'completed' })
  }

  /** The response that ends so, with the items that were released. */
  response(outcome: Outcome): JsonRecord {
    return this.#response({ ...endedBy(outcome), output: this.#output, usage: null })
  }

  #close(
    item: SeenItem,
    status: string,
    textOf: (part: SeenPart) => string | undefined,
    said: Said | undefined,
  ): JsonRecord[] | undefined {
    const parts = item.parts.sort((a, b) => a.position - b.position)
    const content: JsonRecord[] = []
    const speaking =
      said !== undefined && 'text' in said ? parts.findLast(({ type, told }) => type === 'output_text' && !told) : undefined
    for (const part of parts) {
      let text = textOf(part)
      if (text === undefined) return undefined
      if (part === speaking && said !== undefined && 'text' in said) {
        this.#delta(item, part, said.text)
        text += said.text
      }
      if (!item.closed) this.#closePart(item, part, text)
      content.push(partOf(part, text))
    }
    if (item.closed) return content
    if (said !== undefined && speaking === undefined) content.push(this.#addPart(item, parts.length, said))
    const { fields, index } = item
    if (item.type === 'message') this.#itemDone(index, { ...fields, status, content })
    else if (item.type === 'reasoning') this.#itemDone(index, { ...fields, status, ...reasoningOf(parts, content) })
    else this.#itemDone(index, { ...fields, ...unfinished(item.type) })
    return content
  }

  /** The item as the response's output has it; undefined for what is not told again: calls that the provider itself ran. */
  #released(
    item: SeenItem,
    content: JsonRecord[] | undefined,
    status: string,
    channels: ScopeChannels,
    released: ReadonlyMap<string, string>,
  ): JsonRecord | undefined {
    if (content === undefined) return undefined
    const { fields, type, closed } = item
    const state = closed ? 'completed' : status
    if (type === 'message') return { ...fields, status: state, content }
    if (type === 'reasoning') return { ...fields, status: state, ...reasoningOf(item.parts, content) }
    // Helpers refuse a completed response in which an item that was announced is missing.
    if (!closed) return { ...fields, ...unfinished(type) }
    const field = inputs[type]
    if (field === undefined) return undefined
    const said = (name: boolean): string | undefined => {
      const channel = [...channels.channelsOf(threadOf(item.index))].find((one) => (one.fixed === true) === name)
      return channel === undefined ? '' : released.get(channel.name)
    }
    const [name, input] = [said(true), said(false)]
    return name === undefined || input === undefined ? undefined : { ...fields, status: 'completed', name, [field]: input }
  }

  #closePart(item: SeenItem, part: SeenPart, text: string): void {
    const at = this.#at(item, part)
    const [subject, field] =
      part.type === 'refusal'
        ? ['refusal', 'refusal']
        : [part.type === 'summary_text' ? 'reasoning_summary_text' : part.type, 'text']
    if (!part.told)
      this.#event(`response.${subject}.done`, { ...at, [field]: text, ...(part.type === 'output_text' && { logprobs: [] }) })
    const closing = part.of === 'summary' ? 'response.reasoning_summary_part.done' : 'response.content_part.done'
    if (!part.closed) this.#event(closing, { ...at, part: partOf(part, text) })
  }

  #addPart(item: Pick<SeenItem, 'index' | 'fields'>, position: number, said: Said): JsonRecord {
    const [type, text] = 'text' in said ? ['output_text', said.text] : ['refusal', said.refusal]
    const part: SeenPart = { of: 'content', position, type, told: false, closed: false }
    this.#event('response.content_part.added', { ...this.#at(item, part), part: partOf(part, '') })
    this.#delta(item, part, text)
    this.#closePart({ ...item, type: 'message', parts: [], closed: false }, part, text)
    return partOf(part, text)
  }

  #message(index: number, said: Said): void {
    const fields = { id: `msg_${crypto.randomUUID()}`, type: 'message', role: 'assistant' }
    this.#event('response.output_item.added', { output_index: index, item: { ...fields, status: 'in_progress', content: [] } })
    const message = { ...fields, status: 'completed', content: [this.#addPart({ index, fields }, 0, said)] }
    this.#itemDone(index, message)
    this.#output.push(message)
  }

  #delta(item: Pick<SeenItem, 'index' | 'fields'>, part: SeenPart, text: string): void {
    if (text === '') return
    this.#event(`response.${part.type}.delta`, {
      ...this.#at(item, part),
      delta: text,
      ...(part.type === 'output_text' && { logprobs: [] }),
    })
  }

  #itemDone(index: number, item: JsonRecord): void {
    this.#event('response.output_item.done', { output_index: index, item })
  }

  #at({ index, fields }: Pick<SeenItem, 'index' | 'fields'>, { of, position }: SeenPart): JsonRecord {
    return { item_id: fields['id'] ?? '', output_index: index, [of === 'summary' ? 'summary_index' : 'content_index']: position }
  }

  #event(type: string, fields: JsonRecord): void {
    this.#text += eventText(jsonText({ type, ...fields, sequence_number: this.#seen.next++ }), type)
  }

  #end(outcome: Outcome, usage?: Usage): string {
    const response = this.response(outcome)
    const told = usage === undefined ? { response } : { response: { ...response, usage: usageOf(usage) }, ...estimated }
    this.#event(`response.${outcome.status}`, told)
    return this.#taken()
  }

  #taken(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  #response(fields: JsonRecord): JsonRecord {
    const announced = Object.entries(this.#seen.response ?? {}).filter(isRepeated)
    return { ...Object.fromEntries(announced), ...this.#identity, ...fields }
  }
}

/** Tools whose calls a client may go on with, and where their input stands. */
const inputs: Readonly<Record<string, string>> = {
  function_call: 'arguments',
  mcp_call: 'arguments',
  mcp_approval_request: 'arguments',
  custom_tool_call: 'input',
}

/** What clients have to find in a call that the provider was running: nothing of it is told again. */
const untold: Readonly<Record<string, JsonRecord>> = {
  code_interpreter_call: { code: null, outputs: null },
  image_generation_call: { result: '' },
  file_search_call: { queries: [], results: null },
  mcp_list_tools: { tools: [] },
}

function unfinished(type: string): JsonRecord {
  return { ...(Object.hasOwn(untold, type) && untold[type]), status: 'incomplete' }
}

function partOf({ type }: SeenPart, text: string): JsonRecord {
  if (type === 'refusal') return refusalPart(text)
  return type === 'output_text' ? textPart(text) : { type, text }
}

function reasoningOf(parts: readonly SeenPart[], content: readonly JsonRecord[]): JsonRecord {
  const of = (which: SeenPart['of']): JsonRecord[] => content.filter((_, index) => parts[index]?.of === which)
  const said = of('content')
  return { summary: of('summary'), ...(said.length > 0 && { content: said }) }
}

const kinds: Readonly<Record<string, string>> = { output_text: 'answer', refusal: 'refusal' }

function textOf(
  item: SeenItem,
  { of, position, type }: SeenPart,
  channels: ScopeChannels,
  released: ReadonlyMap<string, string>,
): string | undefined {
  const kind = kinds[type] ?? 'reasoning'
  const channel = [...channels.channelsOf(threadOf(item.index, position, of))].find((one) => one.kind === kind)
  return channel === undefined ? '' : released.get(channel.name)
}

/** Beside the figures, whose fields clients have types for. */
const estimated = { sluice: { usage: 'estimated' } }

function usageOf({ input = 0, output = 0 }: Usage): JsonRecord {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  }
}

/** An answer that declines, as the model itself does: a message that is a refusal. */
export function refusalReply(facts: RequestFacts, message: string): Reply {
  const seen = new Seen()
  const endings = new Endings(seen, facts.model)
  const events = endings.refuse(message)
  if (facts.stream) return streamReply(events)
  const body = jsonText({ ...endings.response({ status: 'completed' }), usage: usageOf({}) })
  return bodyReply(body)
}
