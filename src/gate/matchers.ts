/** All matchers of one channel, which always stand at the same unit. */
import type { Channel } from '../terms/channel.ts'
import type { Finding, MatcherRun } from '../terms/matcher.ts'
import { isInForce, type Plan, type Rule } from '../terms/plan.ts'
import { Allowances } from './allowances.ts'
import { LeafRun } from './leaves.ts'

const none: readonly MatcherRun[] = []
const nothing: readonly Finding[] = []

const leastStride = 16
/** Units read from one copy of the runs to the next: copying at every piece would cost more than reading it. */
const mostSince = 1024

export class Matchers {
  /** Looks inside the strings of a channel that is JSON. */
  readonly leaves: LeafRun | undefined
  readonly #runs: MatcherRun[]
  /** Of the text as it is written; the leaves have their own. */
  readonly #allowances: Allowances | undefined
  readonly #forks: boolean
  /** The runs but the last as they were a while ago, and what they have read since. */
  #before: readonly MatcherRun[] = none
  #since = ''
  /** Units that are read in one go: what follows a finding is read in vain if another halts there, by all runs but one. */
  #stride = Number.POSITIVE_INFINITY

  /** @param asked judges are asked about the channel. @param judged they keep its text back until they have answered. */
  constructor(plan: Plan, channel: Channel, asked: boolean, judged = false) {
    const matchers = plan.matchers[channel.kind]
    // In JSON and in texts that cannot be masked, any finding in force may turn out to cut: halt at each. So they must where a
    // judge is asked: where a finding became certain, and not what came with it, says where that is decided.
    const stopAt = channel.json || channel.fixed || channel.signed || asked ? 'holds' : 'stops'
    this.#runs = matchers.map((matcher) => matcher.open(stopAt))
    this.#allowances = Allowances.of(plan, stopAt)
    if (channel.json && (matchers.length > 0 || channel.atomic || judged)) {
      this.leaves = new LeafRun(plan, matchers, (rule) => isInForce(plan.rules[rule] as Rule), judged)
      this.#runs.push(this.leaves)
    }
    this.#forks =
      this.#runs.length > 1 && (stopAt === 'holds' || plan.rules.some((rule) => isInForce(rule) && rule.action === 'cut'))
  }

  /** @returns the index it came to: `to`, or before it where a finding halted it, or a while after one did. */
  read(text: string, from: number, to: number): number {
    if (this.#allowances?.halts && to > from + 1) return this.read(text, from, from + 1)
    const end = Math.min(to, from + this.#stride)
    let reached = end
    const runs = this.#runs
    if (this.#forks && (this.#before === none || this.#since.length >= mostSince)) {
      this.#before = runs.slice(0, -1).map((run) => run.fork())
      this.#since = ''
    }
    for (let index = 0; index < runs.length; index++) {
      const halted = (runs[index] as MatcherRun).push(text, from, reached)
      if (halted < reached) {
        // Every other run must stand at the very unit of the decision: those that ran past it read again, and once more where a
        // later run halts earlier still.
        for (let earlier = 0; earlier < index; earlier++) runs[earlier] = this.#again(earlier, text.slice(from, halted))
        reached = halted
      }
    }
    if (reached < end) this.#before = none
    else if (this.#forks) this.#since += from === 0 && end === text.length ? text : text.slice(from, end)
    // In a stride about as long as the way from one finding to the next, each unit is read a few times, however many findings.
    this.#stride = reached < end ? Math.max(leastStride, 2 * (reached - from)) : 2 * this.#stride
    return reached
  }

  /** A run as it was before `text`, and then over it. */
  #again(index: number, text: string): MatcherRun {
    const run = (this.#before[index] as MatcherRun).fork()
    for (let at = 0; at < this.#since.length; ) at = run.push(this.#since, at)
    // It was told already.
    run.take()
    run.push(text)
    return run
  }

  end(): void {
    for (const run of this.#runs) run.end()
  }

  /** What became certain since the last call, and final where something may be allowed. @param read units read. */
  take(read: number): readonly Finding[] {
    let found = nothing
    for (const run of this.#runs) {
      if (run === this.leaves) found = this.#allowances?.sift(found, this.#runs, read) ?? found
      const more = run.take()
      if (more.length > 0) found = [...found, ...more]
    }
    return this.leaves === undefined ? (this.#allowances?.sift(found, this.#runs, read) ?? found) : found
  }

  /** Where nothing that could still be found begins before; at most `read`. */
  safeTo(read: number): number {
    let safe = Math.min(read, this.#allowances?.openFrom ?? read)
    for (const run of this.#runs) safe = Math.min(safe, run.safeTo)
    return safe
  }
}
