/** Cuts an event stream into frames that keep the very bytes they came in, so that a clean frame can leave untouched. */
import { createParser, type EventSourceParser } from 'eventsource-parser'
import { SluiceError } from '../errors.ts'
import type { Framing, StreamEnd } from '../terms/dialect.ts'
import type { Frame } from '../terms/frame.ts'
import { ByteBuffer } from './bytes.ts'

const LF = 10
const CR = 13

export interface FrameLimits {
  /** Bytes of one block of lines, its blank line included, or of one element of an array. */
  readonly most_frame_bytes: number
}

/**
 * Reads a stream of server-sent events. The bytes of all frames together are the bytes that were pushed, whatever the
 * pieces they came in. Frames may be views of the pushed bytes: a caller that fills its buffer anew must push a copy.
 */
export class SseFrames implements Framing {
  readonly #most: number
  readonly #block: ByteBuffer
  readonly #parser: EventSourceParser
  // A byte order mark is the parser's to drop, once; a decoder that drops it would do so at the start of each block.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  /** The current line has bytes already. */
  #lineOpen = false
  /** The last byte was a carriage return: a line feed that follows belongs to it. */
  #afterReturn = false
  /** Only the very first character of the stream can be a byte order mark. */
  #begun = false
  #data: string | undefined
  #event: string | undefined
  #broken: SluiceError | undefined
  /** The last frame, where its blank line is missing; whether it has left as it came. */
  #unclosed: Uint8Array | undefined
  #leftUnclosed = false

