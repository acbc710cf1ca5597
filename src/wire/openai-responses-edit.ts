/** Makes an event or a body of OpenAI's Responses that leaves changed: the edit put in, and what described the text as it was taken along. */
import type { Edit } from '../terms/frame.ts'
import { annotationsWithin, intactUnits } from './annotations.ts'
import { applyEdit, setField } from './edit.ts'
import { entriesWithin } from './logprobs.ts'
import { endedBy, noticeOf, outcomeOf, refusalPart, textPart } from './openai-responses-outcome.ts'
import { responseScope, tellsWhole } from './openai-responses-shape.ts'
import type { Place } from './place.ts'
import type { Walked } from './reading.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/**
 * The event with the edit applied; undefined where nothing of it is left to send. `event` is given up.
 *
 * @param begun units of its text that left in an earlier part of it.
 */
export function editedEvent(event: JsonRecord, { places }: Walked, edit: Edit, begun: number): JsonRecord | undefined {
  const { removed, texts, stale, part } = edit
  const isCut = edit.cut.has(responseScope)
  // What tells a text whole cannot tell the beginning of one: the ending closes what is open.
  if (edit.gone.has(responseScope) || (isCut && tellsWhole(event['type']))) return undefined
  if (stale.has(responseScope) && event['type'] === 'response.output_text.annotation.added') return undefined
  const before = event['delta']
  const own = places.filter(({ holder, sort }) => holder === event && sort === 'text')
  const lost = own.length > 0 && own.every(({ slot }) => removed.has(slot) || texts.get(slot) === '')
  const logprobs = event['logprobs']
  applyWithDescriptions(places, edit, event['response'])
  if (lost) return undefined
  if (part !== 'whole' && Array.isArray(logprobs) && typeof before === 'string') {
    const now = String(event['delta'])
    const intact = before.startsWith(now, begun)
    event['logprobs'] = (intact && entriesWithin(logprobs, before, begun, begun + now.length)) || []
  }
  delete event['obfuscation']
  return event
}

/** A whole body with the edit applied; what is cut ends in it. `body` is given up. */
export function editedBody(body: JsonRecord, { places }: Walked, edit: Edit, json: boolean): JsonRecord {
  const saysText = typeof body['output_text'] === 'string'
  const partly = places
    .filter(({ slot, text }) => edit.texts.has(slot) && edit.texts.get(slot) !== text)
    .map(({ holder }) => holder)
  applyWithDescriptions(places, edit, body)
  const items = Array.isArray(body['output']) ? body['output'] : []
  if (edit.cut.has(responseScope) && edit.how !== undefined) endBody(body, items.filter(isRecord), edit, json, partly)
  if (saysText) body['output_text'] = items.flatMap(textsIn).join('')
  return body
}

function endBody(body: JsonRecord, items: JsonRecord[], edit: Edit, json: boolean, partly: readonly object[]): void {
  const { how } = edit
  if (how === undefined) return
  const outcome = outcomeOf(how)
  Object.assign(body, endedBy(outcome))
  const contentOf = (item: JsonRecord): unknown[] => (Array.isArray(item['content']) ? item['content'] : [])
  for (const item of items)
    if (outcome.status === 'incomplete' && contentOf(item).some((part) => partly.includes(part as object)))
      item['status'] = 'incomplete'
  const said = noticeOf(how, json)
  if (said !== undefined) {
    const part = 'text' in said ? textPart(said.text) : refusalPart(said.refusal)
    const last = items.at(-1)
    if (last?.['type'] === 'message') last['content'] = [...contentOf(last), part]
    else {
      const id = `msg_${crypto.randomUUID()}`
      items.push({ id, type: 'message', role: 'assistant', status: 'completed', content: [part] })
    }
  }
  body['output'] = items
}

/** Puts the texts in; probabilities and offsets that described a text which is another now go. */
function applyWithDescriptions(places: readonly Place[], edit: Edit, response: unknown): void {
  const hadOutput = isRecord(response) && Array.isArray(response['output'])
  applyEdit(places, { ...edit, removed: emptied(places, edit) })
  // Clients go through it without asking whether it is there.
  if (hadOutput) response['output'] ??= []
  for (const { slot, text, holder, sort } of places) {
    const now = edit.removed.has(slot) ? '' : (edit.texts.get(slot) ?? text)
    if (now === text || sort === 'key' || sort === 'void' || !isRecord(holder)) continue
    if ('logprobs' in holder) holder['logprobs'] = []
    const annotations = holder['annotations']
    if (Array.isArray(annotations)) holder['annotations'] = annotationsWithin(annotations, intactUnits(text, now))
  }
  // Clients want a list here, be it empty.
  for (const { holder, key, sort } of places) {
    if (sort === 'void' && key === 'logprobs' && (holder as JsonRecord)[key] === null) (holder as JsonRecord)[key] = []
  }
}

/** A picture that goes by itself leaves its call, which has to have a result. @returns what goes beside that. */
function emptied(places: readonly Place[], { removed, cut }: Edit): ReadonlySet<number> {
  const pictures = cut.size > 0 ? [] : places.filter(({ slot, key }) => key === 'result' && removed.has(slot))
  for (const { holder, key } of pictures) setField(holder, key, '')
  const stays = pictures.map(({ slot }) => slot)
  return stays.length === 0 ? removed : new Set([...removed].filter((slot) => !stays.includes(slot)))
}

function textsIn(item: unknown): string[] {
  const content = isRecord(item) && item['type'] === 'message' && Array.isArray(item['content']) ? item['content'] : []
  return content.flatMap((part: unknown) =>
    isRecord(part) && part['type'] === 'output_text' && typeof part['text'] === 'string' ? [part['text']] : [],
  )
}
