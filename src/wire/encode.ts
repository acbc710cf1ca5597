/** Writes JSON and events so that every client reads them: one line, no raw separators, no torn surrogates. */

const encoder = new TextEncoder()

/** A frame that says nothing. */
export const nothing = new Uint8Array(0)

/**
 * JSON on one line. U+2028, U+2029 and U+0085 are escaped, since some clients' line readers split at them;
 * halves of a surrogate pair are escaped by `JSON.stringify` itself, so that halves in two events can still meet.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  return (text.includes('"__proto__"') ? JSON.stringify(value, withoutPrototype) : text).replace(
    /[\u0085\u2028\u2029]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Careful clients refuse JSON with such a key, careless ones are changed by it. */
function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

/** An event of one data line. */
export function eventText(data: string, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`
}

export function bytesOf(text: string): Uint8Array {
  return text === '' ? nothing : encoder.encode(text)
}
