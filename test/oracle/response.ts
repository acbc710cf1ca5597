/** The meaning of a policy on a whole response: several channels in several scopes, each scope in its order of arrival. */
import { Bench } from './bench.ts'
import { ChannelReader, idsOf, type Nature, told } from './channel.ts'
import type { Answered } from './judges.ts'
import { written } from './masks.ts'
import type { OraclePolicy } from './policy.ts'

export interface OracleChannel extends Nature {
  /** Unique within its scope. */
  readonly name: string
}

/** What a response says, in the order in which it says it. */
export type Step =
  | { readonly kind: 'says'; readonly scope: string; readonly channel: OracleChannel; readonly text: string }
  /** A text of its own, judged at once. */
  | { readonly kind: 'whole'; readonly scope: string; readonly channel: OracleChannel; readonly text: string }
  /** All that the channel said, once more: it is over. Anything else is a text of its own. */
  | { readonly kind: 'again'; readonly scope: string; readonly channel: OracleChannel; readonly text: string }
  /** `last`: nothing more can come of its tool call either, whole or not. */
  | { readonly kind: 'ends'; readonly scope: string; readonly channel: string; readonly last?: boolean }
  | { readonly kind: 'finishes'; readonly scope: string }

export interface ScopeCut {
  readonly channel: string
  readonly decided: number
  readonly by: readonly string[]
}

/** A place in a scope's order of arrival: one unit of a channel, all of it once more, or a text of its own. */
type Place =
  | { readonly reader: ChannelReader; readonly offset: number }
  | { readonly again: ChannelReader }
  | { readonly whole: Whole }

interface Whole {
  readonly channel: string
  readonly reader: ChannelReader
}

/** What judges of a scope's channels have to know. */
interface Hearing {
  readonly textOf: (channel: string) => string
  readonly answered: Answered | undefined
}

export class ScopeReader {
  readonly channels = new Map<string, ChannelReader>()
  /** In order of arrival; nothing is added after a cut. */
  readonly places: Place[] = []
  cut: ScopeCut | undefined
  finished = false
  readonly #policy: OraclePolicy
  readonly #hearing: Hearing
  readonly #benches = new Map<ChannelReader, Bench>()
  /** The rules by which signed text was taken out. */
  readonly #droppedBy = new Set<string>()
  /** Tool calls of which nothing more can come. */
  readonly #complete = new Set<string>()
  /** Nothing more will come. */
  #over = false
  #speaking: ChannelReader | undefined

  constructor(policy: OraclePolicy, hearing: Hearing) {
    this.#policy = policy
    this.#hearing = hearing
  }

