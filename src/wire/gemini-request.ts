/** What must be known of a Gemini request: how its answer will come, by its address, and the text of its prompts. */
import type { PromptImage, RequestFacts, RequestReading } from '../terms/dialect.ts'
import type { Segment } from '../terms/frame.ts'
import { jsonText } from './encode.ts'
import { invalid, isAbsent, lastAnswered } from './request.ts'
import { imagesOf } from './request-images.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** Google allows 8. */
const mostCandidates = 128

/** Google's JSON names fields in either spelling, and so does the body of a request (ProtoJSON). */
type Either = readonly [camel: string, snake: string]

/** A model, a tuned model, or an endpoint of Vertex AI, and what is asked of it: the end of the address on every base. */
export const geminiPath = /\/(?:models|tunedModels|endpoints)\/([^/]+?)(?::|%3a)(generateContent|streamGenerateContent)\/?$/i

/** @throws SluiceError `request_invalid`, naming the field. */
export function readGeminiRequest(body: unknown, url: URL): RequestReading {
  if (!isRecord(body)) throw invalid('the body must be a JSON object')
  const facts = factsOf(body, url)
  return {
    facts,
    prompts: textsOf(body).map(({ segment }) => segment),
    get images() {
      return imagesIn(body)
    },
    // Uploaded before, and part of the prompt all the same.
    ...(!isAbsent(fieldOf(body, ['cachedContent', 'cached_content'])) && { unread: 'cachedContent' }),
    write: (changed) => {
      const copy = structuredClone(body)
      for (const { segment, holder, key } of textsOf(copy)) {
        const value = changed.get(segment.slot)
        // Assigning to `__proto__` would change the holder's prototype instead of its field.
        if (value !== undefined) Object.defineProperty(holder, key, { value })
      }
      return jsonText(copy)
    },
  }
}

function imagesIn({ contents }: JsonRecord): PromptImage[] {
  const turns = listOf(contents) ?? []
  return imagesOf(turns, lastAnswered(turns, isModel), isModel)
}

function factsOf(body: JsonRecord, url: URL): RequestFacts {
  const [, model = '', method = ''] = geminiPath.exec(url.pathname) ?? []
  const alternative = url.searchParams.get('alt') ?? url.searchParams.get('$alt') ?? 'json'
  if (alternative !== 'sse' && alternative !== 'json') throw invalid('alt must be sse or json')
  const config = fieldOf(body, ['generationConfig', 'generation_config'])
  if (!isAbsent(config) && !isRecord(config)) throw invalid('generationConfig must be an object')
  const count = isRecord(config) ? fieldOf(config, ['candidateCount', 'candidate_count']) : undefined
  // ProtoJSON takes numbers as strings too.
  const scopes = isAbsent(count) ? 1 : Number(count)
  if (!Number.isInteger(scopes) || scopes < 0 || scopes > mostCandidates) {
    throw invalid(`generationConfig.candidateCount must be a whole number up to ${mostCandidates}`)
  }
  const type = isRecord(config) ? fieldOf(config, ['responseMimeType', 'response_mime_type']) : undefined
  return {
    stream: method.toLowerCase() === 'streamgeneratecontent',
    scopes: Math.max(1, scopes),
    json: typeof type === 'string' && /\bjson\b/i.test(type),
    usage: true,
    model: decoded(model),
    framing: alternative === 'sse' ? 'events' : 'array',
  }
}

function decoded(model: string): string {
  try {
    return decodeURIComponent(model)
  } catch {
    return model
  }
}

interface PromptText {
  readonly segment: Segment
  readonly holder: object
  readonly key: string | number
}

/** What says nothing in a part: codes, and what cannot be read as text. */
const silent =
  /^(?:id|role|mime_?type|data|file_?uri|thought_?signature|language|outcome|scheduling|video_?metadata|media_?resolution|part_?metadata)$/i

function textsOf(body: JsonRecord): PromptText[] {
  const texts: PromptText[] = []
  const add = (kind: 'prompt' | 'prompt.system', fresh: boolean, holder: object, key: string | number, text: string): void => {
    const slot = texts.length
    const channel = { name: `${kind}/${slot}`, scope: '0', kind } as const
    texts.push({ segment: { kind: 'text', channel, text, relation: 'adds', slot, fresh }, holder, key })
  }
  const system = fieldOf(body, ['systemInstruction', 'system_instruction'])
  if (!isAbsent(system)) eachText({ system }, 0, (...found) => add('prompt.system', true, ...found))
  const contents = listOf(body['contents'])
  if (contents === undefined) throw invalid('contents must be a list')
  const answered = lastAnswered(contents, isModel)
  for (const [index, content] of contents.entries()) {
    if (!isRecord(content)) throw invalid(`contents[${index}] must be an object`)
    if (isModel(content)) continue
    const parts = listOf(content['parts'])
    if (parts === undefined && !isAbsent(content['parts'])) throw invalid(`contents[${index}].parts must be a list`)
    for (const part of parts ?? []) eachText(part, 0, (...found) => add('prompt', index > answered, ...found))
  }
  return texts
}

/** Every string of a part: its text, and whatever a function or tool answered, in any shape. */
function eachText(value: unknown, depth: number, found: (holder: object, key: string | number, text: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > 128) throw invalid('contents are nested too deep')
  for (const [key, member] of Object.entries(value)) {
    // A function may answer with fields of any name.
    if (depth < 2 && silent.test(key)) continue
    if (typeof member === 'string') found(value, key, member)
    else eachText(member, depth + 1, found)
  }
}

/** Where a list is expected, ProtoJSON takes a single member as well, and Google's own examples send one. */
function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  return isRecord(value) ? [value] : undefined
}

function isModel(content: unknown): boolean {
  return isRecord(content) && content['role'] === 'model'
}

function fieldOf(record: JsonRecord, [camel, snake]: Either): unknown {
  // Both at once is an error to Google; which it would read is nobody's to guess.
  if (!isAbsent(record[camel]) && !isAbsent(record[snake])) throw invalid(`${camel} is given twice`)
  return record[camel] ?? record[snake]
}
