/** Anthropic's messages: the dialect of Claude, and of the servers that speak like it. */
import type { Dialect, Lens, RequestFacts } from '../terms/dialect.ts'
import type { Edit, Frame, Reading, Usage } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { cutText, errorReply, errorText, lastText, messageEvent, refusalReply, type Sent, stopped } from './anthropic-endings.ts'
import { editedBody, editedEvent } from './anthropic-messages-edit.ts'
import { body, kindOfEvent, streamed } from './anthropic-messages-shape.ts'
import { readMessagesRequest } from './anthropic-request.ts'
import { bytesOf, jsonText, nothing } from './encode.ts'
import { indexOf } from './indexes.ts'
import { readRecord } from './json-body.ts'
import { Memory } from './memory.ts'
import { OutputTokens } from './output-tokens.ts'
import { isBare, isExact, placesIn, readFrame, silent } from './reading.ts'
import { Repetition } from './repetition.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** Names of events that say nothing of their own: those of the protocol, and `data`, under which OpenRouter sends `[DONE]`. */
const events = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
  'data',
  'message',
]

export const anthropicMessages = {
  name: 'anthropic-messages',
  request: readMessagesRequest,
  stream: (facts) => new StreamLens(facts),
  body: (facts) => new BodyLens(facts),
  error: errorReply,
  refusal: refusalReply,
} satisfies Dialect

/** What an event does to the structure of the message, by the upstream's count. */
type Note =
  | { readonly kind: 'message_start'; readonly blocks: number }
  | { readonly kind: 'content_block_start'; readonly index: number; readonly type: string }
  | { readonly kind: 'content_block_stop' | 'error' }

class StreamLens implements Lens {
  readonly #facts: RequestFacts
  readonly #memory: Memory
  readonly #tokens = new OutputTokens()
  #repetition = new Repetition()
  /** What was read in a frame that is still to leave. */
  readonly #readings = new WeakMap<Frame, Reading>()
  #sent: Sent = { begun: false, open: undefined, next: 0 }
  /** Blocks that were taken out of the message that is being sent, by the upstream's count. */
  #dropped: number[] = []
  /** How the message was cut that has not had its last two events yet: what it cost may take a while to tell. */
  #ending: OnCut | undefined
  /** An error has left, or the last event of a message that was cut: nothing may follow it. */
  #over = false

  constructor(facts: RequestFacts) {
    this.#facts = facts
    this.#memory = new Memory(facts.json)
  }

  get renumbers(): boolean {
    return this.#dropped.length > 0
  }

