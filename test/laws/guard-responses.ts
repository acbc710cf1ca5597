/** Sends a stream of OpenAI's Responses through the whole way, and reads it the way a client does that trusts nobody. */
import type { RequestFacts } from '../../src/terms/dialect.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { openaiResponses } from '../../src/wire/openai-responses.ts'
import { type ResponsesScript, threadName } from '../generators/responses.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { ResponseReader, type Step } from '../oracle/response.ts'
import { type Guarded, guardStream } from './guard.ts'

type Fields = Record<string, unknown>

export interface ResponsesReading {
  /** By thread, what deltas said; where none came, what was told. */
  readonly said: ReadonlyMap<string, string>
  /** By thread, every text that was told as the whole of it. */
  readonly told: ReadonlyMap<string, ReadonlySet<string>>
  /** The types of the events that end a response. */
  readonly ends: readonly string[]
  /** What the last one says. */
  readonly response: Fields | undefined
  readonly events: readonly Fields[]
}

export const responsesFacts = ({ json }: Pick<ResponsesScript, 'json'>): RequestFacts => ({
  stream: true,
  scopes: 1,
  json,
  usage: true,
  model: 'm-9',
})

export async function guardResponses(
  plan: Plan,
  facts: RequestFacts,
  pieces: readonly Uint8Array[],
): Promise<Guarded & { reading: ResponsesReading }> {
  const guarded = await guardStream(openaiResponses, plan, facts, pieces)
  return { ...guarded, reading: readResponses(guarded.bytes) }
}

/** Strictly: events of at most a name and one data line each. */
function eventsIn(bytes: Uint8Array): Fields[] {
  const events = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n\n')
  if (events.pop() !== '') throw new Error('the last event has no end')
  return events.flatMap((event) => {
    const match = /^(?:event: ([^\r\n]+)\n)?data: ([^\r\n]+)$/.exec(event)
    if (match === null) throw new Error(`not an event of one data line: ${event}`)
    const [, name, data] = match
    if (data === '[DONE]') return []
    const value = JSON.parse(data as string) as Fields
    if (name !== undefined && name !== value['type']) throw new Error(`an event named ${name} of type ${value['type']}`)
    return [value]
  })
}

type Tell = (thread: string, text: unknown) => void

/** Tells every text of an item. */
function tellItem(item: Fields, index: number, tell: Tell): void {
  tell(threadName(index, 'name'), item['name'])
  tell(threadName(index, 'input'), item['arguments'] ?? item['input'])
  for (const [list, mark] of [
    ['summary', 's'],
    ['content', ''],
  ] as const) {
    const parts = (item[list] ?? []) as Fields[]
    for (const [number, part] of parts.entries()) tell(threadName(index, mark + number), part['text'] ?? part['refusal'])
  }
}

/** A response's items are known by their ids: an ending leaves some out. */
function tellOutput(response: Fields | undefined, tell: Tell): void {
  for (const item of (response?.['output'] ?? []) as Fields[])
    tellItem(item, Number(/_(\d+)/.exec(String(item['id']))?.[1]), tell)
}

/** By thread, what a whole body says. */
export function readResponse(bytes: Uint8Array): { readonly said: ReadonlyMap<string, string>; readonly response: Fields } {
  const response = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Fields
  const said = new Map<string, string>()
  tellOutput(response, (thread, text) => {
    if (typeof text === 'string') said.set(thread, text)
  })
  return { said, response }
}

export function readResponses(bytes: Uint8Array): ResponsesReading {
  const events = eventsIn(bytes)
  const deltas = new Map<string, string>()
  const told = new Map<string, Set<string>>()
  const tell: Tell = (thread, text) => {
    if (typeof text === 'string') told.set(thread, (told.get(thread) ?? new Set()).add(text))
  }
  for (const event of events) {
    const type = String(event['type'])
    const index = event['output_index'] as number
    const summary = event['summary_index']
    const position = summary === undefined ? ((event['content_index'] ?? 'input') as number | string) : `s${summary}`
    const thread = type === 'response.news.delta' ? 'mystery' : threadName(index, position)
    const text = event['delta'] ?? event['mystery']
    if (typeof text === 'string') deltas.set(thread, (deltas.get(thread) ?? '') + text)
    // What is announced is told as far as it is there already.
    if (type === 'response.output_item.added')
      tellItem(event['item'] as Fields, index, (announced, words) => words !== '' && tell(announced, words))
    if (!type.endsWith('.done')) continue
    tell(thread, event['text'] ?? event['refusal'] ?? event['arguments'] ?? event['input'])
    const { part, item } = event as { part?: Fields; item?: Fields }
    if (part !== undefined) tell(thread, part['text'] ?? part['refusal'])
    if (item !== undefined) tellItem(item, index, tell)
  }
  const ends = events.filter(({ type }) => /^response\.(completed|incomplete|failed|cancelled)$/.test(String(type)))
  const response = ends.at(-1)?.['response'] as Fields | undefined
  tellOutput(response, tell)
  const first = [...told].map(([thread, texts]): [string, string] => [thread, [...texts][0] as string])
  return { said: new Map([...first, ...deltas]), told, ends: ends.map(({ type }) => String(type)), response, events }
}

/** What the oracle makes of the same events. */
export function tellResponses(policy: OraclePolicy, steps: readonly Step[]): ResponseReader {
  const reader = new ResponseReader(policy, ['0'])
  for (const step of steps) if (!reader.over) reader.take(step)
  if (!reader.over) reader.end()
  return reader
}

/** By thread, what a reader gets; threads without text are left out. */
export function meantBy(reader: ResponseReader): Map<string, string> {
  const scope = reader.scope('0')
  const line = scope.cut === undefined ? scope.places.length : scope.frontier
  return new Map([...scope.released(line)].filter(([, text]) => text !== ''))
}
