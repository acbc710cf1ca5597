/** A tree of strings of which each node knows the longest suffix of its path that is a path too, once it is asked for. */
import { type ClassStrings, otherRoot, plant, type Tree, wordRoot } from './trie.ts'

export interface Trie extends Tree {
  /** The node below one by class, 0 for none. */
  below(node: number, label: number): number
  /** The node of the longest suffix; shallower, or of the same path and below the other root. */
  fail(node: number): number
  /** Whether a string ends at the node or at a suffix of it. */
  flagged(node: number): boolean
}

export function gather(strings: ClassStrings): Trie {
  const tree = plant(strings)
  const below = finder(tree, strings.isWord.length)
  return { ...tree, below, ...linker(tree, strings.isWord, below) }
}

/** A leaf's only class, and what a fork's number is added to. */
const noOnly = 0x10000
const forkBase = 0x10001

/** Looks children up at the price of one look at the memory for most nodes, and of two for forks. */
function finder(tree: Tree, classes: number): Below {
  const { label, sibling, tops } = tree
  // Most searches end at a root.
  const top = [new Int32Array(classes), new Int32Array(classes)] as const
  for (const root of [wordRoot, otherRoot] as const)
    for (let node = tops[root] as number; node !== 0; node = sibling[node] as number) top[root][label[node] as number] = node
  const { onlyOf, slots } = forksOf(tree, classes)
  const mask = slots.length / 2 - 1
  return (node, wanted) => {
    if (node <= otherRoot) return (top[node] as Int32Array)[wanted] as number
    const only = onlyOf[node] as number
    if (only < forkBase) return only === wanted ? node + 1 : 0
    const key = (Math.imul(only - forkBase, classes) + wanted) | 0
    for (let slot = slotOf(key) & mask; ; slot = (slot + 1) & mask) {
      const child = slots[2 * slot + 1] as number
      if (child === 0 || slots[2 * slot] === key) return child
    }
  }
}

/** By node its only child's class, or `noOnly`, or a number from `forkBase` on; the forks' children in open addressing. */
function forksOf({ size, label, sibling, children }: Tree, classes: number): { onlyOf: Int32Array; slots: Int32Array } {
  const onlyOf = new Int32Array(size)
  let forks = 0
  let count = 0
  for (let node = 2; node < size; node += 1) {
    const own = children[node] as number
    if (own > 1) {
      onlyOf[node] = forkBase + forks
      forks += 1
      count += own
    } else onlyOf[node] = own === 0 ? noOnly : (label[node + 1] as number)
  }
  if (forks * classes >= 2 ** 32) throw new RangeError('too many terms for one list')
  const slots = new Int32Array(2 * 2 ** (32 - Math.clz32(Math.ceil(1.5 * count))))
  const mask = slots.length / 2 - 1
  for (let node = 2; node < size; node += 1) {
    const fork = onlyOf[node] as number
    if (fork < forkBase) continue
    for (let child = node + 1; child !== 0; child = sibling[child] as number) {
      const key = (Math.imul(fork - forkBase, classes) + (label[child] as number)) | 0
      let slot = slotOf(key) & mask
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
      slots[2 * slot] = key
      slots[2 * slot + 1] = child
    }
  }
  return { onlyOf, slots }
}

function slotOf(key: number): number {
  const mixed = Math.imul(key, 0x9e37_79b1)
  return mixed ^ (mixed >>> 15)
}

type Below = Trie['below']

const unknown = -1

/** What a node has to know first is linked before it. Most are never asked, for chains can be followed without. */
function linker(tree: Tree, isWord: Uint8Array, below: Below): Pick<Trie, 'fail' | 'flagged'> {
  const { size, parent, label, lastEnding } = tree
  const fails = new Int32Array(size).fill(unknown)
  fails[wordRoot] = fails[otherRoot] = wordRoot
  const flags = new Uint8Array(size)
  const link = (asked: number) => {
    const pending = [asked]
    while (pending.length > 0) {
      const node = pending.at(-1) as number
      const above = parent[node] as number
      let first = fails[above] === unknown ? above : unknown
      if (first === unknown && fails[node] === unknown) {
        const found = failOf(above, label[node] as number, isWord, fails, below)
        if (found < 0) first = ~found
        else fails[node] = found
      }
      const to = fails[node] as number
      if (to !== unknown && fails[to] === unknown) first = to
      if (first !== unknown) pending.push(first)
      else {
        flags[node] = lastEnding[node] !== 0 || flags[to] === 1 ? 1 : 0
        pending.pop()
      }
    }
  }
  return {
    fail(node) {
      if (fails[node] === unknown) link(node)
      return fails[node] as number
    },
    flagged(node) {
      if (fails[node] === unknown) link(node)
      return flags[node] === 1
    },
  }
}

/** Where a node fails to that is to stand below `above`; the complement of a node where that one's fail has to be known before. */
function failOf(above: number, wanted: number, isWord: Uint8Array, fails: Int32Array, below: Below): number {
  const rest = isWord[wanted] === 1 ? wordRoot : otherRoot
  if (above === wordRoot) return rest
  if (above === otherRoot) return below(wordRoot, wanted) || rest
  for (let state = fails[above] as number; ; state = state === otherRoot ? wordRoot : (fails[state] as number)) {
    const found = below(state, wanted)
    if (found !== 0) return found
    if (state === wordRoot) return rest
    if (fails[state] === unknown) return ~state
  }
}
