/** Finds its way in request bodies that may hold anything. */

export type Fields = Record<string, unknown>

export function isRecord(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A list's records; nothing where there is no list. */
export function recordsIn(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** What a content says: a string, or the text of its parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return recordsIn(content)
    .flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : []))
    .join('')
}

/** A number of choices within what the protocols allow. */
export function choicesIn(value: unknown): number {
  return Math.max(1, Math.min(128, typeof value === 'number' ? Math.floor(value) : 1))
}

export function modelIn(body: Fields): string {
  return typeof body['model'] === 'string' ? body['model'] : 'rehearsal'
}
