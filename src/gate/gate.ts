/** The decision machine of one response: reads frames, keeps a watch on every channel, lets out what is clear. No clock, no I/O. */
import { SluiceError } from '../errors.ts'
import type { Channel } from '../terms/channel.ts'
import type { Lens } from '../terms/dialect.ts'
import type { ChannelEnd, Frame, Media, Segment } from '../terms/frame.ts'
import type { Plan } from '../terms/plan.ts'
import type { ClearedFrame } from './cleared.ts'
import { callOf } from './line.ts'
import { Place } from './place.ts'
import { HoldQueue } from './queue.ts'
import { Scope } from './scope.ts'
import { type Caps, Watch, wholeTextCaps } from './watch.ts'

/** The scope of texts that belong to no choice, candidate or message. */
const wholeResponse = ''

/** What may be asked about a response while it passes. */
export interface GateObserver {
  /** After each text that was read. */
  read?(channel: Channel, watch: Watch | undefined): void
  /** What leaves of a channel, masks applied, and how many units of the text as received it stands for. */
  released?(channel: Channel, text: string, units: number): void
}

export class Gate {
  readonly #plan: Plan
  readonly #caps: Caps
  readonly #inForce: boolean
  readonly #lens: Lens
  readonly #expected: number
  readonly #observer: GateObserver
  readonly #queue: HoldQueue
  readonly #scopes = new Map<string, Scope>()
  /** Texts of their own, one a path, for what they found. */
  readonly #wholes = new Map<string, Watch[]>()
  readonly finish: string[] = []
  /** Scopes that the policy's `media` cut. */
  readonly mediaCuts: { readonly scope: string; readonly by: string }[] = []
  frames = 0
  units = { received: 0, released: 0, masked: 0 }
  heldMost = 0
  terminal = false
  /** The last scope that was still speaking was cut: nothing that comes can matter any more, the upstream can go. */
  over = false

