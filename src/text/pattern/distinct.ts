/** Whether a pattern's attempts can ever meet: where they cannot, a candidate that fails its check has hidden no other. */
import type { PatternProgram } from './program.ts'

/** Pairs looked at before the question is given up, and the careful way taken. */
const mostPairs = 60_000

const none: readonly number[] = []

/** @returns whether two attempts with different starts are provably never at one node before their ends. */
export function isDistinct(program: Omit<PatternProgram, 'distinct'>): boolean {
  const { classes, context, begins, age } = program
  const nodes = age.length
  const targets = openTargets(program)
  const begun = begins.map((list) =>
    Array.from({ length: classes }, (_, unitClass) => [
      ...new Set(list.flatMap((node) => targets[node]?.get(unitClass) ?? none)),
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
    for (const [unitClass, ahead] of targets[older] ?? []) {
      const later = context[at * classes + unitClass] as number
      const behind = younger < 0 ? begun[at]?.[unitClass] : targets[younger]?.get(unitClass)
      for (const one of ahead) {
        if (younger < 0 && !add(later, one, -1)) return false
        for (const other of behind ?? none) if (!add(later, one, other)) return false
      }
    }
  }
  return true
}

/** By node, the nodes before a match's end that a unit of each class leads to; classes that lead nowhere are left out. */
function openTargets({ edges, sets, age }: Omit<PatternProgram, 'distinct'>): Map<number, number[]>[] {
  return edges.map((list) => {
    const row = new Map<number, number[]>()
    for (let i = 0; i < list.length; i += 2) {
      const target = list[i + 1] as number
      if ((age[target] as number) >= 0) continue
      for (const unitClass of sets[list[i] as number] ?? none) {
        const there = row.get(unitClass)
        if (there) there.push(target)
        else row.set(unitClass, [target])
      }
    }
    return row
  })
}
