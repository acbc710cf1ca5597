/** The decision machine of one response: reads frames, keeps a watch on every channel, lets out what is clear. No clock, no I/O. */
import { SluiceError } from '../errors.ts'
import type { Channel } from '../terms/channel.ts'
import type { Lens } from '../terms/dialect.ts'
import type { ChannelEnd, Frame, Media, Reading, Segment, Step } from '../terms/frame.ts'
import type { Answer, Inquiry } from '../terms/judge.ts'
import { isInForce, type Plan } from '../terms/plan.ts'
import type { Caps } from './caps.ts'
import type { ClearedFrame } from './cleared.ts'
import { Court } from './court.ts'
import { callOf } from './line.ts'
import type { GateObserver } from './observer.ts'
import { Place } from './place.ts'
import { HoldQueue } from './queue.ts'
import type { Scope } from './scope.ts'
import { Scopes } from './scopes.ts'
import { type Turn, Turns } from './turns.ts'
import { Watch } from './watch.ts'
import { Wholes } from './wholes.ts'

const none: readonly Inquiry[] = []

const theEnd: Reading = { steps: [], mentions: [], describes: [], terminal: true }

export class Gate {
  readonly #plan: Plan
  readonly #caps: Caps
  readonly #inForce: boolean
  readonly #lens: Lens
  readonly #observer: GateObserver
  readonly #queue: HoldQueue
  /** Undefined where the policy has no judges. */
  readonly #court: Court | undefined
  readonly #turns: Turns
  readonly #scopes: Scopes
  readonly #wholes: Wholes
  readonly finish: string[] = []
  /** Scopes that the policy's `media` cut. */
  readonly mediaCuts: { readonly scope: string; readonly by: string }[] = []
  frames = 0
  units = { received: 0, released: 0, masked: 0 }
  heldMost = 0
  terminal = false
  /**
   * @param scopes how many scopes the response will have; a cut of the last one ends it.
   * @param caps `wholeTextCaps` for a whole body.
   */
  constructor(plan: Plan, lens: Lens, scopes: number, observer: GateObserver = {}, caps: Caps = plan.settings.hold) {
    this.#plan = plan
    this.#inForce = plan.rules.some(isInForce)
    // What is kept for an ending is bounded all the same, but where nothing can be cut it is no reason to.
    this.#caps = this.#inForce ? caps : { ...caps, at_cap: 'forward' }
    this.#lens = lens
    this.#observer = observer
    if (Object.values(plan.seats).some((seats) => seats.length > 0)) this.#court = new Court(plan)
    this.#queue = new HoldQueue(lens, plan.settings.on_cut, (place, text, masked, units) =>
      this.#account(place, text, masked, units),
    )
    this.#scopes = new Scopes(scopes, this.#queue)
    this.#wholes = new Wholes(plan)
    this.#turns = new Turns({
      begin: (begun, reading) => {
        this.frames++
        this.#queue.add(begun, reading)
      },
      take: (step, turn) => this.#take(step, turn),
      finish: (turn) => this.#finish(turn) && this.#queue.completed(),
      isOver: () => this.over,
    })
  }

  get touched(): number {
    return this.#queue.touched
  }

  get heldBytes(): number {
    return this.#queue.heldBytes + this.#turns.bytes
  }

  /** A judge has to answer before anything more can be decided. */
  get waits(): boolean {
    return this.#turns.waits && !this.over
  }

  get divided(): number {
    return this.#queue.divided
  }

  get scopes(): readonly Scope[] {
    return this.#scopes.all
  }

  /** The last scope that was still speaking was cut: nothing that comes can matter any more, the upstream can go. */
  get over(): boolean {
    return this.#scopes.over
  }

  /** Every watch in order of first appearance, texts of their own included. */
  get watches(): readonly Watch[] {
    return [...this.scopes.flatMap((scope) => [...scope.watches.values()]), ...this.#wholes.found]
  }

  /** @throws SluiceError `unreadable_frame`, `text_after_end`, `unknown_text`. */
  read(frame: Frame): void {
    const reading = this.#lens.read(frame)
    this.#observer.frame?.(reading, frame)
    this.#turn(frame, reading)
  }

  /** The text of the response is over: the end is a boundary, what was held is decided. */
  end(): void {
    this.#turn(undefined, theEnd)
  }

  /** The questions to judges that have come up since the last call. */
  inquiries(): readonly Inquiry[] {
    return this.#court?.take(this.#scopes.needs) ?? none
  }

  /** Whether the answer still matters: of what was cut, for the record. */
  needs(inquiry: Inquiry): boolean {
    return this.#scopes.needs(inquiry)
  }

  /**
   * A judge has answered, in whatever order: decisions are made in the order of the text.
   *
   * @throws SluiceError as `read` does, for what had to wait.
   */
  settle(id: number, answer: Answer): void {
    const channel = this.#court?.answer(id, answer)
    const scope = channel && this.#scopes.known(channel.scope)
    const watch = channel && scope?.watches.get(channel.name)
    if (scope?.isCut) watch?.hearRest()
    else if (scope !== undefined && watch !== undefined) {
      watch.hearJudges()
      if (watch.cut !== undefined) this.#scopes.cut(scope)
    }
    this.#turns.proceed()
  }

  /** What may leave now, in order; the last word after the last cut included. */
  flush(): ClearedFrame[] {
    return this.#queue.flush()
  }

  #turn(frame: Frame | undefined, reading: Reading): void {
    this.#court?.hear(reading, this.#scopes.isCut)
    this.#turns.add(frame, reading)
  }

  #finish(turn: Turn): boolean {
    const { frame, reading } = turn
    if (turn.step === reading.steps.length) {
      for (const media of reading.media ?? []) this.#readMedia(media)
      if (reading.finish !== undefined) this.finish.push(reading.finish)
      turn.step++
    }
    if (!reading.terminal) return true
    for (const scope of this.#scopes.all) if (!this.#endScope(scope)) return false
    this.terminal ||= frame !== undefined
    return true
  }

  #take(step: Step, turn: Turn): boolean {
    if (step.kind === 'channel-end') return this.#endChannel(step)
    if (step.kind === 'scope-end') return this.#endScope(this.#scopes.of(step.scope))
    if (turn.text === undefined) return this.#readText(step, turn)
    return this.#readOn(step, this.#scopes.of(step.channel.scope), turn.text)
  }

  #readText(segment: Segment, turn: Turn): boolean {
    const { channel, text } = segment
    const scope = this.#scopes.of(channel.scope)
    if (segment.relation === 'restates') return this.#readAgain(segment, scope)
    this.units.received += text.length
    if (scope.isCut) this.#refuse(segment, scope)
    else if (channel.kind === 'unknown' && text !== '' && this.#plan.settings.unknown !== 'check') this.#turnAway(segment, scope)
    else if (segment.relation === 'whole') this.#readWhole(segment, scope)
    else {
      turn.text = this.#begin(segment, scope)
      return this.#readOn(segment, scope, turn.text)
    }
    return true
  }

  #begin(segment: Segment, scope: Scope): { watch: Watch; read: number } {
    const { text } = segment
    const watch = scope.watches.get(segment.channel.name) ?? this.#watch(segment.channel, scope)
    scope.hear(watch, segment)
    this.#queue.place(new Place(segment, scope, watch, watch.received, text))
    return { watch, read: 0 }
  }

  #readOn({ text }: Segment, scope: Scope, reading: { watch: Watch; read: number }): boolean {
    const { watch } = reading
    // What waited may have been cut by what was decided meanwhile.
    if (scope.isCut) return true
    reading.read = watch.read(text, reading.read)
    const decided = watch.hearJudges()
    this.heldMost = Math.max(this.heldMost, watch.held)
    if (watch.cut !== undefined) this.#scopes.cut(scope)
    else if (!decided || reading.read < text.length) return false
    if (text !== '') this.#observer.read?.(watch)
    return true
  }

  #watch(named: Channel, scope: Scope): Watch {
    const { settings, matchers } = this.#plan
    const docket = this.#court?.docket(named)
    const waits = named.signed && settings.reasoning === 'hold' && (docket !== undefined || matchers[named.kind].length > 0)
    // Where no rule is in force nothing can end a call half-way, so nothing has to wait for its end.
    const channel = this.#inForce ? { ...named, ...(waits && { atomic: true }) } : { ...named, atomic: false, signed: false }
    const watch = new Watch(this.#plan, channel, this.#caps, scope.restated, docket)
    scope.add(watch)
    // Providers refuse a call back whose reasoning is missing, so the turn could not go on.
    if (scope.dropped.size > 0 && channel.kind === 'tool_input' && channel.atomic) watch.refuse([...scope.dropped])
    return watch
  }

  /** The channel's text is over. Where it comes again as it was read, it leaves as what was read of it left. */
  #readAgain(segment: Segment, scope: Scope): boolean {
    const watch = scope.watches.get(segment.channel.name)
    if (watch !== undefined && !this.#endWatch(watch, scope, false)) return false
    if (scope.isCut) this.#refuse(segment, scope)
    else if (watch?.isWhole(segment.text)) this.#queue.place(new Place(segment, scope, watch, 0, segment.text))
    else {
      this.units.received += segment.text.length
      this.#readWhole(segment, scope)
    }
    return true
  }

  #readWhole(segment: Segment, scope: Scope): void {
    const { place, isCut } = this.#wholes.read(segment, scope)
    this.#queue.place(place)
    if (isCut) this.#scopes.cut(scope, place)
  }

  /** `unknown: drop` takes the string out, `refuse` ends the response as a fault. */
  #turnAway(segment: Segment, scope: Scope): void {
    if (this.#plan.settings.unknown === 'refuse') {
      throw new SluiceError('unknown_text', `a text no dialect knows came under ${segment.channel.name}`)
    }
    this.#refuse(segment, scope)
  }

  /** Takes the text out, unread. */
  #refuse(segment: Segment, scope: Scope): Place {
    const place = new Place(segment, scope, undefined, 0, '').refuse()
    this.#queue.place(place)
    return place
  }

  #readMedia({ kind, scope: name, slot }: Media): void {
    const action = this.#plan.settings.media[kind]
    const scope = this.#scopes.of(name)
    if (action === 'pass' && !scope.isCut) return
    const channel: Channel = { name: `media/${kind}`, scope: name, kind: 'unknown' }
    const place = this.#refuse({ kind: 'text', channel, text: '', relation: 'whole', slot }, scope)
    if (action !== 'cut' || scope.isCut) return
    this.mediaCuts.push({ scope: name, by: channel.name })
    this.#scopes.cut(scope, place)
  }

  #endChannel({ channel: name, last }: ChannelEnd): boolean {
    for (const scope of this.#scopes.all) {
      const watch = scope.watches.get(name)
      // Some servers write parallel tool calls by turns: a call whose arguments are not whole has not ended, whoever speaks next.
      if (watch === undefined || scope.isCut || (!last && scope.watches.get(callOf(name))?.isOpenDocument)) continue
      if (!this.#endWatch(watch, scope, last === true)) return false
    }
    return true
  }

  #endWatch(watch: Watch, scope: Scope, last: boolean): boolean {
    const decided = watch.end()
    if (watch.cut !== undefined) {
      this.#scopes.cut(scope)
      return true
    }
    if (!decided) return false
    const by = watch.droppedBy
    for (const rule of by) scope.dropped.add(rule)
    if (by.length > 0) this.#queue.drop(watch)
    else scope.letCallGo(watch, last)
    return true
  }

  #endScope(scope: Scope): boolean {
    if (scope.isCut || scope.ended) return true
    for (const watch of scope.watches.values()) {
      if (!this.#endWatch(watch, scope, true)) return false
      if (scope.isCut) return true
    }
    scope.ended = true
    return true
  }

  #account(place: Place, text: string, masked: number, units: number): void {
    if (place.restates) return
    this.units.released += text.length
    this.units.masked += masked
    if (place.watch === undefined) return
    this.#observer.released?.(place.segment.channel, text, units)
  }
}
