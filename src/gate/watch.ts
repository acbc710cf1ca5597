/** One channel under watch: reads its text as it grows, says how far it is clear, and where a rule cuts it. */
import type { Channel } from '../terms/channel.ts'
import type { Finding, MatcherRun } from '../terms/matcher.ts'
import type { HoldLimits, Plan, Rule } from '../terms/plan.ts'
import { joinsBefore } from '../text/cluster.ts'
import { Fingerprint } from '../text/fingerprint.ts'
import { Findings } from './findings.ts'
import { LeafRun } from './leaves.ts'
import { type Mask, Masks } from './masks.ts'

/** Why and where a channel is cut; offsets in UTF-16 units from the channel's start. */
export interface Cut {
  /** Where the decision became certain; nothing after it is read. */
  readonly decided: number
  /** Ids of the rules that decided, in the policy's order, or the name of the cap. */
  readonly by: readonly string[]
}

/** How much a channel may hold before the cap decides. */
export type Caps = Pick<HoldLimits, 'most_chars' | 'tool_most_chars' | 'answer_most_chars' | 'at_cap'>

/** UTF-16 units that a scope's channels have said together, of those that are restated. */
export interface Restated {
  read: number
  sent: number
}

/** Whole bodies and prompts are bounded by the body's limit already. */
export const wholeTextCaps: Caps = {
  most_chars: Number.POSITIVE_INFINITY,
  tool_most_chars: Number.POSITIVE_INFINITY,
  answer_most_chars: Number.POSITIVE_INFINITY,
  at_cap: 'cut',
}

const inForce = (rule: Rule): boolean => rule.mode === 'enforce' && rule.action !== 'flag'

export class Watch {
  readonly channel: Channel
  readonly findings = new Findings()
  readonly masks = new Masks()
  /** Units read. */
  received = 0
  /** The clear line: units that are irrevocably free to be sent, masks applied. Never falls. */
  clear = 0
  /** Units that left by `at_cap: forward` although a candidate or a mask was open on them. */
  leaked = 0
  cut: Cut | undefined
  ended = false
  /** What has been sent of a channel that is restated, masks applied; undefined where that is more than is kept. */
  sent: string | undefined = ''
  /** Of a channel that is restated. */
  readonly #fingerprint: Fingerprint | undefined
  /** The rules for which signed text that leaves whole or not at all does not leave. */
  readonly #dropping = new Set<number>()
  /** The whole call that the text is part of may leave, or all of the text. */
  #isFree = false
  /** Masks that end inside an escape which is still being written, and grow with it. */
  #growing: Mask[] = []
  /** The text from the clear line to what was received. */
  #held = ''
  #runs: MatcherRun[]
  readonly #leaves: LeafRun | undefined
  readonly #plan: Plan
  readonly #caps: Caps
  readonly #restated: Restated
  readonly #forks: boolean

  /** @param restated the scope's count, where the channel belongs to one. */
  constructor(plan: Plan, channel: Channel, caps: Caps = plan.settings.hold, restated: Restated = { read: 0, sent: 0 }) {
    this.#plan = plan
    this.#caps = caps
    this.#restated = restated
    this.channel = channel
    if (channel.restated) this.#fingerprint = new Fingerprint()
    const matchers = plan.matchers[channel.kind]
    // In JSON and in texts that cannot be masked, any finding in force may turn out to cut: halt at each.
    const stopAt = channel.json || channel.fixed || channel.signed ? 'holds' : 'stops'
    this.#runs = matchers.map((matcher) => matcher.open(stopAt))
    if (channel.json && (matchers.length > 0 || channel.atomic)) {
      this.#leaves = new LeafRun(matchers, (rule) => inForce(plan.rules[rule] as Rule))
      this.#runs.push(this.#leaves)
    }
    this.#forks =
      this.#runs.length > 1 && (stopAt === 'holds' || plan.rules.some((rule) => inForce(rule) && rule.action === 'cut'))
  }

  /** The text is a JSON document that has begun and is not whole yet: somebody has to go on with it. */
  get isOpenDocument(): boolean {
    return this.received > 0 && this.#leaves?.documentState === 'open'
  }

  get held(): number {
    return this.received - this.clear
  }

  /** Reads on; after a cut nothing more is read. */
  read(text: string): void {
    let at = 0
    while (at < text.length && this.cut === undefined) {
      const room = this.#room()
      const reached = this.#readTo(text, at, Math.min(text.length, at + Math.max(1, room)))
      this.received += reached - at
      const piece = text.slice(at, reached)
      this.#held += piece
      if (this.#fingerprint !== undefined) {
        this.#fingerprint.add(piece)
        this.#restated.read += piece.length
      }
      at = reached
      this.#decide()
    }
  }

