/** All patterns of a plan, ready to read any number of texts: one automaton for all, and one a rule for text that it cannot bear. */
import { Automaton, type AutomatonOptions, type State } from './automaton.ts'
import { Follow } from './follow.ts'
import type { Merged } from './merged.ts'
import { ordinaryPatience } from './pace.ts'
import type { Context } from './stepper.ts'
import { classTable } from './units.ts'

/**
 * Ordinary text makes a few hundred. Text of nothing but near misses makes thousands and comes back to them, and read rule by
 * rule it takes five times longer; so many take 25 MB, of which text that asks for none of it costs nothing.
 */
const mostStates = 16_384
/** States of one rule's own automaton. */
const mostOwnStates = 1024
const mostSentries = 4096

/** What lies before, as a row of the sentry's table. */
export interface Sentry {
  readonly context: Context
  /** Per class, where the unit leads and which rules' attempts begin with it. */
  readonly next: (Sentry | undefined)[]
  readonly begun: (readonly number[] | undefined)[]
  /** Per rule, the state of its automaton with nothing under way. */
  readonly idle: (State | undefined)[]
}

export type EngineOptions = Pick<AutomatonOptions, 'holds' | 'keeps'> & Partial<Pick<AutomatonOptions, 'mostStates' | 'patience'>>

export class Engine {
  readonly merged: Merged
  readonly classOf: Uint16Array
  readonly all: Automaton
  readonly #options: Omit<AutomatonOptions, 'rules'>
  readonly #own: (Automaton | undefined)[] = []
  #sentries = new Map<string, Sentry>()

  constructor(merged: Merged, options: EngineOptions) {
    this.merged = merged
    this.classOf = classTable({ runs: merged.runs, ofRun: merged.classOfRun })
    this.#options = { mostStates, patience: ordinaryPatience, ...options, follow: new Follow(merged) }
    this.all = new Automaton(merged, { ...this.#options, rules: Array.from(merged.machineOf.keys()) })
  }

  /** The automaton of one rule alone. */
  own(rule: number): Automaton {
    let found = this.#own[rule]
    if (!found) {
      found = new Automaton(this.merged, {
        ...this.#options,
        mostStates: Math.min(mostOwnStates, this.#options.mostStates),
        rules: [rule],
      })
      this.#own[rule] = found
    }
    return found
  }

  sentry(context: Context): Sentry {
    let found = this.#sentries.get(context.key)
    if (!found) {
      if (this.#sentries.size >= mostSentries) this.#sentries = new Map()
      found = { context, next: [], begun: [], idle: [] }
      this.#sentries.set(context.key, found)
    }
    return found
  }

  after(sentry: Sentry, unitClass: number): Sentry {
    const next = this.sentry(this.all.stepper.after(sentry.context, unitClass))
    sentry.next[unitClass] = next
    return next
  }

  begun(sentry: Sentry, unitClass: number): readonly number[] {
    const nodes = this.all.stepper.begun(sentry.context, unitClass)
    const rules = [...new Set(Array.from(nodes, (node) => this.merged.ruleOf[node]!))]
    sentry.begun[unitClass] = rules
    return rules
  }

  idle(sentry: Sentry, rule: number): State {
    const automaton = this.own(rule)
    const state = automaton.current(sentry.idle[rule] ?? automaton.idle(automaton.stepper.within(sentry.context)))
    sentry.idle[rule] = state
    return state
  }
}
