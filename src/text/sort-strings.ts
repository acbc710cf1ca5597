/** Sorts strings of classes without making them strings of the language: as many symbols at a time as a number has room for. */

/** Where strings lie end to end. */
export interface Strings {
  readonly labels: Uint16Array
  /** Where each string ends in `labels`. */
  readonly ends: Int32Array
}

/** Up to so many strings are compared with one another. */
const small = 12
/** Bits of the whole numbers that a double holds. */
const doubleBits = 53

/**
 * Sorts `order`, numbers of strings: those that are prefixes first, equal ones side by side. A double holds the next symbols
 * of a string and its number, and arrays of doubles are what the runtime sorts by itself.
 *
 * @param classes more than any label.
 */
export function sortStrings({ labels, ends }: Strings, order: Int32Array, classes: number): void {
  const numberRange = 2 ** bits(ends.length)
  const symbolRange = 2 ** bits(classes)
  const symbols = Math.max(1, Math.floor((doubleBits - bits(ends.length)) / bits(classes)))
  const keys = new Float64Array(order.length)
  const startOf = (string: number) => (string === 0 ? 0 : (ends[string - 1] as number))
  const keyOf = (string: number, depth: number) => {
    const end = ends[string] as number
    let at = startOf(string) + depth
    let key = 0
    for (const to = at + symbols; at < to; at += 1) key = key * symbolRange + (at < end ? (labels[at] as number) + 1 : 0)
    return key * numberRange + string
  }
  const follows = (one: number, other: number, depth: number) => {
    const end = ends[one] as number
    const otherEnd = ends[other] as number
    let at = startOf(one) + depth
    let beside = startOf(other) + depth
    while (at < end && beside < otherEnd && labels[at] === labels[beside]) {
      at += 1
      beside += 1
    }
    return at < end && (beside === otherEnd || (labels[at] as number) > (labels[beside] as number))
  }
  // Low, high and depth of the stretches that are still to be sorted: long equal beginnings must not nest calls.
  const pending = [0, order.length, 0]
  while (pending.length > 0) {
    const depth = pending.pop() as number
    const high = pending.pop() as number
    const low = pending.pop() as number
    if (high - low <= small) {
      for (let index = low + 1; index < high; index += 1) {
        const moved = order[index] as number
        let hole = index
        for (; hole > low && follows(order[hole - 1] as number, moved, depth); hole -= 1) order[hole] = order[hole - 1] as number
        order[hole] = moved
      }
      continue
    }
    for (let index = low; index < high; index += 1) keys[index] = keyOf(order[index] as number, depth)
    keys.subarray(low, high).sort()
    let from = low
    let before = -1
    for (let index = low; index <= high; index += 1) {
      const key = index < high ? Math.floor((keys[index] as number) / numberRange) : -1
      if (index < high) order[index] = (keys[index] as number) - key * numberRange
      if (key === before) continue
      // Where the last of the symbols is none, the strings are over, and equal.
      if (index - from > 1 && before % symbolRange !== 0) pending.push(from, index, depth + symbols)
      from = index
      before = key
    }
  }
}

/** Bits for numbers up to the given one. */
function bits(most: number): number {
  return 32 - Math.clz32(most)
}
