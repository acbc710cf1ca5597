/** Of the chains' fail states an artifact has only those where chains begin: whole, they would be half of it. */
import { foretold, mostStates, noClass, targetClass, unknown } from './automaton.ts'

/** @returns in the order of places the fail states of those that begin a chain, and the targets that stand beside one. */
export function chainHeads(links: Uint16Array, chains: Int32Array): Int32Array {
  const heads: number[] = []
  let begins = true
  for (let place = 0; place < links.length; place += 1) {
    const link = links[place] as number
    const entry = chains[place] as number
    if (link === targetClass) heads.push(entry)
    // What the automaton has learnt since is not written: the same terms make the same bytes.
    else if (begins) heads.push(entry & (mostStates - 1))
    begins = link >= noClass
  }
  return Int32Array.from(heads)
}

/** The chains as the builder made them. */
export function chainsFrom(heads: Int32Array, links: Uint16Array): Int32Array {
  const chains = new Int32Array(links.length).fill(unknown)
  let next = 0
  let begins = true
  for (let place = 0; place < links.length; place += 1) {
    const link = links[place] as number
    if (link === targetClass) chains[place] = heads[next++] as number
    else if (begins) chains[place] = (heads[next++] as number) + foretold
    begins = link >= noClass
  }
  return chains
}
