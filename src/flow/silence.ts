/** Notices silence on both sides of a stream: an upstream that says nothing, and a reader who hears nothing for long. */
import type { Limits } from './limits.ts'

export interface Silences {
  /** The upstream has been read for so long, and said nothing. */
  onUpstreamSilent(): void
  /** Nothing was written for so long. */
  onReaderQuiet(): void
}

export class Silence {
  readonly #limits: Limits
  readonly #told: Silences
  /** When the read under way began; undefined while there is none: an upstream is not silent while the reader is slow. */
  #readingSince: number | undefined
  #lastWrite = Date.now()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(limits: Limits, told: Silences) {
    this.#limits = limits
    this.#told = told
    const { idle_ms, keep_alive_ms } = limits
    const shortest = Math.min(idle_ms, keep_alive_ms || idle_ms)
    if (shortest > 0) this.#timer = setInterval(() => this.#tick(), Math.max(10, Math.min(1000, shortest / 2)))
  }

  reads(): void {
    this.#readingSince = Date.now()
  }

  hasRead(): void {
    this.#readingSince = undefined
  }

  wrote(): void {
    this.#lastWrite = Date.now()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const { idle_ms, keep_alive_ms } = this.#limits
    const now = Date.now()
    if (idle_ms > 0 && this.#readingSince !== undefined && now - this.#readingSince >= idle_ms) this.#told.onUpstreamSilent()
    else if (keep_alive_ms > 0 && now - this.#lastWrite >= keep_alive_ms) this.#told.onReaderQuiet()
  }
}
