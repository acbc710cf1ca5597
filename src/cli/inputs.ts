/** Reads what is to be replayed: recordings, texts and rows of texts, one after the other, so that memory stays flat. */
import { createReadStream, statSync } from 'node:fs'
import { isRecord, parseJson } from './json.ts'
import { unreadable } from './policy-file.ts'
import { type Recognized, Recognizer } from './replay/recording.ts'
import type { Origin } from './replay/replay-record.ts'
import type { RecordingInput } from './replay/replay-recording.ts'
import type { TextInput } from './replay/replay-text.ts'

export interface UnreadableInput {
  readonly kind: 'unreadable'
  readonly input: string
  readonly reason: string
}

export type ReplayInput = TextInput | RecordingInput | UnreadableInput

type Format = 'sse' | 'body' | 'chunks' | 'rows' | 'text'

const strict = new TextDecoder('utf-8', { fatal: true })

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

/**
 * Everything one argument of the command line stands for; `-` is `input`, whose kind its beginning tells.
 *
 * A recorded stream is read twice, to find out whose it is and to replay it, and never kept; only what comes from `input` is.
 *
 * @param onRead told of bytes as they are read for the last time.
 */
export async function* inputsOf(
  path: string,
  input: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<ReplayInput> {
  const format = path === '-' ? undefined : formats.find(([ending]) => path.toLowerCase().endsWith(ending))?.[1]
  if (path !== '-' && format === undefined) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    const endings = formats.map(([ending]) => ending).join(', ')
    const reason = isFolder ? 'it is a folder; name the files in it' : `its name does not end in ${endings}`
    yield { kind: 'unreadable', input: path, reason }
    return
  }
  const isStream = format === 'sse' || format === 'chunks'
  const count = isStream ? () => {} : onRead
  const source = new Source(path === '-' ? input : createReadStream(path), count)
  try {
    const known = format ?? formatOf(await source.firstLine())
    if (known === 'rows') yield* rows(path, source)
    else if (isStream && path !== '-') {
      yield await recorded(path, format, source, () => new Source(createReadStream(path), onRead))
    } else {
      const bytes = await source.rest()
      if (known === 'text') yield { kind: 'text', origin: originOf(path), deltas: [strict.decode(bytes)] }
      else if (known === 'body') yield body(path, bytes)
      else yield await recorded(path, known, new Source(once(bytes)), () => new Source(once(bytes)))
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    // In another encoding its words would be other signs, and pass for clear.
    const isAlien = error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
    yield { kind: 'unreadable', input: path, reason: isAlien ? 'it is not UTF-8 text' : unreadable(path, error).message }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
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
  for await (const line of source.lines(true)) {
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

function originOf(path: string): Origin {
  return { id: path, input: path, carried: {} }
}

function body(path: string, bytes: Uint8Array): ReplayInput {
  const text = new TextDecoder().decode(bytes)
  const recognizer = new Recognizer()
  for (const value of [parseJson(text)].flat()) recognizer.take(value)
  const recognized = recognizer.result()
  const framing = text.trimStart().startsWith('[') ? 'array' : 'body'
  if (recognized === undefined || (framing === 'array' && !recognized.arrays)) return alien(path)
  return { kind: 'recording', origin: originOf(path), recognized, framing, open: () => once(bytes) }
}

async function recorded(path: string, format: 'sse' | 'chunks', first: Source, again: () => Source): Promise<ReplayInput> {
  const recognizer = new Recognizer()
  // A lone CR ends a line of an event stream as well.
  for await (const lines of first.lines())
    for (const line of lines.split('\r'))
      if (format === 'chunks') recognizer.take(parseJson(line))
      else if (line.startsWith('data:')) recognizer.take(parseJson(line.slice(5)))
  const recognized = recognizer.result()
  if (recognized === undefined) return alien(path)
  const open = format === 'sse' ? () => again().all() : () => framed(again(), recognized)
  return { kind: 'recording', origin: originOf(path), recognized, framing: 'events', open }
}

async function* framed(source: Source, { event, lastWord }: Recognized): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const line of source.lines()) if (line.trim() !== '') yield encoder.encode(event(line.replace(/\r$/, '')))
  if (lastWord !== '') yield encoder.encode(lastWord)
}

function alien(path: string): UnreadableInput {
  return { kind: 'unreadable', input: path, reason: 'it is in no protocol this version of Sluice knows' }
}

/** A file or standard input, of which the beginning can be looked at before it is read. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #onRead: (bytes: number) => void
  #ahead: Uint8Array[] = []

  constructor(stream: AsyncIterable<Uint8Array>, onRead: (bytes: number) => void = () => {}) {
    this.#onRead = onRead
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
    for await (const chunk of this.all()) chunks.push(chunk)
    return Uint8Array.from(Buffer.concat(chunks))
  }

  /** @param strictly throws what TextDecoder throws where a line is not UTF-8. */
  async *lines(strictly = false): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: strictly })
    let open: string[] = []
    for await (const chunk of this.all()) {
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

  async *all(): AsyncGenerator<Uint8Array> {
    const ahead = this.#ahead
    this.#ahead = []
    for (const chunk of ahead) {
      yield chunk
      this.#onRead(chunk.length)
    }
    for (;;) {
      const { value, done } = await this.#chunks.next()
      if (done) return
      yield value
      this.#onRead(value.length)
    }
  }
}
