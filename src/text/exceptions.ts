/** What exceptions mean for a tree of strings: where one has begun, and which candidates it will cover however the text goes on. */
import type { Trie } from './suffixes.ts'
import { type ClassStrings, firstChild, type Layout, otherRoot } from './trie.ts'

export interface Exceptions {
  readonly begun: Int32Array
  readonly lessened: Int32Array
}

/** Exceptions by node on their way: the rule, and the nodes that are still to come. */
type Ways = Map<number, { readonly rule: number; readonly rest: readonly number[] }[]>

export function exceptionsOf(trie: Trie, strings: ClassStrings, options: Layout, state: Int32Array): Exceptions {
  const ways = waysOf(trie, strings)
  const begun: number[] = []
  const lessened: number[] = []
  for (const [node, all] of ways) {
    const at = state[node] as number
    for (const rule of new Set(all.map((way) => way.rule))) begun.push(at, trie.depth[node] as number, rule)
    const held = heldAt(trie, strings, options, ways, node)
    lessened.push(at, held)
  }
  return { begun: Int32Array.from(begun), lessened: Int32Array.from(lessened) }
}

function waysOf(trie: Trie, strings: ClassStrings): Ways {
  const ways: Ways = new Map()
  if (strings.codes.every((code) => (code & 2) === 0)) return ways
  for (let node = 2; node < trie.size; node += 1) {
    for (const code of codesAt(trie, strings, node)) {
      if ((code & 2) === 0) continue
      const rest: number[] = []
      for (let at = node; at > otherRoot; at = trie.parent[at] as number) {
        // Complete and with nothing to wait for, it is no longer open.
        if (at !== node || (code & 1) === 1) {
          const known = ways.get(at) ?? []
          known.push({ rule: code >> 2, rest: [...rest].reverse() })
          ways.set(at, known)
        }
        rest.push(trie.label[at] as number)
      }
    }
  }
  return ways
}

function codesAt(trie: Trie, strings: ClassStrings, node: number): number[] {
  const codes: number[] = []
  for (let string = trie.lastEnding[node] as number; string !== 0; string = trie.earlier[string - 1] as number) {
    codes.push(strings.codes[string - 1] as number)
  }
  return codes
}

/**
 * Depth of the longest suffix of the node's path from which some holding string still comes that no exception begun
 * before it is sure to cover. An exception covers a string for certain where both need the very same rest.
 */
function heldAt(trie: Trie, strings: ClassStrings, options: Layout, ways: Ways, from: number): number {
  const open: { readonly rule: number; readonly rest: readonly number[] }[] = []
  for (let node = from; node > otherRoot; node = trie.fail(node)) {
    open.push(...(ways.get(node) ?? []))
    const covered = new Set<string>()
    for (const { rule, rest } of open) {
      let end = node
      for (const label of rest) end = end === 0 ? 0 : trie.below(end, label)
      if (end !== 0) covered.add(`${rule} ${end}`)
    }
    if (comes(trie, strings, options, node, covered)) return trie.depth[node] as number
  }
  return 0
}

/** Whether a holding string goes on from the node, or waits at it, that is not among those covered. */
function comes(
  trie: Trie,
  strings: ClassStrings,
  { holds, repeats }: Layout,
  from: number,
  covered: ReadonlySet<string>,
): boolean {
  const pending = [from]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const code of codesAt(trie, strings, node)) {
      if ((code & 2) !== 0 || !holds[code >> 2]) continue
      if (node === from && (code & 1) === 0 && repeats?.[trie.label[node] as number] !== 1) continue
      if (!covered.has(`${code >> 2} ${node}`)) return true
    }
    for (let next = firstChild(trie, node); next !== 0; next = trie.sibling[next] as number) pending.push(next)
  }
  return false
}
