/** Sorts strings of classes without making them strings of the language: by one symbol at a time. */

/** Where strings lie end to end. */
export interface Strings {
  readonly labels: Uint16Array
  /** Where each string ends in `labels`. */
  readonly ends: Int32Array
}

const small = 12

/** Sorts `order`, numbers of strings: those that are prefixes first, equal ones side by side. */
export function sortStrings({ labels, ends }: Strings, order: Int32Array): void {
  const startOf = (string: number) => (string === 0 ? 0 : (ends[string - 1] as number))
  const at = (string: number, depth: number) => {
    const place = startOf(string) + depth
    return place < (ends[string] as number) ? (labels[place] as number) : -1
  }
  const follows = (one: number, other: number, depth: number) => {
    for (let index = depth; ; index += 1) {
      const first = at(one, index)
      const second = at(other, index)
      if (first !== second) return first > second
      if (first === -1) return false
    }
  }
  // Low, high and depth of the stretches that are still to be sorted: long equal beginnings must not nest calls.
  const pending = [0, order.length, 0]
  while (pending.length > 0) {
    const depth = pending.pop() as number
    const high = pending.pop() as number
    const low = pending.pop() as number
    if (high - low < small) {
      for (let index = low + 1; index < high; index += 1) {
        const moved = order[index] as number
        let hole = index
        for (; hole > low && follows(order[hole - 1] as number, moved, depth); hole -= 1) order[hole] = order[hole - 1] as number
        order[hole] = moved
      }
      continue
    }
    const pivot = middleOf(
      at(order[low] as number, depth),
      at(order[(low + high) >> 1] as number, depth),
      at(order[high - 1] as number, depth),
    )
    let less = low
    let more = high
    for (let index = low; index < more; ) {
      const moved = order[index] as number
      const label = at(moved, depth)
      if (label < pivot) {
        order[index] = order[less] as number
        order[less] = moved
        less += 1
        index += 1
      } else if (label > pivot) {
        more -= 1
        order[index] = order[more] as number
        order[more] = moved
      } else index += 1
    }
    pending.push(low, less, depth, more, high, depth)
    if (pivot !== -1) pending.push(less, more, depth + 1)
  }
}

function middleOf(one: number, other: number, third: number): number {
  return Math.max(Math.min(one, other), Math.min(Math.max(one, other), third))
}
