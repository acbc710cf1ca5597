/** Reads what is to be replayed: recordings, texts and rows of texts, one after the other, so that memory stays flat. */
import { createReadStream } from 'node:fs'
import { isRecord, parseJson } from './json.ts'
import { unreadable } from './policy-file.ts'
import { recognize } from './recording.ts'
import type { Origin } from './replay-record.ts'
import type { RecordingInput } from './replay-recording.ts'
import type { TextInput } from './replay-text.ts'

export interface UnreadableInput {
  readonly kind: 'unreadable'
  readonly input: string
  readonly reason: string
}

export type ReplayInput = TextInput | RecordingInput | UnreadableInput

type Format = 'sse' | 'body' | 'chunks' | 'rows' | 'text'

/** Longest first: `.chunks.jsonl` is also a `.jsonl`. */
const formats: readonly (readonly [ending: string, format: Format])[] = [
  ['.chunks.jsonl', 'chunks'],
  ['.sse.txt', 'sse'],
  ['.json.txt', 'body'],
  ['.sse', 'sse'],
  ['.json', 'body'],
  ['.jsonl', 'rows'],
  ['.txt', 'text'],
]

/** Everything one argument of the command line stands for; `-` is `input`, whose kind its beginning tells. */
export async function* inputsOf(path: string, input: AsyncIterable<Uint8Array>): AsyncGenerator<ReplayInput> {
  const format = path === '-' ? undefined : formats.find(([ending]) => path.toLowerCase().endsWith(ending))?.[1]
  if (path !== '-' && format === undefined) {
    yield { kind: 'unreadable', input: path, reason: `its name does not end in ${formats.map(([ending]) => ending).join(', ')}` }
    return
  }
  const source = new Source(path === '-' ? input : createReadStream(path))
  try {
    const known = format ?? formatOf(await source.firstLine())
    if (known === 'rows') yield* rows(path, source)
    else yield single(path, known, await source.rest())
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    yield { kind: 'unreadable', input: path, reason: unreadable(path, error).message }
  }
}

function formatOf(firstLine: string): Format {
  const line = firstLine.replace(/^\ufeff/, '')
  if (/^(?:data|event|id|retry)?:/.test(line)) return 'sse'
  const value = parseJson(line)
  if (isRecord(value))
    return 'text' in value || 'deltas' in value
      ? 'rows'
      : value['object'] === 'chat.completion' || value['type'] === 'message'
        ? 'body'
        : 'chunks'
  return /^\s*(?:\{|\[\s*(?:\{|$))/.test(line) ? 'body' : 'text'
}

async function* rows(path: string, source: Source): AsyncGenerator<ReplayInput> {
  let number = 0
  for await (const line of source.lines()) {
    number += 1
    if (line.trim() === '') continue
    const input = `${path}:${number}`
    const row = parseJson(line)
    const deltas = isRecord(row) ? deltasOf(row) : undefined
    if (!isRecord(row) || deltas === undefined) {
      yield {
        kind: 'unreadable',
        input,
        reason: 'the line is not a JSON object with text (a string) or deltas (an array of strings)',
      }
      continue
    }
    const { id = input, text: _, deltas: __, ...carried } = row
    yield { kind: 'text', origin: { id, input, carried }, deltas }
  }
}

function deltasOf({ text, deltas }: Record<string, unknown>): readonly string[] | undefined {
  if (deltas === undefined) return typeof text === 'string' ? [text] : undefined
  return Array.isArray(deltas) && deltas.every((delta) => typeof delta === 'string') ? deltas : undefined
}

function single(path: string, format: Exclude<Format, 'rows'>, bytes: Uint8Array<ArrayBuffer>): ReplayInput {
  const origin: Origin = { id: path, input: path, carried: {} }
  const text = new TextDecoder().decode(bytes)
  if (format === 'text') return { kind: 'text', origin, deltas: [text] }
  const lines = text.split(/\r\n?|\n/)
  const values = {
    sse: () => dataIn(lines).map(parseJson),
    chunks: () => lines.map(parseJson),
    body: () => [parseJson(text)].flat(),
  }[format]()
  const recognized = recognize(values)
  const framing = format !== 'body' ? 'events' : text.trimStart().startsWith('[') ? 'array' : 'body'
  if (recognized === undefined || (framing === 'array' && !recognized.arrays)) {
    return { kind: 'unreadable', input: path, reason: 'it is in no protocol this version of Sluice knows' }
  }
  if (format !== 'chunks') return { kind: 'recording', origin, recognized, framing, bytes }
  const events = lines.filter((line) => line.trim() !== '').map(recognized.event)
  const framed = new TextEncoder().encode(events.join('') + recognized.lastWord)
  return { kind: 'recording', origin, recognized, framing, bytes: framed }
}

/** The data of an event stream's lines, well enough to tell whose it is. */
function dataIn(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5))
}

/** A file or standard input, of which the beginning can be looked at before it is read. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>
  #ahead: Uint8Array[] = []

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  async firstLine(): Promise<string> {
    for (;;) {
      const text = Buffer.concat(this.#ahead).toString()
      const end = text.search(/[\r\n]/)
      if (end >= 0) return text.slice(0, end)
      const { value, done } = await this.#chunks.next()
      if (done) return text
      this.#ahead.push(value)
    }
  }

  async rest(): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = []
    for await (const chunk of this.#all()) chunks.push(chunk)
    return Uint8Array.from(Buffer.concat(chunks))
  }

  async *lines(): AsyncGenerator<string> {
    const decoder = new TextDecoder()
    let open: string[] = []
    for await (const chunk of this.#all()) {
      const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
      open.push(first)
      for (const other of others) {
        yield open.join('')
        open = [other]
      }
    }
    open.push(decoder.decode())
    const last = open.join('')
    if (last !== '') yield last
  }

  async *#all(): AsyncGenerator<Uint8Array> {
    yield* this.#ahead
    this.#ahead = []
    for (;;) {
      const { value, done } = await this.#chunks.next()
      if (done) return
      yield value
    }
  }
}