  constructor({ most_frame_bytes }: FrameLimits) {
    this.#most = most_frame_bytes
    this.#block = new ByteBuffer()
    this.#parser = createParser({
      onEvent: (message) => {
        this.#data = message.data
        this.#event = message.event
      },
    })
  }

  /**
   * The frames that these bytes complete.
   *
   * @throws SluiceError `frame_too_large`, after the frames before the oversized one were handed over.
   */
  push(bytes: Uint8Array): Frame[] {
    if (this.#broken !== undefined) throw this.#broken
    const frames: Frame[] = []
    if (this.#readBlocks(bytes, frames)) return frames
    let start = 0
    let line = 0
    if (this.#afterReturn && bytes.length > 0) {
      this.#afterReturn = false
      if (bytes[0] === LF) {
        line = 1
        // The block was closed at the carriage return, which must not wait for a line feed that may never come.
        if (this.#block.length === 0) {
          frames.push({ ...this.#frame(bytes.subarray(0, 1)), completes: true })
          start = 1
        }
      }
    }
    // Each is searched for again only once it was passed: a stream that never uses one of them stays linear.
    let feed = bytes.indexOf(LF, line)
    let carriageReturn = bytes.indexOf(CR, line)
    while (feed !== -1 || carriageReturn !== -1) {
      const end = carriageReturn === -1 || (feed !== -1 && feed < carriageReturn) ? feed : carriageReturn
      const blank = end === line && !this.#lineOpen
      this.#lineOpen = false
      line = end + 1
      if (bytes[end] === CR && bytes[line] === LF) line++
      if (blank) {
        if (start === end && this.#block.length === 0) line = afterBlankLines(bytes, line, start + this.#most)
        if (this.#block.length + line - start > this.#most) return this.#break(frames)
        frames.push(this.#frame(this.#block.takeWith(bytes, start, line)))
        start = line
      }
      this.#afterReturn = line === bytes.length && bytes[line - 1] === CR
      // The line feed of a blank line follows at once, and most pushes end with one.
      if (feed !== -1 && feed < line) feed = bytes[line] === LF ? line : line < bytes.length ? bytes.indexOf(LF, line) : -1
      if (carriageReturn !== -1 && carriageReturn < line) carriageReturn = bytes.indexOf(CR, line)
    }
    if (line < bytes.length) this.#lineOpen = true
    if (start === bytes.length) return frames
    if (this.#block.length + bytes.length - start > this.#most) return this.#break(frames)
    this.#block.add(bytes, start)
    return frames
  }

  /** The stream is over. An event whose blank line is missing counts if its data is whole. */
  end(): StreamEnd {
    if (this.#broken !== undefined) throw this.#broken
    if (this.#block.length === 0) return { frames: [], unfinished: false }
    const bytes = this.#block.takeWith(new Uint8Array(0), 0, 0)
    const text = this.#decoder.decode(bytes)
    const frame = this.#frame(bytes, `${text}\n\n`)
    const whole = frame.data === undefined ? speaksAside(frame.asides) : isWhole(frame.data)
    if (!whole) return { frames: [], unfinished: true }
    this.#unclosed = bytes
    return { frames: [frame], unfinished: false }
  }

  /** Blocks of lines stand by themselves, but for the last one: what follows it would become part of it. */
  follow(bytes: Uint8Array): Uint8Array {
    if (this.#leftUnclosed) {
      this.#leftUnclosed = false
      const closed = new Uint8Array(bytes.length + 2).fill(LF, 0, 2)
      closed.set(bytes, 2)
      return closed
    }
    this.#leftUnclosed = bytes === this.#unclosed
    return bytes
  }

  /**
   * Reads what nearly every read is made of: whole blocks, several only where line feeds end them. Their borders are looked for in the
   * text, which has to be made anyway: searching bytes took a third of all the time there was between upstream and reader.
   *
   * @returns whether it was such a read.
   */
  #readBlocks(bytes: Uint8Array, frames: Frame[]): boolean {
    const { length } = bytes
    if (length > this.#most || bytes[length - 1] !== LF) return false
    if (!this.#begun || this.#lineOpen || this.#afterReturn || this.#block.length > 0) return false
    const text = this.#decoder.decode(bytes)
    const alone = onlyData(text) !== undefined
    if (!alone && (text.includes('\r') || !text.endsWith('\n\n') || text.startsWith('\n') || text.includes('\n\n\n')))
      return false
    let end = alone ? text.length : text.indexOf('\n\n') + 2
    if (end === text.length) frames.push(this.#frame(bytes, text))
    // Where blocks stand in the bytes, the text only says where each character is one byte.
    else if (text.length < length) return false
    else {
      for (let at = 0; at < length; end = text.indexOf('\n\n', at) + 2) {
        frames.push(this.#frame(bytes.subarray(at, end), text.slice(at, end)))
        at = end
      }
    }
    return true
  }

  #frame(bytes: Uint8Array, text = this.#decoder.decode(bytes)): Frame {
    const only = this.#begun ? onlyData(text) : undefined
    if (only !== undefined) return { bytes, data: only, event: undefined, asides: none }
    this.#data = undefined
    this.#event = undefined
    this.#parser.feed(text)
    const data = this.#data as string | undefined
    const event = this.#event as string | undefined
    const first = !this.#begun
    this.#begun = true
    if (isNamedEvent(text, event, data)) return { bytes, data, event, asides: none }
    return { bytes, data, event, asides: asidesOf(first ? text.replace(/^\ufeff/, '') : text, data !== undefined) }
  }

  #break(frames: Frame[]): Frame[] {
    this.#broken = new SluiceError('frame_too_large', `an event is larger than ${this.#most} bytes`)
    if (frames.length === 0) throw this.#broken
    return frames
  }
}

const none: readonly string[] = []

/** The data of a block that is a line of data and a blank one: whatever else a stream may say, this can mean but one thing. */
function onlyData(text: string): string | undefined {
  if (text.slice(0, 6) !== 'data: ') return undefined
  const { length } = text
  const feed = text.indexOf('\n')
  const carriageReturn = text.indexOf('\r')
  if (feed === length - 2 && carriageReturn === -1) return text.slice(6, -2)
  return feed === length - 3 && carriageReturn === length - 4 && text.endsWith('\r\n') ? text.slice(6, -4) : undefined
}

/** The block is an event's name, its data and nothing else, as nearly every event is that has one. */
function isNamedEvent(text: string, event: string | undefined, data: string | undefined): boolean {
  if (event === undefined || data === undefined || text.length !== event.length + data.length + 16) return false
  const start = `event: ${event}\ndata: `
  return text.slice(0, start.length) === start
}

/** A run of blank lines is one frame: an upstream that sends nothing else must not cost a frame for each byte. */
function afterBlankLines(bytes: Uint8Array, from: number, most: number): number {
  let at = from
  while (at < most && (bytes[at] === LF || bytes[at] === CR)) at++
  return at
}

/**
 * The lines of a block that are neither its data nor the event name that counts, as they stand. The parser would give
 * only the last of several ids and names, and no id that holds a NUL; what it leaves out is text all the same.
 */
function asidesOf(text: string, dispatched: boolean): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/)
  const named = dispatched ? lines.findLastIndex((line) => /^event(:|$)/.test(line)) : -1
  return lines.filter((line, index) => line !== '' && index !== named && !/^data(:|$)/.test(line))
}

function isWhole(data: string): boolean {
  if (data.trim() === '[DONE]') return true
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

/** Comments may stop anywhere; bare JSON (an error that some servers write outside any event) must be whole. */
function speaksAside(asides: readonly string[]): boolean {
  return asides.every((line) => line.startsWith(':')) || isWhole(asides.join('\n'))
}
