/** Numbers that a double cannot keep, as ids of 64 bits: in what is read as JSON text they stay the digits that came. */
import { jsonText } from './encode.ts'
import { roundsNumbers } from './json-body.ts'

type Raw = (text: string) => unknown
type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source: string }) => unknown

/** Both of ECMA-262's "JSON.parse source text access"; runtimes that have neither round. */
const { rawJSON, parse } = JSON as unknown as {
  readonly rawJSON?: Raw
  parse(json: string, reviver: Reviver): unknown
}

/** The JSON text parsed so that `JSON.stringify` writes its numbers as they came. */
export function exactly(json: string): unknown {
  if (rawJSON === undefined || !roundsNumbers(json)) return JSON.parse(json)
  return parse(json, (_, value, { source }) => (typeof value === 'number' && roundsNumbers(source) ? rawJSON(source) : value))
}

/** What was parsed of one frame, and the same with exact numbers, which is made where somebody asks for it. */
export class Numbers {
  readonly #json: string
  readonly #parsed: unknown
  #pairs: Map<object, unknown> | undefined
  /** Somebody asked, and what was told is not what the bytes say. */
  rounded = false

  constructor(json: string, parsed: unknown) {
    this.#json = json
    this.#parsed = parsed
  }

  /** The record or list, which is part of what was parsed, with its numbers as they came. */
  in<Value extends object>(value: Value): Value {
    this.#pairs ??= this.#paired()
    return (this.#pairs.get(value) as Value | undefined) ?? value
  }

  #paired(): Map<object, unknown> {
    const pairs = new Map<object, unknown>()
    if (!roundsNumbers(this.#json)) return pairs
    this.rounded = rawJSON === undefined
    if (this.rounded) return pairs
    const open: [unknown, unknown][] = [[this.#parsed, exactly(this.#json)]]
    for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
      const [value, exact] = pair
      if (typeof value !== 'object' || value === null) continue
      pairs.set(value, exact)
      for (const [key, member] of Object.entries(value)) open.push([member, (exact as Record<string, unknown>)[key]])
    }
    return pairs
  }
}

/**
 * JSON that was written of what was parsed, other strings in it or not, with the numbers that came.
 *
 * @param came the JSON that was parsed.
 */
export function withNumbersOf(came: string, written: string): string {
  if (rawJSON === undefined || !roundsNumbers(came)) return written
  const whole: unknown = JSON.parse(written)
  const open: [unknown, unknown][] = [[whole, exactly(came)]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [holder, exact] = pair as [Record<string, unknown>, Record<string, unknown>]
    for (const [key, value] of Object.entries(holder)) {
      // Assigning to `__proto__` would change the holder's prototype instead of its field.
      if (typeof value === 'number') Object.defineProperty(holder, key, { value: exact[key] })
      else if (typeof value === 'object' && value !== null) open.push([value, exact[key]])
    }
  }
  return jsonText(whole)
}
