/** Puts masks on what rules found in one channel; inside a JSON document, so that it stays one. */
import type { Channel } from '../terms/channel.ts'
import type { Finding } from '../terms/matcher.ts'
import type { Rule } from '../terms/plan.ts'
import type { LeafRun } from './leaves.ts'
import type { Mask, Masks } from './masks.ts'

export class Masking {
  readonly #channel: Channel
  readonly #masks: Masks
  readonly #leaves: LeafRun | undefined
  /** Masks that end inside an escape which is still being written, and grow with it. */
  #growing: Mask[] = []

  constructor(channel: Channel, masks: Masks, leaves: LeafRun | undefined) {
    this.#channel = channel
    this.#masks = masks
    this.#leaves = leaves
  }

  /**
   * @param clear units that are free to be sent already.
   * @returns false where the finding cannot be masked and must cut.
   */
  mask(finding: Finding, rule: Rule, clear: number): boolean {
    if (this.#channel.fixed || this.#channel.signed) return false
    const start = Math.max(finding.start, clear)
    if (start >= finding.end) return true
    const label = { start: finding.start, end: finding.end }
    const place = this.#leaves?.place(start, finding.end) ?? { kind: 'text' as const }
    if (place.kind === 'structure') return false
    if (place.kind === 'text') this.#masks.add({ start, end: finding.end, label, rule: finding.rule, written: rule.with })
    else {
      const written = JSON.stringify(rule.with).slice(1, -1)
      const mask = { start: place.start, end: place.end, label, rule: finding.rule, written }
      this.#masks.add(mask)
      if (place.grows) this.#growing.push(mask)
    }
    return true
  }

  /** More of the channel has been read. */
  grow(): void {
    if (this.#growing.length === 0) return
    const growing = this.#growing
    this.#growing = []
    for (const mask of growing) {
      const place = this.#leaves?.place(mask.start, mask.end)
      if (place?.kind !== 'value') continue
      const grown = { ...mask, end: place.end }
      this.#masks.add(grown)
      if (place.grows) this.#growing.push(grown)
    }
  }
}
