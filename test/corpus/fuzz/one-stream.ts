/** One stream of the fuzz: chosen, spoilt, sent through the whole way and judged, all by its number. */
import { guardResponse, type Limits } from '../../../src/flow/index.ts'
import type { Dialect, RequestFacts } from '../../../src/terms/dialect.ts'
import type { Trail } from '../../../src/terms/trail.ts'
import { dialects } from '../../../src/wire/index.ts'
import { bodyOf } from '../../generators/frames.ts'
import { divide } from '../../generators/texts.ts'
import { mutateJson } from './json-mutations.ts'
import { Random } from './random.ts'
import { type Ruling, rulings } from './rulings.ts'
import { leakIn } from './secrets.ts'
import { blocksOf, bytesOf, mutate } from './stream-mutations.ts'

/** A recording, and whose it is. */
export interface Material {
  readonly file: string
  readonly dialect: string
  readonly bytes: Uint8Array
  readonly facts: RequestFacts
}

export interface Told {
  /** What was sent and to whom, for whoever has to find out why. */
  readonly name: string
  readonly wrong: string | undefined
  readonly exit: string
  /** Bytes that came. */
  readonly size: number
  /** Milliseconds on the whole way, without what spoils and judges. */
  readonly took: number
}

type Form = 'events' | 'array' | 'body'

interface Sent {
  readonly dialect: Dialect
  readonly facts: RequestFacts
  readonly form: Form
  readonly bytes: Uint8Array
  readonly ruling: Ruling
  readonly limits: Partial<Limits>
}

/** Enough of a recording for anything to happen in it; whole ones would only take longer. */
const mostBlocks = 40

export async function runStream(
  materials: readonly Material[],
  seed: number,
  stream: number,
  look: (sent: Sent, came: Came) => void = () => {},
): Promise<Told> {
  const random = new Random(seed, stream)
  const dialect = dialects[stream % dialects.length] as Dialect
  const own = materials.filter((material) => material.dialect === dialect.name)
  const material = random.pick(own.length === 0 || random.once(12) ? materials : own)
  const facts = factsFor(dialect, material, own, random)
  const form: Form = random.once(6) ? 'body' : facts.framing === 'array' ? 'array' : 'events'
  const { bytes, done } = spoilt(material, materials, form, random)
  const ruling = random.pick(rulings)
  const limits = random.once(10)
    ? { most_frame_bytes: 1 << (8 + random.below(10)), most_held_bytes: 1 << (10 + random.below(10)) }
    : {}
  const sent: Sent = { dialect, facts, form, bytes, ruling, limits }
  const name = `${dialect.name} as ${form}, ${material.file}, ${ruling.name}: ${done.join('; ')}`
  const pieces = piecesOf(bytes, random)
  const began = performance.now()
  const came = await guarded(sent, pieces)
  const took = performance.now() - began
  look(sent, came)
  return { name, exit: came.trail?.exit ?? 'none', size: bytes.length, took, wrong: judged(sent, came) }
}

function factsFor(dialect: Dialect, material: Material, own: readonly Material[], random: Random): RequestFacts {
  const plain: RequestFacts = { stream: true, scopes: 1, json: false, usage: true, model: 'm' }
  const facts = material.dialect === dialect.name ? material.facts : (own[0]?.facts ?? plain)
  if (!random.once(4)) return facts
  return { ...facts, json: random.once(2), usage: random.once(2), scopes: 1 + random.below(3) }
}

function spoilt(
  material: Material,
  others: readonly Material[],
  form: Form,
  random: Random,
): { bytes: Uint8Array; done: string[] } {
  const all = material.facts.framing === 'array' ? elementsOf(material.bytes) : blocksOf(material.bytes)
  const blocks = all.length > mostBlocks ? windowOf(all, random) : all
  if (form === 'body') {
    const data = blocks.map((block) => /^data: ?(.*)$/m.exec(block)?.[1] ?? '').filter((each) => each.startsWith('{'))
    let json = Buffer.from(data.length > 0 ? random.pick(data) : '{}', 'latin1').toString()
    const done: string[] = []
    for (let turn = random.below(4); turn >= 0; turn--) {
      const mutated = mutateJson(json, random)
      json = mutated.json
      done.push(mutated.name)
    }
    return { bytes: new TextEncoder().encode(random.once(20) ? json.slice(0, random.below(json.length)) : json), done }
  }
  const foreign = random.pick(others)
  const done = mutate(blocks, random, foreign.facts.framing === 'array' ? elementsOf(foreign.bytes) : blocksOf(foreign.bytes))
  return { bytes: form === 'array' ? asArray(blocks) : bytesOf(blocks), done }
}

