/** A segment's place in the hold queue: which stretch of its channel it carries, and how much of it may stay. */
import type { Segment } from '../terms/frame.ts'
import type { Scope } from './scope.ts'
import type { Watch } from './watch.ts'

export class Place {
  readonly segment: Segment
  readonly scope: Scope
  /** Undefined for a text of its own, which was judged at once. A restatement is all of its channel once more. */
  readonly watch: Watch | undefined
  /** The stretch of the channel still to be sent, in UTF-16 units from the channel's start. */
  start: number
  readonly end: number
  /** What is still to be sent of the segment; of a text of its own, what may be sent of it. */
  text: string
  /** Units that stay although the scope was cut; undefined while no cut touches the place. */
  kept: number | undefined
  /** The place's number in its scope's order of arrival. */
  order = 0
  /** Some of it left in an earlier part of its frame. */
  begun = false

  constructor(segment: Segment, scope: Scope, watch: Watch | undefined, start: number, text: string) {
    this.segment = segment
    this.scope = scope
    this.watch = watch
    this.start = start
    this.end = start + segment.text.length
    this.text = text
  }

  get length(): number {
    return this.end - this.start
  }

  /** Says again what its channel's other places say. */
  get restates(): boolean {
    return this.watch !== undefined && this.segment.relation === 'restates'
  }

  /** Units from the place's start that are clear. */
  get clearLength(): number {
    if (this.watch === undefined) return this.length
    return Math.max(0, Math.min(this.watch.clear, this.end) - this.start)
  }

  /** Units from the place's start that may leave before the place as a whole may: clear, and before a mask that goes on after it. */
  get sendableLength(): number {
    if (this.watch === undefined || this.clearLength < this.length) return this.clearLength
    return Math.max(0, this.watch.masks.retreat(this.end) - this.start)
  }

  /** Nothing of the place waits any more. A place without text waits for what it is part of. */
  get settled(): boolean {
    if (this.kept !== undefined) return true
    return this.clearLength === this.length && !(this.length === 0 && !this.begun && this.watch?.waitsWhole)
  }

  /** Nothing of the place may be sent. */
  refuse(): this {
    this.kept = 0
    return this
  }

  /** Sends the first `units` of what is left. @returns them as they may be read, and how many of them masks cover. */
  send(units: number): { readonly text: string; readonly masked: number } {
    const { start, watch } = this
    const written = this.text.slice(0, units)
    // A text of its own was judged whole: its text is the one that may be read already.
    const sent =
      watch === undefined
        ? { text: units === 0 ? '' : this.text, masked: 0 }
        : { text: watch.masks.apply(start, written), masked: watch.masks.covered(start, start + units) }
    this.start += units
    this.text = this.text.slice(units)
    // Its frame may leave in more parts, while another choice in it waits for a judge: what left is not to stay a second time.
    if (this.kept !== undefined) this.kept -= units
    this.begun = true
    if (!this.restates) watch?.left(this.start, units, sent.text)
    return sent
  }

  /** The greatest number of units up to `units` at which what is left may be divided. */
  jointBefore(units: number): number {
    const { joints, text } = this.segment
    if (joints === undefined) return units
    const sent = text.length - this.length
    let best = 0
    for (const joint of joints) if (joint - sent <= units) best = Math.max(best, joint - sent)
    return best
  }
}