  /** What is a generator yields where a judge has to answer first. */
  *says(channel: OracleChannel, text: string): Generator<void> {
    const reader = this.channels.get(channel.name) ?? this.#reader(channel)
    // A tool call cannot be handed back without the reasoning before it.
    const follows = channel.kind === 'tool_input' && reader.nature.atomic === true && !this.channels.has(channel.name)
    if (follows && this.#droppedBy.size > 0) this.cut ??= { channel: channel.name, decided: 0, by: [...this.#droppedBy] }
    this.channels.set(channel.name, reader)
    if (text !== '' && this.cut === undefined && this.#speaking !== reader) {
      this.#speaking?.pause()
      this.#speaking = reader
    }
    for (const unit of text.split('')) {
      // Of some stretches only this unit tells that they have ended: until it came nobody could be asked, and others went on.
      if (reader.text !== '') yield* this.#hear(channel.name, reader)
      if (this.cut !== undefined) return
      this.places.push({ reader, offset: reader.text.length })
      reader.read(unit)
      this.#decide(channel.name, reader)
      yield* this.#hear(channel.name, reader, false)
    }
  }

  #reader(channel: OracleChannel): ChannelReader {
    const reader = new ChannelReader(this.#policy, channel)
    if ((this.#policy.judges ?? []).length > 0) {
      const { textOf, answered } = this.#hearing
      this.#benches.set(reader, new Bench(this.#policy, textOf(channel.name), reader, channel.atomic === true, answered))
    }
    return reader
  }

  /** @param goesOn more of the channel has come, or its end. */
  *#hear(name: string, reader: ChannelReader, goesOn = true): Generator<void> {
    const bench = this.#benches.get(reader)
    if (bench === undefined || this.cut !== undefined) return
    while (!bench.decide(goesOn)) yield
    this.#decide(name, reader)
  }

  whole(channel: OracleChannel, text: string): void {
    if (this.cut !== undefined) return
    const reader = new ChannelReader(this.#policy, { ...channel, atomic: false }, false)
    this.places.push({ whole: { channel: channel.name, reader } })
    for (const unit of text.split('')) if (reader.cutting.length === 0) reader.read(unit)
    if (reader.cutting.length === 0) reader.end()
    if (reader.cutting.length > 0) this.cut = { channel: channel.name, decided: reader.text.length, by: idsOf(reader.cutting) }
  }

  *again(channel: OracleChannel, text: string): Generator<void> {
    yield* this.#end(channel.name)
    if (this.cut !== undefined) return
    const reader = this.channels.get(channel.name)
    if (reader?.text === text) this.places.push({ again: reader })
    else this.whole(channel, text)
  }

  /** Somebody else speaks; a document that is not whole will be gone on with. */
  *ends(name: string, last = false): Generator<void> {
    const call = this.channels.get(name)?.nature.call
    if (last && call !== undefined && this.cut === undefined) this.#complete.add(call)
    const reader = this.channels.get(name)
    const parts = [...this.channels.values()].filter(({ nature }) => call !== undefined && nature.call === call)
    const isOpen = [...parts, ...(reader === undefined ? [] : [reader])].some(({ isOpenDocument }) => isOpenDocument)
    if (last || !isOpen) yield* this.#end(name)
  }

  *#end(name: string): Generator<void> {
    const reader = this.channels.get(name)
    if (reader === undefined || reader.ended || this.cut !== undefined) return
    reader.end()
    this.#decide(name, reader)
    yield* this.#hear(name, reader)
    if (reader.dropped) for (const id of idsOf(reader.dropping)) this.#droppedBy.add(id)
  }

  *finishes(): Generator<void> {
    this.#over ||= this.cut === undefined
    for (const name of this.channels.keys()) yield* this.#end(name)
    if (this.cut === undefined) this.finished = true
  }

  /** So many places, from the first on, may be read: up to the first unit that is not clear, no mask torn. */
  get frontier(): number {
    const first = this.places.findIndex((place) => !this.#isClear(place))
    let frontier = first < 0 ? this.places.length : first
    for (let moved = true; moved; ) {
      const torn = [...this.channels.values()].map((reader) => this.#tornMask(reader, frontier))
      const back = Math.min(frontier, ...torn)
      moved = back < frontier
      frontier = back
    }
    return frontier
  }

  /** What the reader has of each channel when the places before `frontier` are read. */
  released(frontier: number): Map<string, string> {
    const read = this.places.slice(0, frontier)
    const out = new Map<string, string>()
    for (const [name, reader] of this.channels) {
      if (reader.dropped) continue
      const line = read.filter((place) => 'reader' in place && place.reader === reader).length
      // A mask stands where it begins, however many frames it covers.
      const across = reader.masks.find(({ start, end }) => start < line && line < end)
      out.set(name, written(reader.text, across?.end ?? line, reader.masks, 0, reader.line))
    }
    return out
  }

  /** The texts of their own before `frontier`, masks written. */
  wholes(frontier: number): string[] {
    const read = this.places.slice(0, frontier)
    return read.flatMap((place) => ('whole' in place ? [wholeText(place.whole.reader)] : []))
  }

  findings(): { channel: string; rule: string; start: number; end: number }[] {
    return [...this.channels].flatMap(([channel, reader]) => told(reader.found).map((finding) => ({ channel, ...finding })))
  }

  #isClear(place: Place): boolean {
    if ('whole' in place) return place.whole.reader.cutting.length === 0
    if ('again' in place) return this.#isClear({ reader: place.again, offset: place.again.text.length - 1 })
    if (place.reader.dropped && place.reader.cutting.length === 0) return true
    const { call, atomic } = place.reader.nature
    if (place.offset >= place.reader.line || atomic !== true || call === undefined) return place.offset < place.reader.line
    const parts = [...this.channels.values()].filter(({ nature }) => nature.call === call)
    // A call that has no input yet may still get it.
    const isWhole =
      this.#over || this.#complete.has(call) || parts.some(({ nature, text }) => nature.fixed !== true && text !== '')
    return isWhole && parts.every(({ ended, cutting, waitsForJudge }) => ended && cutting.length === 0 && !waitsForJudge)
  }

  /** Where the mask of this channel begins that lies across the frontier, as a place. */
  #tornMask(reader: ChannelReader, frontier: number): number {
    const units = this.places.flatMap((place, index) => ('reader' in place && place.reader === reader ? [index] : []))
    const torn = reader.masks.find(
      ({ start, end }) => (units[start] ?? frontier) < frontier && (units[end - 1] ?? frontier) >= frontier,
    )
    return torn === undefined ? frontier : (units[torn.start] as number)
  }

  #decide(name: string, reader: ChannelReader): void {
    const hold = { most_chars: 4000, tool_most_chars: 262_144, ...this.#policy.hold }
    const length = reader.text.length
    const isOver = reader.nature.atomic === true ? length > hold.tool_most_chars : reader.open > hold.most_chars
    const cap = reader.nature.atomic === true ? 'tool_most_chars' : 'most_chars'
    const by = reader.cutting.length > 0 ? idsOf(reader.cutting) : isOver && !reader.ended ? [cap] : []
    if (by.length > 0) this.cut = { channel: name, decided: length, by }
  }
}

function wholeText(reader: ChannelReader): string {
  return written(reader.text, reader.line, reader.masks)
}

/** The scope of what belongs to no choice: a cut there cuts every choice. */
const outside = ''

export class ResponseReader {
  readonly scopes = new Map<string, ScopeReader>()
  readonly #policy: OraclePolicy

