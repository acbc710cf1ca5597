/**
 * `npm run bench gate`: events parsed, checked and forwarded, a second and core, synchronous, beside a gateway that parses
 * and writes again.
 *
 * How it avoids fooling itself: everything said in `engines.ts`; and
 * - every event is pushed by itself, in a buffer of its own, as it comes over the network, through the very code of the
 *   service: frames, the chat lens, the gate, and out come bytes. The bytes are counted, and the first stream's are
 *   compared: with nothing found they are those that came in.
 * - The gateway beside it does the least such a gateway can do: it decodes, parses with the same event parser, parses the
 *   JSON, makes JSON again and encodes; it checks nothing.
 * - A stream has 500 events and then another one begins, so that nobody profits from a long warm stream, and nobody
 *   drowns in it.
 */
import { createParser } from 'eventsource-parser'
import type { PatternProgram } from '../../src/checks/pattern.ts'
import { Gate } from '../../src/gate/gate.ts'
import { createPlan, dialectFor } from '../../src/index.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { streamOf } from './events.ts'
import { type Material, piecesOf } from './material.ts'
import { alternate, type Contender, type Effort, type Measured, ratio } from './measure.ts'
import { compiledPatterns, fullPlan } from './ours.ts'
import { benchPatterns } from './patterns.ts'
import { type Report, tell } from './report.ts'

export const gatePolicies = ['empty', 'chat', 'full'] as const
export type GatePolicy = (typeof gatePolicies)[number]

export interface GateOptions {
  readonly effort: Effort
  readonly policies: readonly GatePolicy[]
  /** Terms of the full policy, half English and half Chinese. */
  readonly terms: number
}

const what = 'Events of about 300 bytes, one a push · ns per event'
const eventsOfStream = 500
const texts = ['English', 'Chinese'] as const

export function benchGate(report: Report, material: Material, { effort, policies, terms }: GateOptions): void {
  const programs = compiledPatterns()
  for (const policy of policies) {
    const plan = planOf(policy, material, programs, terms)
    let events = Number.POSITIVE_INFINITY
    let better = Number.POSITIVE_INFINITY
    for (const language of texts) {
      const streams = streamsOf(material.prose[language])
      check(report, policy, plan, streams)
      const [ours, rewriting] = pair(effort, guarding(plan, streams), restringifying(streams))
      const [again, parsing] = pair(effort, guarding(plan, streams), onlyParsing(streams))
      const label = `${policy} policy, ${language}`
      for (const [mine, other] of [
        [ours, rewriting],
        [again, parsing],
      ] as const) {
        tell(report, {
          what,
          language: label,
          contender: other.name,
          figure: other.nanoseconds,
          ours: mine.nanoseconds,
          ratio: ratio(other, mine),
        })
      }
      events = Math.min(events, 1000 / ours.nanoseconds)
      better = Math.min(better, ratio(rewriting, ours))
    }
    const name = `${policy} policy`
    report.targets.push({ what: `${name}, events parsed, checked, forwarded`, atLeast: 1.2, unit: 'M/s', figure: events })
    report.targets.push({ what: `${name}, against parse and restringify`, atLeast: 5, unit: 'x', figure: better })
  }
}

function planOf(policy: GatePolicy, material: Material, programs: readonly PatternProgram[], terms: number): Plan {
  switch (policy) {
    case 'empty':
      return createPlan({ rules: [] })
    case 'chat':
      return chatPlan(material, programs)
    case 'full':
      return fullPlan(material.terms('English', terms / 2), material.terms('Chinese', terms / 2), programs)
  }
}

/** Of the size a consumer chat app begins with: two lists of a hundred, a few numbers and tokens, one phrase that cuts. */
function chatPlan(material: Material, programs: readonly PatternProgram[]): Plan {
  const few = ['email', 'card', 'phone-cn', 'resident-id-cn', 'iban', 'openai-key', 'github-token', 'aws-key']
  return createPlan({
    rules: [
      {
        id: 'english',
        action: 'mask',
        with: '***',
        words: { terms: material.terms('English', 100), fold: 'case', boundary: 'word' },
      },
      {
        id: 'chinese',
        action: 'mask',
        with: '***',
        words: { terms: material.terms('Chinese', 100), fold: 'case', boundary: 'none' },
      },
      { id: 'never', action: 'cut', words: { terms: ['never to be said aloud'], fold: 'case', boundary: 'word' } },
      ...benchPatterns.flatMap(({ id }, index) => {
        const pattern = programs[index]
        return few.includes(id) && pattern !== undefined ? [{ id, action: 'mask' as const, with: '***', pattern }] : []
      }),
    ],
  })
}

