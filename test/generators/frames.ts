/** From chunks to bytes: JSON with everything real servers write around the text, as events in every spelling SSE allows. */
import fc from 'fast-check'
import type { ChatScript, Chunk, Utterance } from './chat.ts'
import { spell } from './chat.ts'
import { divide } from './texts.ts'

/** How a server writes; the same chunks mean the same in every style. */
export interface Style {
  readonly newline: '\n' | '\r\n' | '\r'
  readonly space: boolean
  readonly bom: boolean
  readonly escaped: boolean
  readonly roles: 'first' | 'all' | 'none'
  /** Whose entries are characters, or pieces of their bytes. */
  readonly logprobs: 'none' | 'characters' | 'bytes'
  readonly padding: boolean
  readonly usage: boolean
  readonly azure: boolean
  readonly ids: boolean
  readonly comments: boolean
  readonly tuned: Record<string, unknown>
  readonly lines: boolean
}

export const someStyle: fc.Arbitrary<Style> = fc.record({
  newline: fc.constantFrom('\n' as const, '\n' as const, '\r\n' as const, '\r' as const),
  space: fc.boolean(),
  bom: fc.boolean(),
  escaped: fc.boolean(),
  roles: fc.constantFrom('first' as const, 'all' as const, 'none' as const),
  logprobs: fc.constantFrom('none' as const, 'none' as const, 'characters' as const, 'bytes' as const),
  padding: fc.boolean(),
  usage: fc.boolean(),
  azure: fc.boolean(),
  ids: fc.boolean(),
  comments: fc.boolean(),
  tuned: fc.constantFrom<Record<string, unknown>>({}, { service_tier: 'default', system_fingerprint: 'fp_9' }, { usage: null }),
  lines: fc.boolean(),
})

export const plainStyle: Style = {
  newline: '\n',
  space: true,
  bom: false,
  escaped: false,
  roles: 'first',
  logprobs: 'none',
  padding: false,
  usage: false,
  azure: false,
  ids: false,
  comments: false,
  tuned: {},
  lines: false,
}

const envelope = { id: 'chatcmpl-9', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'm-9' }

/** The probabilities of a text; tokens end with characters, or anywhere in their bytes as real ones do. */
function probabilities(text: string, by: 'characters' | 'bytes'): object[] {
  const all = new TextEncoder().encode(text)
  const byBytes = Array.from({ length: Math.ceil(all.length / 3) }, (_, index) => all.slice(index * 3, index * 3 + 3))
  const tokens = by === 'bytes' ? byBytes : Array.from(text, (character) => new TextEncoder().encode(character))
  return tokens.map((bytes) => ({ token: new TextDecoder().decode(bytes), logprob: -0.5, bytes: [...bytes], top_logprobs: [] }))
}

function deltaOf(said: readonly Utterance[], style: Style, first: boolean): Record<string, unknown> {
  const delta: Record<string, unknown> = style.roles === 'all' || (style.roles === 'first' && first) ? { role: 'assistant' } : {}
  const calls = new Map<number, Record<string, unknown>>()
  for (const { field, tool, text } of said) {
    if (field !== 'name' && field !== 'arguments') {
      delta[field] = text
      continue
    }
    const called = calls.get(tool) ?? {
      index: tool,
      ...(field === 'name' ? { id: `call_${tool}`, type: 'function' } : {}),
      function: {},
    }
    calls.set(tool, called)
    ;(called['function'] as Record<string, unknown>)[field] = text
    delta['tool_calls'] = [...calls.values()]
  }
  return delta
}

/** What a chunk's event says, as an object. */
function dataOf(chunk: Chunk, style: Style, spoken: Set<number>, index: number): Record<string, unknown> {
  const order = [...new Set(chunk.map(({ choice }) => choice))]
  const choices = order.map((choice) => {
    const own = chunk.filter((part) => part.choice === choice)
    const said = own.filter((part): part is Utterance => part.field !== 'finish')
    const first = !spoken.has(choice)
    spoken.add(choice)
    const content = said.find(({ field }) => field === 'content')?.text ?? ''
    const spells = style.logprobs !== 'none' && content !== '' && content.isWellFormed()
    const logprobs = spells
      ? { content: probabilities(content, style.logprobs === 'bytes' ? 'bytes' : 'characters'), refusal: null }
      : null
    const finish = own.some(({ field }) => field === 'finish') ? 'stop' : null
    return { index: choice, delta: deltaOf(said, style, first), logprobs, finish_reason: finish }
  })
  const padding = style.padding ? { obfuscation: 'x7Kq'.repeat(1 + (index % 3)) } : {}
  return { ...envelope, ...style.tuned, choices, ...padding }
}

/** One frame as it is sent, and the chunk it carries, if any. */
export interface SentFrame {
  readonly bytes: Uint8Array
  readonly chunk: Chunk
  readonly comment: string
}

/** Changes what an event says before it is written; lines beside the data come first. */
export type Alter = (
  data: Record<string, unknown>,
  index: number,
) => { readonly data: unknown; readonly lines: readonly string[] }

/** The frames of a stream, each with what it says: those without a chunk say nothing. */
export function framesOf({ chunks }: Pick<ChatScript, 'chunks'>, style: Style, alter?: Alter): SentFrame[] {
  const encoder = new TextEncoder()
  const spoken = new Set<number>()
  const frames: { text: string; chunk: Chunk; comment: string }[] = []
  const event = (data: string, chunk: Chunk = [], beside: readonly string[] = []): void => {
    const colon = style.space ? 'data: ' : 'data:'
    // Between tokens JSON may be broken into lines, which SSE writes as several `data` fields.
    const lines = style.lines && data.startsWith('{"id"') ? [data.slice(0, 1), data.slice(1)] : [data]
    const id = style.ids ? `id: ${frames.length}${style.newline}` : ''
    const other = beside.map((line) => line + style.newline).join('')
    frames.push({
      text: `${id}${other}${lines.map((line) => colon + line + style.newline).join('')}${style.newline}`,
      chunk,
      comment: '',
    })
  }
  if (style.azure)
    event(
      spell(
        {
          id: '',
          object: '',
          created: 0,
          model: '',
          choices: [],
          prompt_filter_results: [{ prompt_index: 0, content_filter_results: { hate: { filtered: false, severity: 'safe' } } }],
        },
        false,
      ),
    )
  for (const [index, chunk] of chunks.entries()) {
    if (style.comments && index % 3 === 1) frames.push({ text: `: 0${style.newline}${style.newline}`, chunk: [], comment: '0' })
    const said = dataOf(chunk, style, spoken, index)
    const { data, lines } = alter?.(said, index) ?? { data: said, lines: [] }
    event(spell(data, style.escaped), chunk, lines)
  }
  if (style.usage)
    event(spell({ ...envelope, choices: [], usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } }, false))
  event('[DONE]')
  return frames.map(({ text, ...frame }, index) => ({
    ...frame,
    bytes: encoder.encode((style.bom && index === 0 ? '\ufeff' : '') + text),
  }))
}

/** Bytes as one piece, divided at the places: inside characters, line ends and escapes as it comes. */
export function onTheNetwork(frames: readonly { readonly bytes: Uint8Array }[], places: readonly number[]): Uint8Array[] {
  return divide(joinBytes(frames.map(({ bytes }) => bytes)), places)
}

export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** A body that delivers the pieces one by one. */
export function bodyOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = pieces.filter(({ length }) => length > 0)
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(piece)
    },
  })
}
