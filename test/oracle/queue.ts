/** How long frames wait: in order, each until all its text is clear, divided where much of it would wait for the rest. */
import type { OraclePolicy } from './policy.ts'
import { ResponseReader, type ScopeReader, type Step } from './response.ts'

/** More clear units than this do not wait for the rest of their frame. */
const longestWait = 32

/** One unit of a frame, and its place in its scope's order of arrival. */
interface Unit {
  readonly scope: ScopeReader
  readonly place: number
}

/** UTF-16 units that leave with it: a text of its own has more than one, what a cut takes out none. */
function lengthOf({ scope, place }: Unit, frontiers: ReadonlyMap<ScopeReader, number>): number {
  if (scope.cut !== undefined && place >= (frontiers.get(scope) as number)) return 0
  const at = scope.places[place] as ScopeReader['places'][number]
  if ('whole' in at) return at.whole.reader.text.length
  if ('again' in at) return at.again.text.length
  return at.reader.dropped ? 0 : 1
}

export class HoldingReader {
  readonly #response: ResponseReader
  readonly #frames: Unit[][] = []
  /** Frames that leave in one piece. */
  readonly #whole = new Set<Unit[]>()
  /** Places of each scope that have left. */
  readonly #left = new Map<ScopeReader, Set<number>>()

  constructor(policy: OraclePolicy, scopes: readonly string[]) {
    this.#response = new ResponseReader(policy, scopes)
  }

  /**
   * @param last the frame is the protocol's own last word.
   * @param undivided it leaves in one piece.
   */
  take(steps: readonly Step[], last: boolean, undivided = false): void {
    if (this.#response.over) return
    const units: Unit[] = []
    for (const step of steps) {
      const scope = this.#response.scope(step.scope)
      const before = scope.places.length
      this.#response.take(step)
      for (let place = before; place < scope.places.length; place++) units.push({ scope, place })
    }
    this.#frames.push(units)
    if (undivided) this.#whole.add(units)
    if (last) this.#response.end()
  }

  /** @returns what a reader has by now, by scope and channel. */
  flush(): Map<string, string> {
    const frontiers = new Map([...this.#response.scopes.values()].map((scope) => [scope, scope.frontier]))
    const mayLeave = ({ scope, place }: Unit): boolean => scope.cut !== undefined || place < (frontiers.get(scope) as number)
    for (let head = this.#frames[0]; head !== undefined; head = this.#frames[0]) {
      if (!head.every(mayLeave)) {
        this.#divide(head, mayLeave, frontiers)
        break
      }
      this.#frames.shift()
      this.#send(head)
    }
    return this.#released(frontiers)
  }

  #divide(head: Unit[], mayLeave: (unit: Unit) => boolean, frontiers: ReadonlyMap<ScopeReader, number>): void {
    if (this.#whole.has(head)) return
    const stop = head.findIndex((unit) => !mayLeave(unit))
    const clear = head.slice(0, stop).reduce((sum, unit) => sum + lengthOf(unit, frontiers), 0)
    // The end of a sentence takes longer to come than the next word.
    const waiting = stop < 0 ? undefined : this.#placeOf(head[stop] as Unit)
    const patience = waiting !== undefined && 'reader' in waiting && waiting.reader.line < waiting.reader.safe ? 0 : longestWait
    if (clear > patience) this.#send(head.splice(0, stop))
  }

  #placeOf({ scope, place }: Unit): ScopeReader['places'][number] {
    return scope.places[place] as ScopeReader['places'][number]
  }

  #send(units: readonly Unit[]): void {
    for (const { scope, place } of units) this.#left.set(scope, (this.#left.get(scope) ?? new Set()).add(place))
  }

  #released(frontiers: ReadonlyMap<ScopeReader, number>): Map<string, string> {
    const out = new Map<string, string>()
    for (const [name, scope] of this.#response.scopes) {
      const left = this.#left.get(scope)?.size ?? 0
      const line = scope.cut === undefined ? left : Math.min(left, frontiers.get(scope) as number)
      for (const [channel, text] of scope.released(line)) if (text !== '') out.set(`${name}/${channel}`, text)
    }
    return out
  }
}
