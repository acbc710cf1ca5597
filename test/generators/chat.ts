/** Random chat-completion streams: what several choices say, in pieces, interleaved, with everything real servers put around it. */
import fc from 'fast-check'
import type { OraclePolicy } from '../oracle/policy.ts'
import type { OracleChannel, Step } from '../oracle/response.ts'
import { divide, someText } from './texts.ts'

/** One piece of what a choice says. */
export interface Utterance {
  readonly choice: number
  readonly field: 'reasoning' | 'content' | 'refusal' | 'name' | 'arguments' | 'mystery'
  /** The tool call it belongs to. */
  readonly tool: number
  readonly text: string
}

interface Finish {
  readonly choice: number
  readonly field: 'finish'
}

export type Chunk = readonly (Utterance | Finish)[]

/** Fields of one delta are read in this order. */
const ranks = ['reasoning', 'content', 'refusal', 'name', 'arguments', 'mystery', 'finish']

/** What one choice says, before it is cut in pieces. */
interface Script {
  readonly speech: readonly { readonly field: Utterance['field']; readonly text: string; readonly places: readonly number[] }[]
  readonly calls: readonly { readonly name: string; readonly input: string; readonly places: readonly number[] }[]
  readonly picks: readonly number[]
}

const somePlaces = fc.array(fc.nat(1000), { maxLength: 4 })

/** Texts of at most so many pieces. */
export type Texts = (most: number) => fc.Arbitrary<string>

/** A tool's input: JSON whose strings hold what the policy looks for, written with or without escapes. */
export function someInput(texts: Texts): fc.Arbitrary<string> {
  const text = texts(4)
  const object = fc.oneof(
    fc.record({ q: text }),
    fc.record({ q: text, list: fc.array(text, { maxLength: 2 }), n: fc.integer() }),
    fc.record({ '': text }),
  )
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(object, fc.boolean()).map(([value, escaped]) => spell(value, escaped)) },
    { weight: 1, arbitrary: text },
  )
}

function someScript(texts: Texts, json: boolean): fc.Arbitrary<Script> {
  const field = fc.constantFrom(
    'content' as const,
    'content' as const,
    'content' as const,
    'reasoning' as const,
    'refusal' as const,
    'mystery' as const,
  )
  const speech = field.chain((name) =>
    fc.record({ field: fc.constant(name), text: json && name === 'content' ? someInput(texts) : texts(8), places: somePlaces }),
  )
  return fc.record({
    speech: fc.uniqueArray(speech, { maxLength: 3, selector: (said) => said.field }),
    calls: fc.array(
      fc.record({
        name: fc.oneof(fc.constant('look_up'), texts(2)).map((name) => name || 'f'),
        input: someInput(texts),
        places: somePlaces,
      }),
      { maxLength: 2 },
    ),
    picks: fc.array(fc.nat(7), { minLength: 1, maxLength: 8 }),
  })
}

/** Takes from the lists in turn, as the picks say; the order within a list stays. */
function merge<Item>(lists: readonly (readonly Item[])[], picks: readonly number[]): Item[] {
  const left = lists.map((list) => [...list])
  const out: Item[] = []
  for (let turn = 0; left.some((list) => list.length > 0); turn++) {
    const open = left.filter((list) => list.length > 0)
    out.push((open[(picks[turn % picks.length] as number) % open.length] as Item[]).shift() as Item)
  }
  return out
}

function perform({ speech, calls, picks }: Script, choice: number): Chunk {
  const said = speech.map(({ field, text, places }) =>
    divide(text, places).map((piece): Utterance => ({ choice, field, tool: 0, text: piece })),
  )
  const called = calls.flatMap(({ name, input, places }, tool): Utterance[] => [
    { choice, field: 'name', tool, text: name },
    ...divide(input, places).map((text): Utterance => ({ choice, field: 'arguments', tool, text })),
  ])
  return [...merge(said, picks), ...called, { choice, field: 'finish' }]
}

const rankOf = ({ field }: Utterance | Finish): number => ranks.indexOf(field)

