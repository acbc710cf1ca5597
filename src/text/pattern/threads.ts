/** What one attempt at a match still has to see, look-arounds included, as interned states that step from unit to unit. */
import { type Graph, matchPlace } from './graph.ts'
import { PatternError } from './problem.ts'
import type { UnitClasses } from './units.ts'

/** A look-ahead under way: some (or, negated, none) of its threads must come to a match. */
interface Pending {
  readonly negate: boolean
  readonly pairing: boolean
  readonly threads: readonly number[]
}

interface Thread {
  /** A `unit` place or the match. */
  readonly place: number
  readonly pending: readonly number[]
  /** State of each look-behind the thread may still ask about; -1 for the others. */
  readonly facts: readonly number[]
  /** Units read since the match's end, while a look-ahead is open; -1 before the end. */
  readonly age: number
  /** No look is under way and none behind will be asked about: the place says all. */
  readonly free: boolean
}

/** A look-behind as a machine that reads all text: whether it holds is known at every offset. */
interface Tracker {
  readonly next: readonly (readonly number[])[]
  readonly holds: readonly boolean[]
}

const mostThreads = 60_000
const mostTrackerStates = 4_000

export class Threads {
  readonly #graph: Graph
  readonly #classes: UnitClasses
  readonly #inSet: readonly Uint8Array[]
  readonly #asked: readonly ReadonlySet<number>[]
  readonly #threads: Thread[] = []
  readonly #threadIndex = new Map<string, number>()
  readonly #pendings: Pending[] = []
  readonly #pendingIndex = new Map<string, number>()
  readonly #closed = new Map<string, readonly number[]>()
  readonly #free = new Map<number, readonly number[]>()
  readonly trackers: Tracker[] = []

