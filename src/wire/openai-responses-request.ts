/** What must be known of a Responses request: how its answer will come, and the text of its prompts. */
import type { PromptImage, RequestFacts, RequestReading } from '../terms/dialect.ts'
import type { Segment } from '../terms/frame.ts'
import { setField } from './edit.ts'
import { jsonText } from './encode.ts'
import { invalid, isAbsent, lastAnswered } from './request.ts'
import { imagesOf } from './request-images.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** @throws SluiceError `request_invalid`, naming the field. */
export function readResponsesRequest(body: unknown): RequestReading {
  if (!isRecord(body)) throw invalid('the body must be a JSON object')
  const facts = factsOf(body)
  const texts = textsOf(body)
  return {
    facts,
    prompts: texts.map(({ segment }) => segment),
    get images() {
      return imagesIn(body)
    },
    write: (changed) => {
      const copy = structuredClone(body)
      for (const { segment, path } of texts) {
        const text = changed.get(segment.slot)
        if (text !== undefined) put(copy, path, text)
      }
      return jsonText(copy)
    },
  }
}

function imagesIn({ input, prompt }: JsonRecord): PromptImage[] {
  // What a stored prompt is filled in with is asked now.
  const filled = imagesOf([prompt], -1, () => false)
  return Array.isArray(input) ? [...filled, ...imagesOf(input, lastAnswered(input, isAssistant), isAssistant)] : filled
}

function factsOf(body: JsonRecord): RequestFacts {
  const { model, stream, text, background } = body
  if (!isAbsent(model) && typeof model !== 'string') throw invalid('model must be a string')
  if (!isAbsent(stream) && typeof stream !== 'boolean') throw invalid('stream must be true or false')
  if (!isAbsent(background) && typeof background !== 'boolean') throw invalid('background must be true or false')
  // Its answer would be fetched later, by an endpoint that is not guarded; a stream of it that is cut would go on being written.
  if (background === true) throw invalid('background must be false: what is written there is handed out unchecked')
  if (!isAbsent(text) && !isRecord(text)) throw invalid('text must be an object')
  const format = isRecord(text) ? text['format'] : undefined
  if (!isAbsent(format) && !isRecord(format)) throw invalid('text.format must be an object')
  const kind = isRecord(format) ? format['type'] : undefined
  return {
    stream: stream === true,
    scopes: 1,
    json: kind === 'json_object' || kind === 'json_schema',
    // A response tells its usage in its last event, asked or not.
    usage: true,
    model: typeof model === 'string' ? model : '',
  }
}

interface PromptText {
  readonly segment: Segment
  readonly path: readonly (string | number)[]
}

type Kind = 'prompt' | 'prompt.system'

function textsOf(body: JsonRecord): PromptText[] {
  const texts: PromptText[] = []
  const add = (kind: Kind, text: unknown, fresh: boolean, ...path: (string | number)[]): void => {
    if (typeof text !== 'string') return
    const slot = texts.length
    const channel = { name: `${kind}/${slot}`, scope: '0', kind } as const
    texts.push({ segment: { kind: 'text', channel, text, relation: 'adds', slot, fresh }, path })
  }
  const { instructions, input, prompt } = body
  if (!isAbsent(instructions) && typeof instructions !== 'string') throw invalid('instructions must be a string')
  add('prompt.system', instructions, true, 'instructions')
  if (isRecord(prompt) && isRecord(prompt['variables'])) {
    for (const [name, value] of Object.entries(prompt['variables'])) {
      add('prompt', value, true, 'prompt', 'variables', name)
      if (isRecord(value)) add('prompt', value['text'], true, 'prompt', 'variables', name, 'text')
    }
  }
  add('prompt', input, true, 'input')
  if (typeof input === 'string' || isAbsent(input)) return texts
  if (!Array.isArray(input)) throw invalid('input must be a string or a list')
  const answered = lastAnswered(input, isAssistant)
  for (const [index, item] of input.entries()) {
    if (!isRecord(item)) throw invalid(`input[${index}] must be an object`)
    if (isAssistant(item)) continue
    const { role } = item
    const kind = role === 'system' || role === 'developer' ? 'prompt.system' : 'prompt'
    for (const { text, path } of saidIn(item)) add(kind, text, index > answered, 'input', index, ...path)
    const { content } = item
    if (!isAbsent(content) && typeof content !== 'string' && !Array.isArray(content))
      throw invalid(`input[${index}].content must be a string or a list`)
  }
  return texts
}

interface Said {
  readonly text: string
  readonly path: readonly (string | number)[]
}

/** Where items carry text: what a message says, what a tool gave back. */
const fields = ['content', 'output', 'reason']
const partFields = ['text', 'refusal', 'stdout', 'stderr']

/** Every text of an item that is not the assistant's. */
function saidIn(item: JsonRecord): Said[] {
  return fields.flatMap((field) => {
    const value = item[field]
    if (typeof value === 'string') return [{ text: value, path: [field] }]
    if (!Array.isArray(value)) return []
    return value.flatMap((part: unknown, index): Said[] => {
      if (typeof part === 'string') return [{ text: part, path: [field, index] }]
      if (!isRecord(part)) return []
      return partFields.flatMap((name) => {
        const text = part[name]
        return typeof text === 'string' ? [{ text, path: [field, index, name] }] : []
      })
    })
  })
}

/** Items that answers were made of: messages of the assistant, reasoning, calls; what tools gave back is not. */
function isAssistant(item: unknown): boolean {
  if (!isRecord(item)) return false
  const { type, role } = item
  if (role !== undefined) return role === 'assistant'
  return typeof type === 'string' && type !== 'message' && type !== 'item_reference' && !/_(output|response)$/.test(type)
}

function put(holder: unknown, path: readonly (string | number)[], text: string): void {
  let at = holder as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>
  setField(at, path.at(-1) as string, text)
}