/** Packs utterances into chunks where one can hold them: the fields of a delta in order, its choice the last one. */
function pack(said: Chunk, together: readonly boolean[]): Chunk[] {
  const chunks: (Utterance | Finish)[][] = []
  for (const [index, utterance] of said.entries()) {
    const last = chunks.at(-1)
    const before = last?.at(-1)
    const isNewChoice = last?.every(({ choice }) => choice !== utterance.choice)
    const fits =
      before !== undefined && (isNewChoice || (before.choice === utterance.choice && rankOf(before) < rankOf(utterance)))
    if (last !== undefined && fits && together[index % together.length]) last.push(utterance)
    else chunks.push([utterance])
  }
  return chunks
}

export interface ChatScript {
  readonly choices: number
  /** The answer was asked for as JSON. */
  readonly json: boolean
  readonly chunks: readonly Chunk[]
}

export function someChat(policy: OraclePolicy): fc.Arbitrary<ChatScript> {
  return someChatOf((most) => someText(policy, most))
}

export function someChatOf(texts: Texts): fc.Arbitrary<ChatScript> {
  return fc
    .tuple(fc.constantFrom(1, 1, 1, 2, 3), fc.constantFrom(false, false, true))
    .chain(([choices, json]) =>
      fc.record({
        json: fc.constant(json),
        scripts: fc.array(someScript(texts, json), { minLength: choices, maxLength: choices }),
        picks: fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
        together: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
      }),
    )
    .map(({ json, scripts, picks, together }) => ({
      json,
      choices: scripts.length,
      chunks: pack(merge(scripts.map(perform), picks), together),
    }))
}

/** A value as JSON; `escaped` writes with `\\u` what need not be, as some servers do. */
export function spell(value: unknown, escaped: boolean): string {
  const json = JSON.stringify(value)
  if (!escaped) return json
  const escape = (unit: string): string =>
    unit.startsWith('\\') ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return json.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) => string.replaceAll(/\\u....|\\.|[ab\u0080-\uffff]/g, escape))
}

const natures: Record<Utterance['field'], Omit<OracleChannel, 'name'>> = {
  reasoning: { kind: 'reasoning' },
  content: { kind: 'answer' },
  refusal: { kind: 'refusal' },
  name: { kind: 'tool_input', atomic: true, fixed: true },
  arguments: { kind: 'tool_input', atomic: true, json: true },
  mystery: { kind: 'unknown' },
}

/** How a field is called where its text is looked for: `content`, `arguments/1`. */
export function channelName({ field, tool }: Pick<Utterance, 'field' | 'tool'>): string {
  return field === 'name' || field === 'arguments' ? `${field}/${tool}` : field
}

/** The tool call of each choice that is under way. */
export type OpenCalls = Map<number, { readonly tool: number; readonly channels: Set<string> }>

/** What a chunk says, step by step. */
export function stepsOf(chunk: Chunk, json: boolean, open: OpenCalls): Step[] {
  return chunk.flatMap((part): Step[] => {
    const scope = String(part.choice)
    if (part.field === 'finish') return [{ kind: 'finishes', scope }]
    const steps: Step[] = []
    const traits = part.field === 'content' ? { json } : natures[part.field].atomic ? { call: `call/${part.tool}` } : {}
    const channel = { name: channelName(part), ...natures[part.field], ...traits }
    if (part.field === 'mystery')
      steps.push({ kind: 'whole', scope, channel: { ...channel, name: 'mystery/key' }, text: 'mystery' })
    if (part.field === 'name' || part.field === 'arguments') {
      const call = open.get(part.choice)
      if (call !== undefined && call.tool < part.tool)
        for (const name of call.channels) steps.push({ kind: 'ends', scope, channel: name })
      if (call === undefined || call.tool < part.tool) open.set(part.choice, { tool: part.tool, channels: new Set() })
      if (part.text !== '') open.get(part.choice)?.channels.add(channel.name)
    }
    if (part.text !== '') steps.push({ kind: 'says', scope, channel, text: part.text })
    return steps
  })
}
