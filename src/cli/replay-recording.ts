/** Replays a recorded response through the real flow, with the recording in the upstream's place. */
import { guardResponse } from '../flow/index.ts'
import type { Channel } from '../terms/channel.ts'
import type { FramingName, RequestFacts } from '../terms/dialect.ts'
import type { Plan } from '../terms/plan.ts'
import type { Trail } from '../terms/trail.ts'
import { openFraming } from '../wire/framing.ts'
import { bodyFrame } from '../wire/json-body.ts'
import { Held } from './held.ts'
import type { Recognized } from './recording.ts'
import type { Origin, Replayed } from './replay-record.ts'
import { piecesOf, type Split } from './split.ts'

export interface RecordingInput {
  readonly kind: 'recording'
  readonly origin: Origin
  readonly recognized: Recognized
  /** A stream in one of its forms, or one JSON body. */
  readonly framing: FramingName | 'body'
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Bytes of one frame; what was recorded was once let through somewhere. */
const most_frame_bytes = 64 * 1024 * 1024

/** What the observer saw of a channel. */
class Seen {
  readonly held = new Held()
  readonly scope: string
  /** A tool's name: told of only where there is something to tell. */
  readonly fixed: boolean
  released = ''
  received = 0
  /** Units of the text as received that the released text stands for. */
  sent = 0

  constructor(scope: string, fixed = false) {
    this.scope = scope
    this.fixed = fixed
  }
}

export async function replayRecording(plan: Plan, input: RecordingInput, split: Split): Promise<Replayed[]> {
  const { recognized, framing } = input
  const facts: RequestFacts = {
    stream: framing !== 'body',
    ...(framing !== 'body' && { framing }),
    scopes: recognized.scopes,
    json: false,
    usage: true,
    model: 'replayed',
  }
  const seen = new Map<string, Seen>()
  const of = ({ name, scope, fixed }: Channel): Seen => {
    let channel = seen.get(name)
    if (channel === undefined) {
      channel = new Seen(scope, fixed)
      seen.set(name, channel)
    }
    return channel
  }
  const ended = Promise.withResolvers<Trail>()
  const type = framing === 'events' ? 'text/event-stream' : 'application/json'
  const upstream = new Response(streamOf(input, facts, split), { headers: { 'content-type': type } })
  const response = await guardResponse(upstream, {
    plan,
    dialect: recognized.dialect,
    facts,
    // No clock: a replay is over when the recording is.
    limits: { idle_ms: 0, keep_alive_ms: 0, most_frame_bytes, most_body_bytes: most_frame_bytes },
    onEnd: ended.resolve,
    observer: {
      read: (channel, held, received) => {
        // A channel appears with its first character: an empty string beside another channel's text is not text.
        if (received === 0) return
        const one = of(channel)
        one.received = received
        one.held.add(held)
      },
      released: (channel, text, units) => {
        if (units === 0 && text === '') return
        const one = of(channel)
        one.released += text
        one.sent += units
      },
    },
  })
  const sent = new Uint8Array(await response.arrayBuffer())
  const trail = await ended.promise
  const finishes = finishesIn(sent, recognized, facts)
  for (const { channel, scope } of trail.cuts) if (!seen.has(channel)) seen.set(channel, new Seen(scope))
  for (const { channel } of trail.findings) if (!seen.has(channel)) seen.set(channel, new Seen(''))
  if (seen.size === 0) seen.set('answer', new Seen('0'))
  const told = [...seen].map(([name, channel]) => ({
    channel,
    replayed: replayed(input.origin, plan, name, channel, trail, finishes),
  }))
  return told
    .filter(({ channel, replayed: { record } }) => !channel.fixed || record.verdict !== 'clear' || record.findings.length > 0)
    .map(({ replayed }) => replayed)
}

function streamOf({ bytes, origin }: RecordingInput, facts: RequestFacts, split: Split): ReadableStream<Uint8Array> {
  const events = facts.stream && split.kind === 'events' ? eventsIn(bytes, facts) : [bytes]
  const pieces = piecesOf<Uint8Array<ArrayBuffer>>(split, bytes, events, origin.input)
  return new ReadableStream({
    pull(controller) {
      const { value, done } = pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

/** The recording as its events, whatever stands after the last of them included. */
function eventsIn(bytes: Uint8Array<ArrayBuffer>, facts: RequestFacts): Uint8Array<ArrayBuffer>[] {
  const events: Uint8Array<ArrayBuffer>[] = []
  let at = 0
  for (const { bytes: framed } of openFraming(facts, { most_frame_bytes }).push(bytes)) {
    events.push(bytes.slice(at, at + framed.length))
    at += framed.length
  }
  if (at < bytes.length) events.push(bytes.slice(at))
  return events
}

function replayed(
  origin: Origin,
  plan: Plan,
  name: string,
  seen: Seen,
  trail: Trail,
  finishes: ReadonlyMap<string, string>,
): Replayed {
  const findings = trail.findings.filter(({ channel }) => channel === name)
  const ownCut = trail.cuts.find(({ channel }) => channel === name)
  // The others of a scope are cut with it where something of them is not sent.
  const cut = ownCut ?? (seen.sent < seen.received ? trail.cuts.find(({ scope }) => scope === seen.scope) : undefined)
  const masking = new Set(findings.filter(({ action, mode }) => action === 'mask' && mode === 'enforce').map(({ rule }) => rule))
  const faults = trail.faults.map(({ code }) => code)
  const verdict = cut !== undefined ? 'cut' : faults.length > 0 ? 'fault' : masking.size > 0 ? 'mask' : 'clear'
  const by = verdict === 'fault' ? [] : (cut?.by ?? plan.rules.map(({ id }) => id).filter((id) => masking.has(id)))
  return {
    record: {
      id: origin.id,
      input: origin.input,
      channel: name,
      verdict,
      by,
      released: seen.released,
      findings: findings.map(({ rule, start, end, action }) => ({ rule, start, end, action })),
      cut_at: cut === undefined ? null : seen.sent,
      held: seen.held.summary(),
      inquiries: 0,
      faults,
      terminal: finishes.get(seen.scope) ?? finishes.get('') ?? null,
    },
    held: seen.held,
  }
}

/** How each scope ends for whoever reads what was sent; under the empty name what ends no scope of its own. */
function finishesIn(sent: Uint8Array, { dialect }: Recognized, facts: RequestFacts): ReadonlyMap<string, string> {
  const finishes = new Map<string, string>()
  const lens = facts.stream ? dialect.stream(facts) : dialect.body(facts)
  try {
    for (const frame of facts.stream ? openFraming(facts, { most_frame_bytes }).push(sent) : [bodyFrame(sent)]) {
      const { steps, finish } = lens.read(frame)
      if (finish === undefined) continue
      const scopes = steps.flatMap((step) => (step.kind === 'scope-end' ? [step.scope] : []))
      for (const scope of scopes.length > 0 ? scopes : ['']) finishes.set(scope, finish)
    }
  } catch {
    // A reply that is no response of the protocol's (a failure before the first byte) has no finish.
  }
  return finishes
}
