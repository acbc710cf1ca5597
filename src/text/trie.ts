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
 * others are numbered as the sorted strings pass them for the first time, so that what is read one after the other lies
 * side by side: the first child of every other node is the next number.
 */
export interface Trie {
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

/** The first child of a node, 0 for none; `sibling` has the others. */
export function firstChild({ parent, tops }: Pick<Trie, 'parent' | 'tops'>, node: number): number {
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

function plant(strings: ClassStrings): Tree {
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

/** A leaf's only class, and what a fork's number is added to. */
const noOnly = 0x10000
const forkBase = 0x10001

/** Looks children up at the price of one look at the memory for most nodes, and of two for forks. */
function finder(tree: Tree, classes: number): Trie['below'] {
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

const unknown = -1

/**
 * Where a node fails to is shallower, or of the same path and below the other root. Nodes are linked in the order of their
 * numbers, and what one of them needs to know first, before it: neighbours fail to neighbours, and level by level every
 * look would be at another end of the memory.
 */
function link(tree: Tree, isWord: Uint8Array, below: Trie['below']): Pick<Trie, 'fail' | 'flagged'> {
  const { size, parent, label, lastEnding } = tree
  const fail = new Int32Array(size).fill(unknown)
  fail[wordRoot] = fail[otherRoot] = wordRoot
  const flagged = new Uint8Array(size)
  const pending: number[] = []
  for (let from = 2; from < size; from += 1) {
    if (fail[from] !== unknown) continue
    const quick = failOf(parent[from] as number, label[from] as number, isWord, fail, below)
    if (quick >= 0 && fail[quick] !== unknown) {
      fail[from] = quick
      if (lastEnding[from] !== 0 || flagged[quick] === 1) flagged[from] = 1
      continue
    }
    pending.push(from)
    while (pending.length > 0) {
      const node = pending.at(-1) as number
      const above = parent[node] as number
      let wanted = fail[above] === unknown ? above : unknown
      if (wanted === unknown && fail[node] === unknown) {
        const found = failOf(above, label[node] as number, isWord, fail, below)
        if (found < 0) wanted = ~found
        else fail[node] = found
      }
      const to = fail[node] as number
      if (to !== unknown && fail[to] === unknown) wanted = to
      if (wanted === unknown) {
        flagged[node] = lastEnding[node] !== 0 || flagged[to] === 1 ? 1 : 0
        pending.pop()
      } else pending.push(wanted)
    }
  }
  return { fail, flagged }
}

/** Where a node fails to that is to stand below `above`; the complement of a node where that one's fail has to be known before. */
function failOf(above: number, wanted: number, isWord: Uint8Array, fail: Int32Array, below: Trie['below']): number {
  const rest = isWord[wanted] === 1 ? wordRoot : otherRoot
  if (above === wordRoot) return rest
  if (above === otherRoot) return below(wordRoot, wanted) || rest
  for (let state = fail[above] as number; ; state = state === otherRoot ? wordRoot : (fail[state] as number)) {
    const found = below(state, wanted)
    if (found !== 0) return found
    if (state === wordRoot) return rest
    if (fail[state] === unknown) return ~state
  }
}
