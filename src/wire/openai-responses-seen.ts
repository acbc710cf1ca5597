/** What clients have seen of a response by now: which items and parts are announced, told and closed. Endings close the rest. */
import { isCode } from './code.ts'
import { indexOf } from './indexes.ts'
import { isRecord, type JsonRecord } from './shape.ts'

export interface SeenPart {
  readonly of: 'content' | 'summary'
  readonly position: number
  /** `output_text`, `refusal`, `reasoning_text`, `summary_text`. */
  readonly type: string
  /** Its text was told whole (`response.output_text.done`). */
  told: boolean
  closed: boolean
}

export interface SeenItem {
  readonly index: number
  /** Ids, codes and numbers of the item; none of its text. */
  readonly fields: JsonRecord
  readonly type: string
  readonly parts: SeenPart[]
  closed: boolean
}

/** Events about the text of a part, and the part's type. */
const textEvents: Readonly<Record<string, string>> = {
  output_text: 'output_text',
  refusal: 'refusal',
  reasoning_text: 'reasoning_text',
  reasoning_summary_text: 'summary_text',
}

export class Seen {
  /** The response as it was announced, without what it may say later. */
  response: JsonRecord | undefined
  readonly items = new Map<number, SeenItem>()
  /** The number of the next event. */
  next = 0

  /** @param event as the upstream sent it; @param shift by how much it was numbered higher when it left. */
  take(event: JsonRecord, shift: number): void {
    const { type, sequence_number: number } = event
    this.next = typeof number === 'number' ? number + shift + 1 : this.next + 1
    const [, subject, happened] = /^response\.(\w+)(?:\.(\w+))?$/.exec(String(type)) ?? []
    if (subject === undefined) return
    if (subject === 'created' || subject === 'in_progress' || subject === 'queued') this.#announce(event['response'])
    else if (subject === 'output_item') this.#item(event, event['item'], happened)
    else if (subject === 'content_part') this.#part(event, 'content', happened)
    else if (subject === 'reasoning_summary_part') this.#part(event, 'summary', happened)
    else if (Object.hasOwn(textEvents, subject)) {
      const part = this.#partOf(
        event,
        subject === 'reasoning_summary_text' ? 'summary' : 'content',
        textEvents[subject] as string,
      )
      if (happened === 'done' && part !== undefined) part.told = true
    }
  }

  #announce(response: unknown): void {
    if (!isRecord(response)) return
    const { output: _output, output_text: _text, error: _error, usage: _usage, ...announced } = response
    this.response = announced
  }

  #item(event: JsonRecord, item: unknown, happened: string | undefined): void {
    if (!isRecord(item)) return
    const index = indexOf(event['output_index']) ?? 0
    const known = this.items.get(index)
    if (known === undefined || known.fields['id'] !== item['id'])
      this.items.set(index, { index, fields: bare(item), type: String(item['type']), parts: known?.parts ?? [], closed: false })
    const seen = this.items.get(index) as SeenItem
    for (const list of ['content', 'summary'] as const) {
      const parts = item[list]
      if (!Array.isArray(parts)) continue
      for (const [position, part] of parts.entries()) if (isRecord(part)) ensure(seen, list, position, String(part['type']))
    }
    if (happened === 'done') seen.closed = true
  }

  #part(event: JsonRecord, of: SeenPart['of'], happened: string | undefined): void {
    const part = isRecord(event['part']) ? event['part'] : {}
    const seen = this.#partOf(event, of, String(part['type']))
    if (seen !== undefined && happened === 'done') seen.closed = true
  }

  #partOf(event: JsonRecord, of: SeenPart['of'], type: string): SeenPart | undefined {
    const item = this.items.get(indexOf(event['output_index']) ?? 0)
    return item && ensure(item, of, indexOf(event[of === 'summary' ? 'summary_index' : 'content_index']) ?? 0, type)
  }
}

/** All of a delta that is remembered: which event it is, and of which part. */
export function placeOf(delta: JsonRecord): JsonRecord {
  const { type, sequence_number, output_index, content_index, summary_index } = delta
  return { type, sequence_number, output_index, content_index, summary_index }
}

/** A part of a type nobody knows is not told again: its very name may have been masked. */
function ensure({ parts }: SeenItem, of: SeenPart['of'], position: number, type: string): SeenPart | undefined {
  const known = parts.find((part) => part.of === of && part.position === position)
  if (known !== undefined || !Object.values(textEvents).includes(type)) return known
  const part: SeenPart = { of, position, type, told: false, closed: false }
  parts.push(part)
  return part
}

/** What an item says of itself without a word of the model's. */
function bare(item: JsonRecord): JsonRecord {
  const said = ['id', 'type', 'role', 'call_id', 'server_label', 'container_id', 'approval_request_id', 'phase']
  return Object.fromEntries(Object.entries(item).filter(([name, value]) => said.includes(name) && isCode(value)))
}
