/** Most frames of a stream differ from the one before in nothing but the piece of text they bring: those need no parser. */
import type { Frame, Reading, Segment } from '../terms/frame.ts'
import type { JsonRecord } from './shape.ts'

/** A frame as three constant pieces around two strings; the second string, padding, may be missing. */
interface Mould {
  readonly before: string
  readonly between: string
  readonly after: string
  /** The text comes first, or the padding does. */
  readonly textFirst: boolean
  readonly padded: boolean
  readonly segment: Segment
  readonly reading: Reading
}

const QUOTE = 34
const BACKSLASH = 92
/** Padding may be this long, in UTF-16 units; a longer one is looked at as the text it may be. */
const longestPadding = 1024

/**
 * Remembers the last frame that was parsed, if it said one piece of text that stands in it exactly once and unescaped. A
 * frame with the same bytes around another unescaped string is the same JSON with that string in its place, so its reading
 * is known without parsing: nothing else in it can be different.
 */
export class Repetition {
  readonly #padding: string
  #mould: Mould | undefined

  /** @param padding the top-level field that holds something else in every frame and is no text. */
  constructor(padding: string) {
    this.#padding = `"${padding}":"`
  }

  /** The reading of a frame that is like the last, or undefined: parse it. */
  read(frame: Frame): Reading | undefined {
    const mould = this.#mould
    const { data } = frame
    if (mould === undefined || data === undefined || frame.event !== undefined || frame.asides.length > 0) return undefined
    if (!data.startsWith(mould.before)) return undefined
    const firstEnd = stringEnd(data, mould.before.length)
    if (firstEnd === -1) return undefined
    let textStart = mould.before.length
    let textEnd = firstEnd
    let end = firstEnd
    if (mould.padded) {
      if (!data.startsWith(mould.between, firstEnd)) return undefined
      const secondStart = firstEnd + mould.between.length
      end = stringEnd(data, secondStart)
      if (end === -1) return undefined
      const paddingLength = mould.textFirst ? end - secondStart : firstEnd - textStart
      if (paddingLength > longestPadding) return undefined
      if (!mould.textFirst) {
        textStart = secondStart
        textEnd = end
      }
    }
    if (textEnd === textStart || data.length !== end + mould.after.length || !data.endsWith(mould.after)) return undefined
    const { kind, channel, relation, slot } = mould.segment
    const { mentions, describes } = mould.reading
    return {
      steps: [{ kind, channel, text: data.slice(textStart, textEnd), relation, slot }],
      mentions,
      describes,
      terminal: false,
    }
  }

  /** Every frame that was parsed is shown here: a frame of another kind may change what the next like the last would mean. */
  learn(frame: Frame, value: JsonRecord, reading: Reading): void {
    this.#mould = this.#mouldOf(frame, value, reading)
  }

  #mouldOf(frame: Frame, value: JsonRecord, reading: Reading): Mould | undefined {
    const [segment] = reading.steps
    const data = frame.data as string
    if (segment?.kind !== 'text' || segment.relation !== 'adds' || segment.joints !== undefined || reading.steps.length > 1)
      return undefined
    if (reading.rewrite || reading.media || reading.finish !== undefined || reading.describes.length > 0 || data.includes('\\'))
      return undefined
    // A piece of a tool call may begin the next call, by rules that look at more than the string.
    if (segment.channel.atomic) return undefined
    // Without a backslash every string stands in the data as it is: found once, it is the one that was read.
    const textAt = onlyPlaceOf(`"${segment.text}"`, data)
    if (textAt === -1) return undefined
    const text = { from: textAt + 1, to: textAt + 1 + segment.text.length }
    const padding = this.#paddingIn(data, value)
    if (padding === undefined) {
      return {
        before: data.slice(0, text.from),
        between: '',
        after: data.slice(text.to),
        textFirst: true,
        padded: false,
        segment,
        reading,
      }
    }
    const textFirst = text.from < padding.from
    const [first, second] = textFirst ? [text, padding] : [padding, text]
    const before = data.slice(0, first.from)
    return {
      before,
      between: data.slice(first.to, second.from),
      after: data.slice(second.to),
      textFirst,
      padded: true,
      segment,
      reading,
    }
  }

  #paddingIn(data: string, value: JsonRecord): { from: number; to: number } | undefined {
    const at = onlyPlaceOf(this.#padding, data)
    const padding = value[this.#padding.slice(1, -3)]
    if (at === -1 || typeof padding !== 'string') return undefined
    const from = at + this.#padding.length
    return { from, to: from + padding.length }
  }
}

function onlyPlaceOf(part: string, data: string): number {
  const at = data.indexOf(part)
  return at !== -1 && data.indexOf(part, at + 1) === -1 ? at : -1
}

/** Where a string that begins at `from` is closed; -1 where it holds an escape or what no JSON string may hold. */
function stringEnd(data: string, from: number): number {
  for (let at = from; at < data.length; at++) {
    const unit = data.charCodeAt(at)
    if (unit === QUOTE) return at
    if (unit === BACKSLASH || unit < 32) return -1
  }
  return -1
}
