/** Most frames of a stream differ from the one before in nothing but the piece of text they bring: those need no parser. */
import type { Frame, Reading, Segment } from '../terms/frame.ts'
import { isCode } from './code.ts'
import type { JsonRecord } from './shape.ts'

/** A frame as constant pieces around the strings that change: the text and, where there is any, padding. */
interface Mould {
  readonly event: string | undefined
  /** One more than there are strings. */
  readonly pieces: readonly string[]
  /** Which of the strings is the text. */
  readonly text: number
  readonly segment: Segment
  readonly mentions: readonly string[]
}

const QUOTE = 34
const BACKSLASH = 92
const SPACE = 32
/** Stands where bytes could not be decoded. */
const REPLACEMENT = 0xfffd

/** Choices that speak by turns are remembered side by side, up to this many. */
const mostMoulds = 4

/**
 * Remembers of each scope the last frame that was parsed, if it said one piece of text that stands in it exactly once and
 * unescaped. A frame with the same bytes around another string is the same JSON with that string in its place, so its
 * reading is known without parsing: nothing else in it can be different.
 */
export class Repetition {
  readonly #padding: string | undefined
  /** The latest first. */
  #moulds: readonly Mould[] = []

  /** @param padding the top-level field that holds something else in every frame and is no text, where the protocol has one. */
  constructor(padding?: string) {
    this.#padding = padding
  }

  /** The reading of a frame that is like one before, or undefined: parse it. */
  read({ data, event, asides }: Frame): Reading | undefined {
    if (data === undefined || asides.length > 0) return undefined
    for (const mould of this.#moulds) {
      if (mould.event !== event) continue
      const text = textIn(data, mould)
      if (text === undefined) continue
      const { kind, channel, relation, slot } = mould.segment
      return { steps: [{ kind, channel, text, relation, slot }], mentions: mould.mentions, describes: none, terminal: false }
    }
    return undefined
  }

  /**
   * Every frame that was parsed is shown here: one of another kind may change what the next like the last would mean.
   *
   * @param again whether a frame like this one would mean the same once more.
   */
  learn(frame: Frame, value: JsonRecord, reading: Reading, again: boolean): void {
    const { mentions } = reading
    const unmoved = this.#moulds.filter((mould) => !mould.mentions.some((scope) => mentions.includes(scope)))
    const mould = again ? this.#mouldOf(frame, value, reading) : undefined
    this.#moulds = mould === undefined ? unmoved : [mould, ...unmoved].slice(0, mostMoulds)
  }

  #mouldOf({ data = '', event }: Frame, value: JsonRecord, reading: Reading): Mould | undefined {
    const { steps, describes, mentions, finish, rewrite, media } = reading
    const [segment] = steps
    if (segment?.kind !== 'text' || steps.length > 1 || segment.relation !== 'adds' || segment.joints !== undefined)
      return undefined
    if (mentions.length !== 1 || describes.length > 0 || finish !== undefined || rewrite || media) return undefined
    // A string may be unknown for what it holds, and the next at its place not.
    if (segment.channel.kind === 'unknown') return undefined
    // What says nothing stands nowhere.
    if (segment.text === '') return undefined
    // Without a backslash every string stands in the data as it is: found once, it is the one that was read.
    const text = data.includes('\\') ? undefined : onlyString(segment.text, data)
    if (text === undefined) return undefined
    const padding = this.#paddingIn(data, value)
    if (padding === undefined)
      return { event, pieces: [data.slice(0, text.from), data.slice(text.to).replace(padded, '}')], text: 0, segment, mentions }
    const [first, second] = text.from < padding.from ? [text, padding] : [padding, text]
    const pieces = [data.slice(0, first.from), data.slice(first.to, second.from), data.slice(second.to)]
    return { event, pieces, text: first === text ? 0 : 1, segment, mentions }
  }

  #paddingIn(data: string, value: JsonRecord): Stretch | undefined {
    if (this.#padding === undefined) return undefined
    const key = onlyString(this.#padding, data)
    const padding = value[this.#padding]
    if (key === undefined || typeof padding !== 'string' || !data.startsWith('":"', key.to)) return undefined
    return { from: key.to + 3, to: key.to + 3 + padding.length }
  }
}

interface Stretch {
  readonly from: number
  readonly to: number
}

const none: readonly never[] = []

/** What stands in the text's place, where the data are cast in the mould. */
function textIn(data: string, { pieces, text }: Mould): string | undefined {
  const strings = pieces.length - 1
  let found: string | undefined
  let at = 0
  for (let index = 0; index < strings; index++) {
    const piece = pieces[index] as string
    const start = at + piece.length
    // Comparing a slice takes a third of the time that `startsWith` does.
    if (data.slice(at, start) !== piece) return undefined
    at = plainEnd(data, start)
    const escaped = data.charCodeAt(at) === BACKSLASH
    if (escaped) at = closingQuote(data, at)
    if (data.charCodeAt(at) !== QUOTE) return undefined
    const string = data.slice(start, at)
    if (index === text) found = escaped ? unescaped(string) : string
    // Padding that could be text is for the walk to look at: escaped, it could be anything.
    else if (escaped || !isCode(string)) return undefined
  }
  // A piece that says nothing is for the parser to judge.
  return found && endsAlike(data.slice(at), pieces[strings] as string) ? found : undefined
}

/** Where the first unit from `from` on stands that is not simply a character of a string; what could not be decoded is none. */
function plainEnd(data: string, from: number): number {
  for (let at = from; at < data.length; at++) {
    const unit = data.charCodeAt(at)
    if (unit === QUOTE || unit === BACKSLASH || unit < SPACE || unit === REPLACEMENT) return at
  }
  return data.length
}

/** The same, but for blanks before the last brace: padding that evens out the length of events (Anthropic). */
function endsAlike(end: string, piece: string): boolean {
  if (end === piece) return true
  const body = end.length > piece.length ? piece.length - 1 : -1
  if (body < 0 || !piece.endsWith('}') || !end.endsWith('}') || end.slice(0, body) !== piece.slice(0, -1)) return false
  for (let at = body; at < end.length - 1; at++) if (end.charCodeAt(at) !== SPACE) return false
  return true
}

const padded = / +\}$/

/** Where a string stands that occurs exactly once, without its quotes. */
function onlyString(text: string, data: string): Stretch | undefined {
  const quoted = `"${text}"`
  const at = data.indexOf(quoted)
  if (at === -1 || data.indexOf(quoted, at + 1) !== -1) return undefined
  return { from: at + 1, to: at + 1 + text.length }
}

/** Where a string is closed of which the units before `from` were read; elsewhere where it never is, or holds what no JSON string may. */
function closingQuote(data: string, from: number): number {
  let at = from
  while (data.charCodeAt(at) === BACKSLASH) at = plainEnd(data, at + 2)
  return at
}

/** The escapes of one character, by that (RFC 8259, section 7). */
const escapes = new Map(Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }))

/** What an escaped string says; undefined where it is no JSON. */
function unescaped(string: string): string | undefined {
  let said = ''
  let from = 0
  for (let at = string.indexOf('\\'); at !== -1; at = string.indexOf('\\', from)) {
    const one = escapes.get(string.charAt(at + 1))
    if (one === undefined) return parsed(string)
    said += string.slice(from, at) + one
    from = at + 2
  }
  return said + string.slice(from)
}

function parsed(string: string): string | undefined {
  try {
    return JSON.parse(`"${string}"`)
  } catch {
    return undefined
  }
}
