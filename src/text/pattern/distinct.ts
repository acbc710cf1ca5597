/** Whether a pattern's attempts can ever meet: where they cannot, a candidate that fails its check has hidden no other. */
import type { PatternProgram } from './program.ts'

/** Pairs looked at before the question is given up, and the careful way taken. */
const mostPairs = 60_000

/** @returns whether two attempts with different starts are provably never at one node before their ends. */
export function isDistinct(program: Omit<PatternProgram, 'distinct'>): boolean {
  const { classes, context, begins, age } = program
  const nodes = age.length
  const targets = targetsOf(program)
  const open = (list: readonly number[]) => list.filter((node) => (age[node] as number) < 0)
  const begun = begins.map((list) =>
    Array.from({ length: classes }, (_, unitClass) => [
      ...new Set(list.flatMap((node) => open(targets[node]?.[unitClass] ?? []))),
    ]),
  )
  // An attempt at node p where the context is c; and beside it a younger one at node q.
  const alone = new Set<number>()
  const beside = new Set<number>()
  const waiting: (readonly [context: number, older: number, younger: number])[] = []
  const add = (at: number, older: number, younger: number): boolean => {
    if (older === younger) return false
    const seen = younger < 0 ? alone : beside
    const key = younger < 0 ? at * nodes + older : (at * nodes + older) * nodes + younger
    if (seen.has(key)) return true
    seen.add(key)
    waiting.push([at, older, younger])
    return beside.size <= mostPairs
  }
  for (let at = 0; at < begins.length; at++)
    for (let unitClass = 0; unitClass < classes; unitClass++)
      for (const node of begun[at]?.[unitClass] ?? [])
        if (!add(context[at * classes + unitClass] as number, node, -1)) return false
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [at, older, younger] = next
    for (let unitClass = 0; unitClass < classes; unitClass++) {
      const later = context[at * classes + unitClass] as number
      const ahead = open(targets[older]?.[unitClass] ?? [])
      const behind = younger < 0 ? (begun[at]?.[unitClass] ?? []) : open(targets[younger]?.[unitClass] ?? [])
      for (const one of ahead) {
        if (younger < 0 && !add(later, one, -1)) return false
        for (const other of behind) if (!add(later, one, other)) return false
      }
    }
  }
  return true
}

function targetsOf({ edges, sets, classes }: Omit<PatternProgram, 'distinct'>): number[][][] {
  return edges.map((list) => {
    const row: number[][] = Array.from({ length: classes }, () => [])
    for (let i = 0; i < list.length; i += 2)
      for (const unitClass of sets[list[i] as number] ?? []) row[unitClass]?.push(list[i + 1] as number)
    return row
  })
}