/** One stream after another, each the bytes of its events. */
function streamsOf(text: string): Uint8Array[][] {
  const pieces = piecesOf(text)
  const streams = Array.from({ length: 20 }, (_, index) => pieces.slice(index * eventsOfStream, (index + 1) * eventsOfStream))
  return streams.map(streamOf)
}

const facts = { stream: true, scopes: 1, json: false, usage: false, model: 'gpt-4o-mini' } as const

/** The way of the service without its streams: bytes in, bytes out. */
function guard(plan: Plan, events: readonly Uint8Array[], leave: (bytes: Uint8Array) => void): void {
  const dialect = dialectFor('POST', '/v1/chat/completions')
  if (dialect === undefined) throw new Error('the chat dialect is gone')
  const gate = new Gate(plan, dialect.stream(facts), 1)
  const frames = new SseFrames({ most_frame_bytes: 1 << 20 })
  for (const bytes of events) {
    for (const frame of frames.push(bytes)) gate.read(frame)
    for (const cleared of gate.flush()) leave(cleared.bytes)
  }
}

function pair(effort: Effort, ours: Contender, theirs: Contender): [Measured, Measured] {
  return alternate([ours, theirs], effort) as [Measured, Measured]
}

/** Whole streams, as many as make about so many events. */
function over(name: string, streams: readonly Uint8Array[][], read: (events: readonly Uint8Array[]) => number): Contender {
  return {
    name,
    job(units) {
      const some = streams.slice(0, Math.max(1, Math.floor(units / eventsOfStream)))
      return {
        units: some.reduce((sum, events) => sum + events.length, 0),
        run: () => some.reduce((sum, events) => sum + read(events), 0),
      }
    },
  }
}

function guarding(plan: Plan, streams: readonly Uint8Array[][]): Contender {
  return over('ours', streams, (events) => {
    let length = 0
    guard(plan, events, (bytes) => {
      length += bytes.length
    })
    return length
  })
}

const encoder = new TextEncoder()

function restringifying(streams: readonly Uint8Array[][]): Contender {
  return over('parse, JSON.parse, JSON.stringify, encode', streams, (events) => {
    let length = 0
    const decoder = new TextDecoder()
    const parser = createParser({
      onEvent: ({ data }) => {
        const again = data === '[DONE]' ? data : JSON.stringify(JSON.parse(data))
        length += encoder.encode(`data: ${again}\n\n`).length
      },
    })
    for (const bytes of events) parser.feed(decoder.decode(bytes, { stream: true }))
    return length
  })
}

/** The yardstick: nothing but the JSON, already decoded. */
function onlyParsing(streams: readonly Uint8Array[][]): Contender {
  const texts = new Map(streams.map((events) => [events, events.map(dataOf).filter((data) => data !== '[DONE]')]))
  return over('JSON.parse alone', streams, (events) => {
    let length = 0
    for (const data of texts.get(events as Uint8Array[]) ?? []) length += (JSON.parse(data) as { id: string }).id.length
    return length
  })
}

const decoder = new TextDecoder()

const dataOf = (bytes: Uint8Array) => decoder.decode(bytes).slice('data: '.length, -2)

/** What leaves has to be what came, but for what was found; and the other gateway has to do the whole work. */
function check(report: Report, policy: GatePolicy, plan: Plan, [first = []]: readonly Uint8Array[][]): void {
  const sent = Buffer.concat(first)
  const out: Uint8Array[] = []
  guard(plan, first, (bytes) => out.push(bytes))
  const left = Buffer.concat(out)
  if (policy === 'empty' && !sent.equals(left))
    report.disagreements.push('ours, empty policy: the bytes that left are not those that came')
  if (!left.toString().endsWith('data: [DONE]\n\n')) report.disagreements.push(`ours, ${policy} policy: the stream did not end`)
  const rewritten = restringifying([first]).job(1).run()
  if (rewritten !== sent.length) report.disagreements.push(`the gateway beside: ${rewritten} bytes left of ${sent.length}`)
}
