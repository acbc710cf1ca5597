/** Speaks Google's Gemini: few large chunks, calls in one piece, usage with every chunk; as events, as an array, or whole. */
import type { Beat } from './beats.ts'
import type { Part } from './cast.ts'
import { choicesIn, type Fields, isRecord, recordsIn, textOf } from './hearing.ts'
import { sampleOf } from './sample.ts'
import type { Speech, Tool } from './script.ts'
import { type Asked, counted, nameOf, type Speaker } from './speaker.ts'

interface GeminiAsked extends Asked {
  /** Events, or one array written piece by piece. */
  readonly framing: 'events' | 'array'
}

/** Characters of a chunk: Gemini gathers many tokens before it sends them. */
const chunkLength = 60

export const geminiSpeaker: Speaker<GeminiAsked> = {
  hear(body, url) {
    const [, model = 'rehearsal', method = ''] = /\/([^/:]+):(\w+)$/.exec(url.pathname) ?? []
    if (!isRecord(body) || !Array.isArray(body['contents'])) return undefined
    const contents = recordsIn(body['contents'])
    const results = recordsIn(contents.at(-1)?.['parts']).flatMap(({ functionResponse }) => recordsIn([functionResponse]))
    const config = isRecord(body['generationConfig']) ? body['generationConfig'] : {}
    const schema = config['responseJsonSchema'] ?? config['responseSchema']
    const question = {
      model,
      text: textOf(contents.findLast(({ role, parts }) => role !== 'model' && textOf(parts) !== '')?.['parts']),
      toolResult: results.length > 0 ? results.map(({ response }) => resultOf(response)).join('\n') : undefined,
      tools: recordsIn(body['tools']).flatMap(({ functionDeclarations }) => recordsIn(functionDeclarations).flatMap(toolOf)),
      schema: schema ?? (config['responseMimeType'] === 'application/json' ? true : undefined),
      choices: choicesIn(config['candidateCount']),
    }
    const framing = url.searchParams.get('alt') === 'sse' ? 'events' : 'array'
    return { question, stream: method === 'streamGenerateContent', framing }
  },
  misheard() {
    const error = { code: 400, message: 'contents: an array of contents is required', status: 'INVALID_ARGUMENT' }
    return Response.json({ error }, { status: 400 })
  },
  type: ({ framing }) => (framing === 'events' ? 'text/event-stream' : 'application/json; charset=UTF-8'),
  whole({ question }, part) {
    const candidates = part.speeches.map((speech, index) => ({
      content: { parts: speech.map(partOf), role: 'model' },
      finishReason: 'STOP',
      index,
    }))
    const { prompt, completion, reasoning } = counted(question, part)
    return { candidates, ...footing(question.model, nameOf('response'), prompt, completion - reasoning, reasoning) }
  },
  begin({ question, framing }, part) {
    const { prompt } = counted(question, part)
    const id = nameOf('response')
    const gathered = new Map<number, Gathering>()
    const spent = { answer: 0, thoughts: 0 }
    let chunks = 0
    const chunk = (index: number, parts: readonly object[], finish?: 'STOP'): string => {
      const content = { parts: parts.length > 0 ? parts : [{ text: '' }], role: 'model' }
      const candidate = { content, ...(finish && { finishReason: finish }), index }
      const data = { candidates: [candidate], ...footing(question.model, id, prompt, spent.answer, spent.thoughts) }
      if (framing === 'events') return `data: ${JSON.stringify(data)}\r\n\r\n`
      return `${chunks++ === 0 ? '[' : ',\r\n'}${JSON.stringify(data, null, 2)}`
    }
    return (beat) => {
      if (beat === null) return framing === 'array' ? '\n]' : ''
      const { choice, voice } = beat
      if (voice !== 'over') spent[voice === 'reasoning' ? 'thoughts' : 'answer']++
      const own = gathered.get(choice) ?? new Gathering(part)
      gathered.set(choice, own)
      const parts = own.add(beat)
      if (voice === 'over') return chunk(choice, parts, 'STOP')
      return parts.length > 0 ? chunk(choice, parts) : ''
    }
  },
}

/** What one candidate has said since its last chunk. */
class Gathering {
  readonly #length: number
  #voice: Beat['voice'] | undefined
  #name = ''
  #text = ''

  constructor({ letterByLetter }: Part) {
    this.#length = letterByLetter ? 1 : chunkLength
  }

  /** @returns the parts that are ready: text where there is enough of it, a call when it is whole. */
  add({ voice, text }: Beat): object[] {
    const parts = voice === this.#voice ? [] : this.#take()
    if (voice === 'open') this.#name = text
    else this.#text += text
    this.#voice = voice === 'open' ? 'input' : voice
    if (voice === 'over') return [...parts, ...this.#take()]
    const isEnough = (voice === 'answer' || voice === 'reasoning') && this.#text.length >= this.#length
    return isEnough ? [...parts, ...this.#take()] : parts
  }

  #take(): object[] {
    const text = this.#text
    this.#text = ''
    if (this.#voice === 'input') {
      const call = { functionCall: { name: this.#name, args: JSON.parse(text || '{}') as unknown } }
      this.#voice = undefined
      return [call]
    }
    if (text === '') return []
    return [this.#voice === 'reasoning' ? { text, thought: true } : { text }]
  }
}

function partOf(each: Speech[number]): object {
  if (each.voice === 'tool') return { functionCall: { name: each.name, args: JSON.parse(each.input) as unknown } }
  return each.voice === 'reasoning' ? { text: each.text, thought: true } : { text: each.text }
}

/** What every chunk repeats; the counts grow. */
function footing(model: string, id: string, prompt: number, answer: number, thoughts: number): object {
  const usageMetadata = {
    promptTokenCount: prompt,
    candidatesTokenCount: answer,
    totalTokenCount: prompt + answer + thoughts,
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  }
  return { usageMetadata, modelVersion: model, responseId: id }
}

/** Functions answer with any record; the SDKs put what was said under `output` or `result`. */
function resultOf(response: unknown): string {
  const said = isRecord(response) ? (response['output'] ?? response['result'] ?? response) : response
  return typeof said === 'string' ? said : JSON.stringify(said ?? sampleOf(true, ''))
}

function toolOf({ name, parameters, parametersJsonSchema }: Fields): Tool[] {
  return typeof name === 'string' ? [{ name, schema: parametersJsonSchema ?? parameters }] : []
}
