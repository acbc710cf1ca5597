/** Lays a tree of strings out as an automaton: rows where reading passes most, little elsewhere. */
import {
  type AutomatonTables,
  afterWord,
  foretold,
  mostStates,
  noClass,
  special,
  spread,
  targetClass,
  unknown,
} from './automaton.ts'
import { endingTables } from './endings.ts'
import { exceptionsOf } from './exceptions.ts'
import { frequent } from './frequent.ts'
import { shallowFirst } from './shallow-first.ts'
import { gather, type Trie } from './suffixes.ts'
import { type ClassStrings, firstChild, type Layout, otherRoot, wordRoot } from './trie.ts'

/** States with more children than this have a filter, as those with a row have: so many bits for each child. */
const mostInline = 6
const filterBits = 16

/** @throws RangeError for more strings than the automaton has numbers for. */
export function layOut(strings: ClassStrings, classes: number, options: Layout): AutomatonTables {
  const trie = gather(strings)
  const { sibling, children } = trie
  const width = widthOf(strings, classes)
  const { state, nodes, rowCount, wide, forkCount } = number(trie, strings, width, options.rowEntries)
  const chainBase = rowCount + forkCount
  if (chainBase * classes >= 2 ** 32 - 1 || rowCount * width + nodes.length + 2 * classes >= mostStates)
    throw new RangeError('too many terms for one list')
  const target = (node: number) => (trie.flagged(node) ? ~(state[node] as number) : (state[node] as number))
  let edgeCount = 0
  for (let rank = 2; rank < chainBase; rank += 1) edgeCount += children[nodes[rank] as number] as number
  for (let rank = 2; rank < rowCount; rank += 1) edgeCount -= inRow(trie, nodes[rank] as number, width)
  const edges = new Int32Array(2 * 2 ** Math.ceil(Math.log2(edgeCount * 1.2 + 2)))
  for (let slot = 0; slot < edges.length; slot += 2) edges[slot] = -1
  const mask = edges.length / 2 - 1
  const shift = Math.clz32(mask)
  const forks = new Int32Array(2 * chainBase)
  // The first word is the filter of those that have no children beside their row.
  const filters = [0]
  for (let rank = 2; rank < chainBase; rank += 1) {
    const node = nodes[rank] as number
    const within = rank < rowCount ? inRow(trie, node, width) : 0
    const beside = (children[node] as number) - within
    const isWide = rank < rowCount + wide
    const power = isWide ? Math.max(5, Math.ceil(Math.log2(beside * filterBits))) : 5
    const filter = filters.length
    if (isWide && beside > 0) for (let word = 0; word < 2 ** (power - 5); word += 1) filters.push(0)
    let seen = 0
    let next = beside > 0 ? firstChild(trie, node) : 0
    for (let passed = 0; passed < within; passed += 1) next = sibling[next] as number
    for (; next !== 0; next = sibling[next] as number) {
      const label = trie.label[next] as number
      const bit = isWide ? Math.imul(label, spread) >>> (32 - power) : label & 31
      const word = filter + (bit >>> 5)
      if (isWide) filters[word] = ((filters[word] as number) | (1 << (bit & 31))) >>> 0
      else seen |= 1 << bit
      const key = (rank * classes + label) | 0
      let slot = Math.imul(key, spread) >>> shift
      while (edges[2 * slot] !== -1) slot = (slot + 1) & mask
      edges[2 * slot] = key
      edges[2 * slot + 1] = target(next)
    }
    forks[2 * rank] = isWide ? (beside > 0 ? filter * 32 + 32 - power : 27) : seen
    forks[2 * rank + 1] = state[trie.fail(node)] as number
  }
  const links = new Uint16Array(nodes.length - chainBase).fill(noClass)
  const chains = new Int32Array(links.length).fill(unknown)
  let begins = true
  for (let at = chainBase; at < nodes.length; at += 1) {
    const node = nodes[at] as number
    const place = at - chainBase
    // Of the others the automaton learns the fail states when it gets there.
    if (begins) chains[place] = (state[trie.fail(node)] as number) + foretold
    begins = children[node] === 0
    if (begins) continue
    links[place] = trie.label[node + 1] as number
    if (nodes[at + 1] === node + 1) continue
    links[place + 1] = targetClass
    chains[place + 1] = target(node + 1)
    begins = true
    at += 1
  }
  const { begun, lessened } = exceptionsOf(trie, strings, options, state)
  return {
    classes,
    width,
    rows: fillRows(trie, strings.isWord, { classes, width }, nodes.subarray(0, rowCount), state, target),
    forks,
    wide,
    filters: Uint32Array.from(filters),
    edges,
    links,
    chains,
    levels: levels(trie, strings, options, nodes),
    ...endingTables(nodes.length, (rank) => codesAt(trie, strings, nodes[rank] as number)),
    begun,
    lessened,
  }
}

/** Children that a row has a place for. */
function inRow(trie: Trie, node: number, width: number): number {
  let count = 0
  for (let next = firstChild(trie, node); next !== 0 && (trie.label[next] as number) < width; count += 1)
    next = trie.sibling[next] as number
  return count
}

/** Three quarters of all symbols have a place in every row; more places would be fewer rows. */
function widthOf({ labels }: ClassStrings, classes: number): number {
  const counts = new Int32Array(classes)
  for (let at = 0; at < labels.length; at += 1) counts[labels[at] as number] = (counts[labels[at] as number] as number) + 1
  let covered = 0
  let width = 4
  for (let label = 0; label < classes && (label < width || covered < labels.length * 0.75) && width < 512; label += 1) {
    if (label === width) width *= 2
    covered += counts[label] as number
  }
  return Math.max(width, Math.min(32, 2 ** Math.ceil(Math.log2(classes))))
}

