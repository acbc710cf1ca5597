/** What the tests of Anthropic's messages have in common: events as they come, and a reader that trusts nobody. */
import type { RequestFacts } from '../../src/terms/dialect.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { anthropicMessages } from '../../src/wire/anthropic-messages.ts'
import { guardBody, guardStream } from '../laws/guard.ts'
import { planOf } from '../laws/plan.ts'
import type { OraclePolicy, OracleRule } from '../oracle/policy.ts'
import { bytesOf, textOf } from './events.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON was written
export type Event = any

export const facts: RequestFacts = { stream: true, scopes: 1, json: false, usage: true, model: 'm' }

export const message = (more: object = {}): Event => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-9',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 1 },
  ...more,
})
export const begin = (more: object = {}): Event => ({ type: 'message_start', message: message(more) })
export const start = (index: number, content_block: object): Event => ({ type: 'content_block_start', index, content_block })
export const delta = (index: number, said: object): Event => ({ type: 'content_block_delta', index, delta: said })
export const stop = (index: number): Event => ({ type: 'content_block_stop', index })
export const ping: Event = { type: 'ping' }
export const finish = (stop_reason = 'end_turn', more: object = {}): Event[] => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...more }, usage: { output_tokens: 12 } },
  { type: 'message_stop' },
]
export const said = (index: number, text: string): Event => delta(index, { type: 'text_delta', text })

export const textBlock = (index: number, ...texts: string[]): Event[] => [
  start(index, { type: 'text', text: '' }),
  ...texts.map((text) => said(index, text)),
  stop(index),
]
export const thinkingBlock = (index: number, ...texts: string[]): Event[] => [
  start(index, { type: 'thinking', thinking: '', signature: '' }),
  ...texts.map((thinking) => delta(index, { type: 'thinking_delta', thinking })),
  delta(index, { type: 'signature_delta', signature: 'ErUB+/==' }),
  stop(index),
]
export const toolBlock = (index: number, name: string, ...inputs: string[]): Event[] => [
  start(index, { type: 'tool_use', id: `toolu_${index}`, name, input: {} }),
  ...['', ...inputs].map((partial_json) => delta(index, { type: 'input_json_delta', partial_json })),
  stop(index),
]

export const written = (events: readonly Event[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')

/** The events in these bytes; each must be one line of data under its own name. */
export function eventsIn(bytes: Uint8Array): Event[] {
  const blocks = textOf(bytes).split('\n\n')
  if (blocks.pop() !== '') throw new Error('the last event has no end')
  return blocks.map((block) => {
    const match = /^event: (\w+)\ndata: (\{.*\})$/.exec(block)
    const event = JSON.parse(match?.[2] ?? 'null')
    if (match === null || event.type !== match[1]) throw new Error(`not an event under its name: ${block}`)
    return event
  })
}

const words = (id: string, action: 'mask' | 'cut', ...terms: string[]): OracleRule => ({
  id,
  action,
  ...(action === 'mask' ? { with: '***' } : {}),
  words: { terms, except: [], fold: 'none', boundary: 'none' },
})

/** `bomb` is masked, `sk-1` cuts. */
export const policy: OraclePolicy = { rules: [words('bomb', 'mask', 'bomb'), words('key', 'cut', 'sk-1')] }

type Settings = Parameters<typeof planOf>[1]

export interface Passed {
  readonly events: Event[]
  readonly text: string
  readonly trail: Trail
}

/** What a reader gets of these events, or of a stream as it stands. */
export async function passed(
  events: readonly Event[] | string,
  settings: Settings = {},
  rules = policy,
  asked: Partial<RequestFacts> = {},
): Promise<Passed> {
  const sent = bytesOf(typeof events === 'string' ? events : written(events))
  const { bytes, trail } = await guardStream(anthropicMessages, planOf(rules, settings), { ...facts, ...asked }, [sent])
  return { events: typeof events === 'string' ? [] : eventsIn(bytes), text: textOf(bytes), trail }
}

export async function passedBody(
  body: object,
  settings: Settings = {},
  rules = policy,
): Promise<{ body: Event; text: string; trail: Trail }> {
  const { bytes, trail } = await guardBody(anthropicMessages, planOf(rules, settings), facts, bytesOf(JSON.stringify(body)))
  return { body: JSON.parse(textOf(bytes)), text: textOf(bytes), trail }
}

/** Texts by block, joined: what an accumulating client ends up with. */
export function accumulated(events: readonly Event[]): { content: Event[]; stop_reason: unknown } {
  let content: Event[] = []
  let stop_reason: unknown = null
  let open: number | undefined
  let stops = 0
  for (const event of events) {
    if (stops > 0) throw new Error('an event after the last word')
    switch (event.type) {
      case 'message_start':
        content = structuredClone(event.message.content)
        break
      case 'content_block_start':
        if (open !== undefined || event.index !== content.length) throw new Error(`block ${event.index} begins out of order`)
        open = event.index
        content.push({ ...event.content_block, ...(event.content_block.type.endsWith('tool_use') && { json: '' }) })
        break
      case 'content_block_delta': {
        const block = content[event.index]
        if (open !== event.index) throw new Error(`block ${event.index} goes on though it is not open`)
        for (const [key, value] of Object.entries(event.delta)) {
          if (key === 'partial_json') block.json += value
          else if (key === 'citation') block.citations = [...(block.citations ?? []), value]
          else if (key !== 'type') block[key] = (block[key] ?? '') + value
        }
        break
      }
      case 'content_block_stop':
        if (open !== event.index) throw new Error(`block ${event.index} ends though it is not open`)
        open = undefined
        break
      case 'message_delta':
        if (open !== undefined) throw new Error('the message ends inside a block')
        if (typeof event.usage?.output_tokens !== 'number') throw new Error('no usage: clients crash')
        stop_reason = event.delta.stop_reason
        break
      case 'message_stop':
        stops++
    }
  }
  return { content, stop_reason }
}
