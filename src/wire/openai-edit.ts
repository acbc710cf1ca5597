/** Makes a frame of OpenAI's completions that leaves changed: the edit put in, and what is left of each choice. */
import type { Edit } from '../terms/frame.ts'
import { applyEdit } from './edit.ts'
import { errorBody } from './openai-endings.ts'
import type { Walked } from './reading.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** What a chunk says of itself. A head carries this and text; the rest describes or follows the text and goes with the tail. */
const envelope = ['id', 'object', 'created', 'model', 'system_fingerprint', 'service_tier', 'provider']

export interface Setting {
  /** The frame is a whole body: what is cut ends in it. */
  readonly whole: boolean
  readonly json: boolean
  /** The client asked for usage: a frame that says nothing else is kept for it. */
  readonly usage: boolean
}

/** Units of the strings of a divided frame that left in its heads, by choice and field; kept by the lens while the frame waits. */
export type Progress = Map<string, number>

/** What is known to the editor of one choice. */
export interface ChoiceParts {
  readonly choice: JsonRecord
  readonly position: number
  readonly edit: Edit
  readonly setting: Setting
  readonly progress: Progress
}

/** Takes along with a choice's text what described it; made before the texts are put in. */
export interface ChoiceEditor {
  /** After the texts were put in. @returns whether anything is left to send. */
  finish(walked: Walked, kept: ReadonlySet<object>): boolean
}

/** The chunk or body with the edit applied; undefined where nothing is left of it. `value` is given up. */
export function edited(
  value: JsonRecord,
  walked: Walked,
  parts: Pick<ChoiceParts, 'edit' | 'setting' | 'progress'>,
  editorOf: (parts: ChoiceParts) => ChoiceEditor,
): JsonRecord | undefined {
  const { edit, setting } = parts
  const choices: unknown = value['choices']
  const list = Array.isArray(choices) ? choices : []
  const editors = list.map((choice: unknown, position) =>
    isRecord(choice) ? editorOf({ ...parts, choice, position }) : undefined,
  )
  const kept = new Set(walked.places.filter(({ slot }) => edit.texts.has(slot)).map(({ holder }) => holder))
  applyEdit(walked.places, edit)
  delete value['obfuscation']
  const staying = list.filter((_, position) => editors[position]?.finish(walked, kept) ?? edit.part !== 'head')
  if (Array.isArray(choices)) value['choices'] = staying
  if (edit.part === 'head')
    for (const key of Object.keys(value)) if (key !== 'choices' && !envelope.includes(key)) delete value[key]
  if (setting.whole && edit.cut.size > 0 && edit.how?.ending === 'error')
    value['error'] = errorBody('content_filter', edit.how.notice)
  if (staying.length > 0) return value
  return edit.part !== 'head' && (list.length === 0 || speaksBeside(value, setting)) ? value : undefined
}

/** All that a scope said in this frame lay under a mask that was written before it, or was taken out. */
export function lostText({ places }: Walked, scope: string, { texts, removed }: Edit): boolean {
  return places.some((place) => place.scope === scope && (removed.has(place.slot) || texts.get(place.slot) === ''))
}

/** The choice ends otherwise than the upstream says. */
export function takeEnding(choice: JsonRecord): void {
  choice['finish_reason'] = null
  if ('native_finish_reason' in choice) choice['native_finish_reason'] = null
  delete choice['stop_reason']
  delete choice['matched_stop']
}

/** Drops what pins the text of a choice as it was: probabilities, offsets, the numbers of its tokens. */
export function dropPins(choice: JsonRecord): void {
  if ('logprobs' in choice) choice['logprobs'] = null
  delete choice['content_filter_offsets']
  delete choice['content_filter_raw']
  delete choice['token_ids']
  if (isRecord(choice['delta'])) delete choice['delta']['token_id']
}

function speaksBeside(value: JsonRecord, setting: Setting): boolean {
  return Object.entries(value).some(([key, field]) => {
    if (field === null || key === 'choices' || envelope.includes(key)) return false
    return key !== 'usage' || setting.usage || setting.whole
  })
}
