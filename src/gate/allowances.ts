/** Findings between being certain and being final: void inside of what a rule allows, open while that may still come to be. */
import type { Finding, MatcherRun } from '../terms/matcher.ts'
import { isInForce, type Plan, type Rule } from '../terms/plan.ts'
import { firstIndex } from '../text/search.ts'

/** Units back from what was read in which a finding may still become certain, however long its look-ahead and exceptions. */
const reach = 4096

/** By rule that is lifted, the rules that lift it; undefined where the plan allows nothing. */
type LiftedBy = ReadonlyMap<number, readonly number[]>

const known = new WeakMap<Plan, LiftedBy | undefined>()

function liftedBy(plan: Plan): LiftedBy | undefined {
  if (known.has(plan)) return known.get(plan)
  const lifting = new Map<number, number[]>()
  for (const [index, { lifts = [] }] of plan.rules.entries())
    for (const rule of lifts) lifting.set(rule, [...(lifting.get(rule) ?? []), index])
  const made = plan.rules.some(({ action }) => action === 'allow') ? lifting : undefined
  known.set(plan, made)
  return made
}

/** One reading of one text: what is allowed there is allowed in no other. */
export class Allowances {
  readonly #rules: readonly Rule[]
  readonly #liftedBy: LiftedBy
  readonly #stopAt: 'stops' | 'holds'
  /** What is allowed, by end. */
  #spans: Finding[] = []
  #open: Finding[] = []

  private constructor(plan: Plan, lifting: LiftedBy, stopAt: 'stops' | 'holds') {
    this.#rules = plan.rules
    this.#liftedBy = lifting
    this.#stopAt = stopAt
  }

  /**
   * Undefined where the plan allows nothing: then every finding is final as it comes.
   *
   * @param stopAt at which findings the runs halt: an open one has to be looked at after every unit.
   */
  static of(plan: Plan, stopAt: 'stops' | 'holds'): Allowances | undefined {
    const lifting = liftedBy(plan)
    return lifting && new Allowances(plan, lifting, stopAt)
  }

  /**
   * What is final now: of what became certain and of what was open.
   *
   * @param runs all that read the text; they stand at the same unit, `read`.
   */
  sift(certain: readonly Finding[], runs: readonly MatcherRun[], read: number): readonly Finding[] {
    if (certain.length === 0 && this.#open.length === 0) return certain
    const isAllowed = ({ rule }: Finding): boolean => this.#rules[rule]?.action === 'allow'
    for (const span of certain) if (isAllowed(span)) this.#allow(span)
    const final: Finding[] = []
    const open: Finding[] = []
    for (const finding of [...this.#open, ...certain]) {
      const by = this.#liftedBy.get(finding.rule)
      if (by === undefined) {
        if (!isAllowed(finding)) final.push(finding)
      } else if (!this.#covers(by, finding)) {
        const isOpen = by.some((rule) => runs.some((run) => run.begunFrom(rule) <= finding.start))
        ;(isOpen ? open : final).push(finding)
      }
    }
    this.#open = open
    if (this.#spans.length > 64) this.#spans = this.#spans.slice(firstIndex(this.#spans, ({ end }) => end > read - reach))
    return final
  }

  /** Where the first open finding begins that keeps its text back, or Infinity. */
  get openFrom(): number {
    let from = Number.POSITIVE_INFINITY
    for (const { rule, start } of this.#open) if (this.#acts(rule, 'holds')) from = Math.min(from, start)
    return from
  }

  /** At any unit a finding may become final at which the runs would have halted. */
  get halts(): boolean {
    return this.#open.some(({ rule }) => this.#acts(rule, this.#stopAt))
  }

  #acts(index: number, how: 'stops' | 'holds'): boolean {
    const rule = this.#rules[index] as Rule
    return isInForce(rule) && (how === 'holds' || rule.action === 'cut')
  }

  #allow(span: Finding): void {
    this.#spans.splice(
      firstIndex(this.#spans, ({ end }) => end > span.end),
      0,
      span,
    )
  }

  #covers(by: readonly number[], { start, end }: Finding): boolean {
    for (let index = this.#spans.length - 1; index >= 0; index--) {
      const span = this.#spans[index] as Finding
      if (span.end < end) return false
      if (span.start <= start && by.includes(span.rule)) return true
    }
    return false
  }
}
