/** Cuts one JSON array that is written piece by piece into its elements, as Google streams answers without `alt=sse`. */
import { SluiceError } from '../errors.ts'
import type { Framing, StreamEnd } from '../terms/dialect.ts'
import type { Frame } from '../terms/frame.ts'
import { ByteBuffer } from './bytes.ts'
import type { FrameLimits } from './sse.ts'

const QUOTE = 34
const COMMA = 44
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN_RECORD = 123
const CLOSE_RECORD = 125

const none: readonly string[] = []
const empty = new Uint8Array(0)

/** What may come next outside of any element; `element` where a comma has been, `first` where the bracket has. */
type Expects = 'bracket' | 'first' | 'element' | 'comma' | 'nothing'

/**
 * A frame is an element with what stands before it (the opening bracket, or a comma) and its blanks; the closing bracket is
 * the last frame, without data. The bytes of all frames together are the bytes that were pushed, and an element is a frame
 * as soon as its last brace has come. Elements are records, as every answer is.
 */
export class ArrayFrames implements Framing {
  readonly #most: number
  readonly #waiting = new ByteBuffer()
  readonly #decoder = new TextDecoder()
  #expects: Expects = 'bracket'
  /** Lists and records that are open within the element; 0 outside of any. */
  #depth = 0
  #inString = false
  #escaped = false
  /** How many bytes of those that wait stand before the element. */
  #before = 0
  #broken: SluiceError | undefined
  /** Something that is no blank has left: the array is open. */
  #opened = false

  constructor({ most_frame_bytes }: FrameLimits) {
    this.#most = most_frame_bytes
  }

  /** @throws SluiceError `frame_too_large`, `unreadable_frame`, after the frames before it were handed over. */
  push(bytes: Uint8Array): Frame[] {
    if (this.#broken !== undefined) throw this.#broken
    const frames: Frame[] = []
    let start = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number
      const inElement = this.#depth > 0
      if (inElement) {
        if (!this.#closes(byte)) continue
      } else if (byte === OPEN_RECORD && (this.#expects === 'first' || this.#expects === 'element')) {
        this.#before = this.#waiting.length + at - start
        this.#depth = 1
        continue
      } else if (!this.#isBetween(byte)) {
        return this.#break(frames, new SluiceError('unreadable_frame', 'the stream is not an array of JSON records'))
      } else if (byte !== CLOSE_LIST) continue
      if (this.#waiting.length + at + 1 - start > this.#most) return this.#break(frames, this.#tooLarge())
      frames.push(this.#frame(this.#waiting.takeWith(bytes, start, at + 1), inElement))
      start = at + 1
    }
    if (start === bytes.length) return frames
    if (this.#waiting.length + bytes.length - start > this.#most) return this.#break(frames, this.#tooLarge())
    this.#waiting.add(bytes, start)
    return frames
  }

  end(): StreamEnd {
    if (this.#broken !== undefined) throw this.#broken
    if (this.#depth > 0) return { frames: [], unfinished: true }
    const bytes = this.#waiting.takeWith(empty, 0, 0)
    // A comma promises an element; blanks promise nothing.
    if (this.#expects === 'element') return { frames: [], unfinished: true }
    return { frames: bytes.length > 0 ? [this.#frame(bytes, false)] : [], unfinished: false }
  }

  /**
   * Of whatever leaves first, the comma becomes the opening bracket, or gets one: the frames before it were taken out.
   * A closing bracket that leaves alone closes an empty array.
   */
  follow(bytes: Uint8Array): Uint8Array {
    if (this.#opened) return bytes
    const at = bytes.findIndex((byte) => !isBlank(byte))
    if (at === -1) return bytes
    this.#opened = true
    if (bytes[at] === OPEN_LIST) return bytes
    const skipped = bytes[at] === COMMA ? at + 1 : at
    const opened = new Uint8Array(1 + bytes.length - skipped)
    opened[0] = OPEN_LIST
    opened.set(bytes.subarray(skipped), 1)
    return opened
  }

  /** Reads a byte inside an element. @returns whether it is the element's last. */
  #closes(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (byte === BACKSLASH) this.#escaped = true
      else if (byte === QUOTE) this.#inString = false
    } else if (byte === QUOTE) this.#inString = true
    else if (byte === OPEN_RECORD || byte === OPEN_LIST) this.#depth++
    else if (byte === CLOSE_RECORD || byte === CLOSE_LIST) this.#depth--
    if (this.#depth > 0) return false
    this.#expects = 'comma'
    return true
  }

  /** @returns false where the byte may not stand here between elements. */
  #isBetween(byte: number): boolean {
    if (isBlank(byte)) return true
    if (byte === OPEN_LIST && this.#expects === 'bracket') this.#expects = 'first'
    else if (byte === COMMA && this.#expects === 'comma') this.#expects = 'element'
    else if (byte === CLOSE_LIST && (this.#expects === 'comma' || this.#expects === 'first')) this.#expects = 'nothing'
    else return false
    return true
  }

  #frame(bytes: Uint8Array, isElement: boolean): Frame {
    const data = isElement ? this.#decoder.decode(bytes.subarray(this.#before)) : undefined
    return { bytes, data, event: undefined, asides: none }
  }

  #tooLarge(): SluiceError {
    return new SluiceError('frame_too_large', `an element is larger than ${this.#most} bytes`)
  }

  #break(frames: Frame[], error: SluiceError): Frame[] {
    this.#broken = error
    if (frames.length === 0) throw error
    return frames
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9
}
