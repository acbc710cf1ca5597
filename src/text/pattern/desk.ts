/** What the lanes of one run have in common: the text that may be asked for again, what was found, and when to halt. */
import type { History } from './history.ts'
import type { Registers } from './registers.ts'
import type { Accepts, Found } from './spans.ts'
import type { Told } from './stepper.ts'

/** A check on a candidate's text, by rule; undefined where the pattern alone decides. */
export type Checks = readonly (((text: string) => boolean) | undefined)[]

export class Desk {
  readonly classOf: Uint16Array
  readonly #checks: Checks
  readonly history: History
  /** Units read. */
  at = 0
  /** Filled as matches become certain; the owner empties it. */
  found: Found[] = []
  /** Rules whose findings halt the reading. */
  readonly #halts: readonly boolean[]
  halting = false

  constructor(classOf: Uint16Array, checks: Checks, halts: readonly boolean[], history: History) {
    this.classOf = classOf
    this.#checks = checks
    this.#halts = halts
    this.history = history
  }

  copy(): Desk {
    const copy = new Desk(this.classOf, this.#checks, this.#halts, this.history.copy())
    copy.at = this.at
    copy.found = [...this.found]
    return copy
  }

  readonly accepts: Accepts = (rule, start, end) => this.#checks[rule]?.(this.history.slice(start, end)) ?? true

  note(found: readonly Found[]): void {
    for (const finding of found) {
      this.found.push(finding)
      if (this.#halts[finding.rule]) this.halting = true
    }
  }

  /**
   * Notes what became certain at a position, unless a candidate fails its check and others may be hidden behind it.
   *
   * @param starts where the attempts of each group began; those of -1 begin with the unit being read.
   * @param distinct 1 for the rules whose attempts hide no others.
   * @returns the rules that may have other candidates: then nothing was noted.
   */
  tell(told: readonly Told[], starts: Registers, position: number, distinct: Int32Array): number[] | undefined {
    const found: Found[] = []
    const failed = new Set<number>()
    for (const { rule, age, from, others, mixed } of told) {
      const end = position - age
      const startOf = (group: number) => (group < 0 ? this.at : starts[group]!)
      const passes = (group: number) => this.accepts(rule, startOf(group), end)
      const group = passes(from) ? from : others.find(passes)
      if (group !== undefined && (group === from || !mixed)) found.push({ rule, start: startOf(group), end })
      else if (mixed || distinct[rule] !== 1) failed.add(rule)
    }
    if (failed.size > 0) return [...failed]
    this.note(found)
    return undefined
  }

  /** Findings of one unit come in the order of the rules, and of a rule in that of their ends. */
  inOrder(from: number): void {
    if (this.found.length - from < 2) return
    const sorted = this.found.splice(from).sort((a, b) => a.rule - b.rule || a.end - b.end)
    this.found.push(...sorted)
  }
}
