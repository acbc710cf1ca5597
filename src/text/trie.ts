/** Strings of classes gathered into one tree, each node knowing the longest suffix of its path that is a path too. */
import { afterOther, afterWord } from './automaton.ts'

/** Strings end to end, in the order in which they were added. */
export interface ClassStrings {
  readonly labels: Uint16Array
  /** Where each string ends in `labels`. */
  readonly ends: Int32Array
  /** By string: what its end tells, as in `AutomatonTables.endings`. */
  readonly codes: Int32Array
  /** By string: 1 where it may begin only after something that is no word character. */
  readonly bordered: Uint8Array
  /** By class: 1 for word characters. */
  readonly isWord: Uint8Array
}

/** Nodes 0 and 1 are the roots: below 0 the strings that begin anywhere, below 1 those that begin where a word does. */
export interface Trie {
  readonly size: number
  readonly label: Uint16Array
  readonly parent: Int32Array
  /** First child and next sibling, 0 for none. */
  readonly child: Int32Array
  readonly sibling: Int32Array
  readonly fail: Int32Array
  readonly depth: Int32Array
  /** Nodes but the roots, shallow ones first, and of one path the one that begins anywhere first. */
  readonly order: Int32Array
  /** By node: the last string that ends there plus one, 0 for none; by string: the one before it in the same manner. */
  readonly lastEnding: Int32Array
  readonly earlier: Int32Array
  /** The node below one by class, 0 for none. */
  readonly below: (node: number, label: number) => number
}

export function gather(strings: ClassStrings): Trie {
  const { labels, ends, codes, bordered } = strings
  const most = labels.length + 2
  const parent = new Int32Array(most)
  const label = new Uint16Array(most)
  const child = new Int32Array(most)
  const sibling = new Int32Array(most)
  const lastEnding = new Int32Array(most)
  const earlier = new Int32Array(ends.length)
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(most * 1.5 + 2)))
  const mask = slots.length - 1
  const shift = Math.clz32(mask)
  const slotOf = (node: number, wanted: number) => {
    let slot = Math.imul(Math.imul(node, 0x9e3779b1) ^ (wanted + 1), 0x85ebca6b) >>> shift
    for (let held = slots[slot] as number; held !== 0; held = slots[slot] as number) {
      if (parent[held] === node && label[held] === wanted) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }
  let size = 2
  // Lists come sorted more often than not: what a string shares with the one before needs no search.
  let before = 0
  let path = new Int32Array(64)
  let root = -1
  for (let string = 0; string < ends.length; string += 1) {
    const start = string === 0 ? 0 : (ends[string - 1] as number)
    const length = (ends[string] as number) - start
    if (length >= path.length) {
      const grown = new Int32Array(2 * length)
      grown.set(path)
      path = grown
    }
    const under = bordered[string] === 1 ? afterOther : afterWord
    let shared = 0
    if (under === root) while (shared < length && before + shared < start && labels[before + shared] === labels[start + shared]) shared += 1
    root = under
    path[0] = under
    let node = path[shared] as number
    for (let index = shared; index < length; index += 1) {
      const wanted = labels[start + index] as number
      const slot = slotOf(node, wanted)
      let next = slots[slot] as number
      if (next === 0) {
        next = size
        size += 1
        slots[slot] = next
        parent[next] = node
        label[next] = wanted
        sibling[next] = child[node] as number
        child[node] = next
      }
      node = next
      path[index + 1] = node
    }
    before = start
    let known = lastEnding[node] as number
    while (known !== 0 && codes[known - 1] !== codes[string]) known = earlier[known - 1] as number
    if (known !== 0) continue
    earlier[string] = lastEnding[node] as number
    lastEnding[node] = string + 1
  }
  const below = (node: number, wanted: number) => slots[slotOf(node, wanted)] as number
  return { size, label, parent, child, sibling, lastEnding, earlier, below, ...link(strings, size, child, sibling, label, parent, below) }
}

/** Breadth first, so that the fail state of a node's parent is known before the node's own. */
function link(
  { isWord }: ClassStrings,
  size: number,
  child: Int32Array,
  sibling: Int32Array,
  label: Uint16Array,
  parent: Int32Array,
  below: Trie['below'],
): Pick<Trie, 'fail' | 'depth' | 'order'> {
  const fail = new Int32Array(size)
  const depth = new Int32Array(size)
  const order = new Int32Array(size - 2)
  let written = 0
  for (const root of [afterWord, afterOther]) for (let node = child[root] as number; node !== 0; node = sibling[node] as number) order[written++] = node
  for (let read = 0; read < written; read += 1) {
    const node = order[read] as number
    const above = parent[node] as number
    const wanted = label[node] as number
    depth[node] = (depth[above] as number) + 1
    fail[node] = failOf(above, wanted, isWord, fail, below)
    for (let next = child[node] as number; next !== 0; next = sibling[next] as number) order[written++] = next
  }
  return { fail, depth, order }
}

function failOf(above: number, wanted: number, isWord: Uint8Array, fail: Int32Array, below: Trie['below']): number {
  const rest = isWord[wanted] === 1 ? afterWord : afterOther
  if (above === afterWord) return rest
  if (above === afterOther) return below(afterWord, wanted) || rest
  for (let state = fail[above] as number; ; state = state === afterOther ? afterWord : (fail[state] as number)) {
    const found = below(state, wanted)
    if (found !== 0) return found
    if (state === afterWord) return rest
  }
}