  /**
   * @param scopes how many scopes the response will have; a cut of the last one ends it.
   * @param caps `wholeTextCaps` for a whole body.
   */
  constructor(plan: Plan, lens: Lens, scopes: number, observer: GateObserver = {}, caps: Caps = plan.settings.hold) {
    this.#plan = plan
    this.#inForce = plan.rules.some((rule) => rule.mode === 'enforce' && rule.action !== 'flag')
    // What is kept for an ending is bounded all the same, but where nothing can be cut it is no reason to.
    this.#caps = this.#inForce ? caps : { ...caps, at_cap: 'forward' }
    this.#lens = lens
    this.#expected = scopes
    this.#observer = observer
    this.#queue = new HoldQueue(lens, plan.settings.on_cut, (place, text, masked, units) =>
      this.#account(place, text, masked, units),
    )
  }

  get touched(): number {
    return this.#queue.touched
  }

  get heldBytes(): number {
    return this.#queue.heldBytes
  }

  get divided(): number {
    return this.#queue.divided
  }

  get scopes(): readonly Scope[] {
    return [...this.#scopes.values()]
  }

  /** Every watch in order of first appearance, texts of their own included. */
  get watches(): readonly Watch[] {
    return [...this.scopes.flatMap((scope) => [...scope.watches.values()]), ...[...this.#wholes.values()].flat()]
  }

  /** @throws SluiceError `unreadable_frame`, `text_after_end`, `unknown_text`. */
  read(frame: Frame): void {
    const reading = this.#lens.read(frame)
    this.frames++
    this.#queue.add(frame, reading)
    for (const step of reading.steps) {
      if (step.kind === 'text') this.#readText(step)
      else if (step.kind === 'channel-end') this.#endChannel(step)
      else this.#endScope(this.#scope(step.scope))
    }
    for (const media of reading.media ?? []) this.#readMedia(media)
    if (reading.finish !== undefined) this.finish.push(reading.finish)
    if (reading.terminal) this.end()
    this.terminal ||= reading.terminal
  }

  /** The text of the response is over: the end is a boundary, what was held is decided. */
  end(): void {
    for (const scope of this.#scopes.values()) this.#endScope(scope)
  }

  /** What may leave now, in order; the last word after the last cut included. */
  flush(): ClearedFrame[] {
    return this.#queue.flush()
  }

  #readText(segment: Segment): void {
    const { channel, text } = segment
    const scope = this.#scope(channel.scope)
    if (segment.relation !== 'restates') this.units.received += text.length
    if (scope.isCut) {
      this.#queue.place(new Place(segment, scope, undefined, 0, '').refuse())
      return
    }
    if (channel.kind === 'unknown' && text !== '' && this.#plan.settings.unknown !== 'check') {
      this.#turnAway(segment, scope)
      return
    }
    if (segment.relation === 'whole') this.#readWhole(segment, scope)
    else if (segment.relation === 'restates') this.#readAgain(segment, scope)
    else this.#readOn(segment, scope)
  }

  #readOn(segment: Segment, scope: Scope): void {
    const { text } = segment
    const watch = scope.watches.get(segment.channel.name) ?? this.#watch(segment.channel, scope)
    if ((watch.ended || scope.ended) && text !== '') {
      throw new SluiceError('text_after_end', `text for channel ${watch.channel.name} came after its end`)
    }
    const place = new Place(segment, scope, watch, watch.received, text)
    this.#queue.place(place)
    watch.read(text)
    this.heldMost = Math.max(this.heldMost, watch.held)
    if (text !== '') this.#observer.read?.(watch.channel, watch)
    if (watch.cut !== undefined) this.#cut(scope)
  }

  #watch(named: Channel, scope: Scope): Watch {
    const { settings, matchers } = this.#plan
    const waits = named.signed && settings.reasoning === 'hold' && matchers[named.kind].length > 0
    // Where no rule is in force nothing can end a call half-way, so nothing has to wait for its end.
    const channel = this.#inForce ? { ...named, ...(waits && { atomic: true }) } : { ...named, atomic: false, signed: false }
    const watch = new Watch(this.#plan, channel, this.#caps, scope.restated)
    scope.add(watch)
    // Providers refuse a call back whose reasoning is missing, so the turn could not go on.
    if (scope.dropped.size > 0 && channel.kind === 'tool_input' && channel.atomic) watch.refuse([...scope.dropped])
    return watch
  }

  /** The channel's text is over. Where it comes again as it was read, it leaves as what was read of it left. */
  #readAgain(segment: Segment, scope: Scope): void {
    const watch = scope.watches.get(segment.channel.name)
    if (watch !== undefined) this.#endWatch(watch, scope, false)
    if (scope.isCut) this.#queue.place(new Place(segment, scope, undefined, 0, '').refuse())
    else if (watch?.isWhole(segment.text)) this.#queue.place(new Place(segment, scope, watch, 0, segment.text))
    else {
      this.units.received += segment.text.length
      this.#readWhole(segment, scope)
    }
  }

  #readWhole(segment: Segment, scope: Scope): void {
    const watch = new Watch(this.#plan, { ...segment.channel, atomic: false, restated: false }, wholeTextCaps)
    watch.read(segment.text)
    watch.end()
    const place = new Place(segment, scope, undefined, 0, watch.masks.apply(0, segment.text))
    this.#queue.place(place)
    if (watch.findings.list().length > 0) {
      const known = this.#wholes.get(segment.channel.name) ?? []
      this.#wholes.set(segment.channel.name, known)
      if (known.length < 100) known.push(watch)
    }
    if (watch.cut !== undefined) this.#cut(scope, place)
  }

  /** `unknown: drop` takes the string out, `refuse` ends the response as a fault. */
  #turnAway(segment: Segment, scope: Scope): void {
    if (this.#plan.settings.unknown === 'refuse') {
      throw new SluiceError('unknown_text', `a text no dialect knows came under ${segment.channel.name}`)
    }
    this.#queue.place(new Place(segment, scope, undefined, 0, '').refuse())
  }

  #readMedia({ kind, scope: name, slot }: Media): void {
    const action = this.#plan.settings.media[kind]
    const scope = this.#scope(name)
    if (action === 'pass' && !scope.isCut) return
    const channel: Channel = { name: `media/${kind}`, scope: name, kind: 'unknown' }
    const place = new Place({ kind: 'text', channel, text: '', relation: 'whole', slot }, scope, undefined, 0, '').refuse()
    this.#queue.place(place)
    if (action !== 'cut' || scope.isCut) return
    this.mediaCuts.push({ scope: name, by: channel.name })
    this.#cut(scope, place)
  }

  #endChannel({ channel: name, last }: ChannelEnd): void {
    for (const scope of this.#scopes.values()) {
      const watch = scope.watches.get(name)
      // Some servers write parallel tool calls by turns: a call whose arguments are not whole has not ended, whoever speaks next.
      if (watch === undefined || scope.isCut || (!last && scope.watches.get(callOf(name))?.isOpenDocument)) continue
      this.#endWatch(watch, scope, last === true)
    }
  }

  #endWatch(watch: Watch, scope: Scope, last: boolean): void {
    watch.end()
    const by = watch.droppedBy
    for (const rule of by) scope.dropped.add(rule)
    if (watch.cut !== undefined) this.#cut(scope)
    else if (by.length > 0) this.#queue.drop(watch)
    else scope.letCallGo(watch, last)
  }

  #endScope(scope: Scope): void {
    if (scope.isCut || scope.ended) return
    for (const watch of scope.watches.values()) {
      this.#endWatch(watch, scope, true)
      if (scope.isCut) return
    }
    scope.ended = true
  }

  #cut(scope: Scope, refused?: Place): void {
    scope.isCut = true
    if (scope.name === wholeResponse) {
      // A text beside all choices cuts them all, those included that have not spoken yet.
      refused?.refuse()
      for (let index = 0; index < this.#expected; index++) this.#scope(String(index))
      for (const other of this.#speaking()) {
        other.isCut = true
        this.#queue.cut(other, undefined)
      }
    } else this.#queue.cut(scope, refused)
    // Where the others ended by themselves before, the upstream's own last words may still come, but no more tokens.
    const known = this.scopes.filter(({ name }) => name !== wholeResponse).length
    this.over = known >= this.#expected && this.#speaking().length === 0
  }

  #speaking(): Scope[] {
    return this.scopes.filter((scope) => scope.name !== wholeResponse && !scope.isCut && !scope.ended)
  }

  #scope(name: string): Scope {
    let scope = this.#scopes.get(name)
    if (scope === undefined) {
      scope = new Scope(name)
      this.#scopes.set(name, scope)
    }
    return scope
  }

  #account(place: Place, text: string, masked: number, units: number): void {
    if (place.restates) return
    this.units.released += text.length
    this.units.masked += masked
    if (place.watch === undefined) return
    this.#observer.released?.(place.segment.channel, text, units)
  }
}
