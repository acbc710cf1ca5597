/** Sends a chat stream through the whole way, from the upstream's bytes to the reader's, and tells what came of it. */
import type { RequestFacts } from '../../src/terms/dialect.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { dialectFor } from '../../src/wire/index.ts'
import { type ChatScript, type OpenCalls, stepsOf } from '../generators/chat.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { ResponseReader } from '../oracle/response.ts'
import { type Guarded, guardStream } from './guard.ts'
import { type ChatReading, readChat } from './read-chat.ts'

export const chatDialect = (() => {
  const dialect = dialectFor('POST', '/v1/chat/completions')
  if (dialect === undefined) throw new Error('no dialect speaks chat completions')
  return dialect
})()

export function factsOf({ choices, json }: Pick<ChatScript, 'choices' | 'json'>): RequestFacts {
  return { stream: true, scopes: choices, json, usage: true, model: 'm-9' }
}

interface GuardedChat extends Guarded {
  readonly reading: ChatReading
}

export async function guardChat(plan: Plan, facts: RequestFacts, pieces: readonly Uint8Array[]): Promise<GuardedChat> {
  const guarded = await guardStream(chatDialect, plan, facts, pieces)
  return { ...guarded, reading: readChat(guarded.bytes) }
}

/** What the oracle makes of the same stream. */
export function tellChat(policy: OraclePolicy, { choices, chunks, json }: ChatScript): ResponseReader {
  const reader = new ResponseReader(
    policy,
    Array.from({ length: choices }, (_, index) => `${index}`),
  )
  const open: OpenCalls = new Map()
  for (const chunk of chunks) {
    for (const step of stepsOf(chunk, json, open)) if (!reader.over) reader.take(step)
  }
  if (!reader.over) reader.end()
  return reader
}

/** By choice and field, what a reader gets; fields without text are left out. */
export function releasedBy(reader: ResponseReader): Map<string, string> {
  const out = new Map<string, string>()
  for (const [name, scope] of reader.scopes) {
    const line = scope.cut === undefined ? scope.places.length : scope.frontier
    for (const [channel, text] of scope.released(line)) if (text !== '') out.set(`${name}/${channel}`, text)
  }
  return out
}

/** How each choice ends. */
export function finishesOf(reader: ResponseReader, choices: number): Map<string, readonly string[]> {
  const names = Array.from({ length: choices }, (_, index) => `${index}`)
  return new Map(names.map((name) => [name, [reader.scope(name).cut === undefined ? 'stop' : 'content_filter']]))
}

/** The same of what was read, so that the two can be compared. */
export function withText(said: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...said].filter(([, text]) => text !== ''))
}
