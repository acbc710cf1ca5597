/** Strings of classes gathered into one tree. */
import { type Strings, sortStrings } from './sort-strings.ts'

export interface ClassStrings extends Strings {
  /** By string: what its end tells, as in `AutomatonTables.endings`. */
  readonly codes: Int32Array
  /** By string: 1 where it may begin only after something that is no word character. */
  readonly bordered: Uint8Array
  /** By class: 1 for word characters. */
  readonly isWord: Uint8Array
}

/** How an automaton is to be laid out. */
export interface Layout {
  /** Entries that rows may take: four bytes each. */
  readonly rowEntries: number
  /** By rule: whether its candidates keep text back. */
  readonly holds: readonly boolean[]
  /** By class, where a word may be stretched: a string that ends in such a letter may still grow, so it holds where it ends. */
  readonly repeats?: Uint8Array
}

/** The nodes below which strings begin anywhere, and only where a word does. */
export const wordRoot = 0
export const otherRoot = 1

/**
 * Nodes 0 and 1 are the roots: below 0 the strings that begin anywhere, below 1 those that begin where a word does. The
 * others are numbered as the sorted strings pass them for the first time, so that what is read one after the other lies
 * side by side: the first child of every other node is the next number.
 */
export interface Tree {
  readonly size: number
  readonly label: Uint16Array
  /** One more than there are nodes, so that a node's first child is the next node if that is its parent's. */
  readonly parent: Int32Array
  /** The next child of the same node, 0 for none; sorted by class. */
  readonly sibling: Int32Array
  /** The first children of the roots, 0 for none. */
  readonly tops: readonly [number, number]
  /** By node: how many children it has. */
  readonly children: Uint16Array
  readonly depth: Int32Array
  /** By node: the last string that ends there plus one, 0 for none; by string: the one before it in the same manner. */
  readonly lastEnding: Int32Array
  readonly earlier: Int32Array
}

/** The first child of a node, 0 for none; `sibling` has the others. */
export function firstChild({ parent, tops }: Tree, node: number): number {
  if (node <= otherRoot) return tops[node] as number
  return parent[node + 1] === node ? node + 1 : 0
}

/** The strings sorted, with how many symbols each shares with the one before it. */
interface Sorted {
  readonly order: Int32Array
  readonly shared: Int32Array
  /** How many of them begin anywhere: they come first. */
  readonly anywhere: number
  /** Symbols of the longest. */
  readonly longest: number
  /** Nodes that they make, with the roots. */
  readonly size: number
}

export function plant(strings: ClassStrings): Tree {
  const { labels, ends, codes } = strings
  const { order, shared, anywhere, longest, size } = sorted(strings)
  const label = new Uint16Array(size)
  const parent = new Int32Array(size + 1).fill(-1)
  const sibling = new Int32Array(size)
  const children = new Uint16Array(size)
  const depth = new Int32Array(size)
  const lastEnding = new Int32Array(size)
  const earlier = new Int32Array(ends.length)
  /** The nodes of the string before, by depth. */
  const path = new Int32Array(longest + 1)
  let before = 0
  let free = 2
  for (let index = 0; index < order.length; index += 1) {
    const string = order[index] as number
    const start = string === 0 ? 0 : (ends[string - 1] as number)
    const length = (ends[string] as number) - start
    const same = shared[index] as number
    if (index === 0 || index === anywhere) {
      path[0] = index < anywhere ? wordRoot : otherRoot
      before = 0
    }
    if (same < length && same < before) sibling[path[same + 1] as number] = free
    for (let at = same; at < length; at += 1) {
      label[free] = labels[start + at] as number
      const above = path[at] as number
      parent[free] = above
      children[above] = (children[above] as number) + 1
      depth[free] = at + 1
      path[at + 1] = free
      free += 1
    }
    before = length
    const node = path[length] as number
    let known = lastEnding[node] as number
    while (known !== 0 && codes[known - 1] !== codes[string]) known = earlier[known - 1] as number
    if (known !== 0) continue
    earlier[string] = lastEnding[node] as number
    lastEnding[node] = string + 1
  }
  const topOf = (root: number) => Math.max(0, parent.indexOf(root))
  return { size, label, parent, sibling, tops: [topOf(wordRoot), topOf(otherRoot)], children, depth, lastEnding, earlier }
}

function sorted(strings: ClassStrings): Sorted {
  const { labels, ends, bordered, isWord } = strings
  const count = ends.length
  const order = new Int32Array(count)
  let anywhere = 0
  for (const side of [0, 1]) {
    let free = anywhere
    for (let string = 0; string < count; string += 1) if (bordered[string] === side) order[free++] = string
    sortStrings(strings, order.subarray(anywhere, free), isWord.length)
    if (side === 0) anywhere = free
  }
  const shared = new Int32Array(count)
  let longest = 0
  let size = 2
  for (let index = 0; index < count; index += 1) {
    const string = order[index] as number
    const start = string === 0 ? 0 : (ends[string - 1] as number)
    const length = (ends[string] as number) - start
    let same = 0
    if (index > 0 && index !== anywhere) {
      const before = order[index - 1] as number
      const other = before === 0 ? 0 : (ends[before - 1] as number)
      const most = Math.min(length, (ends[before] as number) - other)
      while (same < most && labels[start + same] === labels[other + same]) same += 1
    }
    shared[index] = same
    size += length - same
    if (length > longest) longest = length
  }
  return { order, shared, anywhere, longest, size }
}
