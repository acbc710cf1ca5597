/** Texts of their own: each is read at once, from its start to its end, belongs to no thread and holds nothing. */
import type { Segment } from '../terms/frame.ts'
import type { Plan } from '../terms/plan.ts'
import { wholeTextCaps } from './caps.ts'
import { Place } from './place.ts'
import type { Scope } from './scope.ts'
import { Watch } from './watch.ts'

/** Watches kept of one path, for what they found. */
const mostKept = 100

export class Wholes {
  readonly #plan: Plan
  readonly #found = new Map<string, Watch[]>()

  constructor(plan: Plan) {
    this.#plan = plan
  }

  /** Those in which something was found, by path in order of first appearance. */
  get found(): readonly Watch[] {
    return [...this.#found.values()].flat()
  }

  read(segment: Segment, scope: Scope): { place: Place; isCut: boolean } {
    const watch = new Watch(this.#plan, { ...segment.channel, atomic: false, restated: false }, wholeTextCaps)
    watch.read(segment.text)
    watch.end()
    if (watch.findings.list().length > 0) this.#keep(segment.channel.name, watch)
    const place = new Place(segment, scope, undefined, 0, watch.masks.apply(0, segment.text))
    return { place, isCut: watch.cut !== undefined }
  }

  #keep(path: string, watch: Watch): void {
    const known = this.#found.get(path) ?? []
    this.#found.set(path, known)
    if (known.length < mostKept) known.push(watch)
  }
}
