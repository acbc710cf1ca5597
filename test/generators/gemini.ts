/** Random Gemini streams: what a chat stream says, said by candidates in parts, as events and as an array. */
import fc from 'fast-check'
import type { OraclePolicy } from '../oracle/policy.ts'
import type { OracleChannel, Step } from '../oracle/response.ts'
import { type ChatScript, type Chunk, someChat, spell } from './chat.ts'

type Fields = Record<string, unknown>

/** One part of a candidate, and what it says in the oracle's words. */
interface Spoken {
  readonly candidate: number
  readonly part: Fields | undefined
  readonly steps: readonly Step[]
}

export interface GeminiScript {
  readonly candidates: number
  readonly json: boolean
  /** The parts of each chunk, in order. */
  readonly chunks: readonly (readonly Spoken[])[]
}

/** How a server writes; the same parts mean the same in every style. */
export interface GeminiStyle {
  readonly framing: 'events' | 'array'
  readonly newline: '\n' | '\r\n'
  readonly indent: 0 | 2
  readonly escaped: boolean
  /** An index of 0 is written. */
  readonly zero: boolean
  /** As older streams of Vertex AI do, every chunk says STOP. */
  readonly stops: boolean
  /** A signature on an empty part at the end of each chunk. */
  readonly signatures: boolean
  readonly ratings: boolean
  readonly usage: boolean
}

export const someGeminiStyle: fc.Arbitrary<GeminiStyle> = fc.record({
  framing: fc.constantFrom('events' as const, 'array' as const),
  newline: fc.constantFrom('\r\n' as const, '\r\n' as const, '\n' as const),
  indent: fc.constantFrom(0 as const, 2 as const),
  escaped: fc.boolean(),
  zero: fc.boolean(),
  stops: fc.boolean(),
  signatures: fc.boolean(),
  ratings: fc.boolean(),
  usage: fc.boolean(),
})

export function someGemini(policy: OraclePolicy): fc.Arbitrary<GeminiScript> {
  return fc.tuple(someChat(policy), fc.boolean()).map(([chat, long]) => asGemini(long ? padded(chat) : chat))
}

/** Google's chunks are long: so much stands before what is said that a frame which has to wait is divided. */
function padded(chat: ChatScript): ChatScript {
  const chunks = chat.chunks.map((chunk) =>
    chunk.map((said) =>
      said.field === 'content' || said.field === 'reasoning' ? { ...said, text: `${'☃'.repeat(40)}${said.text}` } : said,
    ),
  )
  return { ...chat, chunks: chat.json ? chat.chunks : chunks }
}

/** The same things said by candidates: no refusals, and a call whole in one part where its input is a JSON object. */
function asGemini({ choices, json, chunks }: ChatScript): GeminiScript {
  const all = chunks.flat()
  const tools = new Map<number, number>()
  return { candidates: choices, json, chunks: chunks.map((chunk) => chunk.flatMap((said) => spokenBy(said, all, json, tools))) }
}

function spokenBy(said: Chunk[number], all: Chunk, json: boolean, tools: Map<number, number>): Spoken[] {
  const candidate = said.choice
  const scope = String(candidate)
  const says = (name: string, kind: OracleChannel['kind'], text: string, more: Partial<OracleChannel> = {}): Step[] =>
    text === '' ? [] : [{ kind: 'says', scope, channel: { name, kind, ...more }, text }]
  if (said.field === 'finish' || said.field === 'refusal' || said.field === 'arguments') return []
  const { text, tool } = said
  if (said.field === 'reasoning')
    return [{ candidate, part: { text, thought: true }, steps: says('reasoning', 'reasoning', text) }]
  if (said.field === 'content') return [{ candidate, part: { text }, steps: says('content', 'answer', text, { json }) }]
  if (said.field === 'mystery') {
    const key: Step = { kind: 'whole', scope, channel: { name: 'mystery/key', kind: 'unknown' }, text: 'mystery' }
    return [{ candidate, part: { mystery: text }, steps: [key, ...says('mystery', 'unknown', text)] }]
  }
  const index = tools.get(candidate) ?? 0
  tools.set(candidate, index + 1)
  const pieces = all.flatMap((other) =>
    other.field === 'arguments' && other.choice === candidate && other.tool === tool ? [other.text] : [],
  )
  return calledBy(candidate, index, text, pieces)
}

