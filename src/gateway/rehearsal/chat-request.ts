/** Listens to a chat-completions request: the user's last words, the tools on offer, the shape asked for. */
import { choicesIn, isRecord, modelIn, recordsIn, textOf } from './hearing.ts'
import type { Tool } from './script.ts'
import type { Asked } from './speaker.ts'

export interface ChatAsked extends Asked {
  readonly usage: boolean
  readonly logprobs: boolean
}

/** @returns undefined where the body has no messages. */
export function hearChat(body: unknown): ChatAsked | undefined {
  if (!isRecord(body) || !Array.isArray(body['messages'])) return undefined
  const messages = recordsIn(body['messages'])
  const last = messages.at(-1)
  const user = messages.findLast((message) => message['role'] === 'user')
  return {
    question: {
      model: modelIn(body),
      text: textOf(user?.['content']),
      toolResult: last?.['role'] === 'tool' || last?.['role'] === 'function' ? textOf(last['content']) : undefined,
      tools: recordsIn(body['tools']).flatMap(toolOf),
      schema: schemaOf(body['response_format']),
      choices: choicesIn(body['n']),
    },
    stream: body['stream'] === true,
    usage: wantsUsage(body['stream_options']),
    logprobs: body['logprobs'] === true,
  }
}

export function wantsUsage(options: unknown): boolean {
  return isRecord(options) && options['include_usage'] === true
}

function toolOf({ function: definition }: { readonly function?: unknown }): Tool[] {
  if (!isRecord(definition) || typeof definition['name'] !== 'string') return []
  return [{ name: definition['name'], schema: definition['parameters'] }]
}

export function schemaOf(format: unknown): unknown {
  if (!isRecord(format)) return undefined
  if (format['type'] === 'json_object') return true
  return isRecord(format['json_schema']) ? format['json_schema']['schema'] : undefined
}
