/** What one channel's rules found, as the trail and `sluice replay` tell it: matches of a rule that share a unit are one finding. */
import type { Finding } from '../terms/matcher.ts'
import { firstIndex } from '../text/search.ts'

/** Findings kept per channel and rule; more are counted only, so that a flag on every word cannot fill the memory or hide another rule. */
const most = 1000

export class Findings {
  /** By rule; each list ascending, no two of it share a unit. */
  readonly #byRule = new Map<number, Finding[]>()
  dropped = 0

  add({ rule, start, end }: Finding): void {
    const known = this.#byRule.get(rule) ?? []
    const from = firstIndex(known, (other) => other.end > start)
    const to = firstIndex(known, (other) => other.start >= end)
    if (from === to && known.length >= most) {
      this.dropped++
      return
    }
    const shared = known.slice(from, to)
    const merged = {
      rule,
      start: Math.min(start, ...shared.map((other) => other.start)),
      end: Math.max(end, ...shared.map((other) => other.end)),
    }
    known.splice(from, to - from, merged)
    this.#byRule.set(rule, known)
  }

  /** By start, then end, then rule order. */
  list(): readonly Finding[] {
    return [...this.#byRule.values()].flat().sort((a, b) => a.start - b.start || a.end - b.end || a.rule - b.rule)
  }
}
