/** Collects what happens during an exchange and closes it as one trail record, exactly once. */

import type { Gate } from '../gate/gate.ts'
import type { Watch } from '../gate/watch.ts'
import { touches, type Verdict } from '../terms/action.ts'
import type { Rule } from '../terms/plan.ts'
import type { Exit, Trail, TrailCut, TrailFault, TrailFinding, TrailPolicy, TrailShadow, TrailUsage } from '../terms/trail.ts'
import type { Choice } from './choice.ts'
import type { GuardOptions } from './limits.ts'

export class Ledger {
  readonly id: string
  #chosen: Choice | undefined
  readonly #now: () => number
  readonly #began: number
  readonly #onEnd: ((trail: Trail) => void) | undefined
  readonly #faults: TrailFault[] = []
  #firstByte: number | null = null
  #prompts: readonly Watch[] = []
  #judges: Trail['judges'] = { inquiries: 0, units: 0 }
  #closed = false
  dialect = 'none'
  keepAlives = 0
  usage: TrailUsage = { input: null, output: null, estimated: false }
  /** What a plan that looks on has seen until now. */
  shadow: (() => TrailShadow) | undefined

  constructor(options: Pick<GuardOptions, 'id' | 'now' | 'onEnd'>) {
    this.id = options.id ?? crypto.randomUUID()
    this.#now = options.now ?? (() => Date.now())
    this.#began = this.#now()
    this.#onEnd = options.onEnd
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

  /** What judges were asked. */
  asked({ inquiries, units }: Trail['judges']): void {
    this.#judges = { inquiries: this.#judges.inquiries + inquiries, units: this.#judges.units + units }
  }

  /** The first byte of the answer left. */
  wrote(): void {
    this.#firstByte ??= this.#now() - this.#began
  }

  close(exit: Exit, gate?: Gate): void {
    if (this.#closed) return
    this.#closed = true
    const watches = [...this.#prompts, ...(gate?.watches ?? [])]
    const findings = watches.flatMap((watch) => this.#findingsOf(watch))
    const mediaCuts = (gate?.mediaCuts ?? []).map(({ scope, by }) => ({ scope, channel: by, at: 0, decided: 0, by: [by] }))
    const cuts = [...watches.flatMap((watch) => this.#cutOf(watch)), ...mediaCuts]
    const judged = watches.flatMap(({ faults }) => faults.map(({ kind, detail }) => ({ code: `judge_${kind}`, detail })))
    const shadow = findings.filter((finding) => finding.mode === 'shadow' && touches(finding.action))
    const trail: Trail = {
      id: this.id,
      dialect: this.dialect,
      policy: this.#policy(),
      verdict: this.#verdict(exit, cuts, findings, judged.length > 0),
      exit,
      findings,
      findings_dropped: watches.reduce((sum, watch) => sum + watch.findings.dropped, 0),
      cuts,
      faults: [...this.#faults, ...judged],
      units: gate?.units ?? { received: 0, released: 0, masked: 0 },
      leaked: {
        at_cap: watches.reduce((sum, watch) => sum + watch.leaked, 0),
        shadow: shadow.reduce((sum, finding) => sum + finding.end - finding.start, 0),
        unjudged: watches.reduce((sum, watch) => sum + watch.unjudged, 0),
      },
      judges: this.#judges,
      frames: {
        received: gate?.frames ?? 0,
        touched: gate?.touched ?? 0,
        divided: gate?.divided ?? 0,
        keep_alives: this.keepAlives,
      },
      held: { max: gate?.heldMost ?? 0 },
      finish: gate?.finish ?? [],
      usage: this.usage,
      ms: { first_byte: this.#firstByte, total: this.#now() - this.#began },
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

  #findingsOf(watch: Watch): TrailFinding[] {
    return watch.findings.list().map(({ rule, start, end }) => {
      const { id, action, mode } = this.#rule(rule)
      return { channel: watch.channel.name, rule: id, action, mode, start, end }
    })
  }

  #cutOf(watch: Watch): TrailCut[] {
    if (watch.cut === undefined) return []
    const { name: channel, scope } = watch.channel
    return [{ scope, channel, at: watch.clear, decided: watch.cut.decided, by: watch.cut.by }]
  }

  #verdict(exit: Exit, cuts: readonly TrailCut[], findings: readonly TrailFinding[], unjudged: boolean): Verdict {
    if (exit === 'blocked') return 'block'
    if (this.#faults.length > 0 || unjudged) return 'fault'
    if (cuts.length > 0) return 'cut'
    return findings.some(({ action, mode }) => action === 'mask' && mode === 'enforce') ? 'mask' : 'clear'
  }
}
