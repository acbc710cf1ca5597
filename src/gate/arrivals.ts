/** A scope's places in their order of arrival: up to where everything it said is settled, by channel. */
import type { Place } from './place.ts'
import type { Watch } from './watch.ts'

export class Arrivals {
  /** From `#first` on; settled is settled for good, so each place is asked about until it is and never again. */
  #waiting: Place[] = []
  #first = 0
  readonly #settled = new Map<Watch, number>()

  add(place: Place): void {
    this.#waiting.push(place)
  }

  /** The offset in the channel before which neither it nor anything said in between waits any more. */
  settledTo(watch: Watch): number {
    for (let place = this.#waiting[this.#first]; place?.settled; place = this.#waiting[this.#first]) {
      if (place.watch !== undefined) this.#settled.set(place.watch, place.end)
      this.#first++
    }
    if (this.#first > 64 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first)
      this.#first = 0
    }
    return this.#settled.get(watch) ?? 0
  }
}
