/** The vocabulary in which a dialect declares what stands at each path of its JSON; `walk.ts` reads by it. */
import type { ChannelKind } from '../terms/channel.ts'
import type { Usage } from '../terms/frame.ts'

export type JsonRecord = { [key: string]: unknown }

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A thread of text, before scope and index make a channel of it. */
export interface Voice {
  readonly kind: ChannelKind
  /** What follows the kind in the channel's name. */
  readonly tail: string
  /** One channel for each index the walk is told (`tool_input/2`). */
  readonly indexed: boolean
  /** The text is one JSON document; `asked`: where the request asked for JSON. */
  readonly json: boolean | 'asked'
  readonly atomic: boolean
  readonly fixed: boolean
  readonly signed: boolean
  /** Its parts are counted as they begin to speak; the first of a kind has no number, but for tool calls. */
  readonly counted: boolean
  readonly restated: boolean
}

export function voice(kind: ChannelKind, traits: Partial<Omit<Voice, 'kind'>> = {}): Voice {
  return {
    kind,
    tail: '',
    indexed: false,
    json: false,
    atomic: false,
    fixed: false,
    signed: false,
    counted: false,
    restated: false,
    ...traits,
  }
}

/** What a string is. */
export type Meaning =
  /** No text: ids, names of models, enumerations, padding. */
  | { readonly sort: 'metadata' }
  /** The next piece of a thread. */
  | { readonly sort: 'says'; readonly voice: Voice }
  /** All that a thread has said by now: continues one that has not spoken; says it again where the frame tells how things ended. */
  | { readonly sort: 'tells'; readonly voice: Voice }
  /** What the client said in its request, come back: not the model's, and not to be judged as if it were. */
  | { readonly sort: 'echo' }
  /** The same piece once more under another name: tied to it where it is the same, a thread of its own where it is not. */
  | { readonly sort: 'copies'; readonly voice: Voice; readonly otherwise: Voice }
  /** A text of its own that belongs to no thread. */
  | { readonly sort: 'whole'; readonly voice: Voice }
  /** An image, sound or file in base64; anything else in its place (an address) is a text of its own. */
  | { readonly sort: 'media'; readonly kind: 'image' | 'audio' | 'file'; readonly otherwise: Voice }
  /** Encrypted or signed: cannot be read. `signs`: it vouches for text, and is worth nothing once that changed. */
  | { readonly sort: 'sealed'; readonly signs: boolean }

/**
 * What a string, a list or a record means at one path; a facet that is left out makes whatever comes there unknown text.
 * Fields of a record are read in the order in which they are declared here, where that order is what is said first.
 */
export interface Shape {
  readonly string?: Meaning
  readonly items?: Shape
  readonly fields?: Readonly<Record<string, Shape>>
  /** The record's fields are spoken one after the other: declared order counts, not the order on the wire. */
  readonly spoken?: true
  /** Choice, candidate, message: paths of unknown text start here, and such text adds up over frames. */
  readonly scope?: true
  /** A block, part or delta: unknown text below adds up over frames. */
  readonly adds?: true
  /** Everything below means the same, but for the fields that are declared, at whatever depth. */
  readonly deep?: true
  /** Records of several kinds stand here: which of `kinds` one is. Enter and leave are those of the kind. */
  readonly kindOf?: (record: JsonRecord) => string
  readonly kinds?: Readonly<Record<string, Shape>>
  /** A record or list that is one JSON document: said as the JSON text it is, checked string by string and as a whole. */
  readonly document?: { readonly voice: Voice; readonly relation: 'adds' | 'whole' }
  /** Called before and after each record at this path, with its position in the list around it. */
  readonly enter?: Hook
  readonly leave?: Hook
  /** Reads what stands here instead of the walk; must account for every string and key below. */
  readonly read?: (walk: Walker, value: object, holder: JsonRecord, key: string) => void
}

export type Hook = (walk: Walker, record: JsonRecord, position: number) => void

/** What hooks may ask of the walk that calls them. */
export interface Walker {
  readonly scope: ScopeMemory
  /** Keys seen so far in this frame. */
  keys: number
  /** Segments found so far in this frame. */
  readonly found: number
  usage: Usage | undefined
  /** What is read as JSON text has its numbers from here. */
  readonly numbers: { in<Value extends object>(value: Value): Value }
  /** Enters a scope; what is said from here on is said by it. */
  enterScope(name: string): void
  leaveScope(): void
  /** Sets the index for voices that have one. @param name what follows the kind in their channels' names, if not the index. */
  enterPart(index: number, name?: string): void
  endPart(index: number): void
  /** The open part has said all it will, and no other piece of it can come. */
  closePart(): void
  endScope(finish: string): void
  /** The frame describes text of the scope by something that goes stale. */
  describe(): void
  say(voice: Voice, text: string, holder: object, key: string | number): void
  whole(voice: Voice, text: string, holder: object, key: string | number): void
  /** The frame says nothing with the voice, but goes with what it says: it is part of what leaves together. */
  tie(voice: Voice, holder: object): void
  tell(voice: Voice, text: string, holder: object, key: string | number): void
  /** A text that is spread over the structure at `key`, which goes as a whole. */
  spread(voice: Voice, text: string, relation: 'adds' | 'whole', holder: object, key: string): void
  /** The pieces that this scope said with the voice in this frame. */
  said(voice: Voice): Piece[]
  /** What stands at `key` is one JSON document. */
  document(voice: Voice, value: object, relation: 'adds' | 'whole', holder: object, key: string | number): void
  unknown(value: unknown, path: string, holder: object, key: string | number): void
  /** A field of the record at `path` that is not declared: its name and what it holds. */
  unknownField(fields: JsonRecord, name: string, path: string): void
}

