/** OpenAI's Responses: items and parts, each text said up to five times. */
import type { Dialect, Lens, RequestFacts } from '../terms/dialect.ts'
import type { Edit, Frame, Reading, Usage } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { bytesOf, eventText, jsonText, nothing } from './encode.ts'
import { readRecord } from './json-body.ts'
import { Memory } from './memory.ts'
import { errorReply } from './openai-endings.ts'
import { editedBody, editedEvent } from './openai-responses-edit.ts'
import { Endings, refusalReply } from './openai-responses-endings.ts'
import { readResponsesRequest } from './openai-responses-request.ts'
import { placeOf, Seen } from './openai-responses-seen.ts'
import { isDelta, responsesBody, responsesEvent } from './openai-responses-shape.ts'
import { isBare, isExact, placesIn, readFrame, silent, type Walked } from './reading.ts'
import { Repetition } from './repetition.ts'
import type { JsonRecord } from './shape.ts'

/** Events after which nothing of the response can come. */
const terminals = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled', 'error'])

export const openaiResponses: Dialect = {
  name: 'openai-responses',
  request: readResponsesRequest,
  stream: (facts) => new ResponsesLens(facts),
  body: (facts) => new ResponsesBodyLens(facts),
  error: (status, code, message, retry) => errorReply(status, code, message, retry, 'input'),
  refusal: refusalReply,
}

/** A server that names its events names them by their type. */
const namesOf = (event: JsonRecord | undefined): string[] => [
  'message',
  ...(typeof event?.['type'] === 'string' ? [event['type']] : []),
]

function isSentinel(data: string): boolean {
  return data.trim() === '[DONE]'
}

class ResponsesLens implements Lens {
  readonly #facts: RequestFacts
  readonly #memory: Memory
  readonly #seen = new Seen()
  readonly #repetition = new Repetition({ padding: 'obfuscation', number: 'sequence_number' })
  /** Events that are numbered higher than they came: more were made of one, or one was left out. */
  #shift = 0
  /** Units of a divided frame's text that have left. */
  readonly #begun = new WeakMap<Frame, number>()
  /** The upstream's last word was read, be it behind the cut. */
  #over = false
  /** What ends the response that was cut, until its last event has been written. */
  #ending: Endings | undefined

  constructor(facts: RequestFacts) {
    this.#facts = facts
    this.#memory = new Memory(facts.json)
  }

  read(frame: Frame): Reading {
    const reading = this.#read(frame)
    this.#over ||= reading.terminal
    return reading
  }

  #read(frame: Frame): Reading {
    const { data } = frame
    if (data === undefined || data === '' || isSentinel(data)) {
      const reading = isBare(frame) ? silent : this.#readFrame(frame, undefined)
      return data && isSentinel(data) ? { ...reading, terminal: true } : reading
    }
    const again = this.#repetition.read(frame)
    if (again !== undefined) return again
    const event = readRecord(data)
    const { type } = event
    const delta = isDelta(type)
    const reading = {
      ...this.#readFrame(frame, event),
      note: delta ? placeOf(event) : event,
      ...(!delta && { undivided: true }),
      ...(terminals.has(type as string) && { terminal: true }),
    }
    this.#repetition.learn(frame, event, reading, delta)
    return reading
  }

  #readFrame(frame: Frame, event: JsonRecord | undefined): Reading {
    return readFrame(frame, event, responsesEvent, this.#memory, namesOf(event))
  }

  left(note: unknown): void {
    this.#seen.take(note as JsonRecord, this.#shift)
  }

  get renumbers(): boolean {
    return this.#shift !== 0
  }

  write(frame: Frame, edit: Edit): Uint8Array | null {
    const { data } = frame
    if (data === undefined || data === '' || isSentinel(data))
      return unlessChanged(frame, edit, placesIn(frame, undefined, responsesEvent, new Memory(false), namesOf(undefined)))
    const event = readRecord(data)
    const walked = placesIn(frame, event, responsesEvent, new Memory(this.#facts.json), namesOf(event))
    const begun = this.#begun.get(frame) ?? 0
    const number = event['sequence_number']
    const written = editedEvent(event, walked, edit, begun)
    if (written === undefined) {
      // The rest of a divided event was numbered for the first time with its head.
      if (typeof number === 'number') this.#shift--
      return null
    }
    if (typeof number === 'number') written['sequence_number'] = number + this.#shift
    if (edit.part === 'head') {
      this.#begun.set(frame, begun + String(written['delta']).length)
      // The rest may never leave: what is seen is seen now.
      this.#seen.take(event, this.#shift)
      if (typeof number === 'number') this.#shift++
    }
    return bytesOf(eventText(jsonText(written), frame.event === undefined ? undefined : String(written['type'])))
  }

  cut(scope: string, how: OnCut, released: ReadonlyMap<string, string> = new Map()): Uint8Array {
    this.#ending = this.#endings()
    const text = this.#ending.cut(how, this.#facts.json, this.#memory.scope(scope), released)
    // Behind the upstream's last word nobody closes the stream.
    return bytesOf(this.#over ? text + this.#last() : text)
  }

  close(usage?: Usage): Uint8Array {
    return bytesOf(this.#last(usage))
  }

  #last(usage?: Usage): string {
    const text = this.#ending?.close(usage) ?? ''
    this.#ending = undefined
    return text
  }

  keepAlive(): Uint8Array {
    return bytesOf(': keep-alive\n\n')
  }

  fail(code: string, message: string): Uint8Array {
    return bytesOf(this.#endings().fail(code, message))
  }

  #endings(): Endings {
    return new Endings(this.#seen, this.#facts.model)
  }
}

/** Lines beside the data leave as they came or not at all. */
function unlessChanged(frame: Frame, { removed, texts }: Edit, { asides }: Walked): Uint8Array | null {
  const changed = asides.some(({ slot }) => removed.has(slot) || texts.has(slot))
  return changed || !isExact(frame) ? null : frame.bytes
}

class ResponsesBodyLens implements Lens {
  readonly #facts: RequestFacts

  constructor(facts: RequestFacts) {
    this.#facts = facts
  }

  read(frame: Frame): Reading {
    const reading = readFrame(frame, readRecord(frame.data ?? ''), responsesBody, new Memory(this.#facts.json), [])
    return { ...reading, terminal: true }
  }

  write(frame: Frame, edit: Edit): Uint8Array {
    const { json } = this.#facts
    const body = readRecord(frame.data ?? '')
    return bytesOf(jsonText(editedBody(body, placesIn(frame, body, responsesBody, new Memory(json), []), edit, json)))
  }

  cut(): Uint8Array {
    return nothing
  }

  close(): Uint8Array {
    return nothing
  }

  keepAlive(): Uint8Array {
    return nothing
  }

  fail(code: string, message: string): Uint8Array {
    return bytesOf(new Endings(new Seen(), this.#facts.model).fail(code, message))
  }
}
