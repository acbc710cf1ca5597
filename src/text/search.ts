/** Binary search over lists that ascend. */

/** The first index whose item satisfies `reached`, which must be false up to some index and true from there on; else the length. */
export function firstIndex<Item>(items: readonly Item[], reached: (item: Item) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reached(items[middle] as Item)) high = middle
    else low = middle + 1
  }
  return low
}
