/** The JSON reader judges every text as `JSON.parse` does, at every split, and tells where each string was spelled. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deepestJson, type JsonSink, JsonText } from '../../src/text/json-text.ts'

interface Leaf {
  kind: 'key' | 'value'
  text: string
  from: number
  to: number | undefined
  raw: [number, number][]
}

/** Everything the sink was told, leaf by leaf. */
class Leaves implements JsonSink {
  readonly all: Leaf[] = []

  open(kind: 'key' | 'value', rawAt: number) {
    this.all.push({ kind, text: '', from: rawAt, to: undefined, raw: [] })
  }

  unit(code: number, rawStart: number, rawEnd: number) {
    const leaf = this.all.at(-1) as Leaf
    leaf.text += String.fromCharCode(code)
    leaf.raw.push([rawStart, rawEnd])
  }

  close(rawAt: number) {
    ;(this.all.at(-1) as Leaf).to = rawAt
  }
}

function scan(pieces: readonly string[]) {
  const scanner = new JsonText()
  const leaves = new Leaves()
  for (const piece of pieces) scanner.push(piece, 0, piece.length, leaves)
  return { scanner, leaves: leaves.all }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Every string of a document in the order of its text, keys included. */
function strings(value: unknown): [string, string][] {
  if (typeof value === 'string') return [['value', value]]
  if (Array.isArray(value)) return value.flatMap(strings)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [['key', key] as [string, string], ...strings(inner)])
}

const samples = [
  '{}',
  '[]',
  '""',
  ' { "a" : [ "b" , { "c" : "d\\n" } , -0.5e+10 , 0 , true,false , null ] } ',
  '"\\u0062\\ud83d\\ude00\\"\\\\\\/\\b\\f\\n\\r\\t中\u{1f600}"',
  '{"a":"\ud83d","":""}',
  '-12.50E-3',
  '[[[[1]]]]',
  '"\\uABCd"',
]

const broken = [
  '',
  '{',
  '{"a"}',
  '{"a":}',
  '[1,]',
  '{"a":1,}',
  '01',
  '-',
  '1.',
  '.5',
  '1e',
  '+1',
  '1 2',
  '"\n"',
  '"\\x"',
  '"\\u12g4"',
  'tru',
  'nul0',
].concat([
  '[}',
  '{]',
  '"a" "b"',
  '{a:1}',
  "'a'",
  '[1 2]',
  '{"a" 1}',
  '\ufeff1',
  '\u00a01',
  '-a',
  '1.e',
  '1ee',
  '1e+',
  '--1',
  '"',
  '"\\',
  '"\\u00',
])

test('every string is told with its kind and the raw units it was spelled with, at every split', () => {
  for (const sample of samples) {
    const whole = scan([sample]).leaves
    const value = JSON.parse(sample) as unknown
    expect(whole.map((leaf) => [leaf.kind, leaf.text])).toEqual(strings(value))
    for (const leaf of whole) {
      expect(sample[leaf.from]).toBe('"')
      expect(sample[leaf.to as number]).toBe('"')
      const spelled = leaf.raw.map(([from, to]) => JSON.parse(`"${sample.slice(from, to)}"`) as string)
      expect(spelled.join('')).toBe(leaf.text)
      expect(leaf.raw.map(([from]) => from)).toEqual([leaf.from + 1, ...leaf.raw.map(([, to]) => to)].slice(0, leaf.raw.length))
    }
    for (let cut = 0; cut <= sample.length; cut += 1) {
      const split = scan([sample.slice(0, cut), sample.slice(cut)])
      expect(split.leaves).toEqual(whole)
      expect(split.scanner.state).toBe('complete')
    }
    expect(scan([...sample]).leaves).toEqual(whole)
  }
})

test('a document is complete exactly where JSON.parse accepts it, unit by unit', () => {
  for (const sample of [...samples, ...broken]) {
    const scanner = new JsonText()
    const sink = new Leaves()
    for (let length = 1; length <= sample.length; length += 1) {
      scanner.push(sample, length - 1, length, sink)
      expect(scanner.state === 'complete', sample.slice(0, length)).toBe(parses(sample.slice(0, length)))
    }
  }
})

test('a prefix of a document is never invalid, and what is invalid stays so', () => {
  for (const sample of samples) {
    for (let length = 0; length <= sample.length; length += 1)
      expect(scan([sample.slice(0, length)]).scanner.state).not.toBe('invalid')
  }
  const scanner = new JsonText()
  const sink = new Leaves()
  expect(scanner.push('{"a":1,} ', 0, 9, sink)).toBe(7)
  expect(scanner.state).toBe('invalid')
  expect(scanner.push('"b":2}', 0, 6, sink)).toBe(0)
  expect(scanner.state).toBe('invalid')
  expect(sink.all).toHaveLength(1)
})

test('any text is judged as JSON.parse judges it', () => {
  const unit = fc.constantFrom(...'{}[]",:\\u0123e.-+ \ntrufalsn/b\ud83d\ude00'.split(''))
  const text = fc.oneof(
    fc.array(unit, { maxLength: 12 }).map((units) => units.join('')),
    fc.json({ maxDepth: 3 }),
    fc
      .tuple(fc.json({ maxDepth: 2 }), fc.nat(), unit)
      .map(([json, at, put]) => json.slice(0, at % (json.length + 1)) + put + json.slice(at % (json.length + 1))),
  )
  fc.assert(
    fc.property(text, (document) => {
      const { scanner, leaves } = scan([...document])
      expect(scanner.state === 'complete').toBe(parses(document))
      if (parses(document)) {
        const told = leaves.map((leaf) => leaf.text).sort()
        // A key that is repeated or looks like an index is told where it stands; JSON.parse moves or drops it.
        if (!/"\d+"\s*:/.test(document))
          expect(told).toEqual(expect.arrayContaining(strings(JSON.parse(document)).map(([, inner]) => inner)))
      }
    }),
    { numRuns: 2000 },
  )
})

test('nesting beyond the limit is invalid, at the limit it is not', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  expect(scan([nested(deepestJson)]).scanner.state).toBe('complete')
  expect(scan([nested(deepestJson + 1)]).scanner.state).toBe('invalid')
})

test('a copy reads on by itself', () => {
  const scanner = new JsonText()
  const sink = new Leaves()
  scanner.push('{"a":["b\\u00', 0, 12, sink)
  const copy = scanner.fork()
  const other = new Leaves()
  other.open('value', 6)
  copy.push('63"]}', 0, 5, other)
  expect(copy.state).toBe('complete')
  expect(other.all[0]).toEqual({ kind: 'value', text: 'c', from: 6, to: 14, raw: [[8, 14]] })
  expect(scanner.state).toBe('open')
  expect(scanner.inString).toBe(true)
  expect(scanner.depth).toBe(2)
})
