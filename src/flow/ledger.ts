/** Collects what happens during an exchange and closes it as one trail record, exactly once. */
import type { Gate } from '../gate/gate.ts'
import type { Watch } from '../gate/watch.ts'
import { touches, type Verdict } from '../terms/action.ts'
import type { Answer } from '../terms/judge.ts'
import { isInForce, type Rule } from '../terms/plan.ts'
import type { Exit, Trail, TrailCut, TrailFault, TrailFinding, TrailPolicy, TrailShadow, TrailUsage } from '../terms/trail.ts'
import type { Asking } from './asking.ts'
import type { Choice } from './choice.ts'
import { Desk } from './desk.ts'
import { type GuardOptions, limitsOf } from './limits.ts'

export class Ledger {
  readonly id: string
  #chosen: Choice | undefined
  readonly #now: () => number
  readonly #began: number
  readonly #onEnd: ((trail: Trail) => void) | undefined
  readonly #faults: TrailFault[] = []
  #firstByte: number | null = null
  #prompts: readonly Watch[] = []
  #closed = false
  #claimed: Exit | undefined
  #recorded: Promise<void> | undefined
  readonly #late = new Map<Asking, Promise<void>>()
  /** The exchange's way to its judges. */
  readonly desk: Desk
  dialect = 'none'
  keepAlives = 0
  usage: TrailUsage = { input: null, output: null, estimated: false }
  /** What a plan that looks on has seen until now. */
  shadow: (() => TrailShadow) | undefined

  constructor(options: Pick<GuardOptions, 'id' | 'now' | 'onEnd' | 'limits'>, desk = new Desk(limitsOf(options).most_inquiries)) {
    this.id = options.id ?? crypto.randomUUID()
    this.#now = options.now ?? (() => Date.now())
    this.#began = this.#now()
    this.#onEnd = options.onEnd
    this.desk = desk
  }

  /** What rules the exchange from here on. */
  chose(choice: Choice): void {
    this.#chosen = choice
  }

  fault(code: string, detail: string): void {
    this.#faults.push({ code, detail })
  }

  prompts(watches: readonly Watch[]): void {
    this.#prompts = watches
  }

  /** The first byte of the answer left. */
  wrote(): void {
    this.#firstByte ??= this.#now() - this.#began
  }

  /**
   * Hears what judges have still to say about a text that waits for them no more.
   *
   * @returns whether there is anything to hear; then the asking is stopped here.
   */
  hearLater(asking: Asking, text: { settle(id: number, answer: Answer): void; waits(): boolean }): boolean {
    if (asking.isIdle || this.#closed) return false
    const hear = async (): Promise<void> => {
      while (!asking.isIdle) {
        await asking.answered()
        for (const { id, answer } of asking.take()) text.settle(id, answer)
        text.waits()
      }
    }
    this.#late.set(
      asking,
      hear().catch((error: unknown) => this.fault('internal', error instanceof Error ? error.name : 'unknown')),
    )
    return true
  }

  /** All that is still to be heard for the record. */
  get heard(): Promise<unknown> | undefined {
    return this.#late.size > 0 ? Promise.all(this.#late.values()) : undefined
  }

