/** Replays a recorded response through the real flow, with the recording in the upstream's place. */
import { guardResponse } from '../../flow/index.ts'
import type { Channel } from '../../terms/channel.ts'
import type { FramingName, RequestFacts } from '../../terms/dialect.ts'
import type { Frame } from '../../terms/frame.ts'
import type { JudgeAskers } from '../../terms/judge.ts'
import type { Plan } from '../../terms/plan.ts'
import type { Trail } from '../../terms/trail.ts'
import { openFraming } from '../../wire/framing.ts'
import { bodyFrame } from '../../wire/json-body.ts'
import { JudgeTally } from '../judging/judge-tally.ts'
import { Held } from './held.ts'
import type { Recognized } from './recording.ts'
import { type Origin, type Replayed, ruling } from './replay-record.ts'
import { piecesOfStream, type Split } from './split.ts'

export interface RecordingInput {
  readonly kind: 'recording'
  readonly origin: Origin
  readonly recognized: Recognized
  /** A stream in one of its forms, or one JSON body. */
  readonly framing: FramingName | 'body'
  /** The recording from its beginning, piece by piece: what was recorded may be larger than the memory. */
  readonly open: () => AsyncIterable<Uint8Array>
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

/** What the request that was answered so must have asked for. */
export function recordedFacts({ recognized, framing }: RecordingInput): RequestFacts {
  const stream = framing !== 'body'
  return { stream, ...(stream && { framing }), scopes: recognized.scopes, json: false, usage: true, model: 'replayed' }
}

export async function replayRecording(plan: Plan, input: RecordingInput, split: Split, askers: JudgeAskers): Promise<Replayed[]> {
  const tally = new JudgeTally(askers)
  const { recognized, framing } = input
  const facts = recordedFacts(input)
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
    judges: tally.askers,
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
  const finishes = await finishesIn(response, recognized, facts)
  const trail = await ended.promise
  for (const { channel, scope } of trail.cuts) if (!seen.has(channel)) seen.set(channel, new Seen(scope))
  for (const { channel } of trail.findings) if (!seen.has(channel)) seen.set(channel, new Seen(''))
  if (seen.size === 0) seen.set('answer', new Seen('0'))
  const told = [...seen].map(([name, channel]) => ({
    channel,
    replayed: replayed(input.origin, plan, name, channel, trail, tally, finishes),
  }))
  return told
    .filter(({ channel, replayed: { record } }) => !channel.fixed || record.verdict !== 'clear' || record.findings.length > 0)
    .map(({ replayed }) => replayed)
}

function streamOf({ open, origin }: RecordingInput, facts: RequestFacts, split: Split): ReadableStream<Uint8Array> {
  const framing = facts.stream ? openFraming(facts, { most_frame_bytes }) : undefined
  const pieces = piecesOfStream(split, open(), framing, origin.input)
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}

function replayed(
  origin: Origin,
  plan: Plan,
  name: string,
  seen: Seen,
  trail: Trail,
  tally: JudgeTally,
  finishes: ReadonlyMap<string, string>,
): Replayed {
  const findings = trail.findings.filter(({ channel }) => channel === name)
  const ownCut = trail.cuts.find(({ channel }) => channel === name)
  // The others of a scope are cut with it where something of them is not sent.
  const cut = ownCut ?? (seen.sent < seen.received ? trail.cuts.find(({ scope }) => scope === seen.scope) : undefined)
  // Of the others of a scope that is cut no more is decided than was read, and the last of it may have gone on.
  const left = trail.cuts.some(({ scope }) => scope === seen.scope) ? seen.received - 1 : undefined
  const decided = ownCut?.decided ?? left
  const judged = tally.of(name, decided)
  const broken = trail.faults.map(({ code }) => code).filter((code) => !code.startsWith('judge_'))
  return {
    record: {
      id: origin.id,
      input: origin.input,
      channel: name,
      ...ruling(
        plan,
        findings.map(({ rule }) => rule),
        cut?.by,
        { broken, judged: judged.faults },
      ),
      released: seen.released,
      findings: findings.map(({ rule, start, end, action }) => ({ rule, start, end, action })),
      cut_at: cut === undefined ? null : seen.sent,
      held: seen.held.summary(),
      inquiries: judged.inquiries,
      faults: [...broken, ...judged.faults],
      terminal: finishes.get(seen.scope) ?? finishes.get('') ?? null,
    },
    held: seen.held,
  }
}

/** How each scope ends for whoever reads what is sent; under the empty name what ends no scope of its own. */
async function finishesIn(
  response: Response,
  { dialect }: Recognized,
  facts: RequestFacts,
): Promise<ReadonlyMap<string, string>> {
  const finishes = new Map<string, string>()
  const lens = facts.stream ? dialect.stream(facts) : dialect.body(facts)
  const framing = facts.stream ? openFraming(facts, { most_frame_bytes }) : undefined
  const read = (frame: Frame): void => {
    const { steps, finish } = lens.read(frame)
    if (finish === undefined) return
    const scopes = steps.flatMap((step) => (step.kind === 'scope-end' ? [step.scope] : []))
    for (const scope of scopes.length > 0 ? scopes : ['']) finishes.set(scope, finish)
  }
  let readable = true
  const tried = (work: () => void): void => {
    try {
      if (readable) work()
    } catch {
      // A reply that is no response of the protocol's (a failure before the first byte) has no finish.
      readable = false
    }
  }
  if (framing === undefined) {
    const sent = new Uint8Array(await response.arrayBuffer())
    tried(() => read(bodyFrame(sent)))
  } else
    for await (const chunk of response.body ?? [])
      tried(() => {
        for (const frame of framing.push(chunk)) read(frame)
      })
  return finishes
}
