/** Numbers that look random and are the same on every machine and every run, so that a figure can be met again. */

/** Random numbers in [0, 1) by mulberry32. */
export type Random = () => number

export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function pick<Item>(random: Random, items: ArrayLike<Item>): Item {
  return items[Math.floor(random() * items.length)] as Item
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** Draws items as often as people use words: the n-th item with a weight of 1 / (n + 2.7)^1.15 (Zipf and Mandelbrot). */
export function zipf<Item>(items: ArrayLike<Item>): (random: Random) => Item {
  const reach = new Float64Array(items.length)
  let sum = 0
  for (let rank = 0; rank < items.length; rank++) {
    sum += (rank + 2.7) ** -1.15
    reach[rank] = sum
  }
  return (random) => {
    const sought = random() * sum
    let low = 0
    let high = reach.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((reach[middle] as number) < sought) low = middle + 1
      else high = middle
    }
    return items[low] as Item
  }
}

/** The items in another order, the same one for the same seed. */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const out = [...items]
  for (let index = out.length - 1; index > 0; index--) {
    const other = between(random, 0, index)
    ;[out[index], out[other]] = [out[other] as Item, out[index] as Item]
  }
  return out
}
