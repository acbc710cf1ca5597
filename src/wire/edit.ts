/** Puts an edit into a parsed frame: new texts, strings taken out, and with them the structures that held nothing else. */
import type { Edit } from '../terms/frame.ts'
import { roundsNumbers } from './json-body.ts'
import { exactly } from './numbers.ts'
import type { Item, Place } from './place.ts'
import type { JsonRecord } from './shape.ts'

/** What became of a list item's places. */
interface Fate {
  readonly item: Item
  stays: boolean
}

/** @param places as a walk over the same parsed frame found them. */
export function applyEdit(places: readonly Place[], { texts, removed }: Pick<Edit, 'texts' | 'removed'>): void {
  const doomed = new Map<unknown[], Set<number>>()
  const fates = new Map<unknown, Fate>()
  const going: Place[] = []
  for (const place of places) {
    const text = texts.get(place.slot)
    const isTie = place.sort === 'tie'
    const empties = text !== undefined && (text === '' || place.sort === 'key' || place.sort === 'void')
    const goes = removed.has(place.slot) || (empties && !isTie)
    if (goes) going.push(place)
    else if (text !== undefined && !isTie) setField(place.holder, place.key, place.sort === 'document' ? exactly(text) : text)
    noteFate(place, goes, fates)
  }
  // Last, or writing the value of a field would bring back the field whose name is taken out.
  for (const place of going) takeOut(place, doomed)
  for (const { item, stays } of fates.values()) if (!stays) doom(item.members, item.index, doomed)
  for (const [members, indexes] of doomed) {
    for (const index of [...indexes].sort((a, b) => b - a)) members.splice(index, 1)
  }
  // Lists that lost everything go too: `tool_calls: []` is a tool call to some clients.
  for (const { item } of fates.values()) {
    if (item.members.length === 0 && !Array.isArray(item.holder)) deleteField(item.holder, item.key)
  }
}

/** Puts exact numbers where they were read, so that a frame that is written says them too. */
export function restoreNumbers(places: readonly Place[]): void {
  for (const { sort, holder, key, text } of places) {
    const isNumber = sort === 'void' && typeof (holder as Record<string | number, unknown>)[key] === 'number'
    if ((sort === 'document' || isNumber) && roundsNumbers(text)) setField(holder, key, exactly(text))
  }
}

function takeOut(place: Place, doomed: Map<unknown[], Set<number>>): void {
  const { holder, key } = place
  if (place.sort === 'tie') return
  if (Array.isArray(holder)) doom(holder, key as number, doomed)
  else if (place.sort === 'void') setField(holder, key, null)
  else deleteField(holder, key)
}

function doom(members: unknown[], index: number, doomed: Map<unknown[], Set<number>>): void {
  const indexes = doomed.get(members) ?? new Set()
  doomed.set(members, indexes.add(index))
}

/** An item of a list stays as long as anything that was found in it does. */
function noteFate(place: Place, goes: boolean, fates: Map<unknown, Fate>): void {
  for (let item = place.item; item !== undefined; item = item.around) {
    const member = item.members[item.index]
    const fate = fates.get(member) ?? { item, stays: false }
    if (typeof member === 'object' && member !== null) fates.set(member, fate)
    fate.stays ||= !goes
  }
}

export function setField(holder: object, key: string | number, value: unknown): void {
  // Assigning to `__proto__` would change the holder's prototype instead of its field.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

function deleteField(holder: object, key: string | number): void {
  delete (holder as JsonRecord)[key]
}

/** Whether any of the objects stands in the value. */
export function holdsAny(value: unknown, objects: ReadonlySet<object>): boolean {
  if (typeof value !== 'object' || value === null) return false
  return objects.has(value) || Object.values(value).some((member) => holdsAny(member, objects))
}