/** A segment while its frame is still being read. */
export interface Piece {
  readonly text: string
  joints?: readonly number[]
}

/** What a lens remembers of a scope from frame to frame. */
export interface ScopeMemory {
  readonly name: string
  /** The answer was asked for as JSON. */
  readonly json: boolean
  /** It has said that it will say no more. */
  ended: boolean
  /** It has introduced itself (a role, a message start). */
  introduced: boolean
  /** Some text was read of it. */
  spoke: boolean
  /** The index of the part (tool call) that is open. */
  part: number | undefined
  /** What follows the kind in the names of its channels. */
  partName: string
  /** The index of the item whose parts come. */
  item: number
  /** The frame tells how things ended: threads that it tells are over. */
  closing: boolean
  /** The id of that part. */
  partId: string
  /** The greatest index a part ever had, or -1. */
  lastPart: number
  /** How many segments the frame had when the open part was entered. */
  mark: number
}

export const metadata: Shape = { string: { sort: 'metadata' } }

/** Records and lists of short codes and numbers, whatever their fields are called. */
export const codes: Shape = { string: { sort: 'metadata' }, deep: true }

export const says = (voice: Voice): Shape => ({ string: { sort: 'says', voice } })

export const tells = (voice: Voice): Shape => ({ string: { sort: 'tells', voice } })

/** Whatever the client said, in whatever structure. */
export const echo: Shape = { string: { sort: 'echo' }, deep: true }

export const copies = (voice: Voice, otherwise: Voice): Shape => ({ string: { sort: 'copies', voice, otherwise } })

export const whole = (voice: Voice): Shape => ({ string: { sort: 'whole', voice } })

export const media = (kind: 'image' | 'audio' | 'file', otherwise: Voice): Shape => ({
  string: { sort: 'media', kind, otherwise },
})

export const sealed: Shape = { string: { sort: 'sealed', signs: false } }

export const signature: Shape = { string: { sort: 'sealed', signs: true } }

export const list = (items: Shape): Shape => ({ items })

export const record = (fields: Readonly<Record<string, Shape>>): Shape => ({ fields })

/** A record whose fields are spoken in the order of their declaration. */
export const speech = (fields: Readonly<Record<string, Shape>>): Shape => ({ fields, spoken: true })

/** Arguments, results: any JSON, of which one string may be changed and the rest stays. */
export const document = (voice: Voice, relation: 'adds' | 'whole' = 'adds'): Shape => ({ document: { voice, relation } })

export const kinds = (kindOf: (record: JsonRecord) => string, shapes: Readonly<Record<string, Shape>>): Shape => ({
  kindOf,
  kinds: shapes,
})

/** A string here means one thing, a list or record another. */
export const either = (...shapes: readonly Shape[]): Shape => Object.assign({}, ...shapes)

/** A shape made ready for walking: knows its own path and looks fields up without tripping over `__proto__`. */
export interface Node extends Omit<Shape, 'items' | 'fields' | 'kinds' | 'adds'> {
  /** From the scope's root, or the frame's. */
  readonly path: string
  /** Unknown text here adds up over frames. */
  readonly adds: boolean
  readonly items?: Node
  readonly fields?: ReadonlyMap<string, Node>
  readonly kinds?: ReadonlyMap<string, Node>
  /** The place among the fields of a spoken record, from 1; 0 for what is never spoken. */
  readonly rank: number
}

export function prepared(shape: Shape, path = '', adds = false, rank = 0): Node {
  const { items, fields, kinds, ...rest } = shape
  const ownPath = shape.scope ? '' : path
  const inScope = adds || shape.scope === true || shape.adds === true
  const node: { -readonly [key in keyof Node]: Node[key] } = { ...rest, path: ownPath, adds: inScope, rank }
  if (items !== undefined) node.items = prepared(items, `${ownPath}[]`, inScope)
  if (kinds !== undefined)
    node.kinds = new Map(Object.entries(kinds).map(([name, kind]) => [name, prepared(kind, ownPath, inScope, rank)]))
  if (fields !== undefined) {
    const entries = Object.entries(fields).map(([key, field], index): [string, Node] => {
      const silent = field.string?.sort === 'metadata'
      return [key, prepared(field, ownPath === '' ? key : `${ownPath}.${key}`, inScope, silent ? 0 : index + 1)]
    })
    node.fields = new Map(entries)
  }
  return node
}

/** Where among the fields of a spoken record a key belongs; what is not declared comes last. */
export function rankOf(name: string, node: Node): number {
  return node.fields?.get(name)?.rank ?? Number.MAX_SAFE_INTEGER
}

export function inOrder(fields: JsonRecord, node: Node): boolean {
  let last = 0
  for (const name in fields) {
    const rank = rankOf(name, node)
    if (rank === 0) continue
    if (rank < last) return false
    last = rank
  }
  return true
}
