/** What a lens remembers of a response from frame to frame: its scopes and their channels, each made once. */
import { SluiceError } from '../errors.ts'
import type { Channel } from '../terms/channel.ts'
import type { ScopeMemory, Voice } from './shape.ts'

/** The greatest `n` a client may ask for, and more tool calls than any answer has: beyond them memory would grow without end. */
const mostScopes = 128
const mostParts = 1024
/** Unknown paths that get a channel of their own; all others share one. */
const mostStrangers = 64

/** The scope of texts that belong to no choice, candidate or message. */
export const outside = ''

export class Memory {
  readonly #scopes = new Map<string, ScopeChannels>()
  /** The request asked for JSON. */
  readonly #json: boolean

  constructor(json: boolean) {
    this.#json = json
  }

  /** @throws SluiceError `unreadable_frame` where a response has more scopes than any can. */
  scope(name: string): ScopeChannels {
    let scope = this.#scopes.get(name)
    if (scope === undefined) {
      if (this.#scopes.size > mostScopes) throw new SluiceError('unreadable_frame', 'more scopes than a response can have')
      scope = new ScopeChannels(name, this.#json)
      this.#scopes.set(name, scope)
    }
    return scope
  }
}

export class ScopeChannels implements ScopeMemory {
  readonly name: string
  readonly json: boolean
  ended = false
  introduced = false
  spoke = false
  part: number | undefined
  partName = ''
  item = 0
  closing = false
  partId = ''
  lastPart = -1
  mark = 0
  readonly #prefix: string
  readonly #voices = new Map<Voice, Channel>()
  readonly #parts = new Map<number, Map<Voice, Channel>>()
  readonly #strangers = new Map<string, Channel>()
  /** Parts by kind, numbered as they began to speak. */
  readonly #numbers = new Map<string, Map<number, number>>()
  /** Channels that have spoken and are restated. */
  readonly #spoken = new Set<Channel>()

  constructor(name: string, json: boolean) {
    this.name = name
    this.json = json
    this.#prefix = name === outside || name === '0' ? '' : `${name}/`
  }

  channel(voice: Voice): Channel {
    const known = voice.indexed ? this.#part(this.part ?? 0) : this.#voices
    let channel = known.get(voice)
    if (channel === undefined) {
      const index = voice.counted ? this.#number(voice) : voice.indexed ? (this.part === undefined ? '/0' : this.partName) : ''
      const tail = voice.tail === '' ? '' : `/${voice.tail}`
      channel = {
        name: `${this.#prefix}${voice.kind}${index}${tail}`,
        scope: this.name,
        kind: voice.kind,
        ...((voice.json === 'asked' ? this.json : voice.json) && { json: true }),
        ...(voice.atomic && {
          atomic: true,
          call: voice.indexed ? `${voice.kind}${index}` : (voice.tail.split('/')[0] as string),
        }),
        ...(voice.fixed && { fixed: true }),
        ...(voice.signed && { signed: true }),
        ...(voice.restated && { restated: true }),
      }
      known.set(voice, channel)
    }
    return channel
  }

  /** @returns whether the channel has spoken before. */
  speaks(channel: Channel): boolean {
    const spoke = this.#spoken.has(channel)
    if (!spoke && channel.restated) this.#spoken.add(channel)
    return spoke
  }

  /** The channels of a part that were spoken in. */
  channelsOf(part: number): Iterable<Channel> {
    return this.#parts.get(part)?.values() ?? []
  }

  stranger(path: string): Channel {
    const known = this.#strangers.get(path)
    if (known !== undefined) return known
    if (this.#strangers.size >= mostStrangers && path !== '') return this.stranger('')
    const channel: Channel = { name: `${this.#prefix}unknown/${path}`, scope: this.name, kind: 'unknown' }
    this.#strangers.set(path, channel)
    return channel
  }

  #number({ kind }: Voice): string {
    const numbers = this.#numbers.get(kind) ?? new Map<number, number>()
    this.#numbers.set(kind, numbers)
    const part = this.part ?? 0
    const number = numbers.get(part) ?? numbers.size
    numbers.set(part, number)
    return number === 0 && kind !== 'tool_input' ? '' : `/${number}`
  }

  #part(index: number): Map<Voice, Channel> {
    let part = this.#parts.get(index)
    if (part === undefined) {
      if (this.#parts.size >= mostParts) throw new SluiceError('unreadable_frame', 'more tool calls than an answer can have')
      part = new Map()
      this.#parts.set(index, part)
    }
    return part
  }
}
