/** How the generated tables are written: sorted code points as base-36 steps, so that they stay small in a bundle. */

/** Sorted, disjoint, half-open ranges as steps: from the last end to a start, from the start to its end. */
export function packRanges(ranges: readonly (readonly [number, number])[]): string {
  let at = 0
  const steps: string[] = []
  for (const [start, end] of ranges) {
    steps.push((start - at).toString(36), (end - start).toString(36))
    at = end
  }
  return steps.join(' ')
}

/** The borders of the ranges, ascending: a code point lies inside where an odd number of borders is at or before it. */
export function unpackBorders(packed: string): Uint32Array {
  const steps = packed.split(' ')
  const borders = new Uint32Array(steps.length)
  let at = 0
  for (const [index, step] of steps.entries()) borders[index] = at += Number.parseInt(step, 36)
  return borders
}

/** Whether a code point lies inside the ranges that the borders delimit. */
export function within(borders: Uint32Array, codePoint: number): boolean {
  let low = 0
  let high = borders.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((borders[middle] as number) <= codePoint) low = middle + 1
    else high = middle
  }
  return (low & 1) === 1
}

/**
 * Pairs of code point and image, as runs: `step,count,stride,image` where neighbours keep their distance to their
 * image, otherwise `step` and the image's code points.
 */
export function packMap(map: ReadonlyMap<number, readonly number[]>): string {
  const entries = [...map].sort(([one], [other]) => one - other)
  const items: string[] = []
  let last = 0
  for (let index = 0; index < entries.length; ) {
    const [from, image] = entries[index] as [number, readonly number[]]
    let count = 1
    const stride = image.length === 1 ? (entries[index + 1]?.[0] ?? from) - from : 0
    if (stride === 1 || stride === 2) {
      while (true) {
        const next = entries[index + count]
        if (next?.[0] !== from + count * stride || next[1].length !== 1 || next[1][0] !== (image[0] as number) + count * stride)
          break
        count += 1
      }
    }
    const step = (from - last).toString(36)
    const target = image.map((point) => (point - from).toString(36)).join('.')
    if (count > 1) items.push(`${step},${target},${count.toString(36)}${stride === 2 ? ',2' : ''}`)
    else items.push(`${step},${target}`)
    last = from + (count - 1) * Math.max(stride, 1)
    if (count === 1) last = from
    index += count
  }
  return items.join(' ')
}

export function unpackMap(packed: string): Map<number, readonly number[]> {
  const map = new Map<number, readonly number[]>()
  let last = 0
  for (const item of packed.split(' ')) {
    const [step = '', target = '', many = '1', stride = '1'] = item.split(',')
    const offsets = target === '' ? [] : target.split('.').map((offset) => Number.parseInt(offset, 36))
    const count = Number.parseInt(many, 36)
    const from = last + Number.parseInt(step, 36)
    for (let index = 0; index < count; index += 1) {
      last = from + index * Number(stride)
      map.set(
        last,
        offsets.map((offset) => offset + last),
      )
    }
  }
  return map
}
