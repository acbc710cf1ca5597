/** Walks a parsed frame by its dialect's shape: every string is accounted for, in the order in which its scope says it. */
import { SluiceError } from '../errors.ts'
import type { Channel } from '../terms/channel.ts'
import type { Media, Segment, Step, Usage } from '../terms/frame.ts'
import { base64, below, identifier, isCode, longestMetadata, sentence, token } from './code.ts'
import { keysBelow } from './json-body.ts'
import { spelledBy } from './logprobs.ts'
import { type Memory, outside, type ScopeChannels } from './memory.ts'
import type { Numbers } from './numbers.ts'
import type { Item, Place } from './place.ts'
import { inOrder, type JsonRecord, type Meaning, type Node, type Piece, rankOf, type Voice, type Walker } from './shape.ts'

/** Lists and records inside one another; a walk must not run out of stack on hostile input. */
const mostDepth = 128

export class Walk implements Walker {
  readonly steps: Step[] = []
  readonly mentions: string[] = []
  readonly describes: string[] = []
  readonly media: Media[] = []
  finish: string | undefined
  usage: Usage | undefined
  readonly numbers: Numbers
  keys = 0
  found = 0
  scope: ScopeChannels
  readonly #memory: Memory
  /** Only a walk that is about to write keeps places. */
  readonly #places: Place[] | undefined
  #item: Item | undefined
  #depth = 0
  /** Where the steps of the scope begin. */
  #from = 0

  constructor(memory: Memory, numbers: Numbers, places?: Place[]) {
    this.#memory = memory
    this.numbers = numbers
    this.#places = places
    this.scope = memory.scope(outside)
  }

  enterScope(name: string): void {
    this.scope = this.#memory.scope(name)
    this.#from = this.steps.length
    this.mentions.push(name)
  }

  leaveScope(): void {
    this.scope = this.#memory.scope(outside)
  }

  enterPart(index: number, name = `/${index}`): void {
    const { scope } = this
    if (scope.part !== undefined && index > scope.part) this.endPart(scope.part)
    scope.part = index
    scope.partName = name
    if (index > scope.lastPart) scope.lastPart = index
  }

  endPart(index: number): void {
    for (const { name } of this.scope.channelsOf(index)) this.steps.push({ kind: 'channel-end', channel: name })
  }

  closePart(): void {
    const channels = this.scope.part === undefined ? [] : this.scope.channelsOf(this.scope.part)
    for (const { name } of channels) this.steps.push({ kind: 'channel-end', channel: name, last: true })
    this.scope.part = undefined
  }

  endScope(finish: string): void {
    this.finish = finish
    if (this.scope.ended) return
    this.scope.ended = true
    this.steps.push({ kind: 'scope-end', scope: this.scope.name })
  }

  describe(): void {
    if (!this.describes.includes(this.scope.name)) this.describes.push(this.scope.name)
  }

  say(voice: Voice, text: string, holder: object, key: string | number): void {
    this.scope.spoke = true
    const channel = this.scope.channel(voice)
    if (channel.restated) this.scope.speaks(channel)
    this.#text(channel, text, 'adds', holder, key)
  }

  tell(voice: Voice, text: string, holder: object, key: string | number): void {
    const { scope } = this
    const channel = scope.channel(voice)
    const spoke = scope.speaks(channel)
    const begins = !spoke && !scope.ended
    scope.spoke = true
    // A frame that tells how things begin or stand is no end of a thread that has spoken, and no continuation.
    this.#text(channel, text, begins ? 'adds' : scope.closing && spoke ? 'restates' : 'whole', holder, key)
    if (begins && scope.closing) this.steps.push({ kind: 'channel-end', channel: channel.name })
  }

  whole(voice: Voice, text: string, holder: object, key: string | number): void {
    this.#text(this.scope.channel(voice), text, 'whole', holder, key)
  }

  spread(voice: Voice, text: string, relation: Segment['relation'], holder: object, key: string): void {
    this.#text(this.scope.channel(voice), text, relation, holder, key, 'void')
  }

