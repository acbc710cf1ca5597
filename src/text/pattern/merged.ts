/** Many programs as one: common classes, common numbers for nodes, everything in flat arrays that a buffer can carry. */
import type { PatternProgram } from './program.ts'

/** What a node is to the engine, as bits. */
export const past = 1
/** The match is certain here. */
export const certain = 2
/** A match if the text ends here. */
export const atEnd = 4
/** A certain match that waits for an earlier start of the same end to be decided. */
export const waiting = 8

/**
 * Numbers only, in arrays that may be views on a loaded buffer. `at` arrays have one entry more than there are things:
 * thing `i` owns the entries from `at[i]` up to `at[i + 1]` of the array beside it.
 */
export interface Merged {
  readonly classes: number
  /** First unit of each run of units of one class, and its class. */
  readonly runs: Int32Array
  readonly classOfRun: Int32Array
  /** Sets of classes, each `words` words of bits. */
  readonly words: number
  readonly sets: Int32Array
  /** Nodes of each rule; the waiting ones come after all of them. */
  readonly nodesAt: Int32Array
  readonly edgesAt: Int32Array
  /** Set and target by turns. */
  readonly edges: Int32Array
  readonly ruleOf: Int32Array
  readonly ageOf: Int32Array
  readonly kindOf: Int32Array
  /** Per node, the fewest units missing from the match's end; and the most that can be, there or at any node after it. */
  readonly missing: Int32Array
  readonly farthest: Int32Array
  /** Machines that know what lies before an offset: states × classes each. */
  readonly machinesAt: Int32Array
  readonly machines: Int32Array
  /** Per rule, its machine; and per state of that machine the nodes of an attempt that begins there. */
  readonly machineOf: Int32Array
  readonly beginsOf: Int32Array
  readonly beginsAt: Int32Array
  readonly begins: Int32Array
  /** Per rule: longest span looked for, or 0; units a span can have at most, for rings that keep every start. */
  readonly mostOf: Int32Array
  readonly windowOf: Int32Array
  /** Per rule, the most units after an end until it is decided. */
  readonly oldestOf: Int32Array
  /** Per rule, 1 where two attempts are never at one node before their ends. */
  readonly distinct: Int32Array
  /** Per rule, its first waiting node (one for each age), or -1 where no end is ever in doubt. */
  readonly waitOf: Int32Array
}

/** Growing lists with `at` offsets. */
class Lists {
  readonly at: number[] = [0]
  readonly items: number[] = []

  add(items: readonly number[]): number {
    for (const item of items) this.items.push(item)
    return this.at.push(this.items.length) - 2
  }
}

