/** A scope's places in their order of arrival: how many of them, counted from the first, may leave. */
import type { Place } from './place.ts'
import type { Watch } from './watch.ts'

export class Arrivals {
  /** From `#first` on; settled is settled for good, so each place is asked about until it is and never again. */
  #waiting: Place[] = []
  #first = 0
  #added = 0
  #settled = 0
  #closed = 0
  /** Masks that begin among the settled places and end behind them, by channel: up to where. */
  readonly #open = new Map<Watch, number>()

  /** @returns the place's number in the order. */
  add(place: Place): number {
    this.#waiting.push(place)
    return this.#added++
  }

  /**
   * The number of places, from the first on, that wait for nothing: all are settled, and no mask goes on behind them. A
   * mask leaves when nothing live starts before its end, in whatever channel of the scope; a cut that draws its line inside
   * one takes it back, and with it every mask that lies across that line's new place.
   */
  get closed(): number {
    for (let place = this.#waiting[this.#first]; place?.settled; place = this.#waiting[this.#first]) {
      // Where one mask ends in it and the next begins, what came before does not wait for the next.
      if (this.#endsWithinNext()) this.#closed = this.#settled
      this.#first++
      this.#settled++
      this.#follow(place)
      if (this.#open.size === 0) this.#closed = this.#settled
    }
    if (this.#endsWithinNext()) this.#closed = this.#settled
    if (this.#first > 64 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first)
      this.#first = 0
    }
    return this.#closed
  }

  /** The only mask that goes on ends in what is clear already of the place that waits. */
  #endsWithinNext(): boolean {
    const next = this.#waiting[this.#first]
    if (next?.watch === undefined || this.#open.size !== 1) return false
    return (this.#open.get(next.watch) ?? Number.POSITIVE_INFINITY) <= next.start + next.clearLength
  }

  #follow({ watch, end }: Place): void {
    if (watch === undefined) return
    const reach = watch.masks.reach(end)
    if (reach > end) this.#open.set(watch, reach)
    else this.#open.delete(watch)
  }
}
