/** Takes the operator's key out of what an upstream says, however its bytes are divided. */

/** What stands in the key's place. */
const placeholder = new TextEncoder().encode('[key]')

/** @param key visible ASCII, so that its bytes are its characters and JSON spells it as it is, but for `"`, `/` and `\`. */
export function withoutKey(key: string): TransformStream<Uint8Array, Uint8Array> {
  const spellings = [...new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), key.replaceAll('/', '\\/')])]
  const needles = spellings.map((spelling) => new TextEncoder().encode(spelling)).sort((a, b) => b.length - a.length)
  const longest = needles[0]?.length ?? 0
  let kept = new Uint8Array(0)
  return new TransformStream({
    transform(chunk, controller) {
      const text = redacted(joined(kept, chunk), needles)
      // The beginning of a key may stand at the end: so much waits for the next bytes.
      const free = Math.max(0, text.length - longest + 1)
      kept = text.slice(free)
      if (free > 0) controller.enqueue(text.slice(0, free))
    },
    flush(controller) {
      if (kept.length > 0) controller.enqueue(kept)
    },
  })
}

function redacted(bytes: Uint8Array, needles: readonly Uint8Array[]): Uint8Array {
  let left = bytes
  for (const needle of needles) {
    for (let at = indexOf(left, needle, 0); at >= 0; at = indexOf(left, needle, at + placeholder.length)) {
      left = joined(left.subarray(0, at), placeholder, left.subarray(at + needle.length))
    }
  }
  return left
}

function indexOf(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  const last = bytes.length - needle.length
  for (
    let at = bytes.indexOf(needle[0] as number, from);
    at >= 0 && at <= last;
    at = bytes.indexOf(needle[0] as number, at + 1)
  ) {
    if (needle.every((byte, index) => bytes[at + index] === byte)) return at
  }
  return -1
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