export function merge(programs: readonly PatternProgram[]): Merged {
  const { runs, classOfRun, classes, locals } = commonClasses(programs)
  const words = Math.max(1, (classes + 31) >> 5)
  const sets: number[] = []
  const setIndex = new Map<string, number>()
  const intern = (members: (unitClass: number) => boolean): number => {
    const bits = new Int32Array(words)
    for (let unitClass = 0; unitClass < classes; unitClass++)
      if (members(unitClass)) bits[unitClass >> 5]! |= 1 << (unitClass & 31)
    const key = bits.join()
    let index = setIndex.get(key)
    if (index === undefined) {
      index = setIndex.size
      setIndex.set(key, index)
      sets.push(...bits)
    }
    return index
  }
  const edges = new Lists()
  const machines = new Lists()
  const begins = new Lists()
  const machineIndex = new Map<string, number>()
  const ruleOf: number[] = []
  const ageOf: number[] = []
  const kindOf: number[] = []
  const missing: number[] = []
  const nodesAt: number[] = []
  const machineOf: number[] = []
  const beginsOf: number[] = []
  const addNode = (rule: number, age: number, kind: number, lacks: number, list: readonly number[]) => {
    ruleOf.push(rule)
    ageOf.push(age)
    kindOf.push(kind)
    missing.push(lacks)
    return edges.add(list)
  }
  programs.forEach((program, rule) => {
    const local = locals[rule] as readonly number[]
    const base = ruleOf.length
    nodesAt.push(base)
    const setOf = program.sets.map((set) => {
      const members = new Set(set)
      return intern((unitClass) => members.has(local[unitClass] as number))
    })
    const isCertain = new Set(program.certain)
    const isAtEnd = new Set(program.atEnd)
    program.edges.forEach((list, node) => {
      const age = program.age[node] as number
      const kind = (age >= 0 ? past : 0) | (isCertain.has(node) ? certain : 0) | (isAtEnd.has(node) ? atEnd : 0)
      addNode(
        rule,
        age,
        kind,
        program.missing[node] as number,
        list.map((item, i) => (i % 2 === 0 ? (setOf[item] as number) : base + item)),
      )
    })
    const table: number[] = []
    for (let state = 0; state < program.begins.length; state++)
      for (let unitClass = 0; unitClass < classes; unitClass++)
        table.push(program.context[state * program.classes + (local[unitClass] as number)] as number)
    const key = table.join()
    let machine = machineIndex.get(key)
    if (machine === undefined) {
      machine = machines.add(table)
      machineIndex.set(key, machine)
    }
    machineOf.push(machine)
    beginsOf.push(begins.at.length - 1)
    for (const nodes of program.begins) begins.add(nodes.map((node) => base + node))
  })
  nodesAt.push(ruleOf.length)
  const all = intern(() => true)
  // One unit after the oldest node past the end, every end is decided.
  const oldestOf = programs.map((program) => program.age.reduce((most, age) => Math.max(most, age)) + 1)
  const waitOf = programs.map((program, rule) => {
    if (program.age.every((age, node) => age < 0 || program.certain.includes(node))) return -1
    const oldest = oldestOf[rule] as number
    const first = ruleOf.length
    for (let age = 0; age <= oldest; age++)
      addNode(rule, age, past | certain | waiting, 0, age < oldest ? [all, ruleOf.length + 1] : [])
    return first
  })
  const flat = (list: readonly number[]) => Int32Array.from(list)
  return {
    classes,
    runs: flat(runs),
    classOfRun: flat(classOfRun),
    words,
    sets: flat(sets),
    nodesAt: flat(nodesAt),
    edgesAt: flat(edges.at),
    edges: flat(edges.items),
    ruleOf: flat(ruleOf),
    ageOf: flat(ageOf),
    kindOf: flat(kindOf),
    missing: flat(missing),
    farthest: farthestOf(missing, edges),
    machinesAt: flat(machines.at),
    machines: flat(machines.items),
    machineOf: flat(machineOf),
    beginsOf: flat(beginsOf),
    beginsAt: flat(begins.at),
    begins: flat(begins.items),
    mostOf: flat(programs.map((program) => program.most)),
    windowOf: flat(programs.map((program) => program.most || program.longest)),
    oldestOf: flat(oldestOf),
    distinct: flat(programs.map((program) => (program.distinct ? 1 : 0))),
    waitOf: flat(waitOf),
  }
}

/** Cuts the units into classes that no program tells apart; `locals` says, per program, its own class for each. */
function commonClasses(programs: readonly PatternProgram[]) {
  const borders = [...new Set([0, ...programs.flatMap((program) => program.runs)])].sort((a, b) => a - b)
  const index = new Map<string, number>()
  const locals: number[][] = programs.map(() => [])
  const runs: number[] = []
  const classOfRun: number[] = []
  const run = programs.map(() => 0)
  for (const border of borders) {
    const own = programs.map((program, rule) => {
      while ((program.runs[(run[rule] as number) + 1] ?? 0x10000) <= border) run[rule] = (run[rule] as number) + 1
      return program.classOfRun[run[rule] as number] as number
    })
    const key = own.join()
    let found = index.get(key)
    if (found === undefined) {
      found = index.size
      index.set(key, found)
      own.forEach((unitClass, rule) => {
        locals[rule]?.push(unitClass)
      })
    }
    runs.push(border)
    classOfRun.push(found)
  }
  return { runs, classOfRun, classes: index.size, locals }
}

function farthestOf(missing: readonly number[], { at, items }: Lists): Int32Array {
  const before: number[][] = missing.map(() => [])
  for (let node = 0; node < missing.length; node++)
    for (let e = at[node]!; e < at[node + 1]!; e += 2) before[items[e + 1]!]!.push(node)
  const farthest = new Int32Array(missing.length).fill(-1)
  for (const top of [...missing.keys()].sort((a, b) => missing[b]! - missing[a]!)) {
    const waiting = [top]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (farthest[node]! >= 0) continue
      farthest[node] = missing[top]!
      waiting.push(...before[node]!)
    }
  }
  return farthest
}
