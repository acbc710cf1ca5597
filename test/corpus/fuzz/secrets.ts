/** What must never leave, and a walker that knows nothing of any protocol and looks for it in every string of an output. */
import type { Random } from './random.ts'

/** Runes and Gothic letters stand in no recording: one of them anywhere in an output is a leak. */
const letters = ['ᚠ', 'ᚢ', 'ᚦ', 'ᚨ', '\u{10330}', '\u{10331}']

export const secretPattern = '[ᚠ-ᛪ\u{10330}-\u{1034a}]{1,8}'

/** The word of a policy that withholds nothing shorter. */
export const secretWord = 'ᚠᚢᚦ'

const trace = /[ᚠ-ᛪ\u{10330}-\u{1034a}]/u

export function someSecret(random: Random): string {
  if (random.once(3)) return secretWord
  return Array.from({ length: 1 + random.below(4) }, () => random.pick(letters)).join('')
}

export type Forbidden = 'trace' | 'word' | 'nothing'

/**
 * What a client said itself, as answers of a protocol bring it back to it: no words of the model, and not judged as such:
 * fields of the record that OpenAI's Responses call `response`.
 */
const echoed = [
  ...['instructions', 'tools', 'tool_choice', 'text', 'prompt', 'metadata', 'user', 'safety_identifier'],
  'prompt_cache_key',
]

/** Where an output says what it must not; undefined where it does not. */
export function leakIn(bytes: Uint8Array, forbidden: Forbidden, dialect: string): string | undefined {
  if (forbidden === 'nothing') return undefined
  const shows = (text: string): boolean => (forbidden === 'trace' ? trace.test(text) : text.includes(secretWord))
  const text = new TextDecoder().decode(bytes)
  const echoing = dialect === 'openai-responses'
  for (const whole of text.split(/\r\n|\n|\r/)) {
    const line = echoing ? withoutEchoes(whole) : whole
    if (shows(line)) return `a line: ${around(line, forbidden)}`
  }
  const values = jsonIn(text).map((value) => (echoing ? withoutEcho(value) : value))
  for (const { path, string } of stringsIn(values, '$')) {
    // Arguments are JSON in a string, and may hold JSON in a string once more.
    let read = string
    for (let turn = 0; turn < 3; turn++) {
      if (shows(read)) return `${path}: ${around(read, forbidden)}`
      read = unescaped(read)
    }
  }
  return undefined
}

function withoutEchoes(line: string): string {
  const data = /^(?:data: ?)?(\{.*)$/s.exec(line)?.[1]
  if (data === undefined) return line
  try {
    return JSON.stringify(withoutEcho(JSON.parse(data)))
  } catch {
    return line
  }
}

/** A whole answer is itself the record; an event has fields of the same names that say other things. */
function withoutEcho(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { type, response } = value as { readonly type?: unknown; readonly response?: unknown }
  for (const holder of [type === undefined ? value : undefined, response]) {
    if (typeof holder !== 'object' || holder === null) continue
    for (const field of echoed) delete (holder as Record<string, unknown>)[field]
  }
  return value
}

function around(text: string, forbidden: Forbidden): string {
  const at = forbidden === 'trace' ? text.search(trace) : text.indexOf(secretWord)
  return text.slice(Math.max(0, at - 100), at + 60)
}

function unescaped(text: string): string {
  return text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** Every value that an output's lines spell, and the output itself where it is one. */
function jsonIn(text: string): unknown[] {
  const blocks = text.split(/(?:\r\n|\n|\r(?!\n)){2}/).flatMap((block) => {
    const lines = block.split(/\r\n|\n|\r/)
    const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5))
    return [data.join('\n'), ...lines.map((line) => line.replace(/^[a-z]*:/, ''))]
  })
  return [text, ...blocks].flatMap((candidate) => {
    try {
      return /[{["]/.test(candidate) ? [JSON.parse(candidate.replace(/^\ufeff/, '')) as unknown] : []
    } catch {
      return []
    }
  })
}

interface Found {
  readonly path: string
  readonly string: string
}

/** Every string and every key, however deep; lists of numbers are read as bytes, which is how log probabilities spell. */
function* stringsIn(root: unknown, at: string): Generator<Found> {
  const open: [unknown, string][] = [[root, at]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, path] = next
    if (typeof value === 'string') yield { path, string: value }
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value) && value.length > 1 && value.every((item) => Number.isInteger(item) && item >= 0 && item < 256)) {
      yield { path, string: new TextDecoder().decode(Uint8Array.from(value as number[])) }
    }
    for (const [key, member] of Object.entries(value)) {
      if (!Array.isArray(value)) yield { path: `${path}{}`, string: key }
      if (typeof member !== 'number') open.push([member, `${path}.${key.slice(0, 40)}`])
    }
  }
}