  document(voice: Voice, value: object, relation: 'adds' | 'whole', holder: object, key: string | number): void {
    this.keys += keysBelow(value, mostDepth - this.#depth)
    if (relation === 'adds') this.scope.spoke = true
    this.#text(this.scope.channel(voice), JSON.stringify(this.numbers.in(value)), relation, holder, key, 'document')
  }

  tie(voice: Voice, holder: object): void {
    this.#text(this.scope.channel(voice), '', 'adds', holder, '', 'tie')
  }

  said(voice: Voice): Piece[] {
    const channel = this.scope.channel(voice)
    return this.steps.slice(this.#from).filter((step) => step.kind === 'text' && step.channel === channel) as Piece[]
  }

  /** Reads what stands at `key` of `holder`. */
  value(value: unknown, node: Node, holder: object, key: string | number, position = 0): void {
    if (typeof value === 'string') {
      if (value !== '') this.#string(value, node, holder, key)
    } else if (typeof value === 'object' && value !== null) {
      this.#descend()
      if (node.read !== undefined) node.read(this, value, holder as JsonRecord, key as string)
      else if (node.document !== undefined) this.document(node.document.voice, value, node.document.relation, holder, key)
      else if (Array.isArray(value)) this.#list(value, node, holder, key)
      else this.#record(value as JsonRecord, node, holder, key, position)
      this.#depth--
    }
  }

  #list(members: unknown[], node: Node, holder: object, key: string | number): void {
    const items = node.deep ? node : node.items
    if (items === undefined) {
      this.#strangers(members, node.path, node.adds, holder, key)
      return
    }
    const around = this.#item
    for (let index = 0; index < members.length; index++) {
      if (this.#places !== undefined) this.#item = items.scope ? undefined : { members, index, holder, key, around }
      this.value(members[index], items, members, index, index)
    }
    this.#item = around
  }

  #record(fields: JsonRecord, among: Node, holder: object, key: string | number, position: number): void {
    const node = among.kinds?.get(among.kindOf?.(fields) ?? '') ?? among
    if (node.fields === undefined && !node.deep) {
      this.#strangers(fields, node.path, node.adds, holder, key)
      return
    }
    node.enter?.(this, fields, position)
    if (node.spoken && !inOrder(fields, node)) {
      const keys = Object.keys(fields).sort((a, b) => rankOf(a, node) - rankOf(b, node))
      for (const name of keys) this.#field(fields, name, node)
    } else for (const name in fields) this.#field(fields, name, node)
    node.leave?.(this, fields, position)
  }

  #field(fields: JsonRecord, name: string, node: Node): void {
    this.keys++
    const field = node.fields?.get(name) ?? (node.deep ? node : undefined)
    if (field !== undefined) {
      if (field === node && node.string?.sort === 'whole')
        this.#text(this.scope.channel(node.string.voice), name, 'whole', fields, name, 'key')
      else if (node.deep && node.string?.sort !== 'echo' && !token.test(name))
        this.#strangeKey(name, node.path, node.adds, fields)
      this.value(fields[name], field, fields, name)
    } else this.#strangeField(fields, name, node.path, node.adds)
  }

  #string(text: string, node: Node, holder: object, key: string | number): void {
    const meaning = node.string
    if (meaning === undefined || !this.#understood(text, meaning, node.deep === true, holder, key))
      this.#stranger(text, node.path, node.adds, holder, key)
  }