function calledBy(candidate: number, index: number, name: string, pieces: readonly string[]): Spoken[] {
  const scope = String(candidate)
  const traits = { kind: 'tool_input', atomic: true, call: `call/${index}` } as const
  const says = (channel: string, text: string, more: Partial<OracleChannel>): Step[] =>
    text === '' ? [] : [{ kind: 'says', scope, channel: { name: `${channel}/${index}`, ...traits, ...more }, text }]
  const ends = (...names: string[]): Step[] => names.map((channel) => ({ kind: 'ends', scope, channel: `${channel}/${index}` }))
  const named = says('name', name, { fixed: true })
  const args = pieces.join('') === '' ? {} : objectIn(pieces.join(''))
  if (args !== undefined) {
    const steps = [...named, ...says('arguments', JSON.stringify(args), { json: true }), ...ends('name', 'arguments')]
    return [{ candidate, part: { functionCall: { name, args, id: `call_${index}` } }, steps }]
  }
  // Some servers say the name with every piece.
  const again: Fields = index % 2 === 1 ? { name, id: `call_${index}` } : {}
  const repeated: Step[] =
    index % 2 === 1 ? [{ kind: 'whole', scope, channel: { name: 'again', kind: 'tool_input', fixed: true }, text: name }] : []
  const path: Step = { kind: 'whole', scope, channel: { name: 'path', kind: 'tool_input', fixed: true }, text: '$.q' }
  return [
    { candidate, part: { functionCall: { name, ...again, willContinue: true } }, steps: named },
    ...pieces.map((stringValue) => ({
      candidate,
      part: {
        functionCall: { ...again, partialArgs: [{ jsonPath: '$.q', stringValue, willContinue: true }], willContinue: true },
      },
      steps: [...repeated, path, ...says('arguments', stringValue, {})],
    })),
    { candidate, part: { functionCall: { ...again } }, steps: [...repeated, ...ends('name', 'arguments')] },
  ]
}

function objectIn(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The messages of a stream; the last of each candidate says why it ended. */
export function geminiMessages({ candidates, chunks }: GeminiScript, style: GeminiStyle): Fields[] {
  const named = (candidate: number, parts: Fields[], more: Fields): Fields => ({
    ...(parts.length > 0 && { content: { parts, role: 'model' } }),
    ...(style.stops && { finishReason: 'STOP' }),
    ...more,
    ...((candidate > 0 || style.zero) && { index: candidate }),
    ...(style.ratings && { safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' }] }),
  })
  const message = (of: Fields[], index: number): Fields => ({
    candidates: of,
    ...(style.usage && { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: index, totalTokenCount: 3 + index } }),
    modelVersion: 'gemini-9',
    responseId: 'r1',
  })
  const spoken = chunks
    .filter((chunk) => chunk.length > 0)
    .map((chunk, index) => {
      const order = [...new Set(chunk.map(({ candidate }) => candidate))]
      const of = order.map((candidate) => {
        const parts = chunk.filter((said) => said.candidate === candidate).map(({ part }) => part as Fields)
        return named(candidate, style.signatures ? [...parts, { text: '', thoughtSignature: 'c2lnbmVk' }] : parts, {})
      })
      return message(of, index)
    })
  const endings = Array.from({ length: candidates }, (_, candidate) => named(candidate, [{ text: '' }], { finishReason: 'STOP' }))
  return [...spoken, message(endings, spoken.length)]
}

/** The bytes of each frame, as Google writes them. */
export function geminiFrames(messages: readonly Fields[], style: GeminiStyle): Uint8Array[] {
  const encoder = new TextEncoder()
  const { framing, newline, indent, escaped } = style
  const written = messages.map((message) => {
    const json = spell(message, escaped)
    return framing === 'array' && indent > 0 && !escaped ? JSON.stringify(message, null, indent) : json
  })
  if (framing === 'events') return written.map((json) => encoder.encode(`data: ${json}${newline}${newline}`))
  const elements = written.map((json, index) => encoder.encode(`${index === 0 ? '[' : `\n,${newline}`}${json}`))
  return [...elements, encoder.encode('\n]')]
}

/** The same things as one whole body: each candidate's parts in order, texts of one kind that meet as one part or several. */
export function geminiBody(script: GeminiScript, style: GeminiStyle): { body: Fields; steps: Step[] } {
  const said = script.chunks.flat()
  const order = Array.from({ length: script.candidates }, (_, candidate) => candidate)
  const candidates = order.map((candidate) => {
    const parts = said.filter((each) => each.candidate === candidate).map(({ part }) => part as Fields)
    return {
      content: { parts: parts.length > 0 ? parts : [{ text: '' }], role: 'model' },
      finishReason: 'STOP',
      index: candidate,
    }
  })
  const steps = order.flatMap((candidate) => said.filter((each) => each.candidate === candidate).flatMap((each) => each.steps))
  return { body: { candidates, ...(style.usage && { usageMetadata: { promptTokenCount: 3 } }), modelVersion: 'gemini-9' }, steps }
}
