/** One pattern read unit by unit, node by node, with every start kept: slow, and plain enough to be believed. */
import type { PatternProgram } from '../../../src/text/pattern/program.ts'
import { classTable } from '../../../src/text/pattern/units.ts'
import type { Found } from './brute.ts'

type Check = (text: string) => boolean

export class Simulation {
  readonly #program: PatternProgram
  readonly #check: Check
  readonly #classOf: Uint16Array
  #context = 0
  #text = ''
  /** Every start of the attempts at each node. */
  #threads = new Map<number, readonly number[]>()
  /** Ends with certain matches whose earliest start is still open: their certain starts. */
  #waiting = new Map<number, readonly number[]>()

  constructor(program: PatternProgram, check: Check = () => true) {
    this.#program = program
    this.#check = check
    this.#classOf = classTable({ runs: program.runs, ofRun: program.classOfRun })
  }

  /** Earliest start of an attempt that can still come to a match; the units read where there is none. */
  get live(): number {
    return Math.min(this.#text.length, ...[...this.#threads.values()].flat(), ...[...this.#waiting.values()].flat())
  }

  /** @returns what the unit made certain, by end. */
  read(unit: string): Found[] {
    const program = this.#program
    const at = this.#text.length
    const unitClass = this.#classOf[unit.charCodeAt(0)] as number
    const next = new Map<number, readonly number[]>()
    const follow = (node: number, starts: readonly number[]) => {
      const edges = program.edges[node] ?? []
      for (let i = 0; i < edges.length; i += 2) {
        if (!program.sets[edges[i] as number]?.includes(unitClass)) continue
        const target = edges[i + 1] as number
        const limited = program.most > 0 && (program.age[target] as number) <= 0
        const longest = limited ? program.most - (program.missing[target] as number) : Number.POSITIVE_INFINITY
        const fits = starts.filter((start) => at + 1 - start <= longest)
        if (fits.length > 0) next.set(target, ascending([...(next.get(target) ?? []), ...fits]))
      }
    }
    for (const [node, starts] of this.#threads) follow(node, starts)
    for (const node of program.begins[this.#context] ?? []) follow(node, [at])
    this.#threads = next
    this.#context = program.context[this.#context * program.classes + unitClass] as number
    this.#text += unit
    return this.#settle(new Set(program.certain), true)
  }

  end(): Found[] {
    const found = this.#settle(new Set([...this.#program.certain, ...this.#program.atEnd]), false)
    this.#threads.clear()
    return found
  }

  /** For each end the earliest start only, so a certain one waits while an earlier one is open. */
  #settle(certain: ReadonlySet<number>, mayWait: boolean): Found[] {
    const at = this.#text.length
    const open = new Map<number, number>()
    for (const [node, starts] of this.#threads) {
      const age = this.#program.age[node] as number
      if (age < 0) continue
      const end = at - age
      if (certain.has(node)) {
        this.#waiting.set(end, ascending([...(this.#waiting.get(end) ?? []), ...starts]))
        this.#threads.delete(node)
      } else if (mayWait) open.set(end, Math.min(starts[0] as number, open.get(end) ?? at))
    }
    const found: Found[] = []
    for (const [end, starts] of [...this.#waiting].sort((a, b) => a[0] - b[0])) {
      const passing = starts.filter((start) => this.#check(this.#text.slice(start, end)))
      const start = passing[0]
      const waits = (open.get(end) ?? at) < (start ?? at)
      if (waits && start !== undefined) {
        this.#waiting.set(end, passing)
        continue
      }
      this.#waiting.delete(end)
      if (start === undefined) continue
      found.push({ start, end })
      for (const node of [...this.#threads.keys()])
        if ((this.#program.age[node] as number) >= 0 && at - (this.#program.age[node] as number) === end)
          this.#threads.delete(node)
    }
    return found
  }
}

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)
