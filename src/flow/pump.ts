/** The one pump: reads the upstream, feeds the gate, writes what is clear; notices whoever leaves. */
import { SluiceError } from '../errors.ts'
import { joined } from '../gate/cleared.ts'
import type { Gate } from '../gate/gate.ts'
import type { Framing, Lens } from '../terms/dialect.ts'
import type { Usage } from '../terms/frame.ts'
import type { Exit } from '../terms/trail.ts'
import type { Asking } from './asking.ts'
import { asSluiceError, publicFailure } from './failure.ts'
import type { Ledger } from './ledger.ts'
import type { Limits } from './limits.ts'

export interface PumpParts {
  readonly source: ReadableStream<Uint8Array>
  readonly sink: WritableStream<Uint8Array>
  readonly gate: Gate
  readonly lens: Lens
  readonly framing: Framing
  /** Undefined where the policy has no judges. */
  readonly asking: Asking | undefined
  readonly ledger: Ledger
  readonly limits: Limits
  readonly requireTerminal: boolean
  readonly signal: AbortSignal | undefined
  /** Ends the upstream call, so that no more tokens are paid for. */
  readonly abort: (reason: unknown) => void
  /** What the response cost until now, for an ending that tells it. */
  readonly estimate: () => Promise<Usage | undefined>
}

/** Runs until the stream is over, one way or another; never rejects. @returns how it ended. */
export async function pump(parts: PumpParts): Promise<Exit> {
  const run = new PumpRun(parts)
  try {
    return await run.through()
  } finally {
    run.release()
  }
}

