/** One channel under watch: reads its text as it grows, says how far it is clear, and where a rule cuts it. */
import type { Channel } from '../terms/channel.ts'
import type { Inquiry } from '../terms/judge.ts'
import type { Finding } from '../terms/matcher.ts'
import type { Plan, Rule } from '../terms/plan.ts'
import { type Caps, capPassed } from './caps.ts'
import { ClearLine } from './clear-line.ts'
import type { Decision, Docket } from './docket.ts'
import { Findings } from './findings.ts'
import { actsOf, faultOf } from './judgement.ts'
import type { LeafRun } from './leaves.ts'
import { Masking } from './masking.ts'
import { Masks } from './masks.ts'
import { Matchers } from './matchers.ts'
import { Recital, type Restated } from './recital.ts'
import { SentenceUnits } from './sentence-units.ts'

/** Why and where a channel is cut; offsets in UTF-16 units from the channel's start. */
export interface Cut {
  /** Where the decision became certain; nothing after it is read. */
  readonly decided: number
  /** Ids of the rules that decided, in the policy's order, or the name of the cap. */
  readonly by: readonly string[]
}

/** Something that ends the channel at `start`; what decided is named in the order of the policy. */
interface Cutting {
  readonly start: number
  readonly by: string
  readonly order: number
}

const unheard: readonly Decision[] = []

export class Watch {
  readonly channel: Channel
  readonly findings = new Findings()
  readonly masks = new Masks()
  /** Units that left by `at_cap: forward` although a candidate or a mask was open on them. */
  leaked = 0
  cut: Cut | undefined
  /** Units that had come when it was cut; what follows them, or the end, counts as one. */
  #knownAtCut = 0
  ended = false
  /** It has ended, and no judge has to answer about it. */
  decided = false
  /** Faults of judges, and what the policy made of them. */
  readonly faults: NonNullable<Decision['fault']>[] = []
  /** Text waits for a judge's answer, and not only for the next few units. */
  waitsForJudge = false
  /** Units that left unjudged because of them. */
  unjudged = 0
  /** Of a channel that is restated. */
  readonly #recital: Recital | undefined
  readonly #docket: Docket | undefined
  /** The rules for which signed text that leaves whole or not at all does not leave. */
  readonly #dropping = new Set<number>()
  /** The whole call that the text is part of may leave, or all of the text. */
  #isFree = false
  readonly #masking: Masking
  readonly #line: ClearLine
  readonly #matchers: Matchers
  readonly #leaves: LeafRun | undefined
  readonly #plan: Plan
  readonly #caps: Caps

  /**
   * @param restated the scope's count, where the channel belongs to one.
   * @param docket what judges are asked about the channel, where there are any.
   */
  constructor(plan: Plan, channel: Channel, caps: Caps = plan.settings.hold, restated?: Restated, docket?: Docket) {
    this.#plan = plan
    this.#caps = caps
    this.#docket = docket
    this.channel = channel
    if (channel.restated) this.#recital = new Recital(caps, restated)
    this.#matchers = new Matchers(plan, channel, docket !== undefined, docket?.holds)
    this.#leaves = this.#matchers.leaves
    this.#masking = new Masking(channel, this.masks, this.#leaves)
    this.#line = new ClearLine(this.masks, SentenceUnits.of(plan, channel))
  }

  /** Units read. */
  get received(): number {
    return this.#line.read
  }

  /** The clear line: units that are irrevocably free to be sent, masks applied. Never falls. */
  get clear(): number {
    return this.#line.clear
  }

  /** The text is a JSON document that has begun and is not whole yet: somebody has to go on with it. */
  get isOpenDocument(): boolean {
    return this.received > 0 && this.#leaves?.documentState === 'open'
  }

  get held(): number {
    return this.received - this.clear
  }

  /** What has been sent of a channel that is restated, masks applied; undefined where that is more than is kept. */
  get sent(): string | undefined {
    return this.#recital?.sent
  }

