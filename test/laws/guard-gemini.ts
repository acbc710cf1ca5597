/** Sends a Gemini stream through the whole way, and reads it the way a client does that trusts nobody. */
import type { RequestFacts } from '../../src/terms/dialect.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { gemini } from '../../src/wire/gemini.ts'
import { joinBytes } from '../generators/frames.ts'
import type { GeminiScript, GeminiStyle } from '../generators/gemini.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { ResponseReader, type Step } from '../oracle/response.ts'
import { type Guarded, guardBody, guardStream } from './guard.ts'
import { releasedBy } from './guard-chat.ts'

type Fields = Record<string, unknown>

export interface GeminiReading {
  /** By candidate and field (`0/content`, `1/arguments/0`). */
  readonly said: ReadonlyMap<string, string>
  /** The last finish reason of each candidate. */
  readonly finishes: ReadonlyMap<string, readonly string[]>
  readonly messages: readonly Fields[]
  readonly errors: readonly unknown[]
}

export function geminiFacts(
  { candidates, json }: Pick<GeminiScript, 'candidates' | 'json'>,
  { framing }: GeminiStyle,
): RequestFacts {
  return { stream: true, scopes: candidates, json, usage: true, model: 'gemini-9', framing }
}

export async function guardGemini(
  plan: Plan,
  facts: RequestFacts,
  pieces: readonly Uint8Array[],
): Promise<Guarded & { reading: GeminiReading }> {
  const guarded = await guardStream(gemini, plan, facts, pieces)
  return { ...guarded, reading: readGemini(messagesIn(guarded.bytes, facts)) }
}

export async function guardGeminiBody(
  plan: Plan,
  facts: RequestFacts,
  body: Uint8Array,
): Promise<Guarded & { reading: GeminiReading }> {
  const guarded = await guardBody(gemini, plan, facts, body)
  return { aborts: 0, ...guarded, reading: readGemini([JSON.parse(new TextDecoder().decode(guarded.bytes))]) }
}

/** Strictly: events of one data line each, or one JSON array. */
function messagesIn(bytes: Uint8Array, { framing }: Pick<RequestFacts, 'framing'>): Fields[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (framing === 'array') return JSON.parse(text) as Fields[]
  const events = text.split(/\r\n\r\n|\n\n/)
  if (events.pop() !== '') throw new Error('the last event has no end')
  return events.map((event) => {
    if (!/^data: [^\r\n]+$/.test(event)) throw new Error(`not an event of one data line: ${event}`)
    return JSON.parse(event.slice(6)) as Fields
  })
}

function readGemini(messages: readonly Fields[]): GeminiReading {
  const said = new Map<string, string>()
  const finishes = new Map<string, string[]>()
  const open = new Map<unknown, { index: number; continues: boolean }>()
  const add = (name: string, text: unknown): void => {
    if (typeof text === 'string') said.set(name, (said.get(name) ?? '') + text)
  }
  for (const { candidates } of messages) {
    for (const candidate of (candidates ?? []) as Fields[]) {
      const name = String(candidate['index'] ?? 0)
      for (const part of ((candidate['content'] as Fields | undefined)?.['parts'] ?? []) as Fields[]) {
        add(`${name}/${part['thought'] === true ? 'reasoning' : 'content'}`, part['text'])
        add(`${name}/mystery`, part['mystery'])
        const call = part['functionCall'] as Fields | undefined
        if (call === undefined) continue
        const last = open.get(name) ?? { index: -1, continues: false }
        const index = last.continues ? last.index : last.index + 1
        open.set(name, { index, continues: call['willContinue'] === true })
        if (!last.continues && call['name'] === undefined) throw new Error('a piece of a call that never began')
        if (!last.continues) add(`${name}/name/${index}`, call['name'])
        if (call['args'] !== undefined) add(`${name}/arguments/${index}`, JSON.stringify(call['args']))
        for (const piece of (call['partialArgs'] ?? []) as Fields[]) add(`${name}/arguments/${index}`, piece['stringValue'])
      }
      if (typeof candidate['finishReason'] === 'string') finishes.set(name, [candidate['finishReason']])
    }
  }
  return { said, finishes, messages, errors: messages.flatMap(({ error }) => (error === undefined ? [] : [error])) }
}

/** What a reader has of a stream that is not over yet. */
export function readSoFar(bytes: Uint8Array, { framing = 'events' }: RequestFacts): GeminiReading {
  const open = framing === 'array' && bytes.at(-1) !== CLOSE_LIST
  const closed = open ? joinBytes([bytes.length === 0 ? OPEN : bytes, CLOSED]) : bytes
  return readGemini(messagesIn(closed, { framing }))
}

const CLOSE_LIST = 93
const CLOSED = new Uint8Array([CLOSE_LIST])
const OPEN = new Uint8Array([91])

/** What the oracle makes of the same stream: a candidate ends with the stream, whenever it said that it had finished. */
export function tellGemini(policy: OraclePolicy, candidates: number, steps: readonly Step[]): ResponseReader {
  const reader = new ResponseReader(
    policy,
    Array.from({ length: candidates }, (_, index) => `${index}`),
  )
  for (const step of steps) if (!reader.over) reader.take(step)
  if (!reader.over) reader.end()
  return reader
}

/** By candidate and field, what a reader gets; a call's JSON as any reader would write it. */
export function meantBy(reader: ResponseReader): Map<string, string> {
  return jsonAsRead(releasedBy(reader))
}

/** The same of what was read. */
export function saidIn({ said }: GeminiReading): Map<string, string> {
  return jsonAsRead(new Map([...said].filter(([, text]) => text !== '')))
}

export function jsonAsRead(said: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...said].map(([name, text]) => [name, asJson(name, text)]))
}

function asJson(name: string, text: string): string {
  if (!name.includes('arguments/')) return text
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}
