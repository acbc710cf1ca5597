/** Bytes that may leave: the only thing the encoder at the end of the way accepts, and only the hold queue makes it. */

declare const cleared: unique symbol

export interface ClearedFrame {
  readonly [cleared]: true
  readonly bytes: Uint8Array
}

export function clearedFrame(bytes: Uint8Array): ClearedFrame {
  return { bytes } as ClearedFrame
}

/** Frames cleared together leave in one write. */
export function joined(frames: readonly ClearedFrame[]): Uint8Array {
  if (frames.length === 1) return (frames[0] as ClearedFrame).bytes
  const all = new Uint8Array(frames.reduce((sum, frame) => sum + frame.bytes.length, 0))
  let at = 0
  for (const { bytes } of frames) {
    all.set(bytes, at)
    at += bytes.length
  }
  return all
}