  /** @throws PatternError where a look-behind needs a look-ahead, or its states grow beyond bounds. */
  constructor(graph: Graph, classes: UnitClasses) {
    this.#graph = graph
    this.#classes = classes
    this.#inSet = graph.sets.map((_, set) => {
      const members = new Uint8Array(classes.count)
      for (const found of classes.ofSet[set] ?? []) members[found] = 1
      return members
    })
    this.#asked = factsAsked(graph)
    for (const start of graph.facts) this.trackers.push(this.#track(start))
  }

  /** Look-behinds a thread at this place may come to ask about. */
  asked(place: number): ReadonlySet<number> {
    return this.#asked[place] ?? new Set()
  }

  get count(): number {
    return this.#threads.length
  }

  isMatch(thread: number): boolean {
    const { place, pending } = this.#thread(thread)
    return place === matchPlace && pending.length === 0
  }

  age(thread: number): number {
    return this.#thread(thread).age
  }

  /** Threads of an attempt that begins where the look-behinds are in these states. */
  begin(place: number, facts: readonly number[]): number[] {
    return this.#close(place, [], facts)
  }

  /** Classes of units the thread may go on with. */
  classes(index: number): Iterable<number> {
    const place = this.#graph.places[this.#thread(index).place]
    return place?.does === 'unit' ? (this.#classes.ofSet[place.set] ?? []) : Array(this.#classes.count).keys()
  }

  step(index: number, unitClass: number): readonly number[] {
    const thread = this.#thread(index)
    const place = this.#graph.places[thread.place]
    if (place?.does === 'unit' ? this.#inSet[place.set]?.[unitClass] !== 1 : thread.pending.length === 0) return []
    if (place?.does === 'unit' && thread.free) return this.#freeAfter(place.next, thread)
    const pending = this.#stepPendings(thread.pending, unitClass)
    if (!pending) return []
    const facts = thread.facts.map((state, fact) => (state < 0 ? -1 : (this.trackers[fact]?.next[state]?.[unitClass] ?? -1)))
    if (place?.does === 'unit') {
      // Most classes of a set lead to the same.
      const key = `${place.next} ${pending.join()} ${facts.join()}`
      const known = this.#closed.get(key) ?? this.#close(place.next, pending, facts)
      this.#closed.set(key, known)
      return known
    }
    return [this.#intern(matchPlace, pending, facts, thread.age + 1)]
  }

  /** Whether the thread comes to a match because the text ends here. */
  matchesAtEnd(index: number): boolean {
    const { place, pending } = this.#thread(index)
    return (
      place === matchPlace &&
      pending.every((open) => {
        const { negate, threads } = this.#pending(open)
        return threads.some((thread) => this.matchesAtEnd(thread)) !== negate
      })
    )
  }

  /** Where a free thread goes, with any unit of its set. */
  #freeAfter(place: number, { facts }: Thread): readonly number[] {
    // Look-behinds are followed one after the other, and those not followed yet have no state in the list.
    const key = facts.length * this.#graph.places.length + place
    const known = this.#free.get(key) ?? this.#close(place, [], facts)
    this.#free.set(key, known)
    return known
  }

  #thread(index: number): Thread {
    return this.#threads[index] as Thread
  }

  #pending(index: number): Pending {
    return this.#pendings[index] as Pending
  }

  /** @returns what is still open, undefined where a look-ahead has failed. */
  #stepPendings(pending: readonly number[], unitClass: number): number[] | undefined {
    const open: number[] = []
    for (const index of pending) {
      const { negate, pairing, threads } = this.#pending(index)
      const settled = this.#settle(negate, pairing, unique(threads.flatMap((thread) => this.step(thread, unitClass))))
      if (settled === false) return undefined
      if (settled !== true) open.push(settled)
    }
    return unique(open)
  }

  /** @returns whether the look-ahead holds, or its index while that is open. */
  #settle(negate: boolean, pairing: boolean, threads: readonly number[]): boolean | number {
    if (threads.some((thread) => this.isMatch(thread))) return !negate
    if (threads.length === 0) return negate
    const key = `${negate} ${pairing} ${threads.join()}`
    let index = this.#pendingIndex.get(key)
    if (index === undefined) {
      index = this.#pendings.push({ negate, pairing, threads }) - 1
      this.#pendingIndex.set(key, index)
    }
    return index
  }

  #intern(place: number, pending: readonly number[], facts: readonly number[], age: number): number {
    const key = `${place} ${pending.join()} ${facts.join()} ${age}`
    let index = this.#threadIndex.get(key)
    if (index === undefined) {
      if (this.#threads.length >= mostThreads)
        throw new PatternError(
          'the pattern needs too many states',
          this.#graph.lookAt,
          'use smaller counts and fewer look-arounds',
        )
      const free = pending.length === 0 && facts.every((state) => state < 0)
      index = this.#threads.push({ place, pending, facts, age, free }) - 1
      this.#threadIndex.set(key, index)
    }
    return index
  }

  /** Follows every way that reads nothing, with the look-behinds answered and the look-aheads opened. */
  #close(from: number, pending: readonly number[], facts: readonly number[]): number[] {
    const out: number[] = []
    const seen = new Set<string>()
    const visit = (index: number, open: readonly number[]): void => {
      const key = `${index} ${open.join()}`
      if (seen.has(key)) return
      seen.add(key)
      const place = this.#graph.places[index]
      switch (place?.does) {
        case 'fork':
          for (const next of place.to) visit(next, open)
          return
        case 'behind': {
          const holds = this.trackers[place.fact]?.holds[facts[place.fact] ?? -1] === true
          if (holds === place.want) visit(place.next, open)
          return
        }
        case 'ahead': {
          const settled = this.#settle(place.negate, place.pairing, this.#close(place.body, [], facts))
          if (settled === false) return
          visit(place.next, settled === true ? open : unique([...open, settled]))
          return
        }
        default:
          // A look-behind that is never asked about again would only tell equal threads apart.
          out.push(
            this.#intern(
              index,
              open,
              facts.map((state, fact) => (this.asked(index).has(fact) ? state : -1)),
              index === matchPlace ? 0 : -1,
            ),
          )
      }
    }
    visit(from, pending)
    return unique(out)
  }

  #track(start: number): Tracker {
    const next: number[][] = []
    const holds: boolean[] = []
    const states: { facts: readonly number[]; threads: readonly number[] }[] = []
    const index = new Map<string, number>()
    const asked = this.asked(start)
    const add = (facts: readonly number[], running: readonly number[]): number => {
      const threads = unique([...running, ...this.begin(start, facts)])
      const key = `${facts.join()} ${threads.join()}`
      let state = index.get(key)
      if (state === undefined) {
        if (states.length >= mostTrackerStates)
          throw new PatternError('a look-behind needs too many states', this.#graph.lookAt, 'use smaller counts in it')
        state = states.push({ facts, threads }) - 1
        index.set(key, state)
        holds.push(threads.some((thread) => this.#seenBehind(thread)))
      }
      return state
    }
    add(
      this.trackers.map((_, fact) => (asked.has(fact) ? 0 : -1)),
      [],
    )
    for (let state = 0; state < states.length; state++) {
      const row: number[] = []
      for (let unitClass = 0; unitClass < this.#classes.count; unitClass++) {
        const { facts, threads } = states[state] as (typeof states)[number]
        const later = facts.map((old, fact) => (old < 0 ? -1 : (this.trackers[fact]?.next[old]?.[unitClass] ?? -1)))
        row.push(
          add(
            later,
            threads.flatMap((thread) => this.step(thread, unitClass)).filter((thread) => this.age(thread) <= 0),
          ),
        )
      }
      next.push(row)
    }
    return { next, holds }
  }

  #seenBehind(index: number): boolean {
    const { place, pending } = this.#thread(index)
    if (place !== matchPlace) return false
    // A match attempt stands between code points, so that the surrogate before it is unpaired goes without saying.
    if (pending.every((open) => this.#pending(open).pairing)) return true
    throw new PatternError(
      'a look-behind may not end in a look-ahead, \\b or $',
      this.#graph.lookAt,
      'put it after the look-behind',
    )
  }
}

/** Per place, the look-behinds that lie on some way from it. */
function factsAsked(graph: Graph): Set<number>[] {
  const asked = graph.places.map(() => new Set<number>())
  const from: number[][] = graph.places.map(() => [])
  graph.places.forEach((place, index) => {
    if (place.does === 'behind') asked[index]?.add(place.fact)
    const to = place.does === 'fork' ? place.to : place.does === 'match' ? [] : [place.next]
    for (const next of place.does === 'ahead' ? [...to, place.body] : to) from[next]?.push(index)
  })
  const waiting = graph.places.map((_, index) => index)
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop())
    for (const before of from[place] ?? []) {
      const target = asked[before] as Set<number>
      const size = target.size
      for (const fact of asked[place] ?? []) target.add(fact)
      if (target.size > size) waiting.push(before)
    }
  return asked
}

const unique = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b)