  read(frame: Frame): Reading {
    const again = this.#repetition.read(frame)
    if (again !== undefined) {
      this.#readings.set(frame, again)
      this.#count(again)
      return again
    }
    const value = dataOf(frame)
    const reading = value === undefined && isBare(frame) ? silent : readFrame(frame, value, streamed, this.#memory, events)
    // The sentinel ends a message that was cut, where nothing else does.
    if (value === undefined) return isDone(frame) ? { ...reading, mentions: ['0'], terminal: true } : reading
    this.#readings.set(frame, reading)
    this.#count(reading)
    const kind = kindOfEvent(value)
    // What follows is said by another message, be it in the very same words.
    if (kind === 'message_start') this.#repetition = new Repetition()
    this.#repetition.learn(frame, value, reading, kind === 'content_block_delta')
    const isError = kind === 'error' || frame.event === 'error'
    const note = noteOf(value)
    return {
      ...reading,
      terminal: kind === 'message_stop' || isError,
      // The rest of a block could not go on in an event of the same kind.
      undivided: kind !== 'content_block_delta' && kind !== 'other',
      ...(isError && { finish: reading.finish ?? 'error' }),
      ...(note !== undefined && { note }),
    }
  }

  write(frame: Frame, edit: Edit): Uint8Array | null {
    const value = dataOf(frame)
    const { mentions: [scope = ''] = [], rewrite } = this.#readings.get(frame) ?? silent
    const walked = placesIn(frame, value, streamed, new Memory(this.#facts.json), events)
    if (value === undefined) {
      // Lines beside the data leave as they came or not at all.
      const isChanged = walked.asides.some(({ slot }) => edit.removed.has(slot) || edit.texts.has(slot))
      if (isDone(frame) && edit.gone.size > 0) return this.close()
      return isChanged || !isExact(frame) ? null : frame.bytes
    }
    const kind = kindOfEvent(value)
    if (kind === 'message_stop' && edit.gone.has(scope)) return this.close()
    if (kind === 'message_start') this.#dropped = []
    const index = indexOf(value['index'])
    if (kind !== 'content_block_start' && index !== undefined && this.#dropped.includes(index)) return null
    const written = editedEvent(value, walked, edit, scope)
    if (written === undefined) {
      if (kind === 'content_block_start' && !edit.gone.has(scope) && index !== undefined) this.#dropped.push(index)
      return null
    }
    if (index !== undefined) written['index'] = this.#position(index)
    else if (!rewrite && !isEdited(edit, scope)) return frame.bytes
    return bytesOf(messageEvent({ type: kind, ...written }))
  }

  left(note: Note): void {
    switch (note.kind) {
      case 'message_start':
        this.#sent = { begun: true, open: undefined, next: note.blocks }
        break
      case 'content_block_start': {
        const index = this.#position(note.index)
        this.#sent = { ...this.#sent, open: { index, type: note.type }, next: index + 1 }
        break
      }
      case 'content_block_stop':
        this.#sent = { ...this.#sent, open: undefined }
        break
      case 'error':
        this.#over = true
    }
  }

  cut(_scope: string, how: OnCut): Uint8Array {
    if (this.#over || this.#ending !== undefined) return nothing
    this.#over = how.ending === 'error'
    this.#ending = how
    return bytesOf(cutText(this.#sent, how, this.#facts.model, this.#facts.json))
  }

  /** @param usage an estimate, in place of our own. */
  close(usage?: Usage): Uint8Array {
    if (this.#over) return nothing
    this.#over = true
    const tokens = usage?.output ?? this.#tokens.count
    return bytesOf(this.#ending === undefined ? stopped : lastText(this.#ending, this.#facts.json, tokens))
  }

  keepAlive(): Uint8Array {
    return bytesOf(messageEvent({ type: 'ping' }))
  }

  fail(code: string, message: string): Uint8Array {
    return bytesOf(errorText(code, message))
  }

  #position(index: number): number {
    return index - this.#dropped.filter((dropped) => dropped < index).length
  }

  #count({ steps, usage }: Reading): void {
    if (usage?.output !== undefined) this.#tokens.told(usage.output)
    for (const step of steps) if (step.kind === 'text' && step.relation === 'adds') this.#tokens.said(step.text)
  }
}

class BodyLens implements Lens {
  readonly #facts: RequestFacts

  constructor(facts: RequestFacts) {
    this.#facts = facts
  }

  read(frame: Frame): Reading {
    return { ...readFrame(frame, bodyOf(frame), body, new Memory(this.#facts.json), events), terminal: true }
  }

  write(frame: Frame, edit: Edit): Uint8Array {
    const value = bodyOf(frame)
    const walked = placesIn(frame, value, body, new Memory(this.#facts.json), events)
    return bytesOf(jsonText(editedBody(value, walked, edit, this.#facts.json)))
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
    return bytesOf(errorText(code, message))
  }
}

function bodyOf({ data }: Frame): JsonRecord {
  return readRecord(data ?? '')
}

/** The event's data, parsed; undefined where it has none, or the sentinel that some servers end every stream with. */
function dataOf(frame: Frame): JsonRecord | undefined {
  return frame.data === undefined || frame.data === '' || isDone(frame) ? undefined : readRecord(frame.data)
}

function isDone({ data }: Frame): boolean {
  return data?.trim() === '[DONE]'
}

/** The verdict on the frame itself changes it, not only its place among the others. */
function isEdited({ texts, removed, cut, gone }: Edit, scope: string): boolean {
  return texts.size > 0 || removed.size > 0 || cut.has(scope) || gone.has(scope)
}

function noteOf(value: JsonRecord): Note | undefined {
  const kind = kindOfEvent(value)
  switch (kind) {
    case 'message_start': {
      const content = isRecord(value['message']) ? value['message']['content'] : undefined
      return { kind, blocks: Array.isArray(content) ? content.length : 0 }
    }
    case 'content_block_start': {
      const type = isRecord(value['content_block']) ? value['content_block']['type'] : undefined
      return { kind, index: indexOf(value['index']) ?? 0, type: String(type) }
    }
    case 'content_block_stop':
    case 'error':
      return { kind }
    default:
      return undefined
  }
}