interface Numbers {
  /** State by node, and node by rank. */
  readonly state: Int32Array
  readonly nodes: Int32Array
  readonly rowCount: number
  readonly forkCount: number
  /** How many of the forks come first because they have many children. */
  readonly wide: number
}

/** States with a row first, then those with many children and with several, then the others, each followed by its only child. */
function number(trie: Trie, strings: ClassStrings, width: number, rowEntries: number): Numbers {
  const { size, children } = trie
  const classes = strings.isWord.length
  const rowNodes = shallowFirst(frequent(trie, strings, width, Math.floor((rowEntries - 2 * classes) / width)), trie.depth)
  const state = new Int32Array(size).fill(-1)
  // Each place beside a state's own is for a child that has a row or is a fork.
  const nodes = new Int32Array(size + rowNodes.length + children.reduce((sum, count) => sum + (count > 1 ? 1 : 0), 0))
  nodes.set([wordRoot, otherRoot, ...rowNodes])
  state[otherRoot] = classes
  state[wordRoot] = afterWord
  for (const [index, node] of rowNodes.entries()) state[node] = 2 * classes + index * width
  const rowCount = rowNodes.length + 2
  let next = rowCount
  /** From a rank to the state's number. */
  const shift = 2 * classes + rowNodes.length * width - rowCount
  const take = (least: number, most: number) => {
    const found: number[] = []
    for (let node = 2; node < size; node += 1) {
      const count = children[node] as number
      if (state[node] === -1 && count >= least && count <= most) found.push(node)
    }
    for (const node of shallowFirst(found, trie.depth)) {
      state[node] = next + shift
      nodes[next++] = node
    }
    return next - rowCount
  }
  const wide = take(mostInline + 1, classes)
  take(2, mostInline)
  const forkCount = next - rowCount
  for (let node = 2; node < size; node += 1) {
    if (state[node] !== -1) continue
    state[node] = next + shift
    nodes[next++] = node
    // The child stands elsewhere: the place after the state says where.
    if (children[node] === 1 && state[node + 1] !== -1) nodes[next++] = -1
  }
  return { state, nodes: nodes.subarray(0, next), rowCount, wide, forkCount }
}

function fillRows(
  trie: Trie,
  isWord: Uint8Array,
  { classes, width }: Pick<AutomatonTables, 'classes' | 'width'>,
  nodes: Int32Array,
  state: Int32Array,
  target: (node: number) => number,
): Int32Array {
  const afterOther = classes
  const rows = new Int32Array(2 * classes + (nodes.length - 2) * width)
  for (let label = 0; label < classes; label += 1) rows[label] = isWord[label] === 1 ? afterWord : afterOther
  const put = (row: number, node: number, places: number) => {
    for (let next = firstChild(trie, node); next !== 0; next = trie.sibling[next] as number) {
      const label = trie.label[next] as number
      // Children are sorted by class.
      if (label >= places) break
      rows[row + label] = target(next)
    }
  }
  put(afterWord, wordRoot, classes)
  for (let rank = 1; rank < nodes.length; rank += 1) {
    const row = state[nodes[rank] as number] as number
    const places = rank === 1 ? classes : width
    const path: number[] = []
    let at = nodes[rank] as number
    // A fail state without a row passes on to its own, down to one that has one; the roots do.
    do {
      path.push(at)
      at = at === otherRoot ? wordRoot : trie.fail(at)
    } while ((state[at] as number) >= row)
    rows.copyWithin(row, state[at] as number, (state[at] as number) + places)
    for (const each of path.reverse()) put(row, each, places)
  }
  for (const node of nodes) rows[(state[node] as number) + special] = noState
  return rows
}

/** No string can end at the first root. */
const noState = ~afterWord

function levels(trie: Trie, strings: ClassStrings, options: Layout, nodes: Int32Array): AutomatonTables['levels'] {
  const { holds, repeats } = options
  const { parent, depth, lastEnding, earlier } = trie
  const live = new Uint8Array(trie.size)
  let deepest = 0
  for (let node = trie.size - 1; node > otherRoot; node -= 1) {
    deepest = Math.max(deepest, depth[node] as number)
    let goes = live[node] === 1
    for (let string = lastEnding[node] as number; string !== 0; string = earlier[string - 1] as number) {
      const code = strings.codes[string - 1] as number
      if ((code & 2) !== 0 || !holds[code >> 2]) continue
      goes = true
      if ((code & 1) === 1 || repeats?.[trie.label[node] as number] === 1) live[node] = 1
    }
    if (goes) live[parent[node] as number] = 1
  }
  const { length } = nodes
  const made = deepest < 128 ? new Uint8Array(length) : deepest < 32768 ? new Uint16Array(length) : new Uint32Array(length)
  for (let rank = 2; rank < length; rank += 1) {
    const node = nodes[rank] as number
    if (node !== -1) made[rank] = 2 * (depth[node] as number) + (live[node] as number)
  }
  return made
}

function codesAt({ lastEnding, earlier }: Trie, { codes }: ClassStrings, node: number): number[] | number | undefined {
  if (node === -1 || lastEnding[node] === 0) return undefined
  const last = (lastEnding[node] as number) - 1
  if (earlier[last] === 0) return codes[last]
  const found: number[] = []
  for (let string = last + 1; string !== 0; string = earlier[string - 1] as number) found.push(codes[string - 1] as number)
  return found
}
