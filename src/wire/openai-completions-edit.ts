/** Edits one choice of a plain completion: its probabilities are divided with its text, and go from its first change on. */
import type { Edit } from '../terms/frame.ts'
import { holdsAny } from './edit.ts'
import { scopeOf } from './openai-chat-shape.ts'
import { noticeText } from './openai-completions-endings.ts'
import { legacyWithin } from './openai-completions-logprobs.ts'
import {
  type ChoiceEditor,
  type ChoiceParts,
  dropPins,
  lostText,
  type Progress,
  type Setting,
  takeEnding,
} from './openai-edit.ts'
import { finishOf } from './openai-endings.ts'
import type { Walked } from './reading.ts'
import { isRecord, type JsonRecord } from './shape.ts'

export class TextChoiceEditor implements ChoiceEditor {
  readonly #choice: JsonRecord
  readonly #scope: string
  readonly #place: string
  readonly #edit: Edit
  readonly #setting: Setting
  readonly #progress: Progress
  /** What the choice said before the edit; undefined where it has no text. */
  readonly #before: string | undefined

  constructor({ choice, position, edit, setting, progress }: ChoiceParts) {
    this.#choice = choice
    this.#scope = scopeOf(choice, position)
    this.#place = String(position)
    this.#edit = edit
    this.#setting = setting
    this.#progress = progress
    this.#before = typeof choice['text'] === 'string' ? choice['text'] : undefined
  }

  finish(walked: Walked, kept: ReadonlySet<object>): boolean {
    const { gone, cut, stale, part } = this.#edit
    if (gone.has(this.#scope)) return false
    const choice = this.#choice
    // Clients put texts together without looking: a choice that had one keeps one.
    if (this.#before !== undefined && typeof choice['text'] !== 'string') choice['text'] = ''
    const isStale = stale.has(this.#scope)
    if (part !== 'whole') this.#divide(isStale)
    if (part === 'head') return this.#keepHead(walked, kept)
    const isCut = cut.has(this.#scope)
    if (isCut || isStale) dropPins(choice)
    if (isCut) takeEnding(choice)
    if (this.#setting.whole) {
      if (isCut) this.#closeBody()
      return true
    }
    return this.#speaks() || !(isCut || part === 'tail' || lostText(walked, this.#scope, this.#edit))
  }

  /** Gives each part of a divided choice the probabilities of its own text, where tokens end at the division. */
  #divide(isStale: boolean): void {
    const { logprobs, text } = this.#choice
    if (!isRecord(logprobs) || this.#before === undefined) return
    const from = this.#progress.get(this.#place) ?? 0
    const now = typeof text === 'string' ? text : ''
    this.#progress.set(this.#place, from + now.length)
    const isPart = !isStale && this.#before.startsWith(now, from)
    this.#choice['logprobs'] = (isPart && legacyWithin(logprobs, this.#before, from, from + now.length)) || null
  }

  #keepHead({ places }: Walked, kept: ReadonlySet<object>): boolean {
    const choice = this.#choice
    const spoken = places
      .filter(({ holder, slot }) => holder === choice && this.#edit.texts.has(slot))
      .map(({ key }) => String(key))
    for (const key of Object.keys(choice)) {
      const stays = key === 'index' || key === 'logprobs' || key === 'text' || spoken.includes(key) || holdsAny(choice[key], kept)
      if (!stays) delete choice[key]
    }
    choice['finish_reason'] = null
    return spoken.length > 0 || holdsAny(choice['delta'], kept)
  }

  #closeBody(): void {
    const { how } = this.#edit
    const choice = this.#choice
    choice['finish_reason'] = how === undefined ? 'content_filter' : finishOf(how)
    const notice = how === undefined ? '' : noticeText(how, this.#setting.json)
    if (notice !== '') choice['text'] = `${choice['text'] ?? ''}${notice}`
  }

  #speaks(): boolean {
    const { index, logprobs, delta, ...rest } = this.#choice
    const said = [...Object.values(rest), ...(isRecord(delta) ? Object.values(delta) : [])]
    return said.some((value) => value !== null && value !== undefined && value !== '')
  }
}
