/** What a broken or hostile server may do to the JSON of one event. */
import type { Random } from './random.ts'
import { someSecret } from './secrets.ts'

type Holder = Record<string, unknown>

/** A place in a tree: `holder[key]`. */
interface Spot {
  readonly holder: Holder
  readonly key: string
}

function spotsIn(root: unknown): Spot[] {
  const spots: Spot[] = []
  const open: unknown[] = [root]
  for (let value = open.pop(); value !== undefined && spots.length < 5000; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    for (const key of Object.keys(value)) {
      spots.push({ holder: value as Holder, key })
      open.push((value as Holder)[key] ?? undefined)
    }
  }
  return spots
}

/** An own property whatever its name: `__proto__` set plainly would change the prototype and never be written. */
function put(holder: Holder, key: string, value: unknown): void {
  if (Array.isArray(holder)) holder.push(value)
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

const strangeKeys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '0', 'length', 'then', 'x_note']
const strangeValues: readonly unknown[] = [null, true, -1, 0, 1e9, 1.5, 2 ** 53, '', '0', [], {}, [[]], [null], { text: null }]

type Mutation = (spots: readonly Spot[], random: Random) => void

/** Every one changes the tree in place; the tree has at least one spot. */
const mutations: Readonly<Record<string, Mutation>> = {
  'says a secret': (spots, random) => {
    const said = spots.filter(({ holder, key }) => typeof holder[key] === 'string')
    const { holder, key } = random.pick(said.length > 0 ? said : spots)
    const text = String(holder[key] ?? '')
    const at = random.below(text.length + 1)
    put2(holder, key, text.slice(0, at) + someSecret(random) + text.slice(at))
  },
  'a secret in a field nobody knows': (spots, random) => {
    put(random.pick(spots).holder, random.pick(strangeKeys), deepOr(someSecret(random), random, 4))
  },
  'a secret for a name': (spots, random) => put(random.pick(spots).holder, someSecret(random), random.pick(strangeValues)),
  'a value of another kind': (spots, random) => {
    const { holder, key } = random.pick(spots)
    put2(holder, key, random.pick([...strangeValues, someSecret(random), [someSecret(random)], { text: someSecret(random) }]))
  },
  'a value wrapped': (spots, random) => {
    const { holder, key } = random.pick(spots)
    const value = holder[key]
    put2(holder, key, random.pick([[value], { value }, { type: 'text', text: value }, JSON.stringify(value) ?? '']))
  },
  'a value where another was': (spots, random) => {
    const [one, other] = [random.pick(spots), random.pick(spots)]
    put2(one.holder, one.key, structuredClone(other.holder[other.key]))
  },
  'a field gone': (spots, random) => {
    const { holder, key } = random.pick(spots)
    if (Array.isArray(holder)) holder.splice(Number(key), 1)
    else delete holder[key]
  },
  'a list said twice': (spots, random) => {
    const lists = spots.filter(({ holder, key }) => Array.isArray(holder[key]))
    if (lists.length === 0) return
    const { holder, key } = random.pick(lists)
    const list = holder[key] as unknown[]
    put2(holder, key, [...list, ...structuredClone(list)])
  },
  'a huge field': (spots, random) => {
    const { holder, key } = random.pick(spots)
    const filling = random.pick(['x', 'ab ', '\\"', '\u2028', '\ud83d\ude00', 'sk-', '4111 '])
    const huge = filling.repeat(random.pick([500, 5_000, 50_000])) + (random.once(2) ? someSecret(random) : '')
    if (random.once(2)) put2(holder, key, huge)
    else put(holder, random.once(8) ? huge : 'x_huge', huge)
  },
  'a thousand fields': (spots, random) => {
    const { holder } = random.pick(spots)
    for (let field = 0; field < 1000; field++) put(holder, `f${field}`, field % 100 === 0 ? someSecret(random) : 'v')
  },
  'deep nesting': (spots, random) => {
    const { holder, key } = random.pick(spots)
    put2(holder, key, nested(someSecret(random), random.pick([5, 50, 120, 140, 1000, 4000]), random))
  },
}

function put2(holder: Holder, key: string, value: unknown): void {
  if (Array.isArray(holder)) holder[Number(key)] = value
  else put(holder, key, value)
}

function deepOr(text: string, random: Random, most: number): unknown {
  return random.once(2) ? text : nested(text, 1 + random.below(most), random)
}

function nested(inner: unknown, depth: number, random: Random): unknown {
  let value = inner
  const key = random.pick(['a', 'text', 'content', 'parts', '__proto__'])
  for (let level = 0; level < depth; level++) {
    if (random.once(2)) value = [value]
    else {
      const holder: Holder = {}
      put(holder, key, value)
      value = holder
    }
  }
  return value
}

const names = Object.keys(mutations)

/** The JSON text changed in one way, and which; unchanged where it is no JSON record or list. */
export function mutateJson(json: string, random: Random): { readonly json: string; readonly name: string } {
  let tree: unknown
  try {
    tree = JSON.parse(json)
  } catch {
    return { json, name: 'nothing' }
  }
  const spots = spotsIn(tree)
  if (spots.length === 0) return { json, name: 'nothing' }
  const name = random.pick([...names, 'says a secret', 'says a secret', 'says a secret', 'repeats a key', 'spells in escapes'])
  if (name === 'repeats a key') return { json: repeatKey(json, random), name }
  if (name === 'spells in escapes') return { json: inEscapes(json), name }
  ;(mutations[name] as Mutation)(spots, random)
  return { json: JSON.stringify(tree), name }
}

/** Of two equal keys some readers take the first and some the last. */
function repeatKey(json: string, random: Random): string {
  const keys = [...json.matchAll(/([{,])("(?:[^"\\]|\\.)*"):/g)]
  if (keys.length === 0) return json
  const match = random.pick(keys)
  const at = match.index + (match[1] as string).length
  return `${json.slice(0, at)}${match[2]}:${JSON.stringify(someSecret(random))},${json.slice(at)}`
}

/** Names and texts mean the same, however they are spelled. */
function inEscapes(json: string): string {
  // The expression's own stack does not last for strings of megabytes.
  if (json.length > 50_000) return json
  return json.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replaceAll(/\\.|[^ -!#-~]|[a-z]/g, (unit) =>
      unit.startsWith('\\') ? unit : unit.split('').map(escapedUnit).join(''),
    ),
  )
}

function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
