/** Edits one choice of a chat frame: what described its text as it was goes with it. */
import type { Edit } from '../terms/frame.ts'
import { annotationsWithin, intactUnits } from './annotations.ts'
import { holdsAny } from './edit.ts'
import { entriesWithin } from './logprobs.ts'
import { scopeOf } from './openai-chat-shape.ts'
import {
  type ChoiceEditor,
  type ChoiceParts,
  dropPins,
  lostText,
  type Progress,
  type Setting,
  takeEnding,
} from './openai-edit.ts'
import { finishOf, noticeOf } from './openai-endings.ts'
import type { Walked } from './reading.ts'
import { isRecord, type JsonRecord } from './shape.ts'

export class ChatChoiceEditor implements ChoiceEditor {
  readonly #choice: JsonRecord
  readonly #speaker: JsonRecord | undefined
  readonly #position: number
  readonly #scope: string
  readonly #edit: Edit
  readonly #setting: Setting
  readonly #progress: Progress
  /** What the choice said before the edit. */
  readonly #before: { readonly content: unknown; readonly refusal: unknown }

  constructor({ choice, position, edit, setting, progress }: ChoiceParts) {
    const speaker = choice['delta'] ?? choice['message']
    this.#choice = choice
    this.#speaker = isRecord(speaker) ? speaker : undefined
    this.#position = position
    this.#scope = scopeOf(choice, position)
    this.#edit = edit
    this.#setting = setting
    this.#progress = progress
    this.#before = { content: this.#speaker?.['content'], refusal: this.#speaker?.['refusal'] }
  }

  /** What lost all it said goes too: clients take a legacy call without a name for a call, and `{}` for speech. */
  #dropEmptied(): void {
    for (const field of ['function_call', 'audio']) {
      const said = this.#speaker?.[field]
      if (isRecord(said) && Object.values(said).every((value) => value === '')) delete this.#speaker?.[field]
    }
  }

  finish(walked: Walked, kept: ReadonlySet<object>): boolean {
    this.#dropEmptied()
    const { gone, cut, stale, part } = this.#edit
    if (gone.has(this.#scope)) return false
    const isCut = cut.has(this.#scope)
    if (part !== 'whole') this.#divide(stale.has(this.#scope))
    if (part === 'head') return this.#keepHead(kept)
    if (isCut || stale.has(this.#scope)) this.#forget(walked)
    if (this.#setting.whole) {
      this.#closeBody(isCut)
      return true
    }
    if (isCut) takeEnding(this.#choice)
    return this.#speaks() || !(isCut || part === 'tail' || lostText(walked, this.#scope, this.#edit))
  }

  /** Drops what described the text as it was: probabilities, offsets, signatures. */
  #forget(walked: Walked): void {
    dropPins(this.#choice)
    if (this.#speaker === undefined) return
    const { texts, removed } = this.#edit
    const edits = (kind: string): boolean =>
      walked.walk.steps.some(
        (step) => step.kind === 'text' && step.channel.kind === kind && (texts.has(step.slot) || removed.has(step.slot)),
      )
    if (!this.#setting.whole || edits('reasoning')) dropSignatures(this.#speaker)
    dropOffsets(this.#speaker, this.#setting.whole ? intactUnits(this.#before.content, this.#speaker['content']) : 0)
  }

  /** Gives each part of a divided choice the probabilities of its own text, where entries end at the division. */
  #divide(stale: boolean): void {
    const logprobs = this.#choice['logprobs']
    const begun = this.#progress.has(`${this.#position}`)
    if (this.#speaker !== undefined && (begun || this.#edit.part === 'tail')) delete this.#speaker['role']
    this.#progress.set(`${this.#position}`, 0)
    const content = this.#withinPart('content', logprobs)
    const refusal = this.#withinPart('refusal', logprobs)
    if (!isRecord(logprobs)) return
    this.#choice['logprobs'] =
      stale || content === undefined || refusal === undefined ? null : { ...logprobs, ...content, ...refusal }
  }

  /** The field's entries for what this part says of it; nothing where there are none, undefined where they cannot be divided. */
  #withinPart(field: 'content' | 'refusal', logprobs: unknown): JsonRecord | undefined {
    const entries = isRecord(logprobs) ? logprobs[field] : undefined
    const before = this.#before[field] ?? ''
    const now = this.#speaker?.[field] ?? ''
    const key = `${this.#position}.${field}`
    const from = this.#progress.get(key) ?? 0
    if (typeof before !== 'string' || typeof now !== 'string' || !before.startsWith(now, from))
      return Array.isArray(entries) ? undefined : {}
    this.#progress.set(key, from + now.length)
    if (!Array.isArray(entries)) return {}
    const within = entriesWithin(entries, before, from, from + now.length)
    return within && { [field]: within }
  }

  #keepHead(kept: ReadonlySet<object>): boolean {
    const choice = this.#choice
    const speaker = this.#speaker
    for (const key of Object.keys(choice)) {
      const spoken = choice[key] === speaker || key === 'index' || key === 'logprobs' || (key === 'text' && kept.has(choice))
      if (!spoken) delete choice[key]
    }
    choice['finish_reason'] = null
    if (speaker === undefined) return kept.has(choice)
    for (const key of Object.keys(speaker)) {
      const value = speaker[key]
      const spoken = typeof value === 'string' ? kept.has(speaker) : holdsAny(value, kept)
      if (key !== 'role' && !spoken) delete speaker[key]
    }
    return Object.keys(speaker).length > 0
  }

  #closeBody(isCut: boolean): void {
    const choice = this.#choice
    const speaker = this.#speaker
    const { how } = this.#edit
    if (speaker !== undefined && !('content' in speaker)) speaker['content'] = null
    if (!isCut) return
    takeEnding(choice)
    choice['finish_reason'] = how === undefined ? 'content_filter' : finishOf(how)
    const notice = how === undefined ? undefined : noticeOf(how, this.#setting.json)
    if (notice === undefined || speaker === undefined) return
    if ('refusal' in notice) speaker['refusal'] = notice.refusal
    else if (Array.isArray(speaker['content'])) speaker['content'].push({ type: 'text', text: notice.content })
    else speaker['content'] = `${speaker['content'] ?? ''}${notice.content}`
  }

  #speaks(): boolean {
    const { index, logprobs, delta, message, ...rest } = this.#choice
    return [...Object.values(rest), ...Object.values(this.#speaker ?? {})].some(
      (value) => value !== null && value !== undefined && value !== '',
    )
  }
}

function dropSignatures(speaker: JsonRecord): void {
  delete speaker['reasoning_signature']
  for (const list of [speaker['reasoning_details'], speaker['content']]) {
    if (Array.isArray(list)) for (const part of list) if (isRecord(part)) delete part['signature']
  }
}

/** Drops annotations that point beyond `intact`, the units of the text before anything was changed. */
function dropOffsets(speaker: JsonRecord, intact: number): void {
  const holders = [speaker, ...(Array.isArray(speaker['content']) ? speaker['content'].filter(isRecord) : [])]
  for (const holder of holders) {
    const annotations = holder['annotations']
    if (!Array.isArray(annotations)) continue
    holder['annotations'] = annotationsWithin(annotations, intact)
  }
}
