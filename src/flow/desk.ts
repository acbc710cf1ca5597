/** One exchange's way to its judges: what they cost it, how often and how many at a time they may be asked. */
import { Bill } from './bill.ts'

/**
 * Questions of one exchange that are open at a time, and of a plan that only looks on. Workers let a request have 6 connections
 * open, of which the upstream's is one; a seventh would not fail but wait, and its judge's time would run.
 */
const mostAtOnce = 4
const mostOfOnlooker = 1

/** Places that are taken in order of arrival. */
class Places {
  readonly #waiting = new Set<() => void>()
  #free: number

  constructor(free: number) {
    this.#free = free
  }

  take(begin: () => void): () => void {
    let seated = false
    let left = false
    const sit = (): void => {
      seated = true
      this.#free--
      begin()
    }
    if (this.#free > 0) sit()
    else this.#waiting.add(sit)
    return () => {
      if (left) return
      left = true
      if (seated) this.#give()
      else this.#waiting.delete(sit)
    }
  }

  #give(): void {
    this.#free++
    const [next] = this.#waiting
    if (next === undefined) return
    this.#waiting.delete(next)
    next()
  }
}

export class Desk {
  readonly bill: Bill
  readonly #places: Places

  /** @param most inquiries of the exchange. */
  constructor(most: number, places = new Places(mostAtOnce)) {
    this.bill = new Bill(most)
    this.#places = places
  }

  /** For a plan that looks on: it takes no place from the one that rules. */
  static onlookers(most: number): Desk {
    return new Desk(most, new Places(mostOfOnlooker))
  }

  /** Calls `begin` when a place is free, in order of arrival. @returns what gives up the place, or the wait for it. */
  enter(begin: () => void): () => void {
    return this.#places.take(begin)
  }
}