  /**
   * Reads on; after a cut nothing more is read.
   *
   * @returns how far it came: less than the text's length after a cut, or where a judge has to answer first. What is due where it ends is for `hearJudges`.
   */
  read(text: string, from = 0): number {
    let at = from
    while (at < text.length && this.hearJudges(true) && this.cut === undefined) {
      const room = Math.min(this.#room(), (this.#docket?.next(this.received) ?? Number.POSITIVE_INFINITY) - this.received)
      const reached = this.#matchers.read(text, at, Math.min(text.length, at + Math.max(1, room)))
      const piece = text.slice(at, reached)
      this.#line.add(piece)
      this.#recital?.add(piece)
      at = reached
      this.#decide()
    }
    return at
  }

  /** The channel has said all it will. @returns whether no judge has to answer first. */
  end(): boolean {
    if (this.cut !== undefined) return true
    if (!this.ended) {
      // What ended before the text did is decided before its end is.
      if (!this.hearJudges(true)) return false
      if (this.cut !== undefined) return true
      this.ended = true
      this.#docket?.close()
      this.#matchers.end()
      this.#decide()
    }
    this.decided = this.hearJudges(true)
    return this.decided
  }

  /**
   * Decides what judges have answered about what was read.
   *
   * @param more the text goes on, or ends, right here.
   * @returns whether no more answers have to come first.
   */
  hearJudges(more = false): boolean {
    while (this.#docket !== undefined && this.cut === undefined) {
      const due = this.#docket.due(this.received, this.ended, more)
      if (due === 'waits') return false
      if (due.length === 0) return true
      this.#decide(due)
    }
    if (this.cut !== undefined) this.hearRest()
    return true
  }

  /** Nothing more is read: hears for the record what nothing waited for and could be asked by then, however the text came. */
  hearRest(): void {
    for (const decision of this.#docket?.rest(...this.#heardTo) ?? []) this.#hear(decision, [])
  }

  /** Nothing more is read: whether the answer to the inquiry belongs into the record all the same. */
  isForRecord({ id }: Pick<Inquiry, 'id'>): boolean {
    return this.#docket?.left(...this.#heardTo).includes(id) === true
  }

  get #heardTo(): [read: number, known: number] {
    if (this.cut !== undefined) return [this.cut.decided, this.#knownAtCut]
    return [this.received, this.received + (this.ended ? 1 : 0)]
  }

  /** Somebody else in its scope speaks: nothing waits for the rest of a sentence. */
  pause(): void {
    if (this.cut === undefined && !this.ended) this.#line.pause()
  }

  /** More than the next few units has to come before what waits can leave. */
  get waitsLong(): boolean {
    return this.waitsForJudge || this.clear < this.#line.safe
  }

  /** Everything of it leaves together, and does not leave yet. */
  get waitsWhole(): boolean {
    return this.channel.atomic === true && !this.#isFree
  }

  /** Ids of the rules for which nothing of the text may leave, in the policy's order. */
  get droppedBy(): readonly string[] {
    return this.ended ? this.#idsOf(this.#dropping) : []
  }

  /** Cuts before the first unit. @param by ids of the rules that decided. */
  refuse(by: readonly string[]): void {
    this.cut ??= { decided: 0, by }
  }

  /** The whole call that the text is part of may leave. */
  letGo(): void {
    this.#isFree = true
    this.#advance(this.masks.line(this.received))
  }

  /** The text up to `offset` has been sent, `text` the last of it as it may be read: what is not restated is forgotten. */
  left(offset: number, units: number, text: string): void {
    if (!this.channel.restated) {
      this.masks.forget(offset)
      return
    }
    this.#recital?.left(units, text)
  }

  /** Whether `text` is all that was read of a channel that is restated. */
  isWhole(text: string): boolean {
    return this.#recital?.isWhole(text) ?? false
  }

  /** Units that can be read before a cap could be passed: within them the hold cannot outgrow its limit at any unit. */
  #room(): number {
    const { most_chars, tool_most_chars } = this.#caps
    const room = this.channel.atomic ? tool_most_chars - this.received : most_chars - (this.received - this.#line.safe)
    return Math.min(room, this.#recital?.room ?? Number.POSITIVE_INFINITY)
  }

  /** @param heard what judges have answered about the text up to where it is read. */
  #decide(heard: readonly Decision[] = unheard): void {
    this.#masking.grow()
    const cutting: Cutting[] = []
    for (const finding of this.#matchers.take(this.received)) {
      const rule = this.#plan.rules[finding.rule] as Rule
      const { action, agreed = 'cut', judge = '', mode } = rule
      if (action !== 'ask') this.#act(finding, rule, action, cutting)
      // Where nobody can be asked, nobody has said that it is harmless.
      else if (!this.#docket?.suspect({ ...finding, holds: mode === 'enforce' && agreed !== 'flag' }, judge, this.received))
        this.#act(finding, rule, agreed, cutting)
    }
    for (const decision of heard) this.#hear(decision, cutting)
    let safe = this.ended ? this.received : this.#matchers.safeTo(this.received)
    this.#docket?.forget(safe)
    const judged = this.#docket?.safeTo ?? safe
    this.waitsForJudge = judged < safe
    safe = Math.min(safe, judged)
    if (cutting.length > 0) {
      this.cut = { decided: this.received, by: [...new Set(cutting.sort((a, b) => a.order - b.order).map(({ by }) => by))] }
      this.#knownAtCut = this.received + (heard.length > 0 && (this.ended || heard.some(({ late }) => late)) ? 1 : 0)
      safe = Math.min(safe, ...cutting.map(({ start }) => start))
    }
    safe = this.#leaves?.beforeEscape(safe) ?? safe
    // What is atomic leaves whole or not at all, a call's parts together: then the scope lets them go.
    const isClean = this.cut === undefined && this.#dropping.size === 0 && !this.waitsForJudge
    const whole = this.ended && isClean && this.channel.call === undefined
    if (whole) this.#isFree = true
    if (!this.channel.atomic || whole) this.#advance(Math.max(this.masks.line(safe), this.#line.safe))
    if (this.cut === undefined && !this.ended) this.#keepWithinCaps()
  }

  #act(finding: Finding, rule: Rule, action: Rule['action'], cutting: Cutting[]): void {
    this.findings.add(finding)
    if (rule.mode !== 'enforce' || action === 'flag') return
    if (action === 'mask' && this.channel.signed && this.channel.atomic) this.#dropping.add(finding.rule)
    else if (action === 'cut' || !this.#masking.mask(finding, rule, this.clear))
      cutting.push({ start: finding.start, by: rule.id, order: finding.rule })
  }

  #hear(decision: Decision, cutting: Cutting[]): void {
    const { seat, fault } = decision
    if (fault === undefined) {
      for (const { finding, rule, action } of actsOf(decision, this.#plan.rules)) this.#act(finding, rule, action, cutting)
      return
    }
    this.faults.push(fault)
    const { cutAt, unjudged } = faultOf(decision)
    this.unjudged += unjudged
    if (cutAt !== undefined) cutting.push({ start: cutAt, by: seat.judge.name, order: Number.MAX_SAFE_INTEGER })
  }

  #idsOf(rules: ReadonlySet<number>): string[] {
    return [...rules].sort((a, b) => a - b).map((rule) => (this.#plan.rules[rule] as Rule).id)
  }

  #advance(safe: number): void {
    const before = this.clear
    this.#line.moveTo(safe, this.ended && this.cut === undefined)
    if (this.clear !== before) this.#leaves?.forget(this.clear)
  }

  #keepWithinCaps(): void {
    const { at_cap } = this.#caps
    const cap = capPassed(this.#caps, this.channel, this.received, this.received - this.#line.safe, this.#recital?.room)
    if (cap === undefined) return
    if (at_cap === 'cut' || this.channel.atomic) {
      this.cut = { decided: this.received, by: [cap] }
      this.#knownAtCut = this.received
    } else {
      this.leaked += this.#line.forward()
      this.#leaves?.forget(this.clear)
    }
  }
}
