/** The scopes of one response, and what a cut of one of them means for the others. */
import type { Inquiry } from '../terms/judge.ts'
import type { Place } from './place.ts'
import type { HoldQueue } from './queue.ts'
import { Scope } from './scope.ts'

/** The scope of texts that belong to no choice, candidate or message. */
const wholeResponse = ''

export class Scopes {
  readonly #expected: number
  readonly #queue: HoldQueue
  readonly #scopes = new Map<string, Scope>()
  /** The last scope that was still speaking was cut: nothing that comes can matter any more, the upstream can go. */
  over = false

  /** @param expected how many scopes the response will have; a cut of the last one ends it. */
  constructor(expected: number, queue: HoldQueue) {
    this.#expected = expected
    this.#queue = queue
  }

  get all(): readonly Scope[] {
    return [...this.#scopes.values()]
  }

  known(name: string): Scope | undefined {
    return this.#scopes.get(name)
  }

  readonly isCut = (name: string): boolean => this.#scopes.get(name)?.isCut === true

  /** Whether an answer still matters: of what was cut, for the record. */
  readonly needs = (inquiry: Inquiry): boolean => {
    const { scope, name } = inquiry.channel
    return !this.isCut(scope) || this.#scopes.get(scope)?.watches.get(name)?.isForRecord(inquiry) === true
  }

  of(name: string): Scope {
    let scope = this.#scopes.get(name)
    if (scope === undefined) {
      scope = new Scope(name)
      this.#scopes.set(name, scope)
    }
    return scope
  }

  cut(scope: Scope, refused?: Place): void {
    scope.isCut = true
    if (scope.name === wholeResponse) {
      // A text beside all choices cuts them all, those included that have not spoken yet.
      refused?.refuse()
      for (let index = 0; index < this.#expected; index++) this.of(String(index))
      for (const other of this.#speaking()) {
        other.isCut = true
        this.#queue.cut(other, undefined)
      }
    } else this.#queue.cut(scope, refused)
    // Where the others ended by themselves before, the upstream's own last words may still come, but no more tokens.
    const known = this.all.filter(({ name }) => name !== wholeResponse).length
    this.over = known >= this.#expected && this.#speaking().length === 0
  }

  #speaking(): Scope[] {
    return this.all.filter((scope) => scope.name !== wholeResponse && !scope.isCut && !scope.ended)
  }
}
