/** What must be known of a chat request: how its answer will come, and the text of its prompts. */
import type { RequestFacts, RequestReading } from '../terms/dialect.ts'
import type { Segment } from '../terms/frame.ts'
import { jsonText } from './encode.ts'
import { invalid, isAbsent, isAssistants, lastAnswered } from './request.ts'
import { imagesOf } from './request-images.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** The most choices OpenAI lets a client ask for. */
export const mostChoices = 128

/** @throws SluiceError `request_invalid`, naming the field. */
export function readChatRequest(body: unknown): RequestReading {
  if (!isRecord(body)) throw invalid('the body must be a JSON object')
  const facts = factsOf(body)
  const messages = body['messages']
  if (!Array.isArray(messages)) throw invalid('messages must be a list')
  const texts = textsOf(messages)
  return {
    facts,
    prompts: texts.map(({ segment }) => segment),
    get images() {
      return imagesOf(messages, lastAnswered(messages, isAssistants), isAssistants)
    },
    write: (changed) => jsonText({ ...body, messages: rewritten(messages, texts, changed) }),
  }
}

/** What chats and plain completions ask for by the same fields. @throws SluiceError `request_invalid`. */
export function factsOf(body: JsonRecord): RequestFacts {
  const { model, stream, n, stream_options: streamOptions, response_format: format } = body
  if (!isAbsent(model) && typeof model !== 'string') throw invalid('model must be a string')
  if (!isAbsent(stream) && typeof stream !== 'boolean') throw invalid('stream must be true or false')
  if (!isAbsent(n) && !(Number.isInteger(n) && (n as number) >= 1 && (n as number) <= mostChoices)) {
    throw invalid(`n must be a whole number from 1 to ${mostChoices}`)
  }
  if (!isAbsent(streamOptions) && !isRecord(streamOptions)) throw invalid('stream_options must be an object')
  const usage = isRecord(streamOptions) ? streamOptions['include_usage'] : undefined
  if (!isAbsent(usage) && typeof usage !== 'boolean') throw invalid('stream_options.include_usage must be true or false')
  if (!isAbsent(format) && !isRecord(format)) throw invalid('response_format must be an object')
  const kind = isRecord(format) ? format['type'] : undefined
  return {
    stream: stream === true,
    scopes: (n as number | null | undefined) ?? 1,
    json: kind === 'json_object' || kind === 'json_schema',
    usage: usage === true,
    // Azure names the model in the path.
    model: typeof model === 'string' ? model : '',
  }
}

interface PromptText {
  readonly segment: Segment
  readonly message: number
  /** The part of a content list; undefined where the content is one string. */
  readonly part: number | undefined
  /** The part's field that holds the text; undefined where the part is a string. */
  readonly key: string | undefined
}

/** Fields by which parts of a message's content carry text; servers differ in which they read. */
const partTexts = ['text', 'refusal', 'input_text', 'content']

function textsOf(messages: readonly unknown[]): PromptText[] {
  const texts: PromptText[] = []
  const answered = lastAnswered(messages, isAssistants)
  for (const [message, value] of messages.entries()) {
    if (!isRecord(value)) throw invalid(`messages[${message}] must be an object`)
    const { role, content } = value
    if (role === 'assistant') continue
    const kind = role === 'system' || role === 'developer' ? 'prompt.system' : 'prompt'
    const add = (text: string, part?: number, key?: string): void => {
      const slot = texts.length
      const channel = { name: `${kind}/${slot}`, scope: '0', kind } as const
      texts.push({
        segment: { kind: 'text', channel, text, relation: 'adds', slot, fresh: message > answered },
        message,
        part,
        key,
      })
    }
    if (typeof content === 'string') add(content)
    else if (Array.isArray(content)) {
      for (const [part, member] of content.entries()) {
        if (typeof member === 'string') add(member, part)
        else if (isRecord(member)) {
          for (const key of partTexts) if (typeof member[key] === 'string') add(member[key], part, key)
        }
      }
    } else if (!isAbsent(content)) throw invalid(`messages[${message}].content must be a string or a list`)
  }
  return texts
}

function rewritten(messages: readonly unknown[], texts: readonly PromptText[], changed: ReadonlyMap<number, string>): unknown[] {
  const copy = [...messages] as JsonRecord[]
  // Each message and list is copied once, however many of its parts change.
  const own = new Set<number>()
  for (const { segment, message, part, key } of texts) {
    const text = changed.get(segment.slot)
    if (text === undefined) continue
    if (!own.has(message)) {
      const { content, ...rest } = copy[message] as JsonRecord
      copy[message] = { ...rest, content: Array.isArray(content) ? [...content] : content }
      own.add(message)
    }
    const value = copy[message] as JsonRecord
    if (part === undefined) value['content'] = text
    else {
      const parts = value['content'] as unknown[]
      parts[part] = key === undefined ? text : { ...(parts[part] as JsonRecord), [key]: text }
    }
  }
  return copy
}
