/** The scripted upstream: answers a request as its case says, in its protocol, a frame at a time. */
import { setImmediate as soon } from 'node:timers/promises'
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
  return new Response(bytes(body, asked.signal), { headers: { 'content-type': type, 'x-request-id': 'req-1' } })
}

type Piece = string | 'break' | 'stall'

function* streamed(wire: Wire, script: readonly Step[]): Generator<Piece> {
  const doing = script.findIndex((step) => step === 'break' || step === 'garbage' || step === 'stall')
  if (doing === -1) return yield* wire.frames(script)
  yield* wire.frames(script.slice(0, doing))
  const what = script[doing]
  if (what === 'break' || what === 'stall') return yield what
  yield wire.garbage
  yield* wire.frames(script.slice(doing + 1))
}

function* whole(wire: Wire, script: readonly Step[]): Generator<Piece> {
  if (script.includes('stall')) return yield 'stall'
  const body = JSON.stringify(wire.whole(script))
  if (script.includes('break')) yield body.slice(0, body.length / 2)
  if (script.includes('break')) yield 'break'
  else yield script.includes('garbage') ? body.slice(0, -3) : body
}

function bytes(pieces: Iterable<Piece>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream({
    async pull(controller) {
      // Frames come apart, as they do over a network.
      await soon()
      const { value, done } = iterator.next()
      if (done) controller.close()
      else if (value === 'break') controller.error(new TypeError('terminated'))
      else if (value === 'stall') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      else controller.enqueue(encoder.encode(value))
    },
  })
}