  /** @returns false where the string is not what it is declared to be, and so is text. */
  #understood(text: string, meaning: Meaning, deep: boolean, holder: object, key: string | number): boolean {
    switch (meaning.sort) {
      case 'metadata':
        if (isCode(text)) return true
        if (deep || text.length > longestMetadata) return false
        // What reads like a sentence is looked at as one, wherever it stands; models have blanks in their names as well.
        this.whole(sentence, text, holder, key)
        return true
      case 'says':
        this.say(meaning.voice, text, holder, key)
        return true
      case 'tells':
        this.tell(meaning.voice, text, holder, key)
        return true
      case 'echo':
        return true
      case 'copies':
        this.#copy(meaning.voice, meaning.otherwise, text, holder, key)
        return true
      case 'whole':
        this.whole(meaning.voice, text, holder, key)
        return true
      case 'media':
        if (base64.test(text)) {
          this.media.push({ kind: meaning.kind, scope: this.scope.name, slot: this.found })
          this.#keep(this.found++, '', holder, key, 'text')
        } else this.whole(meaning.otherwise, text, holder, key)
        return true
      case 'sealed':
        if (!base64.test(text)) return false
        if (meaning.signs) this.describe()
        return true
    }
  }

  #copy(voice: Voice, otherwise: Voice, text: string, holder: object, key: string | number): void {
    const pieces = this.said(voice)
    const same = pieces.find((piece) => piece.text === text) as Segment | undefined
    if (same !== undefined) this.#keep(same.slot, text, holder, key, 'copy')
    else this.say(pieces.length === 0 ? voice : otherwise, text, holder, key)
  }

  unknown(value: unknown, path: string, holder: object, key: string | number): void {
    this.#stranger(value, path, this.scope.name !== outside, holder, key)
  }

  unknownField(fields: JsonRecord, name: string, path: string): void {
    this.keys++
    this.#strangeField(fields, name, path, this.scope.name !== outside)
  }

  #stranger(value: unknown, path: string, adds: boolean, holder: object, key: string | number): void {
    // Tokens are spelled in letters and in numbers beside them, wherever a server puts its probabilities.
    const text = typeof value === 'string' ? value : key === 'bytes' ? spelledBy(value) : ''
    if (text !== '') {
      if (adds) this.scope.spoke = true
      this.#text(this.scope.stranger(path), text, adds ? 'adds' : 'whole', holder, key, text === value ? 'text' : 'void')
    } else if (typeof value === 'object' && value !== null) {
      this.#descend()
      this.#strangers(value, path, adds, holder, key)
      this.#depth--
    }
  }

  #strangers(value: object, path: string, adds: boolean, holder: object, key: string | number): void {
    if (Array.isArray(value)) {
      const around = this.#item
      for (let index = 0; index < value.length; index++) {
        if (this.#places !== undefined) this.#item = { members: value, index, holder, key, around }
        this.#stranger(value[index], `${path}[]`, adds, value, index)
      }
      this.#item = around
      return
    }
    for (const name in value) {
      this.keys++
      this.#strangeField(value as JsonRecord, name, path, adds)
    }
  }

  #strangeField(fields: JsonRecord, name: string, path: string, adds: boolean): void {
    this.#strangeKey(name, path, adds, fields)
    this.#stranger(fields[name], below(path, name), adds, fields, name)
  }

  /**
   * A name is a text of its own, so that one that comes with every frame does not pile up in a channel and hold it; only
   * what no program would use as a name could be somebody's way of writing, and adds.
   */
  #strangeKey(name: string, path: string, adds: boolean, holder: object): void {
    if (name === '') return
    const relation = adds && !identifier.test(name) ? 'adds' : 'whole'
    this.#text(this.scope.stranger(below(path, '{}')), name, relation, holder, name, 'key')
  }

  #text(
    channel: Channel,
    text: string,
    relation: Segment['relation'],
    holder: object,
    key: string | number,
    sort: Place['sort'] = 'text',
  ): void {
    const slot = this.found++
    const segment: Segment = { kind: 'text', channel, text, relation, slot }
    this.steps.push(sort === 'void' || sort === 'key' ? { ...segment, indivisible: true } : segment)
    this.#keep(slot, text, holder, key, sort)
  }

  #keep(slot: number, text: string, holder: object, key: string | number, sort: Place['sort']): void {
    this.#places?.push({ slot, scope: this.scope.name, text, holder, key, sort, item: this.#item })
  }

  #descend(): void {
    if (++this.#depth > mostDepth) throw new SluiceError('unreadable_frame', `JSON nested deeper than ${mostDepth} levels`)
  }
}
