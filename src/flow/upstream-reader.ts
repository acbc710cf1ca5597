/** Reads what an upstream sends, piece by piece, and tells an end from a silence and from a failure. */
import { SluiceError } from '../errors.ts'
import type { Silence } from './silence.ts'

export type Piece = ReadableStreamReadResult<Uint8Array>

export class UpstreamReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #silence: Silence
  #pending: Promise<Piece> | undefined
  #silentFor: number | undefined

  constructor(source: ReadableStream<Uint8Array>, silence: Silence) {
    this.#reader = source.getReader()
    this.#silence = silence
  }

  /** A read is under way, or its piece was not taken yet. */
  get isReading(): boolean {
    return this.#pending !== undefined
  }

  /**
   * The next piece: the same until it is taken.
   *
   * @throws SluiceError `upstream_silent`, `upstream_failed`.
   */
  piece(): Promise<Piece> {
    this.#pending ??= this.#read()
    return this.#pending
  }

  taken(): void {
    this.#pending = undefined
  }

  /** It has said nothing for so many milliseconds: the read under way fails. */
  giveUp(ms: number): void {
    this.#silentFor = ms
    this.cancel('the upstream is silent')
  }

  cancel(reason: string): void {
    this.#reader.cancel(reason).catch(() => {})
  }

  async #read(): Promise<Piece> {
    this.#silence.reads()
    let piece: Piece | undefined
    let cause: unknown
    try {
      piece = await this.#reader.read()
    } catch (error) {
      cause = error
    } finally {
      this.#silence.hasRead()
    }
    if (this.#silentFor !== undefined)
      throw new SluiceError('upstream_silent', `the upstream sent nothing for ${this.#silentFor} ms`)
    if (piece === undefined)
      throw new SluiceError('upstream_failed', 'the upstream broke off in the middle of the stream', { cause })
    return piece
  }
}