  readonly #texts = new Map<string, string>()
  readonly #answered: Answered | undefined

  /**
   * @param scopes the names of the scopes the response will have.
   * @param script all that it will say, which judges have to know beforehand.
   * @param answered which questions to judges have been answered; all of them at once unless given.
   */
  constructor(policy: OraclePolicy, scopes: readonly string[], script: readonly Step[] = [], answered?: Answered) {
    this.#policy = policy
    this.#answered = answered
    for (const step of script) {
      if (step.kind !== 'says') continue
      const name = `${step.scope} ${step.channel.name}`
      this.#texts.set(name, (this.#texts.get(name) ?? '') + step.text)
    }
    for (const name of [...scopes, outside]) this.scope(name)
  }

  scope(name: string): ScopeReader {
    const known = this.scopes.get(name)
    if (known !== undefined) return known
    const textOf = (channel: string): string => this.#texts.get(`${name} ${channel}`) ?? ''
    const scope = new ScopeReader(this.#policy, { textOf, answered: this.#answered })
    this.scopes.set(name, scope)
    return scope
  }

  /** Where every judge answers at once. */
  take(step: Step): void {
    if (this.taking(step).next().done !== true) throw new Error('a judge has to answer first')
  }

  *taking(step: Step): Generator<void> {
    const scope = this.scope(step.scope)
    if (step.kind === 'says') yield* scope.says(step.channel, step.text)
    else if (step.kind === 'whole') scope.whole(step.channel, step.text)
    else if (step.kind === 'again') yield* scope.again(step.channel, step.text)
    else if (step.kind === 'ends') yield* scope.ends(step.channel, step.last)
    else yield* scope.finishes()
    const beside = this.scopes.get(outside)
    if (beside?.cut === undefined) return
    for (const other of this.scopes.values()) if (!other.finished) other.cut ??= beside.cut
  }

  end(): void {
    if (this.ending().next().done !== true) throw new Error('a judge has to answer first')
  }

  *ending(): Generator<void> {
    for (const scope of this.scopes.values()) yield* scope.finishes()
  }

  /** Every scope was cut or is finished, and one was cut: nothing that follows is read. */
  get over(): boolean {
    const scopes = [...this.scopes].filter(([name]) => name !== outside).map(([, scope]) => scope)
    return scopes.some(({ cut }) => cut !== undefined) && scopes.every(({ cut, finished }) => cut !== undefined || finished)
  }
}
