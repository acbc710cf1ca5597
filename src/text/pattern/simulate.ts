/** One pattern read unit by unit, node by node, with every start kept: slow, and plain enough to be believed. */
import type { PatternProgram } from './program.ts'
import { classTable } from './units.ts'

export interface Found {
  readonly start: number
  readonly end: number
}

interface Tables {
  readonly program: PatternProgram
  readonly classOf: Uint16Array
  /** Per node and class, the targets. */
  readonly targets: readonly (readonly (readonly number[])[])[]
  readonly certain: ReadonlySet<number>
  readonly atEnd: ReadonlySet<number>
}

const tablesOf = new WeakMap<PatternProgram, Tables>()

function tables(program: PatternProgram): Tables {
  let found = tablesOf.get(program)
  if (!found) {
    const targets = program.edges.map((edges) => {
      const row: number[][] = Array.from({ length: program.classes }, () => [])
      for (let i = 0; i < edges.length; i += 2)
        for (const unitClass of program.sets[edges[i] as number] ?? []) row[unitClass]?.push(edges[i + 1] as number)
      return row
    })
    found = {
      program,
      classOf: classTable({ runs: program.runs, ofRun: program.classOfRun }),
      targets,
      certain: new Set(program.certain),
      atEnd: new Set(program.atEnd),
    }
    tablesOf.set(program, found)
  }
  return found
}

export class Simulation {
  readonly #tables: Tables
  #context = 0
  #at = 0
  /** Starts of the attempts at each node, ascending; only the earliest where no span is too long. */
  #threads = new Map<number, readonly number[]>()
  /** Ends with a match for certain whose earliest start is still open: end → earliest certain start. */
  #waiting = new Map<number, number>()

  constructor(program: PatternProgram) {
    this.#tables = tables(program)
  }

  fork(): Simulation {
    const copy = new Simulation(this.#tables.program)
    copy.#context = this.#context
    copy.#at = this.#at
    copy.#threads = new Map(this.#threads)
    copy.#waiting = new Map(this.#waiting)
    return copy
  }

  /** Earliest start of an attempt that can still come to a match; the units read where there is none. */
  get live(): number {
    let least = this.#at
    for (const starts of this.#threads.values()) least = Math.min(least, starts[0] as number)
    return least
  }

  /** @returns what the unit made certain, by end. */
  read(unit: number): Found[] {
    const { program, classOf, targets } = this.#tables
    const unitClass = classOf[unit] as number
    const next = new Map<number, readonly number[]>()
    const add = (node: number, starts: readonly number[]) => {
      const age = program.age[node] as number
      const longest = program.most === 0 || age > 0 ? Number.POSITIVE_INFINITY : program.most - (program.missing[node] as number)
      const fits = starts.filter((start) => this.#at + 1 - start <= longest)
      if (fits.length === 0) return
      const merged = [...new Set([...(next.get(node) ?? []), ...fits])].sort((a, b) => a - b)
      next.set(node, program.most > 0 ? merged : merged.slice(0, 1))
    }
    for (const [node, starts] of this.#threads) for (const target of targets[node]?.[unitClass] ?? []) add(target, starts)
    for (const node of program.begins[this.#context] ?? [])
      for (const target of targets[node]?.[unitClass] ?? []) add(target, [this.#at])
    this.#threads = next
    this.#context = program.context[this.#context * program.classes + unitClass] as number
    this.#at++
    return this.#settle(
      (node) => this.#tables.certain.has(node),
      (node) => !this.#tables.certain.has(node),
    )
  }

  end(): Found[] {
    const found = this.#settle(
      (node) => this.#tables.certain.has(node) || this.#tables.atEnd.has(node),
      () => false,
    )
    this.#threads.clear()
    return found
  }

  /** For each end the earliest start only, so a certain one waits for an earlier one that is still open. */
  #settle(isCertain: (node: number) => boolean, isOpen: (node: number) => boolean): Found[] {
    const { program } = this.#tables
    const open = new Map<number, number>()
    const lower = (map: Map<number, number>, end: number, start: number) => map.set(end, Math.min(start, map.get(end) ?? start))
    for (const [node, starts] of this.#threads) {
      const age = program.age[node] as number
      if (age < 0) continue
      if (isCertain(node)) lower(this.#waiting, this.#at - age, starts[0] as number)
      else if (isOpen(node)) lower(open, this.#at - age, starts[0] as number)
    }
    const found: Found[] = []
    for (const [end, start] of [...this.#waiting].sort((a, b) => a[0] - b[0])) {
      if ((open.get(end) ?? start) < start) continue
      found.push({ start, end })
      this.#waiting.delete(end)
      open.delete(end)
      for (const node of this.#threads.keys()) if (this.#at - (program.age[node] as number) === end) this.#drop(node, 0)
    }
    for (const [end, start] of this.#waiting)
      for (const node of this.#threads.keys()) if (this.#at - (program.age[node] as number) === end) this.#drop(node, start)
    for (const node of this.#tables.certain) this.#threads.delete(node)
    return found
  }

  /** Attempts at a match's end that is already told, or told from an earlier start, can add nothing. */
  #drop(node: number, from: number): void {
    if ((this.#tables.program.age[node] as number) < 0) return
    const kept = (this.#threads.get(node) ?? []).filter((start) => start < from)
    if (kept.length > 0) this.#threads.set(node, kept)
    else this.#threads.delete(node)
  }
}
