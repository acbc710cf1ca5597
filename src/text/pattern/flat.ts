/** Merged patterns as one buffer of whole numbers: written by the command line, taken up by a Worker without any work. */
import type { Merged } from './merged.ts'

/** Arrays in the order they lie in; a new one changes the format. */
const arrays = [
  'runs',
  'classOfRun',
  'sets',
  'nodesAt',
  'edgesAt',
  'edges',
  'ruleOf',
  'ageOf',
  'kindOf',
  'missing',
  'farthest',
  'machinesAt',
  'machines',
  'machineOf',
  'beginsOf',
  'beginsAt',
  'begins',
  'mostOf',
  'windowOf',
  'oldestOf',
  'distinct',
  'waitOf',
] as const satisfies readonly (keyof Merged)[]

/** `SLP` and the format's number. Read in the order bytes were written in, so that another byte order does not fit. */
const magic = 0x534c5001
const head = 4

/** @returns magic, classes, words, arrays; the length of each array; the arrays. */
export function flatten(merged: Merged): Int32Array {
  const lists = arrays.map((name) => merged[name])
  const flat = new Int32Array(lists.reduce((size, list) => size + list.length, head + lists.length))
  flat.set([magic, merged.classes, merged.words, lists.length])
  flat.set(
    lists.map((list) => list.length),
    head,
  )
  let at = head + lists.length
  for (const list of lists) {
    flat.set(list, at)
    at += list.length
  }
  return flat
}

/** @returns views on the buffer; undefined where it is no buffer of this format. */
export function unflatten(flat: Int32Array): Merged | undefined {
  if (flat[0] !== magic || flat[3] !== arrays.length) return undefined
  const views: Partial<Record<(typeof arrays)[number], Int32Array>> = {}
  let at = head + arrays.length
  for (const [index, name] of arrays.entries()) {
    const length = flat[head + index] ?? -1
    if (length < 0 || at + length > flat.length) return undefined
    views[name] = flat.subarray(at, at + length)
    at += length
  }
  if (at !== flat.length) return undefined
  return { classes: flat[1] as number, words: flat[2] as number, ...(views as Record<(typeof arrays)[number], Int32Array>) }
}
