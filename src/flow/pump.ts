/** The one pump: reads the upstream, feeds the gate, writes what is clear; notices whoever leaves. */
import { SluiceError } from '../errors.ts'
import { joined } from '../gate/cleared.ts'
import type { Gate } from '../gate/gate.ts'
import type { Framing, Lens } from '../terms/dialect.ts'
import type { Usage } from '../terms/frame.ts'
import type { Answer } from '../terms/judge.ts'
import type { Exit } from '../terms/trail.ts'
import type { Asking } from './asking.ts'
import { asSluiceError, publicFailure } from './failure.ts'
import type { Ledger } from './ledger.ts'
import type { Limits } from './limits.ts'
import { Silence } from './silence.ts'
import { type Piece, UpstreamReader } from './upstream-reader.ts'

export interface PumpParts {
  readonly source: ReadableStream<Uint8Array>
  readonly sink: WritableStream<Uint8Array>
  readonly gate: Gate
  readonly lens: Lens
  readonly framing: Framing
  /** Undefined where the policy has no judges. */
  readonly asking: Asking | undefined
  /** Resolves when what is read may be shown; undefined: it may be at once. */
  readonly shown: Promise<void> | undefined
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
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #framing: Framing
  readonly #onLeave = (): void => this.#leave()
  #left = false
  #isShown: boolean
  /** The reader has the protocol's last word: from here on its leaving is no leaving, and the upstream can fail no more. */
  #complete = false
  /** The upstream has said all it will. */
  #ended = false
  readonly #silence: Silence
  readonly #upstream: UpstreamReader
  #writing = false