function windowOf(blocks: readonly string[], random: Random): string[] {
  const from = 1 + random.below(blocks.length - mostBlocks)
  return [...blocks.slice(0, 3), ...blocks.slice(from + 3, from + mostBlocks - 8), ...blocks.slice(-5)]
}

/** The elements of an array as events, so that one set of changes serves both. */
function elementsOf(bytes: Uint8Array): string[] {
  const elements = JSON.parse(new TextDecoder().decode(bytes)) as unknown[]
  return elements.map((element) => `data: ${Buffer.from(JSON.stringify(element)).toString('latin1')}\n\n`)
}

function asArray(blocks: readonly string[]): Uint8Array {
  const elements = blocks.map((block) => block.replace(/^data: ?/, '').replace(/\s+$/, ''))
  return bytesOf(['[', elements.join(',\r\n'), '\n]'])
}

function piecesOf(bytes: Uint8Array, random: Random): Uint8Array[] {
  const count = random.pick([0, 0, 1, 3, 10, 100])
  return divide(
    bytes,
    Array.from({ length: count }, () => random.below(bytes.length + 1)),
  )
}

interface Came {
  readonly bytes: Uint8Array
  readonly trail: Trail | undefined
  readonly trails: number
}

const types: Readonly<Record<Form, string>> = {
  events: 'text/event-stream',
  array: 'application/json; charset=UTF-8',
  body: 'application/json',
}

async function guarded({ dialect, facts, form, ruling, limits }: Sent, pieces: readonly Uint8Array[]): Promise<Came> {
  const trails: Trail[] = []
  const work: Promise<unknown>[] = []
  const upstream = new Response(bodyOf(pieces), { headers: { 'content-type': types[form] } })
  const response = await guardResponse(upstream, {
    plan: ruling.plan,
    dialect,
    facts: form === 'body' ? { ...facts, stream: false } : facts,
    limits,
    onEnd: (trail) => trails.push(trail),
    waitUntil: (promise) => work.push(promise),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  await Promise.all(work)
  return { bytes, trail: trails[0], trails: trails.length }
}

function judged({ dialect, ruling, form, bytes }: Sent, came: Came): string | undefined {
  const { trail, trails } = came
  if (trail === undefined || trails !== 1) return `${trails} records of one exchange`
  const leak = leakIn(came.bytes, ruling.forbidden, dialect.name)
  if (leak !== undefined) return `leaked in ${leak}`
  const { faults, frames, exit, verdict } = trail
  const asItCame = faults.length === 0 && frames.touched === 0 && frames.divided === 0 && exit === 'done' && verdict === 'clear'
  if (asItCame && !leftAsItCame(came.bytes, bytes)) return 'nothing was touched, and it did not leave as it came'
  if (faults.some(({ code }) => code === 'internal')) return `failed within: ${faults[0]?.detail}`
  return form === 'events' ? unreadable(came.bytes) : undefined
}

const lastWord = /^data: ?(?:\[DONE\]|.*"type":"(?:message_stop|error|response\.(?:completed|incomplete|failed))")/m

/** What comes after the last word and never ends (an event, a tool call) is nobody's: it is given up. */
function leftAsItCame(out: Uint8Array, sent: Uint8Array): boolean {
  const rest = Buffer.from(sent.subarray(out.length)).toString('latin1')
  if (Buffer.compare(out, sent.subarray(0, out.length)) !== 0) return false
  return !/(?:\r\n|\n|\r(?!\n)){2}/.test(rest) || lastWord.test(Buffer.from(out).toString('latin1'))
}

/** Data of an event that no client could read, where the way in had to read it to let it out. */
function unreadable(bytes: Uint8Array): string | undefined {
  for (const block of new TextDecoder().decode(bytes).split(/(?:\r\n|\n|\r(?!\n)){2,}/)) {
    const lines = block.split(/\r\n|\n|\r/).filter((line) => /^data(:|$)/.test(line))
    const data = lines.map((line) => line.replace(/^data:? ?/, '')).join('\n')
    if (data.trim() === '' || data.trim() === '[DONE]') continue
    try {
      JSON.parse(data)
    } catch {
      return `an event that is no JSON left: ${data.slice(0, 200)}`
    }
  }
  return undefined
}
