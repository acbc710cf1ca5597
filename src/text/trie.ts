/** Strings of classes gathered into one tree, each node knowing the longest suffix of its path that is a path too. */
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
 * others are numbered level by level, children of one node side by side and sorted; of one path the node below 0 first.
 */
export interface Trie {
  readonly size: number
  readonly label: Uint16Array
  readonly parent: Int32Array
  readonly depth: Int32Array
  /** A node's children are those from its own entry to the next one's. */
  readonly childAt: Int32Array
  readonly fail: Int32Array
  /** By node: 1 where a string ends at it or at a suffix of it. */
  readonly flagged: Uint8Array
  /** By node: the last string that ends there plus one, 0 for none; by string: the one before it in the same manner. */
  readonly lastEnding: Int32Array
  readonly earlier: Int32Array
  /** The node below one by class, 0 for none. */
  readonly below: (node: number, label: number) => number
}

type Tree = Omit<Trie, 'fail' | 'flagged' | 'below'>

export function gather(strings: ClassStrings): Trie {
  const tree = plant(strings)
  const below = finder(tree, strings.isWord.length)
  return { ...tree, below, ...link(tree, strings.isWord, below) }
}

/** The strings sorted, with how many symbols each shares with the one before it. */
interface Sorted {
  readonly order: Int32Array
  readonly shared: Int32Array
  /** How many of them begin anywhere: they come first. */
  readonly anywhere: number
  /** By depth: number of nodes. */
  readonly levels: Int32Array
}

function plant(strings: ClassStrings): Tree {
  const { labels, ends, codes } = strings
  const { order, shared, anywhere, levels } = sorted(strings)
  const free = new Int32Array(levels.length)
  let size = 0
  for (let depth = 0; depth < levels.length; depth += 1) {
    free[depth] = size
    size += levels[depth] as number
  }
  const label = new Uint16Array(size)
  const parent = new Int32Array(size)
  const depth = new Int32Array(size)
  const childAt = new Int32Array(size + 1)
  const lastEnding = new Int32Array(size)
  const earlier = new Int32Array(ends.length)
  const path = new Int32Array(levels.length)
  for (let index = 0; index < order.length; index += 1) {
    const string = order[index] as number
    const start = string === 0 ? 0 : (ends[string - 1] as number)
    const length = (ends[string] as number) - start
    path[0] = index < anywhere ? wordRoot : otherRoot
    for (let at = shared[index] as number; at < length; at += 1) {
      const node = free[at + 1] as number
      const above = path[at] as number
      free[at + 1] = node + 1
      label[node] = labels[start + at] as number
      parent[node] = above
      depth[node] = at + 1
      if (childAt[above] === 0) childAt[above] = node
      path[at + 1] = node
    }
    const node = path[length] as number
    let known = lastEnding[node] as number
    while (known !== 0 && codes[known - 1] !== codes[string]) known = earlier[known - 1] as number
    if (known !== 0) continue
    earlier[string] = lastEnding[node] as number
    lastEnding[node] = string + 1
  }
  childAt[size] = size
  for (let node = size - 1; node >= 0; node -= 1) if (childAt[node] === 0) childAt[node] = childAt[node + 1] as number
  return { size, label, parent, depth, childAt, lastEnding, earlier }
}

function sorted(strings: ClassStrings): Sorted {
  const { labels, ends, bordered } = strings
  const count = ends.length
  const order = new Int32Array(count)
  let free = 0
  for (const side of [0, 1])
    for (let string = 0; string < count; string += 1) if (bordered[string] === side) order[free++] = string
  const anywhere = bordered.reduce((sum, side) => sum + 1 - side, 0)
  sortStrings(strings, order.subarray(0, anywhere))
  sortStrings(strings, order.subarray(anywhere))
  let longest = 0
  for (let string = 0; string < count; string += 1)
    longest = Math.max(longest, (ends[string] as number) - (ends[string - 1] ?? 0))
  // Counted as differences: a string adds one node to every level beyond what it shares.
  const levels = new Int32Array(longest + 2)
  const shared = new Int32Array(count)
  for (let index = 0; index < count; index += 1) {
    const string = order[index] as number
    const start = ends[string - 1] ?? 0
    const length = (ends[string] as number) - start
    let same = 0
    if (index > 0 && index !== anywhere) {
      const before = order[index - 1] as number
      const other = ends[before - 1] ?? 0
      const most = Math.min(length, (ends[before] as number) - other)
      while (same < most && labels[start + same] === labels[other + same]) same += 1
    }
    shared[index] = same
    levels[same + 1] = (levels[same + 1] as number) + 1
    if (length + 1 < levels.length) levels[length + 1] = (levels[length + 1] as number) - 1
  }
  for (let depth = 2; depth < levels.length; depth += 1) levels[depth] = (levels[depth] as number) + (levels[depth - 1] as number)
  levels[0] = 2
  return { order, shared, anywhere, levels }
}

function finder({ label, childAt }: Tree, classes: number): Trie['below'] {
  // Most searches end at a root, whose children are too many to search among.
  const top = [new Int32Array(classes), new Int32Array(classes)] as const
  for (const root of [wordRoot, otherRoot] as const) {
    for (let node = childAt[root] as number; node < (childAt[root + 1] as number); node += 1)
      top[root][label[node] as number] = node
  }
  return (node, wanted) => {
    if (node <= otherRoot) return (top[node] as Int32Array)[wanted] as number
    let low = childAt[node] as number
    const end = childAt[node + 1] as number
    if (end - low <= 4) {
      for (; low < end; low += 1) if (label[low] === wanted) return low
      return 0
    }
    let high = end
    while (low < high) {
      const middle = (low + high) >> 1
      if ((label[middle] as number) < wanted) low = middle + 1
      else high = middle
    }
    return low < end && label[low] === wanted ? low : 0
  }
}

function link(tree: Tree, isWord: Uint8Array, below: Trie['below']): Pick<Trie, 'fail' | 'flagged'> {
  const { size, parent, label, lastEnding } = tree
  const fail = new Int32Array(size)
  const flagged = new Uint8Array(size)
  for (let node = 2; node < size; node += 1) {
    const to = failOf(parent[node] as number, label[node] as number, isWord, fail, below)
    fail[node] = to
    flagged[node] = lastEnding[node] !== 0 || flagged[to] === 1 ? 1 : 0
  }
  return { fail, flagged }
}

function failOf(above: number, wanted: number, isWord: Uint8Array, fail: Int32Array, below: Trie['below']): number {
  const rest = isWord[wanted] === 1 ? wordRoot : otherRoot
  if (above === wordRoot) return rest
  if (above === otherRoot) return below(wordRoot, wanted) || rest
  for (let state = fail[above] as number; ; state = state === otherRoot ? wordRoot : (fail[state] as number)) {
    const found = below(state, wanted)
    if (found !== 0) return found
    if (state === wordRoot) return rest
  }
}
