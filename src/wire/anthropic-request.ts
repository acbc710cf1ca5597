/** What must be known of a messages request: how its answer will come, and the text of its prompts. */
import type { PromptImage, RequestFacts, RequestReading } from '../terms/dialect.ts'
import type { Segment } from '../terms/frame.ts'
import { jsonText } from './encode.ts'
import { invalid, isAbsent, isAssistants, lastAnswered } from './request.ts'
import { imagesOf } from './request-images.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** Blocks of a request inside one another: results hold blocks, documents too. */
const mostDepth = 8

/** @throws SluiceError `request_invalid`, naming the field. */
export function readMessagesRequest(body: unknown): RequestReading {
  if (!isRecord(body)) throw invalid('the body must be a JSON object')
  const facts = factsOf(body)
  return {
    facts,
    prompts: textsOf(body).map(({ segment }) => segment),
    get images() {
      return imagesIn(body)
    },
    write: (changed) => {
      const copy = structuredClone(body)
      for (const { segment, holder, key } of textsOf(copy)) {
        const text = changed.get(segment.slot)
        if (text !== undefined) (holder as JsonRecord)[key] = text
      }
      return jsonText(copy)
    },
  }
}

function imagesIn({ messages }: JsonRecord): PromptImage[] {
  return Array.isArray(messages) ? imagesOf(messages, lastAnswered(messages, isAssistants), isAssistants) : []
}

function factsOf(body: JsonRecord): RequestFacts {
  const { model, stream, output_config: config, output_format: format } = body
  if (!isAbsent(model) && typeof model !== 'string') throw invalid('model must be a string')
  if (!isAbsent(stream) && typeof stream !== 'boolean') throw invalid('stream must be true or false')
  if (!isAbsent(config) && !isRecord(config)) throw invalid('output_config must be an object')
  const asked = [format, isRecord(config) ? config['format'] : undefined]
  return {
    stream: stream === true,
    scopes: 1,
    json: asked.some((wanted) => isRecord(wanted) && wanted['type'] === 'json_schema'),
    // The protocol counts tokens whether asked to or not.
    usage: true,
    // Bedrock and Vertex AI name the model in the path.
    model: typeof model === 'string' ? model : '',
  }
}

interface PromptText {
  readonly segment: Segment
  readonly holder: object
  readonly key: string | number
}

type Add = (text: string, holder: object, key: string | number) => void

/** The texts in order: `system` first, then what others than the assistant said. What tools are for is the operator's to say. */
function textsOf(body: JsonRecord): PromptText[] {
  const texts: PromptText[] = []
  const adding =
    (kind: 'prompt' | 'prompt.system', fresh: boolean): Add =>
    (text, holder, key) => {
      const slot = texts.length
      const channel = { name: `${kind}/${slot}`, scope: '0', kind } as const
      texts.push({ segment: { kind: 'text', channel, text, relation: 'adds', slot, fresh }, holder, key })
    }
  const { messages } = body
  if (!Array.isArray(messages)) throw invalid('messages must be a list')
  const answered = lastAnswered(messages, isAssistants)
  if (!isAbsent(body['system'])) eachText(body, 'system', 'system', 0, adding('prompt.system', answered < 0))
  for (const [index, message] of messages.entries()) {
    if (!isRecord(message)) throw invalid(`messages[${index}] must be an object`)
    if (message['role'] === 'assistant' || isAbsent(message['content'])) continue
    const kind = message['role'] === 'system' ? 'prompt.system' : 'prompt'
    eachText(message, 'content', `messages[${index}].content`, 0, adding(kind, index > answered))
  }
  return texts
}

/** Fields of a block that are text: its own, and what describes a document or a search result to the model. */
const blockTexts = ['title', 'context', 'text', 'source']

/** The texts of a string, or of a list of blocks, that stands at `key`. */
function eachText(holder: JsonRecord, key: string, path: string, depth: number, add: Add): void {
  const content = holder[key]
  if (depth > mostDepth) throw invalid(`${path} is nested too deep`)
  if (typeof content === 'string') add(content, holder, key)
  if (typeof content === 'string' || isAbsent(content)) return
  if (!Array.isArray(content)) throw invalid(`${path} must be a string or a list`)
  for (const [index, block] of content.entries()) {
    if (typeof block === 'string') add(block, content, index)
    else if (isRecord(block)) blockText(block, `${path}[${index}]`, depth, add)
  }
}

function blockText(block: JsonRecord, path: string, depth: number, add: Add): void {
  for (const field of blockTexts) if (typeof block[field] === 'string') add(block[field], block, field)
  const { source, content } = block
  if (isRecord(source)) {
    if (source['type'] === 'text' && typeof source['data'] === 'string') add(source['data'], source, 'data')
    if ('content' in source) eachText(source, 'content', `${path}.source.content`, depth + 1, add)
  }
  // Results of the server's own tools, which come back as records, are the provider's.
  if (typeof content === 'string' || Array.isArray(content)) eachText(block, 'content', `${path}.content`, depth + 1, add)
}