  /** Nothing more is heard for the record. */
  hush(): void {
    for (const asking of this.#late.keys()) asking.stop()
    this.#late.clear()
  }

  /** The exchange ends so, whatever else ends on the way. */
  claim(exit: Exit): void {
    this.#claimed = exit
  }

  /** Makes the record: at once, or after an answer that came to its end, a cut too, when all judges were heard. */
  close(exit: Exit, gate?: Gate): void {
    if (this.#closed || (this.#claimed ?? exit) !== exit) return
    this.#closed = true
    const total = this.#now() - this.#began
    if (exit !== 'done' && exit !== 'unterminated' && exit !== 'cut') this.hush()
    const { heard } = this
    if (heard !== undefined) {
      this.#recorded = heard.then(() => this.#write(exit, total, gate))
      return
    }
    this.#write(exit, total, gate)
  }

  /** When the record is made, where that waits for judges. */
  get recorded(): Promise<void> | undefined {
    return this.#recorded
  }

  #write(exit: Exit, total: number, gate: Gate | undefined): void {
    const watches = [...this.#prompts, ...(gate?.watches ?? [])]
    const found = watches.flatMap((watch) => this.#foundBy(watch))
    const mediaCuts = (gate?.mediaCuts ?? []).map(({ scope, by }) => ({ scope, channel: by, at: 0, decided: 0, by: [by] }))
    const cuts = [...watches.flatMap((watch) => this.#cutOf(watch)), ...mediaCuts]
    const judged = watches.flatMap(({ faults }) => faults.map(({ kind, detail }) => ({ code: `judge_${kind}`, detail })))
    const shadow = found.filter(({ rule }) => rule.mode === 'shadow' && touches(rule.agreed ?? rule.action))
    const masks = found.some(({ rule }) => isInForce(rule) && (rule.agreed ?? rule.action) === 'mask')
    const trail: Trail = {
      id: this.id,
      dialect: this.dialect,
      policy: this.#policy(),
      verdict: this.#verdict(exit, cuts.length > 0, masks, judged.length > 0),
      exit,
      findings: found.map(told),
      findings_dropped: watches.reduce((sum, watch) => sum + watch.findings.dropped, 0),
      cuts,
      faults: [...this.#faults, ...judged],
      units: gate?.units ?? { received: 0, released: 0, masked: 0 },
      leaked: {
        at_cap: watches.reduce((sum, watch) => sum + watch.leaked, 0),
        shadow: shadow.reduce((sum, finding) => sum + finding.end - finding.start, 0),
        unjudged: watches.reduce((sum, watch) => sum + watch.unjudged, 0),
      },
      judges: this.desk.bill.total,
      frames: {
        received: gate?.frames ?? 0,
        touched: gate?.touched ?? 0,
        divided: gate?.divided ?? 0,
        keep_alives: this.keepAlives,
      },
      held: { max: gate?.heldMost ?? 0 },
      finish: gate?.finish ?? [],
      usage: this.usage,
      ms: { first_byte: this.#firstByte, total },
      ...(this.shadow && { shadow: this.shadow() }),
    }
    try {
      this.#onEnd?.(trail)
    } catch {
      // A sink may not break the exchange it records.
    }
  }

  #policy(): TrailPolicy {
    if (this.#chosen === undefined) return { name: 'none', hash: '', mode: 'enforce' }
    const { plan, part, refused } = this.#chosen
    return { name: plan.name, hash: plan.hash, mode: plan.mode, ...(part && { part }), ...(refused && { refused }) }
  }

  #rule(index: number): Rule {
    return (this.#chosen as Choice).plan.rules[index] as Rule
  }

  #foundBy({ channel, findings }: Watch): Found[] {
    return findings.list().map(({ rule, start, end }) => ({ channel: channel.name, rule: this.#rule(rule), start, end }))
  }

  #cutOf(watch: Watch): TrailCut[] {
    if (watch.cut === undefined) return []
    const { name: channel, scope } = watch.channel
    return [{ scope, channel, at: watch.clear, decided: watch.cut.decided, by: watch.cut.by }]
  }

  #verdict(exit: Exit, cuts: boolean, masks: boolean, unjudged: boolean): Verdict {
    if (this.#faults.length > 0 || unjudged) return 'fault'
    if (exit === 'blocked') return 'block'
    if (cuts) return 'cut'
    return masks ? 'mask' : 'clear'
  }
}

interface Found {
  readonly channel: string
  readonly rule: Rule
  readonly start: number
  readonly end: number
}

function told({ channel, rule: { id, action, mode, severity, tags }, start, end }: Found): TrailFinding {
  const weight = { ...(severity !== undefined && { severity }), ...(tags.length > 0 && { tags }) }
  return { channel, rule: id, action, mode, ...weight, start, end }
}
