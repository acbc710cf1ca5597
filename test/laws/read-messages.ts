/** Reads a message the way a client does that trusts nobody: every block by its number, and whether the events come in order. */
import { type MessageScript, threadsOf } from '../generators/messages.ts'

type Fields = Record<string, unknown>

export interface MessageReading {
  /** By thread (`text/0`, `tool/1`, `name/tool/1`, `mystery`). */
  readonly said: ReadonlyMap<string, string>
  readonly stops: readonly unknown[]
  /** How often the last word came. */
  readonly lasts: number
  readonly errors: readonly unknown[]
  readonly events: readonly Fields[]
  /** What an accumulating client would stumble over. */
  readonly disorder: readonly string[]
}

const strict = new TextDecoder('utf-8', { fatal: true })

/** The events by their names; comments and the sentinel are left out. */
function eventsOf(bytes: Uint8Array): { readonly name: string; readonly data: Fields }[] {
  const blocks: string[][] = [[]]
  for (const line of strict.decode(bytes).split(/\r\n|\n|\r/)) {
    if (line === '') blocks.push([])
    else blocks.at(-1)?.push(line)
  }
  return blocks.flatMap((lines) => {
    const field = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
    const data = field('data').join('\n')
    return data === '' || data === '[DONE]' ? [] : [{ name: field('event').join(), data: JSON.parse(data) as Fields }]
  })
}

export function readMessage(bytes: Uint8Array, script: MessageScript): MessageReading {
  const reader = new Reader(threadsOf(script))
  const events = eventsOf(bytes)
  for (const { name, data } of events) reader.take(name, data)
  const { said, stops, lasts, errors, disorder } = reader
  return { said, stops, lasts, errors, disorder, events: events.map(({ data }) => data) }
}

class Reader {
  readonly said = new Map<string, string>()
  readonly stops: unknown[] = []
  readonly errors: unknown[] = []
  readonly disorder: string[] = []
  lasts = 0
  readonly #threads: readonly string[]
  #blocks = 0
  #open: string | undefined

  constructor(threads: readonly string[]) {
    this.#threads = threads
  }

  take(name: string, data: Fields): void {
    if (this.lasts > 0 || this.errors.length > 0) this.disorder.push(`${name} after the last word`)
    if (name !== data['type']) this.disorder.push(`${data['type']} under the name ${name}`)
    switch (data['type']) {
      case 'content_block_start':
        this.#start(data['content_block'] as Fields, data['index'])
        break
      case 'content_block_delta':
        this.#delta(data['delta'] as Fields, data['index'])
        break
      case 'content_block_stop':
        if (this.#open === undefined || data['index'] !== this.#blocks - 1) this.disorder.push(`end of block ${data['index']}`)
        this.#open = undefined
        break
      case 'message_delta':
        if (this.#open !== undefined) this.disorder.push('the message ends in a block')
        if (typeof (data['usage'] as Fields | undefined)?.['output_tokens'] !== 'number') this.disorder.push('no usage')
        this.stops.push((data['delta'] as Fields)['stop_reason'])
        break
      case 'message_stop':
        this.lasts++
        break
      case 'error':
        this.errors.push(data['error'])
    }
  }

  #start(block: Fields, index: unknown): void {
    if (this.#open !== undefined || index !== this.#blocks) this.disorder.push(`start of block ${index}`)
    this.#blocks++
    this.#open = this.#threads[block['n'] as number] ?? ''
    tell(this.said, this.#open, block)
  }

  #delta(delta: Fields, index: unknown): void {
    if (this.#open === undefined || index !== this.#blocks - 1) this.disorder.push(`delta of block ${index}`)
    else tell(this.said, this.#open, delta)
  }
}

function tell(said: Map<string, string>, thread: string, fields: Fields): void {
  const add = (name: string, text: unknown): void => {
    if (typeof text === 'string' && text !== '') said.set(name, (said.get(name) ?? '') + text)
  }
  for (const key of ['text', 'thinking', 'partial_json']) add(thread, fields[key])
  add(`name/${thread}`, fields['name'])
  add('mystery', fields['mystery'])
}

/** A whole message in the same terms; the input of a tool as its JSON. */
export function readWhole(body: Fields, script: MessageScript): Pick<MessageReading, 'said' | 'stops'> {
  const said = new Map<string, string>()
  const threads = threadsOf(script)
  for (const block of body['content'] as Fields[]) {
    const thread = threads[block['n'] as number] ?? ''
    const { input, ...rest } = block
    const isEmpty = typeof input !== 'object' || input === null || Object.keys(input).length === 0
    tell(said, thread, isEmpty ? rest : { ...rest, partial_json: JSON.stringify(input) })
  }
  return { said, stops: [body['stop_reason']] }
}
