/** Makes an event or a body of Anthropic's that leaves changed: the edit put in, and nothing left that clients stumble over. */
import type { Edit } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { answerNotice, endingOf } from './anthropic-endings.ts'
import { kindOfBlock, kindOfDelta } from './anthropic-messages-blocks.ts'
import { kindOfEvent } from './anthropic-messages-shape.ts'
import { applyEdit } from './edit.ts'
import type { Walked } from './reading.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** Strings without which clients show `undefined`, by the kind of block or delta. */
const required: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  thinking: ['thinking', 'signature'],
  text_delta: ['text'],
  thinking_delta: ['thinking'],
  input_json_delta: ['partial_json'],
}

/** How a body ends that nobody told how to. */
const natively: OnCut = { ending: 'native', notice: '', notice_in: 'none' }

/** The event with the edit applied; undefined where nothing is left of it. `value` is given up. */
export function editedEvent(value: JsonRecord, walked: Walked, edit: Edit, scope: string): JsonRecord | undefined {
  if (edit.gone.has(scope)) return undefined
  const isCut = edit.cut.has(scope)
  const lost = lostFields(walked, edit)
  switch (kindOfEvent(value)) {
    case 'message_start': {
      const { message } = value
      if (!isRecord(message)) break
      editContent(message, walked, edit)
      if (isCut) Object.assign(message, { stop_reason: null, stop_sequence: null })
      return value
    }
    case 'content_block_start': {
      const block = value['content_block']
      applyEdit(walked.places, edit)
      if (!isRecord(block)) break
      const kind = kindOfBlock(block)
      const isEmpty = !(required[kind] ?? []).some((field) => block[field])
      const isWhole = lost.has('tie') || (kind === 'tool' ? lost.has('name') : kind === 'thinking' && isEmpty)
      if (lost.size > 0 && (isWhole || (isCut && isEmpty))) return undefined
      fill(block, kind)
      return value
    }
    case 'content_block_delta': {
      const delta = value['delta']
      applyEdit(walked.places, edit)
      if (!isRecord(delta)) break
      const { type, ...rest } = delta
      const isEmpty = Object.values(rest).every((field) => field === '') || (isCut && 'citation' in delta)
      if (lost.size > 0 && isEmpty) return undefined
      fill(delta, kindOfDelta(delta))
      return value
    }
    case 'content_block_stop':
    case 'message_delta':
      // What is still open is closed by events of ours.
      if (isCut) return undefined
      break
    case 'error': {
      applyEdit(walked.places, edit)
      const { error } = value
      if (isRecord(error)) error['message'] ??= ''
      return value
    }
  }
  applyEdit(walked.places, edit)
  return lost.size > 0 && Object.keys(value).length <= 1 ? undefined : value
}

/** The body with the edit applied. `value` is given up. */
export function editedBody(value: JsonRecord, walked: Walked, edit: Edit, json: boolean): JsonRecord {
  editContent(value, walked, edit)
  const { how = natively } = edit
  if (!edit.cut.has('0')) return value
  Object.assign(value, endingOf(how, json))
  const notice = answerNotice(how, json)
  if (notice !== undefined) value['content'] = [...listOf(value['content']), { type: 'text', text: notice }]
  return value
}

/** Puts the edit into what holds whole blocks. A text block without text goes: providers refuse it when it comes back. */
function editContent(message: JsonRecord, walked: Walked, edit: Edit): void {
  const { content } = message
  const speaking = new Set(listOf(content).filter((block) => isRecord(block) && block['text']))
  const changed = walked.places.filter(({ slot, key }) => key === 'thinking' && edit.texts.has(slot))
  applyEdit(walked.places, edit)
  // What a cut left of it is not what was signed.
  for (const { holder } of changed) (holder as JsonRecord)['signature'] = ''
  if (!Array.isArray(content)) return
  message['content'] = content.filter((block) => !(speaking.has(block) && isRecord(block) && !block['text']))
  for (const block of content) if (isRecord(block)) fill(block, kindOfBlock(block))
}

/** Names of the fields that were taken out or emptied; `tie` where the frame goes with what it is part of. */
function lostFields({ places }: Walked, { texts, removed }: Edit): ReadonlySet<string> {
  const lost = places.filter(({ slot }) => removed.has(slot) || texts.get(slot) === '')
  return new Set(lost.map(({ sort, key }) => (sort === 'tie' ? sort : String(key))))
}

function fill(record: JsonRecord, kind: string): void {
  for (const field of required[kind] ?? []) record[field] ??= ''
  if (kind === 'tool') record['input'] ??= {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
