/** Finds frames again, byte for byte and in their order, in what has left. */
import { expect } from 'vitest'

export function expectInOrder(bytes: Uint8Array, frames: readonly { readonly bytes: Uint8Array }[]): void {
  let from = 0
  for (const frame of frames) {
    const at = indexOf(bytes, frame.bytes, from)
    expect({ frame: new TextDecoder().decode(frame.bytes), found: at >= 0 }).toMatchObject({ found: true })
    from = at + frame.bytes.length
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = from; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at
  }
  return -1
}
