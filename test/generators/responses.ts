/** Random streams of OpenAI's Responses: items and parts, each text in pieces and then whole, again and again, in every spelling of servers. */
import fc from 'fast-check'
import type { OraclePolicy } from '../oracle/policy.ts'
import type { OracleChannel, Step } from '../oracle/response.ts'
import { spell, type Texts } from './chat.ts'
import { divide, somePlaces, someText } from './texts.ts'

type Fields = Record<string, unknown>

interface Part {
  readonly type: 'output_text' | 'refusal' | 'reasoning_text' | 'summary_text'
  readonly text: string
  readonly places: readonly number[]
}

type Item =
  | { readonly kind: 'message' | 'reasoning'; readonly parts: readonly Part[] }
  | {
      readonly kind: 'call'
      readonly type: 'function_call' | 'mcp_call' | 'custom_tool_call'
      readonly name: string
      readonly input: string
      readonly places: readonly number[]
    }
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'stranger'; readonly text: string; readonly places: readonly number[] }

export interface ResponsesScript {
  /** The answer was asked for as JSON. */
  readonly json: boolean
  readonly items: readonly Item[]
}

/** How a server writes. */
export interface ResponsesStyle {
  readonly named: boolean
  readonly numbered: boolean
  readonly padding: boolean
  /** A top-level `output_text` beside the output. */
  readonly outputText: boolean
  readonly sentinel: boolean
  readonly escaped: boolean
  /** Every event has other ids. */
  readonly rotating: boolean
  /** Texts come whole, without deltas: calls where they are announced, others where they are closed. */
  readonly whole: boolean
  readonly logprobs: boolean
}

export const someResponsesStyle: fc.Arbitrary<ResponsesStyle> = fc.record({
  named: fc.boolean(),
  numbered: fc.constantFrom(true, true, false),
  padding: fc.boolean(),
  outputText: fc.boolean(),
  sentinel: fc.boolean(),
  escaped: fc.boolean(),
  rotating: fc.boolean(),
  whole: fc.constantFrom(false, false, false, true),
  logprobs: fc.boolean(),
})

export function someResponses(policy: OraclePolicy): fc.Arbitrary<ResponsesScript> {
  return someResponsesOf((most) => someText(policy, most))
}

export function someResponsesOf(texts: Texts): fc.Arbitrary<ResponsesScript> {
  const partOf = (...types: Part['type'][]): fc.Arbitrary<Part> =>
    fc.record({ type: fc.constantFrom(...types), text: texts(6), places: somePlaces })
  const input = texts(4).chain((text) => fc.constantFrom(JSON.stringify({ q: text }), `${JSON.stringify([text])} `, text || '{}'))
  const item: fc.Arbitrary<Item> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('message' as const),
        parts: fc.array(partOf('output_text', 'output_text', 'refusal'), { maxLength: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('reasoning' as const),
        parts: fc.array(partOf('summary_text', 'reasoning_text'), { maxLength: 2 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('call' as const),
        type: fc.constantFrom('function_call' as const, 'mcp_call' as const, 'custom_tool_call' as const),
        name: fc.oneof(fc.constant('look_up'), texts(2)).map((name) => name || 'f'),
        input,
        places: somePlaces,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('search' as const), query: texts(4) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('stranger' as const), text: texts(4), places: somePlaces }) },
  )
  return fc.record({ json: fc.constantFrom(false, false, true), items: fc.array(item, { maxLength: 4 }) })
}

/** An event, and what it says. */
export interface Said {
  readonly event: Fields
  readonly steps: readonly Step[]
}

const scope = '0'
const envelope = { id: 'resp_1', object: 'response', created_at: 1_700_000_000, model: 'm-9', instructions: 'Be kind.' }
const inputFields = { function_call: 'arguments', mcp_call: 'arguments', custom_tool_call: 'input' } as const
const inputEvents = {
  function_call: 'function_call_arguments',
  mcp_call: 'mcp_call_arguments',
  custom_tool_call: 'custom_tool_call_input',
}

/** How a thread is called where its text is looked for. */
export const threadName = (item: number, thread: string | number): string => `${item}/${thread}`

/** Says things once as pieces and then whole; the oracle is told what is new and what is said again. */
class Speaker {
  readonly said: Said[] = []
  readonly #spoken = new Set<string>()
  readonly #script: ResponsesScript
  readonly #style: ResponsesStyle
  #ids = 0

  constructor(script: ResponsesScript, style: ResponsesStyle) {
    this.#script = script
    this.#style = style
  }

  perform(): Said[] {
    this.#event('response.created', { response: { ...envelope, status: 'in_progress', output: [] } }, [])
    const spoken = this.#spokenItems()
    for (const item of this.#script.items) {
      if (item.kind === 'stranger') this.#mystery(item)
      else this.#item(item, spoken.indexOf(item))
    }
    const { response, steps } = this.response()
    this.#event('response.completed', { response }, steps)
    return this.said
  }

