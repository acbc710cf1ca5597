/** One way through a stream of OpenAI's completions, for chats and for plain text: chunks with choices, then `[DONE]`. */
import type { Lens, RequestFacts } from '../terms/dialect.ts'
import type { Edit, Frame, Reading, Usage } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { bytesOf, eventText, jsonText, nothing } from './encode.ts'
import { readRecord } from './json-body.ts'
import { Memory } from './memory.ts'
import { type ChoiceEditor, type ChoiceParts, edited, type Progress } from './openai-edit.ts'
import { done, envelopeOf, errorText, usageText } from './openai-endings.ts'
import { isBare, isExact, placesIn, readFrame, silent } from './reading.ts'
import { Repetition } from './repetition.ts'
import { restated, withoutRestated } from './restated.ts'
import type { JsonRecord, Node } from './shape.ts'

/** Names of events that say nothing of their own; Groq sends failures as `error`. */
const events = ['message', 'error']

const lastWord: Reading = { ...silent, terminal: true }

/** What one of the APIs has of its own. */
export interface CompletionsApi {
  /** What a chunk calls itself (`object`). */
  readonly object: string
  readonly shape: Node
  /** Whether another chunk like this one would mean the same once more. */
  repeats(chunk: JsonRecord): boolean
  editorOf(parts: ChoiceParts): ChoiceEditor
  /** The chunks that end a choice; `introduced`: it has sent a role. */
  cutText(envelope: JsonRecord, index: number, how: OnCut, introduced: boolean, json: boolean): string
}

/** The view of a stream or a whole body. */
export class CompletionsLens implements Lens {
  readonly #api: CompletionsApi
  readonly #facts: RequestFacts
  readonly #whole: boolean
  readonly #memory: Memory
  readonly #repetition = new Repetition({ padding: 'obfuscation' })
  /** The latest chunk that said whose it is. */
  #latest: JsonRecord | undefined
  /** Choices whose `message` was left out of a frame, which only the order of frames can tell. */
  readonly #leftOut = new WeakMap<Frame, ReadonlySet<string>>()
  readonly #divided = new WeakMap<Frame, Progress>()

  constructor(api: CompletionsApi, facts: RequestFacts, whole: boolean) {
    this.#api = api
    this.#facts = facts
    this.#whole = whole
    this.#memory = new Memory(facts.json)
  }

  read(frame: Frame): Reading {
    const { data } = frame
    const { shape } = this.#api
    if (data === undefined || data === '')
      return isBare(frame) ? silent : readFrame(frame, undefined, shape, this.#memory, events)
    const again = this.#repetition.read(frame)
    if (again !== undefined) return again
    if (!this.#whole && data.trim() === '[DONE]') {
      return isBare(frame) ? lastWord : { ...readFrame(frame, undefined, shape, this.#memory, events), terminal: true }
    }
    const value = readRecord(data)
    if (typeof value['id'] === 'string' && value['id'] !== '') this.#latest = value
    const left = this.#whole ? undefined : restated(value, (scope) => this.#memory.scope(scope).spoke)
    if (left !== undefined) {
      this.#leftOut.set(frame, left)
      withoutRestated(value, left)
    }
    const reading = readFrame(frame, value, shape, this.#memory, events)
    this.#repetition.learn(frame, value, reading, this.#api.repeats(value))
    if (this.#whole) return { ...reading, terminal: true }
    return frame.event === 'error' ? { ...reading, terminal: true, finish: reading.finish ?? 'error' } : reading
  }

  write(frame: Frame, edit: Edit): Uint8Array | null {
    const { data } = frame
    const value = data === undefined || data === '' || (!this.#whole && data.trim() === '[DONE]') ? undefined : readRecord(data)
    const left = this.#leftOut.get(frame)
    if (value !== undefined && left !== undefined) withoutRestated(value, left)
    const walked = placesIn(frame, value, this.#api.shape, new Memory(this.#facts.json), events)
    if (value === undefined) {
      if (data) return bytesOf(done)
      // Lines beside the data leave as they came or not at all.
      const changed = walked.asides.some(({ slot }) => edit.removed.has(slot) || edit.texts.has(slot))
      return changed || !isExact(frame) ? null : frame.bytes
    }
    const progress = this.#divided.get(frame) ?? new Map()
    if (edit.part === 'head') this.#divided.set(frame, progress)
    const { json, usage } = this.#facts
    const setting = { whole: this.#whole, json, usage }
    const result = edited(value, walked, { edit, setting, progress }, this.#api.editorOf)
    if (result === undefined) return null
    return bytesOf(this.#whole ? jsonText(result) : eventText(jsonText(result), frame.event === 'error' ? 'error' : undefined))
  }

  cut(scope: string, how: OnCut): Uint8Array {
    if (this.#whole) return nothing
    const { introduced } = this.#memory.scope(scope)
    const envelope = envelopeOf(this.#latest, this.#facts.model, this.#api.object)
    return bytesOf(this.#api.cutText(envelope, Number(scope), how, introduced, this.#facts.json))
  }

  close(usage?: Usage): Uint8Array {
    if (this.#whole) return nothing
    const asked = usage !== undefined && this.#facts.usage
    return bytesOf((asked ? usageText(envelopeOf(this.#latest, this.#facts.model, this.#api.object), usage) : '') + done)
  }

  keepAlive(): Uint8Array {
    return this.#whole ? nothing : bytesOf(': keep-alive\n\n')
  }

  fail(code: string, message: string): Uint8Array {
    return bytesOf(errorText(code, message) + done)
  }
}
