/** The nodes of a compiled pattern as a plain graph: cleared of dead ends, equal parts merged, measured. */

export interface Net {
  readonly begins: readonly (readonly number[])[]
  readonly sets: readonly (readonly number[])[]
  readonly edges: readonly (readonly number[])[]
  readonly age: readonly number[]
  readonly certain: readonly number[]
  readonly atEnd: readonly number[]
}

/** Keeps the nodes from which a match can still come: only those may hold text. */
export function prune(net: Net): Net {
  const before: number[][] = net.edges.map(() => [])
  net.edges.forEach((list, node) => {
    for (let i = 1; i < list.length; i += 2) before[list[i] as number]?.push(node)
  })
  const useful = new Set([...net.certain, ...net.atEnd])
  const waiting = [...useful]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    for (const from of before[node] ?? []) {
      if (useful.has(from)) continue
      useful.add(from)
      waiting.push(from)
    }
  const kept = net.edges.map((_, node) => node).filter((node) => useful.has(node))
  const renamed = new Map(kept.map((node, index) => [node, index]))
  return rename(net, kept, (node) => renamed.get(node) ?? -1)
}

/** Merges nodes that do the same; alternatives with a common tail and conditions that no longer matter leave many. */
export function mergeEqual(net: Net): Net {
  let current = net
  for (;;) {
    const certain = new Set(current.certain)
    const atEnd = new Set(current.atEnd)
    const first = new Map<string, number>()
    const kept: number[] = []
    const renamed = current.edges.map((list, node) => {
      const edges: string[] = []
      for (let i = 0; i < list.length; i += 2) edges.push(`${list[i]}>${list[i + 1] === node ? 'self' : list[i + 1]}`)
      const key = `${current.age[node]} ${certain.has(node)} ${atEnd.has(node)} ${edges.sort().join()}`
      let index = first.get(key)
      if (index === undefined) {
        index = kept.push(node) - 1
        first.set(key, index)
      }
      return index
    })
    if (kept.length === current.edges.length) return current
    current = rename(current, kept, (node) => renamed[node] as number)
  }
}

function rename(net: Net, kept: readonly number[], to: (node: number) => number): Net {
  const list = (nodes: readonly number[]) => [...new Set(nodes.map(to))].filter((node) => node >= 0).sort((a, b) => a - b)
  return {
    begins: net.begins.map(list),
    sets: net.sets,
    edges: kept.map((node) => {
      const old = net.edges[node] ?? []
      const seen = new Set<string>()
      const out: number[] = []
      for (let i = 0; i < old.length; i += 2) {
        const target = to(old[i + 1] as number)
        const key = `${old[i]} ${target}`
        if (target < 0 || seen.has(key)) continue
        seen.add(key)
        out.push(old[i] as number, target)
      }
      return out
    }),
    age: kept.map((node) => net.age[node] as number),
    certain: list(net.certain),
    atEnd: list(net.atEnd),
  }
}

/** @returns the lengths of the matches, and per node the fewest units still missing from the match's end. */
export function measure(net: Net): { missing: number[]; shortest: number; longest: number } {
  const missing = net.age.map((age) => (age >= 0 ? 0 : Number.POSITIVE_INFINITY))
  const before: number[][] = net.edges.map(() => [])
  net.edges.forEach((list, node) => {
    for (let i = 1; i < list.length; i += 2) before[list[i] as number]?.push(node)
  })
  let layer = net.age.flatMap((age, node) => (age >= 0 ? [node] : []))
  for (let distance = 1; layer.length > 0; distance++) {
    const further: number[] = []
    for (const node of layer)
      for (const from of before[node] ?? [])
        if ((missing[from] as number) > distance) {
          missing[from] = distance
          further.push(from)
        }
    layer = further
  }
  const starts = [...new Set(net.begins.flat())]
  return {
    missing,
    shortest: Math.min(...starts.map((node) => missing[node] as number)),
    longest: Math.max(...longestFrom(net, starts)),
  }
}

/** Longest way to a match's end; infinite where a loop lies on one. Without recursion: chains grow long. */
function longestFrom(net: Net, starts: readonly number[]): number[] {
  const known = new Map<number, number>()
  const open = new Set<number>()
  const stack = [...starts]
  while (stack.length > 0) {
    const node = stack.at(-1) as number
    const targets = (net.edges[node] ?? []).filter((_, i) => i % 2 === 1)
    if ((net.age[node] as number) >= 0) known.set(node, 0)
    if (known.has(node)) {
      stack.pop()
      continue
    }
    if (!open.has(node)) {
      open.add(node)
      const unknown = targets.filter((target) => !known.has(target))
      if (unknown.some((target) => open.has(target))) return [Number.POSITIVE_INFINITY]
      stack.push(...unknown)
      continue
    }
    open.delete(node)
    known.set(node, 1 + Math.max(...targets.map((target) => known.get(target) ?? 0)))
    stack.pop()
  }
  return starts.map((node) => known.get(node) as number)
}
