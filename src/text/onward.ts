/** Tells strings that go on from a state from those that only end there: a border or a stretched letter may be out of the question. */
import { type Automaton, firstClass } from './automaton.ts'

export class Onward {
  readonly #automaton: Automaton
  /** By state; only such as strings end at, which have been met. */
  readonly #known = new Map<number, boolean>()

  constructor(automaton: Automaton) {
    this.#automaton = automaton
  }

  /** How many of the last symbols a string that holds begins with and goes on from. */
  held(from: number): number {
    const automaton = this.#automaton
    let depth = automaton.held(from)
    let state = from
    while (depth > 0) {
      while (automaton.depth(state) > depth) state = automaton.fail(state)
      if (this.#goesOn(state)) return depth
      state = automaton.fail(state)
      depth = automaton.held(state)
    }
    return 0
  }

  /** @param state one that holds: where no string ends, one goes on. */
  #goesOn(state: number): boolean {
    const [first, last] = this.#automaton.endingsOf(state)
    if (first === last) return true
    const known = this.#known.get(state)
    if (known !== undefined) return known
    const found = this.#hasChild(state)
    this.#known.set(state, found)
    return found
  }

  #hasChild(state: number): boolean {
    const automaton = this.#automaton
    const deeper = automaton.depth(state) + 1
    for (let wanted = firstClass; wanted < automaton.tables.classes; wanted += 1) {
      const target = automaton.step(state, wanted)
      if (automaton.depth(target < 0 ? ~target : target) === deeper) return true
    }
    return false
  }
}
