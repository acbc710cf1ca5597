/** Reads JSON that is still being written, and says which units of it spell which string. */

/** Told what the scanner reads; raw offsets are UTF-16 units from the document's start, ranges half-open. */
export interface JsonSink {
  /** One unit of a string as it reads unescaped. An escape is told whole, once its last unit has come. */
  unit(code: number, rawStart: number, rawEnd: number): void
  /** A string begins: `rawAt` is the offset of its opening quote. */
  open(kind: 'key' | 'value', rawAt: number): void
  /** The string is over: `rawAt` is the offset of its closing quote. */
  close(rawAt: number): void
}

/** Levels of nesting beyond which a document counts as invalid. */
export const deepestJson = 512

type Place =
  | 'value'
  | 'value-or-end'
  | 'key'
  | 'key-or-end'
  | 'colon'
  | 'after'
  | 'done'
  | 'string'
  | 'escape'
  | 'hex'
  | 'number'
  | 'literal'
  | 'wrong'

/**
 * Where a number stands. Those in `endings` may be the number's last; every other must go on.
 * minus, zero, whole, point, fraction, e, sign, exponent.
 */
type Digits = 'minus' | 'zero' | 'whole' | 'point' | 'fraction' | 'e' | 'sign' | 'exponent'
const endings: ReadonlySet<Digits> = new Set<Digits>(['zero', 'whole', 'fraction', 'exponent'])

const escapes: ReadonlyMap<number, number> = new Map(
  [...'"\\/bfnrt'].map((letter, index) => [letter.charCodeAt(0), '"\\/\b\f\n\r\t'.charCodeAt(index)]),
)

/** A scanner over one document in any split. Accepts exactly what `JSON.parse` accepts, down to `deepestJson` levels. */
export class JsonText {
  /** Units read. */
  #read = 0
  #place: Place = 'value'
  #key = false
  /** One bit a level: 1 where the level is an object. */
  #levels: boolean[] = []
  #escapeAt = 0
  #hex = 0
  #hexLeft = 0
  #digits: Digits = 'minus'
  #literal = ''

  /**
   * `open`: a document may still come of it; `complete`: it is one as it stands (blanks may follow, and a bare number
   * may grow); `invalid`: no continuation makes it one, now or ever.
   */
  get state(): 'open' | 'complete' | 'invalid' {
    if (this.#place === 'wrong') return 'invalid'
    if (this.#place === 'done') return 'complete'
    return this.#place === 'number' && this.#levels.length === 0 && endings.has(this.#digits) ? 'complete' : 'open'
  }

  /** Objects and arrays that are open. */
  get depth(): number {
    return this.#levels.length
  }

  /** Inside a string: between its opening and its closing quote. */
  get inString(): boolean {
    return this.#place === 'string' || this.#place === 'escape' || this.#place === 'hex'
  }

  /** Reads `text` from unit `from` to `to`; returns how far it came: short of `to` only where the unit there is invalid. */
  push(text: string, from: number, to: number, sink: JsonSink): number {
    for (let index = from; index < to; index += 1) {
      if (!this.#take(text.charCodeAt(index), sink)) {
        this.#place = 'wrong'
        return index
      }
      this.#read += 1
    }
    return to
  }

  /** An independent copy. */
  fork(): JsonText {
    const copy = new JsonText()
    copy.#read = this.#read
    copy.#place = this.#place
    copy.#key = this.#key
    copy.#levels = [...this.#levels]
    copy.#escapeAt = this.#escapeAt
    copy.#hex = this.#hex
    copy.#hexLeft = this.#hexLeft
    copy.#digits = this.#digits
    copy.#literal = this.#literal
    return copy
  }

  #take(code: number, sink: JsonSink): boolean {
    switch (this.#place) {
      case 'string':
        return this.#takeInString(code, sink)
      case 'escape':
        return this.#takeEscape(code, sink)
      case 'hex':
        return this.#takeHex(code, sink)
      case 'number':
        return this.#takeDigit(code) || (endings.has(this.#digits) && this.#endOfValue() && this.#take(code, sink))
      case 'literal':
        if (code !== this.#literal.charCodeAt(0)) return false
        this.#literal = this.#literal.slice(1)
        return this.#literal !== '' || this.#endOfValue()
      case 'wrong':
        return false
      default:
        return this.#takeBetween(code, sink)
    }
  }

  /** A unit outside strings, numbers and names. */
  #takeBetween(code: number, sink: JsonSink): boolean {
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) return true
    switch (this.#place) {
      case 'colon':
        if (code !== 0x3a) return false
        this.#place = 'value'
        return true
      case 'after':
        return this.#takeAfter(code)
      case 'key':
        return code === 0x22 && this.#openString('key', sink)
      case 'key-or-end':
        return code === 0x7d ? this.#shut() : code === 0x22 && this.#openString('key', sink)
      case 'value-or-end':
        return code === 0x5d ? this.#shut() : this.#takeValue(code, sink)
      case 'value':
        return this.#takeValue(code, sink)
      default:
        return false
    }
  }