  /** The response as it stands at its end. */
  response(): { readonly response: Fields; readonly steps: readonly Step[] } {
    const spoken = this.#spokenItems()
    const snapshots = spoken.map((item, index) => this.#snapshot(item, index, true))
    const parts = spoken.flatMap((item) => (item.kind === 'message' ? item.parts : []))
    const text = parts.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])).join('')
    const beside: Step[] =
      this.#style.outputText && text !== ''
        ? [{ kind: 'whole', scope, channel: { name: 'output_text', kind: 'answer', json: this.#script.json }, text }]
        : []
    const output = snapshots.map(({ item }) => item)
    const outputText = this.#style.outputText ? { output_text: text } : {}
    return {
      response: { ...envelope, status: 'completed', output, ...outputText, usage: null },
      steps: [...snapshots.flatMap((snapshot) => snapshot.steps()), ...beside, { kind: 'finishes', scope }],
    }
  }

  #spokenItems(): Exclude<Item, { kind: 'stranger' }>[] {
    return this.#script.items.filter((item) => item.kind !== 'stranger')
  }

  #event(type: string, fields: Fields, steps: readonly Step[]): void {
    const numbered = this.#style.numbered ? { sequence_number: this.said.length } : {}
    this.said.push({ event: { type, ...numbered, ...fields }, steps })
  }

  #id(index: number): string {
    return this.#style.rotating ? `item_${index}_${this.#ids++}` : `item_${index}`
  }

  #mystery({ text, places }: Extract<Item, { kind: 'stranger' }>): void {
    const channel: OracleChannel = { name: 'mystery', kind: 'unknown' }
    for (const delta of divide(text, places)) {
      const key: Step = { kind: 'whole', scope, channel: { name: 'mystery/key', kind: 'unknown' }, text: 'mystery' }
      const says: Step[] = delta === '' ? [] : [{ kind: 'says', scope, channel, text: delta }]
      this.#event('response.news.delta', { mystery: delta }, [key, ...says])
    }
  }

  #item(item: Exclude<Item, { kind: 'stranger' }>, index: number): void {
    const announced = this.#snapshot(item, index, false)
    this.#event('response.output_item.added', { output_index: index, item: announced.item }, announced.steps())
    if (item.kind === 'call') this.#input(item, index)
    else if (item.kind !== 'search')
      for (const [position, part] of item.parts.entries()) this.#part(item.parts, part, position, index)
    const done = this.#snapshot(item, index, true)
    const ends: Step[] = item.kind === 'call' ? [{ kind: 'ends', scope, channel: threadName(index, 'input') }] : []
    this.#event('response.output_item.done', { output_index: index, item: done.item }, [...done.steps(), ...ends])
  }

  #input({ type, input, places }: Extract<Item, { kind: 'call' }>, index: number): void {
    const at = { item_id: this.#id(index), output_index: index }
    const channel = this.#inputOf(type, index)
    if (!this.#style.whole) {
      for (const delta of divide(input, places))
        this.#event(`response.${inputEvents[type]}.delta`, { ...at, delta, ...this.#padding() }, this.#says(channel, delta))
    }
    this.#event(`response.${inputEvents[type]}.done`, { ...at, [inputFields[type]]: input }, this.#tells(channel, input, true))
  }

  #part(parts: readonly Part[], part: Part, position: number, index: number): void {
    const { type, text, places } = part
    const of = type === 'summary_text' ? 'summary' : 'content'
    const number = parts
      .slice(0, position)
      .filter((other) => (other.type === 'summary_text') === (type === 'summary_text')).length
    const at = { item_id: this.#id(index), output_index: index, [`${of}_index`]: number }
    const channel = this.#partOf(part, number, index)
    const subject = type === 'summary_text' ? 'reasoning_summary_text' : type
    const holder = of === 'summary' ? 'response.reasoning_summary_part' : 'response.content_part'
    const field = type === 'refusal' ? 'refusal' : 'text'
    this.#event(`${holder}.added`, { ...at, part: this.#partFields(part, '') }, [])
    if (!this.#style.whole) {
      for (const delta of divide(text, places)) {
        const logprobs = type === 'output_text' ? { logprobs: this.#probabilities(delta) } : {}
        this.#event(`response.${subject}.delta`, { ...at, delta, ...logprobs, ...this.#padding() }, this.#says(channel, delta))
      }
    }
    const logprobs = type === 'output_text' ? { logprobs: this.#probabilities(text) } : {}
    this.#event(`response.${subject}.done`, { ...at, [field]: text, ...logprobs }, this.#tells(channel, text, true))
    this.#event(`${holder}.done`, { ...at, part: this.#partFields(part, text) }, this.#tells(channel, text, true))
  }

  /** An item as it stands at its beginning or its end. Its steps are told when its event is. */
  #snapshot(item: Exclude<Item, { kind: 'stranger' }>, index: number, closing: boolean): { item: Fields; steps(): Step[] } {
    const id = this.#id(index)
    const status = closing ? 'completed' : 'in_progress'
    if (item.kind === 'search') {
      const action = { type: 'search', query: item.query }
      const channel: OracleChannel = { name: 'action', kind: 'tool_input', json: true }
      const told: Step[] = [{ kind: 'whole', scope, channel, text: JSON.stringify(action) }]
      return { item: { id, type: 'web_search_call', status, ...(closing && { action }) }, steps: () => (closing ? told : []) }
    }
    if (item.kind === 'call') {
      const input = closing || this.#style.whole ? item.input : ''
      return {
        item: { id, type: item.type, status, call_id: `call_${index}`, name: item.name, [inputFields[item.type]]: input },
        steps: () => [
          ...this.#tells(this.#nameOf(index), item.name, closing),
          ...this.#tells(this.#inputOf(item.type, index), input, closing),
        ],
      }
    }
    const told = (some: readonly Part[]) => some.map((part, number) => ({ part, channel: this.#partOf(part, number, index) }))
    // Fields of an item are read in one order, summaries first.
    const summaries = told(item.parts.filter(({ type }) => type === 'summary_text'))
    const contents = told(item.parts.filter(({ type }) => type !== 'summary_text'))
    const fieldsOf = (some: typeof contents) => (closing ? some.map(({ part }) => this.#partFields(part, part.text)) : [])
    const lists =
      item.kind === 'reasoning' ? { summary: fieldsOf(summaries), content: fieldsOf(contents) } : { content: fieldsOf(contents) }
    const role = item.kind === 'message' ? { role: 'assistant' } : {}
    return {
      item: { id, type: item.kind, status, ...role, ...lists },
      steps: () =>
        closing ? [...summaries, ...contents].flatMap(({ part, channel }) => this.#tells(channel, part.text, true)) : [],
    }
  }

  #partFields({ type }: Part, text: string): Fields {
    if (type === 'refusal') return { type, refusal: text }
    return type === 'output_text' ? { type, text, annotations: [], logprobs: this.#probabilities(text) } : { type, text }
  }

  #partOf({ type }: Part, number: number, index: number): OracleChannel {
    const kind = type === 'output_text' ? 'answer' : type === 'refusal' ? 'refusal' : 'reasoning'
    return {
      name: threadName(index, type === 'summary_text' ? `s${number}` : number),
      kind,
      json: kind === 'answer' && this.#script.json,
    }
  }

  #nameOf(index: number): OracleChannel {
    return { name: threadName(index, 'name'), kind: 'tool_input', atomic: true, fixed: true, call: `call/${index}` }
  }

  #inputOf(type: keyof typeof inputFields, index: number): OracleChannel {
    const json = type !== 'custom_tool_call'
    return { name: threadName(index, 'input'), kind: 'tool_input', atomic: true, json, call: `call/${index}` }
  }

  #says(channel: OracleChannel, text: string): Step[] {
    if (text === '') return []
    this.#spoken.add(channel.name)
    return [{ kind: 'says', scope, channel, text }]
  }

  #tells(channel: OracleChannel, text: string, closing: boolean): Step[] {
    if (text === '') return []
    if (this.#spoken.has(channel.name)) return [{ kind: closing ? 'again' : 'whole', scope, channel, text }]
    this.#spoken.add(channel.name)
    const says: Step = { kind: 'says', scope, channel, text }
    return closing ? [says, { kind: 'ends', scope, channel: channel.name }] : [says]
  }

  #probabilities(text: string): object[] {
    if (!this.#style.logprobs || !text.isWellFormed()) return []
    return Array.from(text, (token) => ({
      token,
      logprob: -0.5,
      bytes: [...new TextEncoder().encode(token)],
      top_logprobs: [],
    }))
  }

  #padding(): Fields {
    return this.#style.padding ? { obfuscation: 'x7Kq'.repeat(1 + (this.said.length % 3)) } : {}
  }
}

export function responsesEvents(script: ResponsesScript, style: ResponsesStyle): Said[] {
  return new Speaker(script, style).perform()
}

/** The same said as a whole body. */
export function responsesBody(
  script: ResponsesScript,
  style: ResponsesStyle,
): { readonly response: Fields; readonly steps: readonly Step[] } {
  return new Speaker(script, style).response()
}

/** Events as bytes. */
export function responsesFrames(events: readonly Fields[], style: ResponsesStyle): { readonly bytes: Uint8Array }[] {
  const texts = events.map((event) => `${style.named ? `event: ${event['type']}\n` : ''}data: ${spell(event, style.escaped)}\n\n`)
  return [...texts, ...(style.sentinel ? ['data: [DONE]\n\n'] : [])].map((text) => ({ bytes: new TextEncoder().encode(text) }))
}
