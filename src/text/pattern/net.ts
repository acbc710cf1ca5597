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
  return keep(net, (node) => useful.has(node))
}

function keep(net: Net, test: (node: number) => boolean): Net {
  const kept = net.edges.map((_, node) => node).filter(test)
  const renamed = new Map(kept.map((node, index) => [node, index]))
  return rename(net, kept, (node) => renamed.get(node) ?? -1)
}

/** Keeps the nodes that lie on some match of at most so many units. */
export function within(net: Net, most: number): Net {
  const { missing } = measure(net)
  const depth = net.edges.map(() => Number.POSITIVE_INFINITY)
  let layer = [...new Set(net.begins.flat())]
  for (const node of layer) depth[node] = 0
  for (let distance = 1; layer.length > 0; distance++) {
    const further: number[] = []
    for (const node of layer)
      for (const target of targetsOf(net, node))
        if ((depth[target] as number) > distance) {
          depth[target] = distance
          further.push(target)
        }
    layer = further
  }
  // What follows a match's end is as far from the start as that end is, and no further.
  const fits = (node: number) => (net.age[node] as number) > 0 || (depth[node] as number) + (missing[node] as number) <= most
  return prune(keep(net, (node) => fits(node)))
}

const targetsOf = (net: Net, node: number) => (net.edges[node] ?? []).filter((_, i) => i % 2 === 1)

/** Merges states of the machine that knows what lies before, where no beginning tells them apart. */
export function mergeContexts(net: Net, next: readonly (readonly number[])[]): Net & { next: readonly (readonly number[])[] } {
  let block = next.map(() => 0)
  for (let count = 0; ; ) {
    const index = new Map<string, number>()
    block = next.map((row, state) => {
      const key = `${block[state]} ${net.begins[state]} ${row.map((to) => block[to])}`
      const found = index.get(key) ?? index.size
      index.set(key, found)
      return found
    })
    if (index.size === count) break
    count = index.size
  }
  const kept = block.flatMap((found, state) => (block.indexOf(found) === state ? [state] : []))
  return {
    ...net,
    begins: kept.map((state) => net.begins[state] as readonly number[]),
    next: kept.map((state) => (next[state] as readonly number[]).map((to) => block[to] as number)),
  }
}

/** Merges nodes that do the same; alternatives with a common tail and conditions that no longer matter leave many. */
export function mergeEqual(net: Net): Net {
  for (let current = net; ; ) {
    const { kept, to } = equalNodes(current)
    if (kept.length === current.edges.length) return current
    current = rename(current, kept, to)
  }
}

/** From the ends backwards, so that a chain merges in one go; what lies on loops is compared as it stands. */
function equalNodes(net: Net): { kept: number[]; to: (node: number) => number } {
  const certain = new Set(net.certain)
  const atEnd = new Set(net.atEnd)
  const first = new Map<string, number>()
  const same = new Map<number, number>()
  const kept: number[] = []
  for (const node of afterTargets(net)) {
    const list = net.edges[node] ?? []
    const edges: string[] = []
    for (let i = 0; i < list.length; i += 2) {
      const target = list[i + 1] as number
      edges.push(`${list[i]}>${target === node ? 'self' : (same.get(target) ?? `open ${target}`)}`)
    }
    const key = `${net.age[node]} ${certain.has(node)} ${atEnd.has(node)} ${[...new Set(edges)].sort().join()}`
    let index = first.get(key)
    if (index === undefined) {
      index = kept.push(node) - 1
      first.set(key, index)
    }
    same.set(node, index)
  }
  return { kept, to: (node) => same.get(node) as number }
}

/** All nodes, each after those its edges lead to, loops apart. */
function afterTargets(net: Net): number[] {
  const order: number[] = []
  const seen = new Uint8Array(net.edges.length)
  for (let root = 0; root < net.edges.length; root++) {
    const stack = [root]
    while (stack.length > 0) {
      const node = stack.at(-1) as number
      if (seen[node] === 0) {
        seen[node] = 1
        for (const target of targetsOf(net, node)) if (seen[target] === 0) stack.push(target)
        continue
      }
      stack.pop()
      if (seen[node] === 1) order.push(node)
      seen[node] = 2
    }
  }
  return order
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
    const targets = targetsOf(net, node)
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
