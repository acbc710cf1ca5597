/**
 * Which states of an automaton are entered most: those get a row, and there is room for few.
 *
 * Nobody knows the texts when a list is compiled, so two guesses are put together: how many strings pass a state, and how
 * likely its letters follow one another, going by the letters in threes of which the strings are made. By the first alone a
 * beginning that few terms have counts as rare even where every other sentence has it. With both, a fifth (English) to a third
 * (code) fewer units are read in a state without a row, with the same number of rows.
 */
import { type ClassStrings, otherRoot, type Tree, wordRoot } from './trie.ts'

/** Classes told apart in threes; those behind count as one. */
const apart = 32
/** How often a pair of letters was seen before what follows it is believed as much as what follows its second letter. */
const enough = 4

/**
 * @param width classes that a row has a place for: a node is not chosen if three quarters of its children would have none.
 * @param most how many nodes at most.
 */
export function frequent(trie: Tree, strings: ClassStrings, width: number, most: number): number[] {
  if (most <= 0) return []
  const { size, parent, label, children } = trie
  const weight = weights(trie)
  const within = new Uint16Array(size)
  for (let node = 2; node < size; node += 1) {
    const above = parent[node] as number
    if ((label[node] as number) < width) within[above] = (within[above] as number) + 1
  }
  const likely = likelihood(strings)
  // Where there are many, what a single string passes is never among the most frequent.
  const least = size > 4 * most ? 2 : 1
  const chance = new Float64Array(size)
  chance[wordRoot] = 1
  chance[otherRoot] = 1
  const nodes: number[] = []
  const scores: number[] = []
  for (let node = 2; node < size; node += 1) {
    const passed = weight[node] as number
    if (passed < least) continue
    const above = parent[node] as number
    const before = above > otherRoot ? (label[above] as number) : above
    const further = above > otherRoot ? (parent[above] as number) : above
    const first = further > otherRoot ? (label[further] as number) : further
    chance[node] = (chance[above] as number) * likely(first, before, label[node] as number)
    if (4 * (within[node] as number) <= (children[node] as number)) continue
    nodes.push(node)
    scores.push((chance[node] as number) * passed * passed)
  }
  if (nodes.length <= most) return nodes
  const sorted = Float64Array.from(scores).sort()
  const lowest = sorted[sorted.length - most] as number
  return nodes.filter((_, index) => (scores[index] as number) >= lowest).slice(0, most)
}

/** By node: how many strings pass it or end there. */
function weights({ size, parent, lastEnding }: Tree): Int32Array {
  const weight = new Int32Array(size)
  for (let node = size - 1; node > otherRoot; node -= 1) {
    if (lastEnding[node] !== 0) weight[node] = (weight[node] as number) + 1
    const above = parent[node] as number
    weight[above] = (weight[above] as number) + (weight[node] as number)
  }
  return weight
}

/** How likely a class follows two others. Before a string stands its root, twice. */
function likelihood({ labels, ends, bordered }: ClassStrings): (first: number, second: number, third: number) => number {
  const threes = new Int32Array(apart ** 3)
  let at = 0
  for (let string = 0; string < ends.length; string += 1) {
    const root = bordered[string] === 1 ? otherRoot : wordRoot
    let pair = root * apart + root
    for (const end = ends[string] as number; at < end; at += 1) {
      const next = labels[at] as number
      const three = pair * apart + (next < apart ? next : apart - 1)
      threes[three] = (threes[three] as number) + 1
      pair = three & (apart ** 2 - 1)
    }
  }
  // What follows a pair, and where a pair or a class follows anything.
  const pairSums = new Int32Array(apart ** 2)
  const pairs = new Int32Array(apart ** 2)
  const single = new Int32Array(apart)
  for (const [three, count] of threes.entries()) {
    const pair = Math.floor(three / apart)
    const later = three & (apart ** 2 - 1)
    pairSums[pair] = (pairSums[pair] as number) + count
    pairs[later] = (pairs[later] as number) + count
    single[later >> 5] = (single[later >> 5] as number) + count
  }
  return (first, second, third) => {
    const next = Math.min(third, apart - 1)
    const before = Math.min(second, apart - 1)
    const pair = Math.min(first, apart - 1) * apart + before
    const alone = ((pairs[before * apart + next] as number) + 1) / ((single[before] as number) + apart)
    return ((threes[pair * apart + next] as number) + enough * alone) / ((pairSums[pair] as number) + enough)
  }
}
