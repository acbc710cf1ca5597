/** Whether a pattern's attempts can ever meet: where they cannot, a candidate that fails its check has hidden no other. */
import type { PatternProgram } from './program.ts'

/** Pairs looked at before the question is given up, and the careful way taken. */
const mostPairs = 100_000

interface Edge {
  readonly set: number
  readonly to: number
}

/** @returns whether two attempts with different starts are provably never at one node before their ends. */
export function isDistinct(program: Omit<PatternProgram, 'distinct'>): boolean {
  const { begins, edges } = program
  const nodes = edges.length
  const open = edges.map((list) => openEdges(list, program))
  const meet = meeting(program)
  const after = contextsAfter(program)
  // Two attempts under way: from there what lies before no longer matters, and sets that share a unit are as good as the unit.
  const beside = new Set<number>()
  const pairs: number[] = []
  const addBoth = (ahead: readonly Edge[], behind: readonly Edge[]): boolean => {
    for (const older of ahead)
      for (const younger of behind) {
        if (!meet(older.set, younger.set)) continue
        if (older.to === younger.to) return false
        const pair = older.to * nodes + younger.to
        if (beside.has(pair)) continue
        beside.add(pair)
        pairs.push(pair)
      }
    return beside.size <= mostPairs
  }
  // One attempt, where the context says which others may begin.
  const alone = new Set<number>()
  const singles: number[] = []
  const add = (context: number, { set, to }: Edge): void => {
    for (const later of after(context, set)) {
      const single = later * nodes + to
      if (alone.has(single)) continue
      alone.add(single)
      singles.push(single)
    }
  }
  const begun = begins.map((list) => list.flatMap((node) => open[node] as readonly Edge[]))
  begun.forEach((list, context) => {
    for (const edge of list) add(context, edge)
  })
  for (let single = singles.pop(); single !== undefined; single = singles.pop()) {
    const context = Math.floor(single / nodes)
    const ahead = open[single % nodes] as readonly Edge[]
    for (const edge of ahead) add(context, edge)
    if (!addBoth(ahead, begun[context] as readonly Edge[])) return false
  }
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop())
    if (!addBoth(open[Math.floor(pair / nodes)] as readonly Edge[], open[pair % nodes] as readonly Edge[])) return false
  return true
}

/** Those that lead to nodes before a match's end. */
function openEdges(list: readonly number[], { age }: Pick<PatternProgram, 'age'>): Edge[] {
  const open: Edge[] = []
  for (let i = 0; i < list.length; i += 2) {
    const [set, to] = [list[i] as number, list[i + 1] as number]
    if ((age[to] as number) < 0) open.push({ set, to })
  }
  return open
}

/** Whether two sets share a class; asked often of the same. */
function meeting({ sets }: Pick<PatternProgram, 'sets'>): (one: number, other: number) => boolean {
  const members = sets.map((set) => new Set(set))
  const find = (one: number, other: number) => sets[one]?.some((unitClass) => members[other]?.has(unitClass)) === true
  const known = new Uint8Array(sets.length * sets.length)
  return (one, other) => {
    const place = one * sets.length + other
    if (known[place] === 0) known[place] = find(one, other) ? 2 : 1
    return known[place] === 2
  }
}

/** The contexts that units of a set lead to. */
function contextsAfter({ sets, context, classes }: Omit<PatternProgram, 'distinct'>) {
  const known: (readonly number[] | undefined)[] = []
  return (from: number, set: number): readonly number[] => {
    const place = from * sets.length + set
    known[place] ??= [...new Set(sets[set]?.map((unitClass) => context[from * classes + unitClass] as number))]
    return known[place]
  }
}
