/** Flat arrays in one buffer, so that loading a compiled list is putting views on bytes. */

/** The kinds of array a buffer may hold, by the number they are written as. */
const kinds = [Uint8Array, Uint16Array, Uint32Array, Int32Array] as const

export type Flat = Uint8Array | Uint16Array | Uint32Array | Int32Array

/** Written first; also tells a machine that reads numbers the other way round. */
const magic = 0x31_57_4c_53
const packVersion = 4

/** What was handed in is not a packed buffer of this version. */
export class PackError extends Error {
  override readonly name = 'PackError'
}

/** Magic, version, number of arrays, then kind and byte length of each, then the arrays, each at a multiple of four. */
export function pack(arrays: readonly Flat[]): Uint8Array {
  const head = new Uint32Array(3 + 2 * arrays.length)
  head.set([magic, packVersion, arrays.length])
  let size = head.byteLength
  for (const [index, array] of arrays.entries()) {
    head.set([kinds.findIndex((kind) => array instanceof kind), array.byteLength], 3 + 2 * index)
    size += padded(array.byteLength)
  }
  const bytes = new Uint8Array(size)
  bytes.set(new Uint8Array(head.buffer))
  let at = head.byteLength
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += padded(array.byteLength)
  }
  return bytes
}

/**
 * Views on the arrays of a packed buffer; nothing is copied unless the bytes begin at an odd place.
 *
 * @throws PackError where the bytes are cut short, of another version or something else.
 */
export function unpack(given: Uint8Array): Flat[] {
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice()
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
  if (words[0] !== magic) throw new PackError('these bytes are no compiled terms')
  if (words[1] !== packVersion) throw new PackError(`compiled terms of version ${words[1]}, wanted ${packVersion}`)
  const count = words[2] ?? 0
  let at = 4 * (3 + 2 * count)
  const arrays: Flat[] = []
  for (let index = 0; index < count; index += 1) {
    const kind = kinds[words[3 + 2 * index] ?? -1]
    const length = words[4 + 2 * index]
    if (kind === undefined || length === undefined || length % kind.BYTES_PER_ELEMENT !== 0)
      throw new PackError('compiled terms are damaged')
    if (at + length > bytes.byteLength) throw new PackError('compiled terms are cut short')
    arrays.push(new kind(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length / kind.BYTES_PER_ELEMENT))
    at += padded(length)
  }
  return arrays
}

function padded(length: number): number {
  return (length + 3) & ~3
}