  /** The channel has said all it will. */
  end(): void {
    if (this.ended || this.cut !== undefined) return
    this.ended = true
    for (const run of this.#runs) run.end()
    this.#decide()
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
    const { answer_most_chars, at_cap } = this.#caps
    this.#restated.sent += units
    // Where the cap cuts, it has bounded what could be sent already.
    const isKept = at_cap === 'cut' || this.#restated.sent <= answer_most_chars
    this.sent = isKept && this.sent !== undefined ? this.sent + text : undefined
  }

  /** Whether `text` is all that was read of a channel that is restated. */
  isWhole(text: string): boolean {
    return this.#fingerprint?.is(text) ?? false
  }

  /** Units that can be read before a cap could be passed: within them the hold cannot outgrow its limit at any unit. */
  #room(): number {
    const { most_chars, tool_most_chars } = this.#caps
    const room = this.channel.atomic ? tool_most_chars - this.received : most_chars - this.held
    return Math.min(room, this.#restatable)
  }

  /** Units that may still be read where the scope is cut once it has said more than is kept. */
  get #restatable(): number {
    const { answer_most_chars, at_cap } = this.#caps
    return this.channel.restated && at_cap === 'cut' ? answer_most_chars - this.#restated.read : Number.POSITIVE_INFINITY
  }

  #readTo(text: string, from: number, to: number): number {
    let reached = to
    const before = this.#forks ? this.#runs.slice(0, -1).map((run) => run.fork()) : []
    for (const [index, run] of this.#runs.entries()) {
      const halted = run.push(text, from, reached)
      if (halted < reached) {
        // Every other run must stand at the very unit of the decision: those that ran past it read again, from a fork, since a
        // later run may halt earlier still.
        for (let earlier = 0; earlier < index; earlier++) {
          const again = (before[earlier] as MatcherRun).fork()
          again.push(text, from, halted)
          this.#runs[earlier] = again
        }
        reached = halted
      }
    }
    return reached
  }

  #decide(): void {
    this.#grow()
    const cutting: Finding[] = []
    for (const run of this.#runs) {
      for (const finding of run.take()) {
        this.findings.add(finding)
        const rule = this.#plan.rules[finding.rule] as Rule
        if (!inForce(rule)) continue
        if (rule.action === 'mask' && this.channel.signed && this.channel.atomic) this.#dropping.add(finding.rule)
        else if (rule.action === 'cut' || !this.#mask(finding, rule)) cutting.push(finding)
      }
    }
    let safe = this.received
    if (!this.ended) for (const run of this.#runs) safe = Math.min(safe, run.safeTo)
    if (cutting.length > 0) {
      this.cut = { decided: this.received, by: this.#idsOf(new Set(cutting.map((finding) => finding.rule))) }
      safe = Math.min(safe, ...cutting.map((finding) => finding.start))
    }
    safe = this.#leaves?.beforeEscape(safe) ?? safe
    // What is atomic leaves whole or not at all, a call's parts together: then the scope lets them go.
    const whole = this.ended && this.cut === undefined && this.#dropping.size === 0 && this.channel.call === undefined
    if (whole) this.#isFree = true
    if (!this.channel.atomic || whole) this.#advance(Math.max(this.masks.line(safe), this.clear))
    if (this.cut === undefined && !this.ended) this.#keepWithinCaps()
  }

  /** @returns false where the finding cannot be masked and must cut. */
  #mask(finding: Finding, rule: Rule): boolean {
    if (this.channel.fixed || this.channel.signed) return false
    const start = Math.max(finding.start, this.clear)
    if (start >= finding.end) return true
    const label = { start: finding.start, end: finding.end }
    const place = this.#leaves?.place(start, finding.end) ?? { kind: 'text' as const }
    if (place.kind === 'structure') return false
    if (place.kind === 'text') this.masks.add({ start, end: finding.end, label, rule: finding.rule, written: rule.with })
    else {
      const written = JSON.stringify(rule.with).slice(1, -1)
      const mask = { start: place.start, end: place.end, label, rule: finding.rule, written }
      this.masks.add(mask)
      if (place.grows) this.#growing.push(mask)
    }
    return true
  }

  #idsOf(rules: ReadonlySet<number>): string[] {
    return [...rules].sort((a, b) => a - b).map((rule) => (this.#plan.rules[rule] as Rule).id)
  }

  #grow(): void {
    if (this.#growing.length === 0) return
    const growing = this.#growing
    this.#growing = []
    for (const mask of growing) {
      const place = this.#leaves?.place(mask.start, mask.end)
      if (place?.kind !== 'value') continue
      const grown = { ...mask, end: place.end }
      this.masks.add(grown)
      if (place.grows) this.#growing.push(grown)
    }
  }

  #advance(line: number): void {
    if (line === this.clear) return
    const text = this.#held.slice(0, line - this.clear)
    this.masks.settle(this.clear, line, text, joinsBefore)
    this.#held = this.#held.slice(line - this.clear)
    this.clear = line
    this.#leaves?.forget(line)
  }

  #keepWithinCaps(): void {
    const { at_cap } = this.#caps
    const cap = this.#capPassed()
    if (cap === undefined) return
    if (at_cap === 'cut' || this.channel.atomic) this.cut = { decided: this.received, by: [cap] }
    else {
      this.leaked += this.held
      this.masks.dropPending()
      this.#advance(this.received)
    }
  }

  #capPassed(): string | undefined {
    const { most_chars, tool_most_chars } = this.#caps
    if (this.channel.atomic ? this.received > tool_most_chars : this.held > most_chars)
      return this.channel.atomic ? 'tool_most_chars' : 'most_chars'
    return this.#restatable < 0 ? 'answer_most_chars' : undefined
  }
}
