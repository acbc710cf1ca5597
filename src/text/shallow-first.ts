/** Puts nodes or states in the order of their depth: shallow ones are entered most, and tell what deeper ones need to know. */

/** @param depth of each number. Equal ones stay in their order. */
export function shallowFirst(numbers: readonly number[], depth: Int32Array): number[] {
  const byDepth: number[][] = []
  for (const number of numbers) {
    const at = depth[number] as number
    const known = byDepth[at]
    if (known === undefined) byDepth[at] = [number]
    else known.push(number)
  }
  return byDepth.flat()
}
