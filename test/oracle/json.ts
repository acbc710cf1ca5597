/** What a JSON text that is still being written says in its strings: read from its beginning, by plain recursive descent. */

/** A string of the text, its units as they read unescaped, and where each of them is written. */
export interface Leaf {
  readonly kind: 'key' | 'value'
  readonly text: string
  /** Offsets of the units' spellings: unit `i` is written from `starts[i]` to `ends[i]`. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Between the quotes; the end is that of what was read where the closing quote has not come. */
  readonly start: number
  readonly end: number
  readonly closed: boolean
}

export interface JsonReading {
  /** Some continuation makes it a JSON text, or it is one. */
  readonly possible: boolean
  readonly leaves: readonly Leaf[]
  /** Where an escape begins that is not finished, or that could not be. */
  readonly halfEscape: number | undefined
  /** Units read. */
  readonly length: number
}

/** Thrown and caught here for every prefix of a text; as errors they would carry a stack each time. */
class Impossible {}
class Unfinished {}

const escapes: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

export function readJson(text: string): JsonReading {
  const leaves: Leaf[] = []
  let halfEscape: number | undefined
  let at = 0
  const peek = (): string => {
    if (at >= text.length) throw new Unfinished()
    return text[at] as string
  }
  const blanks = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at++
  }
  const expect = (wanted: string): void => {
    for (const unit of wanted) {
      if (peek() !== unit) throw new Impossible()
      at++
    }
  }
  const string = (kind: Leaf['kind']): void => {
    expect('"')
    const leaf = { kind, text: '', starts: [] as number[], ends: [] as number[], start: at, end: at, closed: false }
    leaves.push(leaf)
    const say = (unit: string, start: number): void => {
      leaf.text += unit
      leaf.starts.push(start)
      leaf.ends.push(at)
      leaf.end = at
    }
    try {
      for (let unit = peek(); unit !== '"'; unit = peek()) {
        const start = at
        if (unit < ' ') throw new Impossible()
        at++
        if (unit !== '\\') say(unit, start)
        else {
          halfEscape = start
          const letter = peek()
          at++
          if (letter === 'u') {
            let digits = ''
            while (digits.length < 4) {
              if (!/[0-9a-fA-F]/.test(peek())) throw new Impossible()
              digits += peek()
              at++
            }
            say(String.fromCharCode(Number.parseInt(digits, 16)), start)
          } else if (escapes[letter] === undefined) throw new Impossible()
          else say(escapes[letter], start)
          halfEscape = undefined
        }
      }
      leaf.closed = true
      at++
    } finally {
      if (!leaf.closed) leaf.end = at
    }
  }
  const number = (): void => {
    const whole = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
    const begun = /-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d*)?)?$/y
    begun.lastIndex = at
    const open = begun.exec(text)
    if (open !== null && open[0] !== '' && /^-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d*)?|(?:0|[1-9]\d*)\.)?$/.test(open[0]))
      throw new Unfinished()
    whole.lastIndex = at
    const found = whole.exec(text)
    if (found === null) throw new Impossible()
    at += found[0].length
  }
  const listOf = (opening: string, closing: string, member: () => void): void => {
    expect(opening)
    blanks()
    if (peek() === closing) {
      at++
      return
    }
    for (;;) {
      blanks()
      member()
      blanks()
      const unit = peek()
      at++
      if (unit === closing) return
      if (unit !== ',') throw new Impossible()
    }
  }
  const value = (): void => {
    blanks()
    const unit = peek()
    if (unit === '{')
      listOf('{', '}', () => {
        string('key')
        blanks()
        expect(':')
        value()
      })
    else if (unit === '[') listOf('[', ']', value)
    else if (unit === '"') string('value')
    else if (unit === 't') expect('true')
    else if (unit === 'f') expect('false')
    else if (unit === 'n') expect('null')
    else number()
  }
  try {
    value()
    blanks()
    return { possible: at === text.length, leaves, halfEscape, length: text.length }
  } catch (error) {
    if (error instanceof Unfinished) return { possible: true, leaves, halfEscape, length: text.length }
    if (error instanceof Impossible) return { possible: false, leaves, halfEscape, length: text.length }
    throw error
  }
}
