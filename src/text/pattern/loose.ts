/** Attempts read without the table, in two outcomes that take turns: for text of which every unit would make a state. */
import type { Present } from './automaton.ts'
import type { Off } from './off.ts'
import { type Attempts, type Context, Outcome, type Stepper } from './stepper.ts'

export class Loose {
  readonly #stepper: Stepper
  #now: Outcome
  #next: Outcome
  #context: Context
  off: Off

  constructor(stepper: Stepper, { context, off, ...attempts }: Present) {
    this.#stepper = stepper
    this.#now = new Outcome(stepper.room)
    this.#next = new Outcome(stepper.room)
    this.#context = context
    this.off = off
    this.#now.become(attempts)
  }

  get present(): Present {
    const { nodes, ends, groups } = this.#now
    return { nodes, ends, groups, context: this.#context, off: this.off }
  }

  get groups(): number {
    return this.#now.groups
  }

  /** What a unit brings, before it is taken. */
  look(unitClass: number): Outcome {
    this.#stepper.step(this.#now, this.#context, unitClass, this.off.flags, this.#next)
    return this.#next
  }

  /** Takes the unit that was looked at last. */
  go(unitClass: number): void {
    const now = this.#next
    this.#next = this.#now
    this.#now = now
    this.#context = this.#stepper.after(this.#context, unitClass)
  }

  /** Goes on with these attempts only. */
  keep(attempts: Attempts, off: Off): void {
    this.#now.become(attempts)
    this.off = off
  }
}
