/** How long frames wait: in order, each until all its text is clear, divided where much of it would wait for the rest. */
import type { Answered } from './judges.ts'
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

/** A frame in the queue. */
interface Head {
  units: Unit[]
  /** All that it says was read. */
  complete: boolean
  /** It leaves in one piece. */
  readonly undivided: boolean
}

interface Incoming {
  readonly steps: readonly Step[]
  readonly last: boolean
  readonly undivided: boolean
}

export class HoldingReader {
  readonly #response: ResponseReader
  readonly #incoming: Incoming[] = []
  readonly #reading: Generator<void>
  readonly #frames: Head[] = []
  /** Places of each scope that have left. */
  readonly #left = new Map<ScopeReader, Set<number>>()

  /** @param script all that the response will say, @param answered which judges have answered by now, as for a response. */
  constructor(policy: OraclePolicy, scopes: readonly string[], script: readonly Step[] = [], answered?: Answered) {
    this.#response = new ResponseReader(policy, scopes, script, answered)
    this.#reading = this.#read()
  }

  /**
   * @param last the frame is the protocol's own last word.
   * @param undivided it leaves in one piece.
   */
  take(steps: readonly Step[], last: boolean, undivided = false): void {
    this.#incoming.push({ steps, last, undivided })
    this.#reading.next()
  }

  /** Judges have answered: goes on as far as it can. */
  proceed(): void {
    this.#reading.next()
  }

  /** Yields where nothing has come that was not read, or a judge has to answer first: then all that came after it waits. */
  *#read(): Generator<void> {
    for (;;) {
      const frame = this.#incoming.shift()
      if (frame === undefined) {
        yield
        continue
      }
      if (this.#response.over) continue
      const { steps, last, undivided } = frame
      const head: Head = { units: [], complete: false, undivided }
      this.#frames.push(head)
      for (const step of steps) {
        const scope = this.#response.scope(step.scope)
        let before = scope.places.length
        const taking = this.#response.taking(step)
        for (let done = false; !done; ) {
          done = taking.next().done === true
          for (; before < scope.places.length; before++) head.units.push({ scope, place: before })
          if (!done) yield
        }
      }
      if (last) yield* this.#response.ending()
      head.complete = true
    }
  }

  /** @returns what a reader has by now, by scope and channel. */
  flush(): Map<string, string> {
    const frontiers = new Map([...this.#response.scopes.values()].map((scope) => [scope, scope.frontier]))
    const mayLeave = ({ scope, place }: Unit): boolean => scope.cut !== undefined || place < (frontiers.get(scope) as number)
    for (let head = this.#frames[0]; head !== undefined; head = this.#frames[0]) {
      if (!head.complete || !head.units.every(mayLeave)) {
        this.#divide(head, mayLeave, frontiers)
        break
      }
      this.#frames.shift()
      this.#send(head.units)
    }
    return this.#released(frontiers)
  }

  #divide(head: Head, mayLeave: (unit: Unit) => boolean, frontiers: ReadonlyMap<ScopeReader, number>): void {
    if (head.undivided) return
    const { units } = head
    const first = units.findIndex((unit) => !mayLeave(unit))
    const stop = first < 0 ? units.length : first
    const clear = units.slice(0, stop).reduce((sum, unit) => sum + lengthOf(unit, frontiers), 0)
    // The end of a sentence takes longer to come than the next word, and so does a judge's answer.
    const waiting = units[stop]
    const place = waiting && this.#placeOf(waiting)
    const isLong =
      place === undefined || ('reader' in place && (place.reader.waitsForJudge || place.reader.line < place.reader.safe))
    if (clear > (isLong ? 0 : longestWait)) this.#send(units.splice(0, stop))
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
