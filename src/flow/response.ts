/** The one door for a response: `guardResponse` turns an upstream's answer into what a reader may see. */
import { SluiceError } from '../errors.ts'
import { wholeTextCaps } from '../gate/caps.ts'
import { joined } from '../gate/cleared.ts'
import { Gate } from '../gate/gate.ts'
import type { GateObserver } from '../gate/observer.ts'
import type { Dialect, Reply, RequestFacts } from '../terms/dialect.ts'
import type { Frame, Reading } from '../terms/frame.ts'
import type { Exit, TrailUsage } from '../terms/trail.ts'
import { framingOf, openFraming } from '../wire/framing.ts'
import { bodyFrame } from '../wire/json-body.ts'
import { Asking } from './asking.ts'
import { asSluiceError, publicFailure } from './failure.ts'
import { responseHeaders, streamHeaders } from './headers.ts'
import { hearOut } from './hearing.ts'
import { inLanguage } from './languages.ts'
import { Ledger } from './ledger.ts'
import { type GuardOptions, limitsOf } from './limits.ts'
import { pump } from './pump.ts'
import { readBody } from './read-body.ts'
import { Shadow } from './shadow.ts'
import type { Topic } from './topic.ts'
import { Meter } from './usage.ts'

export interface ResponseGuard extends GuardOptions {
  readonly dialect: Dialect
  readonly facts: RequestFacts
  /** Ends the upstream call; called when the reader leaves, when the last scope is cut and on a fault. */
  readonly abort?: (reason: unknown) => void
  /** Set by `guardExchange`, which has begun the record. */
  readonly ledger?: Ledger
  /** What the request is about, for judges of its answer. */
  readonly topic?: Topic
  /** Resolves when the answer may be shown, or when nobody wants it any more: then the signal has fired. */
  readonly shown?: Promise<void>
  /** Set by `guardExchange`, which had it read the prompts. */
  readonly onlooker?: Shadow
  /** The texts of the request, for an estimate of what they cost. */
  readonly prompt?: readonly string[]
}

/**
 * Guards one upstream response: streamed, whole, or an error.
 *
 * Always answers; a failure before the first byte is a reply in the protocol's own error shape (502, 504), a later one
 * the protocol's failure frames. The trail is closed exactly once, when the body has been sent.
 */
export async function guardResponse(upstream: Response, given: ResponseGuard): Promise<Response> {
  const guard = { ...given, plan: inLanguage(given.plan, given.languages) }
  const ledger = guard.ledger ?? begun(guard)
  ledger.dialect = guard.dialect.name
  const shadow = guard.onlooker ?? onlooker(guard, ledger)
  const type = upstream.headers.get('content-type')?.toLowerCase() ?? ''
  const framing = upstream.ok && upstream.body !== null ? framingOf(type, guard.facts) : undefined
  if (framing !== undefined) return guardStream(upstream, { ...guard, facts: { ...guard.facts, framing } }, ledger, shadow)
  try {
    if (!/\bjson\b/.test(type))
      throw new SluiceError('upstream_failed', `the upstream answered ${upstream.status} with content type "${type}"`)
    return await guardBody(upstream, guard, ledger, shadow)
  } catch (error) {
    const failure = asSluiceError(error)
    upstream.body?.cancel().catch(() => {})
    guard.abort?.('the answer could not be read')
    await guard.shown
    // Half a body that nobody waits for any more cannot be read, and that is nobody's fault.
    const left = guard.signal?.aborted === true
    if (!left) ledger.fault(failure.code, failure.message)
    ledger.close(left ? 'client_left' : failure.code.startsWith('upstream') ? 'upstream_failed' : 'fault')
    const { status, code, message, retry } = publicFailure(failure)
    // The upstream's own refusal keeps its status: 401, 429 and their like tell the client what to do.
    const kept = upstream.status >= 400 && upstream.status < 500 ? upstream.status : status
    return replied(guard.dialect.error(kept, code, message, retry || invitesAgain(upstream)), ledger.id, upstream.headers)
  }
}

/** Clients try again after these statuses unless told not to, and a page of HTML in front of the provider is no reason to tell them. */
function invitesAgain({ status, headers }: Response): boolean {
  return (status >= 500 || [408, 409, 429].includes(status)) && headers.get('x-should-retry') !== 'false'
}

/** The record of a response that is guarded without its request. */
function begun(guard: ResponseGuard): Ledger {
  const ledger = new Ledger(guard)
  ledger.chose(guard)
  return ledger
}

/** Whoever is to look on while the exchange is guarded; the record will have what it saw. */
export function onlooker(options: GuardOptions, ledger: Ledger): Shadow | undefined {
  if (options.shadow === undefined) return undefined
  const shadow = new Shadow(options, options.shadow)
  ledger.shadow = () => shadow.record()
  return shadow
}

