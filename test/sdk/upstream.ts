/** The scripted upstream: answers a request as its case says, in its protocol, a frame at a time. */
import { setTimeout as after, setImmediate as soon } from 'node:timers/promises'
import { SluiceError } from '../../src/errors.ts'
import type { Case, Step } from './cases.ts'
import type { Wire } from './dialect.ts'

export interface Asked {
  readonly wire: Wire
  readonly told: Case
  readonly stream: boolean
  /** Which of the client's requests this is, from 0 on. */
  readonly turn: number
  readonly signal: AbortSignal
  /** Units the reader has been sent so far. */
  readonly sent: () => number
}

/** @throws as `fetch` does where nobody can be reached. */
export function upstreamAnswer(asked: Asked): Response {
  const { wire, told, stream, turn } = asked
  if (told.before === 'unreachable') throw new SluiceError('upstream_unreachable', 'nobody is there')
  if (told.before === 'refused') {
    // Clients may come again: at once, so that no test waits for them.
    return Response.json(wire.refusal, { status: 429, headers: { 'retry-after-ms': '1', 'retry-after': '0' } })
  }
  const script = turn === 0 ? told.script : told.afterTool
  const body = stream ? streamed(wire, script) : whole(wire, script)
  const type = stream ? wire.streamType : 'application/json'
  return new Response(bytes(body, asked), { headers: { 'content-type': type, 'x-request-id': 'req-1' } })
}

type Piece = string | 'break' | 'stall' | 'pause'

function* streamed(wire: Wire, script: readonly Step[]): Generator<Piece> {
  const frames = script[0] === 'break' ? [] : wire.frames(script)
  let given = 0
  for (const [index, step] of script.entries()) {
    if (typeof step !== 'string' || step === 'finish') continue
    // What the script said so far makes as many frames; what comes first of all comes before the stream's opening.
    const due = index === 0 ? 0 : wire.frames(script.slice(0, index)).length
    yield* frames.slice(given, due)
    given = due
    yield step === 'garbage' ? wire.garbage : step
    if (step === 'break' || step === 'stall') return
  }
  yield* frames.slice(given)
}

function* whole(wire: Wire, script: readonly Step[]): Generator<Piece> {
  if (script.includes('stall')) return yield 'stall'
  const body = JSON.stringify(wire.whole(script))
  if (script.includes('break')) yield body.slice(0, body.length / 2)
  if (script.includes('break')) yield 'break'
  else yield script.includes('garbage') ? body.slice(0, -3) : body
}

function bytes(pieces: Iterable<Piece>, { signal, sent }: Asked): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream({
    async pull(controller) {
      for (;;) {
        // Frames come apart, as they do over a network.
        await soon()
        const { value, done } = iterator.next()
        if (done) return controller.close()
        if (value === 'break') return controller.error(new TypeError('terminated'))
        if (value === 'stall')
          return await new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        if (value !== 'pause') return controller.enqueue(encoder.encode(value))
        const before = sent()
        while (sent() === before && !signal.aborted) await after(5)
      }
    },
  })
}
