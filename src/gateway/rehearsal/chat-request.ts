/** Listens to a chat-completions request: the user's last words, the tools on offer, the shape asked for. */
import type { Question, Tool } from './script.ts'

export interface ChatRequest {
  readonly question: Question
  readonly stream: boolean
  readonly usage: boolean
  readonly logprobs: boolean
}

/** Choices a request may ask for, as the protocol has it. */
const mostChoices = 128

/** @returns undefined where the body has no messages. */
export function readChatRequest(body: unknown): ChatRequest | undefined {
  if (!isRecord(body) || !Array.isArray(body['messages'])) return undefined
  const messages = body['messages'].filter(isRecord)
  const last = messages.at(-1)
  const options = isRecord(body['stream_options']) ? body['stream_options'] : {}
  const user = messages.findLast((message) => message['role'] === 'user')
  return {
    question: {
      model: typeof body['model'] === 'string' ? body['model'] : 'rehearsal',
      text: textOf(user?.['content']),
      toolResult: last?.['role'] === 'tool' || last?.['role'] === 'function' ? textOf(last['content']) : undefined,
      tools: Array.isArray(body['tools']) ? body['tools'].flatMap(toolOf) : [],
      schema: schemaOf(body['response_format']),
      choices: Math.max(1, Math.min(mostChoices, typeof body['n'] === 'number' ? Math.floor(body['n']) : 1)),
    },
    stream: body['stream'] === true,
    usage: options['include_usage'] === true,
    logprobs: body['logprobs'] === true,
  }
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.flatMap((part) => (isRecord(part) && typeof part['text'] === 'string' ? [part['text']] : [])).join('')
}

function toolOf(tool: unknown): Tool[] {
  const definition = isRecord(tool) ? tool['function'] : undefined
  if (!isRecord(definition) || typeof definition['name'] !== 'string') return []
  return [{ name: definition['name'], schema: definition['parameters'] }]
}

function schemaOf(format: unknown): unknown {
  if (!isRecord(format)) return undefined
  if (format['type'] === 'json_object') return true
  return isRecord(format['json_schema']) ? format['json_schema']['schema'] : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