function guardStream(upstream: Response, guard: ResponseGuard, ledger: Ledger, shadow: Shadow | undefined): Response {
  const { plan, dialect, facts, signal, observer } = guard
  const meter = new Meter(guard.tokens, guard.prompt, facts.usage)
  const lens = dialect.stream(facts)
  const gate = new Gate(plan, lens, facts.scopes, watching(observer, meter, shadow))
  shadow?.open(facts.scopes, false)
  const pipe = guard.openPipe?.() ?? new TransformStream<Uint8Array, Uint8Array>()
  const limits = limitsOf(guard)
  const asking = plan.judges.length > 0 ? new Asking(guard, ledger.desk, guard.topic ?? {}) : undefined
  const done = pump({
    source: upstream.body as ReadableStream<Uint8Array>,
    sink: pipe.writable,
    gate,
    lens,
    framing: openFraming(facts, limits),
    asking,
    shown: guard.shown,
    ledger,
    limits,
    requireTerminal: plan.settings.require_terminal,
    signal,
    abort: guard.abort ?? (() => {}),
    estimate: () => (facts.usage ? meter.estimate() : Promise.resolve(undefined)),
  }).then((exit) => closed(ledger, exit, meter, gate, shadow))
  guard.waitUntil?.(done)
  return new Response(pipe.readable, { status: upstream.status, headers: streamHeaders(upstream.headers, ledger.id) })
}

/** A whole body is a stream of one frame: the same gate, the same verdict. */
async function guardBody(
  upstream: Response,
  guard: ResponseGuard,
  ledger: Ledger,
  shadow: Shadow | undefined,
): Promise<Response> {
  const { plan, dialect, facts, observer, signal } = guard
  const { most_body_bytes, idle_ms } = limitsOf(guard)
  const bytes = await readBody(upstream.body, { most_bytes: most_body_bytes, idle_ms, signal })
  const meter = new Meter(guard.tokens, guard.prompt, true)
  const gate = new Gate(plan, dialect.body(facts), facts.scopes, watching(observer, meter, shadow), wholeTextCaps)
  shadow?.open(facts.scopes, true)
  gate.read(bodyFrame(bytes))
  gate.end()
  await hearOut(guard, ledger, guard.topic ?? {}, {
    waits: () => gate.waits,
    inquiries: () => gate.inquiries(),
    needs: (inquiry) => gate.needs(inquiry),
    settle: (id, answer) => gate.settle(id, answer),
  })
  const frames = gate.flush()
  await guard.shown
  if (signal?.aborted) throw new SluiceError('internal', 'the reader left')
  if (frames.length === 0) throw new SluiceError('unreadable_frame', 'nothing of the body is left to send')
  ledger.wrote()
  const exit: Exit = upstream.ok ? 'done' : 'upstream_failed'
  const done = closed(ledger, exit, meter, gate, shadow)
  if (done !== undefined) guard.waitUntil?.(done)
  const { ending, notice } = plan.settings.on_cut
  // A stream has its status before it is cut; a body can say with its own that it is no answer.
  if (upstream.ok && gate.over && ending === 'error')
    return replied(dialect.error(400, 'content_filter', notice, false), ledger.id)
  return new Response(joined(frames) as Uint8Array<ArrayBuffer>, {
    status: upstream.status,
    headers: responseHeaders(upstream.headers, ledger.id),
  })
}

/** Closes the record with what the exchange cost: at once, or when that is counted and who looks on has decided. */
function closed(ledger: Ledger, exit: Exit, meter: Meter, gate: Gate, shadow: Shadow | undefined): Promise<void> | undefined {
  const seen = shadow?.finish(exit)
  const counted = meter.total(exit)
  const total = seen === undefined ? counted : seen.then(() => counted)
  const close = (usage: TrailUsage): Promise<void> | undefined => {
    ledger.usage = usage
    ledger.close(exit, gate)
    return ledger.recorded
  }
  return total instanceof Promise ? total.then(close) : close(total)
}

const toldOn = ['retry-after', 'retry-after-ms', 'x-request-id', 'request-id']

/** A reply of ours as a response; of the upstream's headers only those that say when to come back, and what it calls the request. */
export function replied(reply: Reply, id: string, upstream?: Headers): Response {
  const headers = new Headers({ ...reply.headers, 'x-sluice-id': id })
  for (const name of toldOn) {
    const value = upstream?.get(name)
    if (value) headers.set(name, value)
  }
  return new Response(reply.body, { status: reply.status, headers })
}

function watching(observer: GuardOptions['observer'], meter: Meter, shadow: Shadow | undefined): GateObserver {
  const frame = (reading: Reading, bytes: Frame): void => {
    meter.take(reading)
    shadow?.take(reading, bytes)
  }
  if (observer === undefined) return { frame }
  return {
    frame,
    read: (watch) => observer.read?.(watch.channel, watch.cut ? 0 : watch.held, watch.received),
    released: (channel, text, units) => observer.released?.(channel, text, units),
  }
}
