/** Makes a Gemini frame that leaves changed: the edit put in, and everything that described the text as it was taken along. */
import type { Edit } from '../terms/frame.ts'
import { applyEdit, holdsAny } from './edit.ts'
import { errorMessage, finishOf, noticeOf } from './gemini-endings.ts'
import { scopeOf } from './gemini-shape.ts'
import type { Walked } from './reading.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** What a chunk says of itself. A head carries this and text; the rest describes or follows the text and goes with the tail. */
const envelope = ['modelVersion', 'responseId', 'createTime']

/** What a candidate says about its text: offsets into it, stretches of it once more, probabilities. */
const descriptions = ['citationMetadata', 'logprobsResult', 'groundingAttributions']

export interface Setting {
  /** The frame is a whole body: what is cut ends in it. */
  readonly whole: boolean
  readonly json: boolean
}

/** The chunk or body with the edit applied; undefined where nothing is left of it. `value` is given up. */
export function edited(value: JsonRecord, walked: Walked, edit: Edit, setting: Setting): JsonRecord | undefined {
  const list = Array.isArray(value['candidates']) ? value['candidates'] : []
  const before = new Map(list.filter(isRecord).map((candidate) => [candidate, partsOf(candidate).map(said)]))
  const parts = new Map(list.filter(isRecord).map((candidate) => [candidate, [...partsOf(candidate)]]))
  const kept = new Set(walked.places.filter(({ slot }) => edit.texts.has(slot)).map(({ holder }) => holder))
  applyEdit(walked.places, edit)
  for (const [candidate, own] of parts) forgetSignatures(own, before.get(candidate) ?? [])
  const staying = list.filter((candidate: unknown) =>
    isRecord(candidate) ? finish(candidate, scopeOf(candidate), walked, edit, setting, kept) : edit.part !== 'head',
  )
  if (edit.part === 'head') {
    for (const key of Object.keys(value)) if (key !== 'candidates' && !envelope.includes(key)) delete value[key]
    if (staying.length === 0) return undefined
  }
  if (staying.length > 0 || list.length === 0) {
    if (list.length > 0) value['candidates'] = staying
    return setting.whole && edit.cut.size > 0 && edit.how?.ending === 'error'
      ? { ...errorMessage(400, 'content_filter', edit.how.notice), ...value }
      : value
  }
  delete value['candidates']
  // A chunk of nothing but counts makes clients forget the turn, and the counts come again with the next.
  return 'error' in value || 'promptFeedback' in value || setting.whole ? value : undefined
}

/** @returns whether anything of the candidate is left to send. */
function finish(
  candidate: JsonRecord,
  scope: string,
  walked: Walked,
  edit: Edit,
  setting: Setting,
  kept: ReadonlySet<object>,
): boolean {
  if (edit.gone.has(scope)) return false
  const isCut = edit.cut.has(scope)
  const hadParts = candidate['content'] !== undefined && walked.places.some((place) => place.scope === scope)
  if (edit.part === 'head') return keepHead(candidate, kept)
  if (isCut || edit.stale.has(scope)) {
    for (const key of descriptions) delete candidate[key]
    if (isRecord(candidate['groundingMetadata'])) delete candidate['groundingMetadata']['groundingSupports']
  }
  if (edit.part === 'tail' || candidate['logprobsResult'] === null) delete candidate['logprobsResult']
  if (isCut) takeEnding(candidate)
  if (isCut && setting.whole) close(candidate, edit, setting)
  const speaks = partsOf(candidate).length > 0 || Object.keys(candidate).some((key) => key !== 'content' && key !== 'index')
  if (!speaks && !setting.whole && (isCut || edit.part === 'tail' || hadParts)) return false
  // Without any part, clients forget the turn.
  if (hadParts && partsOf(candidate).length === 0) contentOf(candidate)['parts'] = [{ text: '' }]
  keepPieces(candidate)
  return true
}

/** Of the earlier part of a divided frame, the parts that say something. */
function keepHead(candidate: JsonRecord, kept: ReadonlySet<object>): boolean {
  for (const key of Object.keys(candidate)) if (key !== 'content' && key !== 'index') delete candidate[key]
  const parts = partsOf(candidate).filter((part) => holdsAny(part, kept))
  if (parts.length === 0) return false
  const content = contentOf(candidate)
  for (const key of Object.keys(content)) if (key !== 'role') delete content[key]
  content['parts'] = parts
  return true
}

function takeEnding(candidate: JsonRecord): void {
  delete candidate['finishReason']
  delete candidate['finishMessage']
}

function close(candidate: JsonRecord, { how }: Edit, { json }: Setting): void {
  candidate['finishReason'] = finishOf(how)
  const notice = how && noticeOf(how, json)
  const parts = partsOf(candidate)
  if (notice?.text !== undefined || parts.length === 0) {
    const content = contentOf(candidate)
    content['parts'] = [...parts, { text: notice?.text ?? '' }]
    content['role'] ??= 'model'
  }
  if (notice?.finishMessage !== undefined) candidate['finishMessage'] = notice.finishMessage
}

/**
 * A signature does not outlive the text it came with. Where the API needs it back, on a function call, the call is never
 * changed; on other parts it is missed by nobody, and the answer of a whole body would otherwise be cut where the same
 * answer in a stream, whose signature comes on an empty part, is masked.
 */
function forgetSignatures(parts: readonly unknown[], before: readonly string[]): void {
  for (const [index, part] of parts.entries()) {
    if (isRecord(part) && 'thoughtSignature' in part && said(part) !== before[index]) delete part['thoughtSignature']
  }
}

/** All a part says, to tell whether that was changed. */
function said(part: unknown): string {
  return JSON.stringify(part)
}

/** A piece of an argument whose text went into a mask before it is empty, not missing. */
function keepPieces(candidate: JsonRecord): void {
  for (const part of partsOf(candidate)) {
    const call = isRecord(part) ? part['functionCall'] : undefined
    const pieces = isRecord(call) ? call['partialArgs'] : undefined
    if (!Array.isArray(pieces)) continue
    for (const piece of pieces) {
      if (isRecord(piece) && !Object.keys(piece).some((key) => key.endsWith('Value'))) piece['stringValue'] = ''
    }
  }
}

function partsOf(candidate: JsonRecord): readonly unknown[] {
  const content = candidate['content']
  return isRecord(content) && Array.isArray(content['parts']) ? content['parts'] : []
}

function contentOf(candidate: JsonRecord): JsonRecord {
  if (!isRecord(candidate['content'])) candidate['content'] = { role: 'model' }
  return candidate['content'] as JsonRecord
}
