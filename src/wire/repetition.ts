/** Most frames of a stream differ from the one before in nothing but the piece of text they bring: those need no parser. */
import type { Frame, Reading, Segment } from '../terms/frame.ts'
import { isCode } from './code.ts'
import type { JsonRecord } from './shape.ts'

/** What differs from one frame to the next: the text, padding where there is any, and the frame's number. */
type Hole = 'text' | 'padding' | 'number'

/** A frame as constant pieces around what changes. */
interface Mould {
  readonly event: string | undefined
  /** One more than there are holes. */
  readonly pieces: readonly string[]
  readonly holes: readonly Hole[]
  readonly segment: Segment
  readonly mentions: readonly string[]
  readonly note: unknown
}

/** The names of what changes beside the text, top-level fields, where the protocol has them. */
export interface Changing {
  /** A string that is no text, and another one in every frame. */
  readonly padding?: string
  /** A count of the frames. A reading's note, where it has one, is a record with it. */
  readonly number?: string
}

const QUOTE = 34
const BACKSLASH = 92
const SPACE = 32
const ZERO = 48
const NINE = 57
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
  readonly #changing: Changing
  /** The latest first. */
  #moulds: readonly Mould[] = []

  constructor(changing: Changing = {}) {
    this.#changing = changing
  }

  /** The reading of a frame that is like one before, or undefined: parse it. */
  read({ data, event, asides }: Frame): Reading | undefined {
    if (data === undefined || asides.length > 0) return undefined
    for (const mould of this.#moulds) {
      if (mould.event !== event) continue
      const cast = castOf(data, mould)
      if (cast === undefined) continue
      const { kind, channel, relation, slot } = mould.segment
      const steps = [{ kind, channel, text: cast.text, relation, slot }]
      const reading = { steps, mentions: mould.mentions, describes: none, terminal: false }
      return mould.note === undefined ? reading : { ...reading, note: this.#numbered(mould.note, cast.number) }
    }
    return undefined
  }

  #numbered(note: unknown, count: number | undefined): unknown {
    const { number } = this.#changing
    return number === undefined || count === undefined ? note : { ...(note as JsonRecord), [number]: count }
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
    const from = data.includes('\\') ? undefined : onlyString(segment.text, data)
    if (from === undefined) return undefined
    const text: Stretch = { hole: 'text', from, to: from + segment.text.length }
    const changing = [text, this.#paddingIn(data, value), this.#numberIn(data, value)].filter((place) => place !== undefined)
    changing.sort((one, other) => one.from - other.from)
    const pieces = changing.map((place, index) => data.slice(changing[index - 1]?.to ?? 0, place.from))
    const holes = changing.map(({ hole }) => hole)
    const rest = data.slice(changing.at(-1)?.to)
    return { event, pieces: [...pieces, rest.replace(padded, '}')], holes, segment, mentions, note: reading.note }
  }

  #paddingIn(data: string, value: JsonRecord): Stretch | undefined {
    const padding = this.#changing.padding && value[this.#changing.padding]
    const from = typeof padding === 'string' ? valueOf(this.#changing.padding, data, '"') : undefined
    return from === undefined ? undefined : { hole: 'padding', from, to: from + String(padding).length }
  }

  #numberIn(data: string, value: JsonRecord): Stretch | undefined {
    const number = this.#changing.number && value[this.#changing.number]
    const from = typeof number === 'number' ? valueOf(this.#changing.number, data, '') : undefined
    if (from === undefined || !data.startsWith(String(number), from)) return undefined
    return { hole: 'number', from, to: from + String(number).length }
  }
}

interface Stretch {
  readonly hole: Hole
  readonly from: number
  readonly to: number
}

const none: readonly never[] = []

/** A number of a frame as JSON writes it (RFC 8259, section 6), small enough to be exact. */
const frameNumber = /^(?:0|[1-9]\d{0,14})$/

/** What stands in the places of the text and the number, where the data are cast in the mould. */
function castOf(data: string, { pieces, holes }: Mould): { text: string; number: number | undefined } | undefined {
  let text: string | undefined
  let number: number | undefined
  let at = 0
  for (let index = 0; index < holes.length; index++) {
    const hole = holes[index] as Hole
    const piece = pieces[index] as string
    const start = at + piece.length
    // Comparing a slice takes a third of the time that `startsWith` does.
    if (data.slice(at, start) !== piece) return undefined
    if (hole === 'number') {
      at = digitsEnd(data, start)
      const digits = data.slice(start, at)
      if (!frameNumber.test(digits)) return undefined
      number = Number(digits)
      continue
    }
    at = plainEnd(data, start)
    const escaped = data.charCodeAt(at) === BACKSLASH
    if (escaped) at = closingQuote(data, at)
    if (data.charCodeAt(at) !== QUOTE) return undefined
    const string = data.slice(start, at)
    if (hole === 'text') text = escaped ? unescaped(string) : string
    // Padding that could be text is for the walk to look at: escaped, it could be anything.
    else if (escaped || !isCode(string)) return undefined
  }
  // A piece that says nothing is for the parser to judge.
  return text && endsAlike(data.slice(at), pieces[holes.length] as string) ? { text, number } : undefined
}

function digitsEnd(data: string, from: number): number {
  let at = from
  while (data.charCodeAt(at) >= ZERO && data.charCodeAt(at) <= NINE) at++
  return at
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

/** Where a string begins that occurs exactly once, without its quotes. */
function onlyString(text: string, data: string): number | undefined {
  const quoted = `"${text}"`
  const at = data.indexOf(quoted)
  return at === -1 || data.indexOf(quoted, at + 1) !== -1 ? undefined : at + 1
}

/** Where the value of a key begins that occurs exactly once, behind the value's own `opening`. */
function valueOf(key = '', data: string, opening: string): number | undefined {
  const at = onlyString(key, data)
  const behind = `":${opening}`
  return at !== undefined && data.startsWith(behind, at + key.length) ? at + key.length + behind.length : undefined
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