  #takeValue(code: number, sink: JsonSink): boolean {
    switch (code) {
      case 0x22:
        return this.#openString('value', sink)
      case 0x7b:
      case 0x5b:
        this.#levels.push(code === 0x7b)
        this.#place = code === 0x7b ? 'key-or-end' : 'value-or-end'
        return this.#levels.length <= deepestJson
      case 0x74:
        return this.#expect('rue')
      case 0x66:
        return this.#expect('alse')
      case 0x6e:
        return this.#expect('ull')
    }
    const digit = code === 0x2d ? 'minus' : code === 0x30 ? 'zero' : code > 0x30 && code <= 0x39 ? 'whole' : undefined
    if (digit === undefined) return false
    this.#digits = digit
    this.#place = 'number'
    return true
  }

  #takeAfter(code: number): boolean {
    const object = this.#levels.at(-1) === true
    if (code === 0x2c) {
      this.#place = object ? 'key' : 'value'
      return true
    }
    return code === (object ? 0x7d : 0x5d) && this.#shut()
  }

  #expect(rest: string): true {
    this.#literal = rest
    this.#place = 'literal'
    return true
  }

  #openString(kind: 'key' | 'value', sink: JsonSink): true {
    this.#key = kind === 'key'
    this.#place = 'string'
    sink.open(kind, this.#read)
    return true
  }

  #takeInString(code: number, sink: JsonSink): boolean {
    if (code === 0x22) {
      sink.close(this.#read)
      if (!this.#key) return this.#endOfValue()
      this.#place = 'colon'
      return true
    }
    if (code === 0x5c) {
      this.#escapeAt = this.#read
      this.#place = 'escape'
      return true
    }
    if (code < 0x20) return false
    sink.unit(code, this.#read, this.#read + 1)
    return true
  }

  #takeEscape(code: number, sink: JsonSink): boolean {
    if (code === 0x75) {
      this.#hex = 0
      this.#hexLeft = 4
      this.#place = 'hex'
      return true
    }
    const meant = escapes.get(code)
    if (meant === undefined) return false
    sink.unit(meant, this.#escapeAt, this.#read + 1)
    this.#place = 'string'
    return true
  }

  #takeHex(code: number, sink: JsonSink): boolean {
    const letter = code | 0x20
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
    if (digit < 0) return false
    this.#hex = this.#hex * 16 + digit
    this.#hexLeft -= 1
    if (this.#hexLeft > 0) return true
    sink.unit(this.#hex, this.#escapeAt, this.#read + 1)
    this.#place = 'string'
    return true
  }

  /** Whether the number goes on with the unit. */
  #takeDigit(code: number): boolean {
    const next = afterDigit(this.#digits, code)
    if (next === undefined) return false
    this.#digits = next
    return true
  }

  #shut(): true {
    this.#levels.pop()
    return this.#endOfValue()
  }

  #endOfValue(): true {
    this.#place = this.#levels.length === 0 ? 'done' : 'after'
    return true
  }
}

function afterDigit(at: Digits, code: number): Digits | undefined {
  const digit = code >= 0x30 && code <= 0x39
  const e = code === 0x65 || code === 0x45
  switch (at) {
    case 'minus':
      return code === 0x30 ? 'zero' : digit ? 'whole' : undefined
    case 'zero':
    case 'whole':
      if (digit) return at === 'whole' ? 'whole' : undefined
      return code === 0x2e ? 'point' : e ? 'e' : undefined
    case 'point':
    case 'fraction':
      return digit ? 'fraction' : e && at === 'fraction' ? 'e' : undefined
    case 'e':
      return digit ? 'exponent' : code === 0x2b || code === 0x2d ? 'sign' : undefined
    case 'sign':
    case 'exponent':
      return digit ? 'exponent' : undefined
  }
}