  constructor(parts: PumpParts) {
    this.#parts = parts
    this.#silence = new Silence(parts.limits, {
      onUpstreamSilent: () => this.#upstream.giveUp(parts.limits.idle_ms),
      onReaderQuiet: () => this.#keepAlive(),
    })
    this.#upstream = new UpstreamReader(parts.source, this.#silence)
    this.#writer = parts.sink.getWriter()
    this.#framing = parts.framing
    this.#isShown = parts.shown === undefined
    void parts.shown?.then(() => {
      this.#isShown = true
      this.#silence.wrote()
    })
    // Where no signal tells that the reader left (Node, Deno), the pipe's closing does, even while the upstream is silent.
    this.#writer.closed.catch(this.#onLeave)
    parts.signal?.addEventListener('abort', this.#onLeave, { once: true })
    if (parts.signal?.aborted) this.#leave()
  }

  async through(): Promise<Exit> {
    const { gate } = this.#parts
    try {
      for (;;) {
        const next = await this.#next()
        if (next === undefined) this.#settle()
        else if (next.done) return await this.#upstreamEnded()
        else for (const frame of this.#framing.push(next.value)) if (!gate.over) gate.read(frame)
        if (gate.over) return await this.#lastScopeCut()
        this.#ask()
        await this.#flush()
      }
    } catch (error) {
      const failure = asSluiceError(error)
      if (!this.#left) await this.#showClear()
      if (this.#complete) return await this.#leaveOut(failure)
      return this.#left ? 'client_left' : await this.#fail(failure)
    }
  }

  release(): void {
    this.#silence.stop()
    const { asking, gate, ledger } = this.#parts
    const settle = (id: number, answer: Answer): void => gate.settle(id, answer)
    const later = asking !== undefined && !this.#left && ledger.hearLater(asking, { settle, waits: () => false })
    if (!later) asking?.stop()
    this.#parts.signal?.removeEventListener('abort', this.#onLeave)
  }

  /** What comes next of the upstream, or nothing where something else has come before it. */
  async #next(): Promise<Piece | undefined> {
    const { asking, gate, limits, shown } = this.#parts
    const events: Promise<Piece | undefined>[] = []
    // What the upstream says while a judge thinks is kept, but not without end: then the upstream waits as well.
    if ((!gate.waits && this.#isShown) || gate.heldBytes < limits.most_held_bytes / 2 || this.#upstream.isReading)
      events.push(this.#upstream.piece())
    // Of judges whom nobody has asked nothing can come.
    if (asking !== undefined && (!asking.isIdle || events.length === 0)) events.push(asking.answered().then(() => undefined))
    if (!this.#isShown && shown !== undefined) events.push(shown.then(() => undefined))
    const next = await (events.length === 1 ? events[0] : Promise.race(events))
    // Runtimes differ in what a read that was cancelled comes to: an end, or an error.
    if (this.#left) throw new SluiceError('internal', 'the reader left')
    if (next !== undefined) this.#upstream.taken()
    return next
  }

  #settle(): void {
    const { asking, gate } = this.#parts
    for (const { id, answer } of asking?.take() ?? []) gate.settle(id, answer)
  }

  /** Asks what has come up; about what was cut, only what belongs into the record. */
  #ask(): void {
    const { asking, gate } = this.#parts
    if (asking === undefined) return
    asking.ask(gate.inquiries())
    if (!asking.isIdle && gate.scopes.some(({ isCut }) => isCut)) asking.keep((inquiry) => gate.needs(inquiry))
  }

  /** Before a failure: what would have left by then if it had been shown at once, and had come frame by frame. */
  async #showClear(): Promise<void> {
    this.#stopUpstream(this.#parts.abort)
    try {
      await this.#show()
      await this.#flush()
    } catch {
      // The reader left, and `#left` says so; or more waits than may, which is told by the failure itself.
    }
  }

  /** The reader has the last word already: what failed behind it is for the record, and no second ending. */
  async #leaveOut({ code, message }: SluiceError): Promise<Exit> {
    this.#stopUpstream(this.#parts.abort)
    if (this.#left || code.startsWith('upstream_')) return await this.#close('done')
    this.#parts.ledger.fault(code, message)
    return await this.#close('fault')
  }

  /** Waits until something may be written. @throws SluiceError `internal` where nobody wants it any more. */
  async #show(): Promise<void> {
    if (this.#isShown) return
    await this.#parts.shown
    if (this.#left) throw new SluiceError('internal', 'the reader left')
  }

  /** The upstream has said all it will: waits for what judges have to say about it. */
  async #hearOut(): Promise<void> {
    const { asking, gate } = this.#parts
    this.#ask()
    while (asking !== undefined && gate.waits) {
      if (asking.isIdle) throw new SluiceError('internal', 'a text waits for judges whom nobody asks')
      await asking.answered()
      if (this.#left) throw new SluiceError('internal', 'the reader left')
      this.#settle()
      this.#ask()
      if (!gate.over) await this.#flush()
    }
  }

  async #flush(): Promise<void> {
    const { gate, limits } = this.#parts
    if (!this.#isShown) return
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
      this.#silence.wrote()
    }
  }

  async #upstreamEnded(): Promise<Exit> {
    const { gate, lens, requireTerminal } = this.#parts
    this.#ended = true
    const { frames, unfinished } = this.#framing.end()
    for (const frame of frames) if (!gate.over) gate.read(frame)
    await this.#hearOut()
    if (gate.over) return await this.#lastScopeCut()
    await this.#show()
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
    this.#ask()
    await this.#show()
    await this.#flush()
    if (!gate.terminal) await this.#write(lens.close(await estimate()))
    this.#complete = true
    return await this.#close('cut')
  }

  async #fail(error: SluiceError): Promise<Exit> {
    const { lens, ledger, abort } = this.#parts
    this.#stopUpstream(abort)
    ledger.fault(error.code, error.message)
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
    this.#upstream.cancel('sluice stopped reading')
    abort('sluice stopped reading')
  }

  #leave(): void {
    if (this.#left) return
    this.#left = true
    this.#parts.asking?.stop()
    this.#stopUpstream(this.#parts.abort)
    // What a reader gave up for is what a read under way fails with, as it would of any fetch.
    this.#writer.abort(this.#parts.signal?.reason ?? 'the reader left').catch(() => {})
  }

  /** Between frames, never inside one; tells proxies, clients and wrangler's own proxy that the stream lives. */
  #keepAlive(): void {
    if (this.#writing || !this.#isShown) return
    const bytes = this.#parts.lens.keepAlive()
    if (bytes.length === 0) return
    this.#parts.ledger.keepAlives++
    this.#write(bytes).catch(() => {})
  }
}