class PumpRun {
  readonly #parts: PumpParts
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #framing: Framing
  readonly #onLeave = (): void => this.#leave()
  #left = false
  /** The reader has the protocol's last word: from here on its leaving is no leaving, and the upstream can fail no more. */
  #complete = false
  #silent = false
  /** A read under way that a judge's answer came before. */
  #reading: Promise<ReadableStreamReadResult<Uint8Array>> | undefined
  /** The upstream has said all it will. */
  #ended = false
  /** When the read under way began; undefined while there is none: an upstream is not silent while the reader is slow. */
  #readingSince: number | undefined
  #lastWrite = Date.now()
  #writing = false
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(parts: PumpParts) {
    this.#parts = parts
    this.#reader = parts.source.getReader()
    this.#writer = parts.sink.getWriter()
    this.#framing = parts.framing
    // Where no signal tells that the reader left (Node, Deno), the pipe's closing does, even while the upstream is silent.
    this.#writer.closed.catch(this.#onLeave)
    parts.signal?.addEventListener('abort', this.#onLeave, { once: true })
    if (parts.signal?.aborted) this.#leave()
    const { idle_ms, keep_alive_ms } = parts.limits
    const shortest = Math.min(idle_ms, keep_alive_ms || idle_ms)
    if (shortest > 0) this.#timer = setInterval(() => this.#tick(), Math.max(10, Math.min(1000, shortest / 2)))
  }

  async through(): Promise<Exit> {
    const { gate, asking } = this.#parts
    try {
      for (;;) {
        const next = await this.#next()
        if (next === undefined) this.#settle()
        else if (next.done) return await this.#upstreamEnded()
        else for (const frame of this.#framing.push(next.value)) if (!gate.over) gate.read(frame)
        if (gate.over) return await this.#lastScopeCut()
        asking?.ask(gate.inquiries())
        await this.#flush()
      }
    } catch (error) {
      const failure = asSluiceError(error)
      if (this.#complete && (this.#left || failure.code.startsWith('upstream_'))) {
        this.#stopUpstream(this.#parts.abort)
        return await this.#close('done')
      }
      return this.#left ? 'client_left' : await this.#fail(failure)
    }
  }

  release(): void {
    clearInterval(this.#timer)
    const { asking, ledger } = this.#parts
    asking?.stop()
    if (asking !== undefined) ledger.asked(asking.cost)
    this.#parts.signal?.removeEventListener('abort', this.#onLeave)
  }

  /** What comes next of the upstream, or nothing where a judge has answered before it. */
  async #next(): Promise<ReadableStreamReadResult<Uint8Array> | undefined> {
    const { asking, gate, limits } = this.#parts
    if (asking === undefined) return this.#read()
    // What the upstream says while a judge thinks is kept, but not without end: then the upstream waits as well.
    if (!gate.waits || gate.heldBytes < limits.most_held_bytes / 2) this.#reading ??= this.#read()
    const answered = asking.answered().then(() => undefined)
    const next = await Promise.race(this.#reading === undefined ? [answered] : [this.#reading, answered])
    if (this.#left) throw new SluiceError('internal', 'the reader left')
    if (next !== undefined) this.#reading = undefined
    return next
  }

  #settle(): void {
    const { asking, gate } = this.#parts
    for (const { id, answer } of asking?.take() ?? []) if (!gate.over) gate.settle(id, answer)
  }

  /** The upstream has said all it will: waits for what judges have to say about it. */
  async #hearOut(): Promise<void> {
    const { asking, gate } = this.#parts
    asking?.ask(gate.inquiries())
    while (asking !== undefined && gate.waits && !gate.over) {
      await asking.answered()
      if (this.#left) throw new SluiceError('internal', 'the reader left')
      this.#settle()
      asking.ask(gate.inquiries())
      if (!gate.over) await this.#flush()
    }
  }

  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    this.#readingSince = Date.now()
    let result: ReadableStreamReadResult<Uint8Array> | undefined
    let cause: unknown
    try {
      result = await this.#reader.read()
    } catch (error) {
      cause = error
    } finally {
      this.#readingSince = undefined
    }
    // Runtimes differ in what a read that was cancelled comes to: an end, or an error.
    if (this.#left) throw new SluiceError('internal', 'the reader left')
    if (this.#silent) throw new SluiceError('upstream_silent', `the upstream sent nothing for ${this.#parts.limits.idle_ms} ms`)
    if (result === undefined)
      throw new SluiceError('upstream_failed', 'the upstream broke off in the middle of the stream', { cause })
    return result
  }

  async #flush(): Promise<void> {
    const { gate, limits } = this.#parts
    const frames = gate.flush()
    // The upstream's last frame may lack its end, which matters to whatever follows it.
    if (this.#ended) for (const { bytes } of frames) await this.#write(bytes)
    else if (frames.length > 0) await this.#write(joined(frames))
    if (gate.heldBytes > limits.most_held_bytes) {
      throw new SluiceError('hold_too_large', `more than ${limits.most_held_bytes} bytes of frames had to wait`)
    }
    if (gate.terminal) this.#complete = true
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const follows = this.#framing.follow(bytes)
    if (follows.length === 0) return
    this.#parts.ledger.wrote()
    this.#writing = true
    try {
      await this.#writer.write(follows)
    } catch (error) {
      this.#leave()
      throw error
    } finally {
      this.#writing = false
      this.#lastWrite = Date.now()
    }
  }

  async #upstreamEnded(): Promise<Exit> {
    const { gate, lens, requireTerminal } = this.#parts
    this.#ended = true
    const { frames, unfinished } = this.#framing.end()
    for (const frame of frames) if (!gate.over) gate.read(frame)
    await this.#hearOut()
    if (gate.over) return await this.#lastScopeCut()
    if (unfinished) throw new SluiceError('upstream_cut_short', 'the upstream ended inside an event')
    if (gate.terminal) {
      await this.#flush()
      return await this.#close('done')
    }
    const complete = lens.complete === true
    if (requireTerminal && !complete) throw new SluiceError('unterminated', 'the upstream ended without its last word')
    gate.end()
    await this.#hearOut()
    if (gate.over) return await this.#lastScopeCut()
    await this.#flush()
    return await this.#close(complete ? 'done' : 'unterminated')
  }

  async #lastScopeCut(): Promise<Exit> {
    const { gate, lens, abort, estimate } = this.#parts
    // First of all: from here on every token is paid for in vain.
    this.#stopUpstream(abort)
    await this.#flush()
    if (!gate.terminal) await this.#write(lens.close(await estimate()))
    this.#complete = true
    return await this.#close('cut')
  }

  async #fail(error: SluiceError): Promise<Exit> {
    const { lens, ledger, abort } = this.#parts
    ledger.fault(error.code, error.message)
    this.#stopUpstream(abort)
    const { code, message } = publicFailure(error)
    const upstreamsFault = code === 'upstream_failed'
    try {
      await this.#write(lens.fail(code, message))
      this.#complete = true
      await this.#close('fault')
    } catch {
      return 'client_left'
    }
    return upstreamsFault ? 'upstream_failed' : 'fault'
  }

  async #close(exit: Exit): Promise<Exit> {
    try {
      await this.#writer.close()
    } catch {
      this.#leave()
      return this.#complete ? exit : 'client_left'
    }
    return exit
  }

  #stopUpstream(abort: (reason: unknown) => void): void {
    this.#reader.cancel('sluice stopped reading').catch(() => {})
    abort('sluice stopped reading')
  }

  #leave(): void {
    if (this.#left) return
    this.#left = true
    this.#parts.asking?.stop()
    this.#stopUpstream(this.#parts.abort)
    this.#writer.abort('the reader left').catch(() => {})
  }

  #tick(): void {
    const { idle_ms, keep_alive_ms } = this.#parts.limits
    const now = Date.now()
    if (idle_ms > 0 && this.#readingSince !== undefined && now - this.#readingSince >= idle_ms) {
      this.#silent = true
      this.#reader.cancel('the upstream is silent').catch(() => {})
    } else if (keep_alive_ms > 0 && !this.#writing && now - this.#lastWrite >= keep_alive_ms) this.#keepAlive()
  }

  /** Between frames, never inside one; tells proxies, clients and wrangler's own proxy that the stream lives. */
  #keepAlive(): void {
    const bytes = this.#parts.lens.keepAlive()
    if (bytes.length === 0) return
    this.#parts.ledger.keepAlives++
    this.#write(bytes).catch(() => {})
  }
}
