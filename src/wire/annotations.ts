/** Annotations point into a text by offsets: those that lie before its first change still hold. */

type Fields = { readonly [key: string]: unknown }

/** The annotations that end within the first `intact` units of the text. */
export function annotationsWithin(annotations: readonly unknown[], intact: number): unknown[] {
  return annotations.filter((annotation) => !(endOf(annotation) > intact))
}

/** Units in which two texts agree, from their start; infinite where they are the same. */
export function intactUnits(before: unknown, after: unknown): number {
  if (before === after) return Number.POSITIVE_INFINITY
  if (typeof before !== 'string' || typeof after !== 'string') return 0
  let units = 0
  while (units < before.length && before[units] === after[units]) units++
  return units
}

function endOf(annotation: unknown): number {
  if (!isFields(annotation)) return -1
  const ends = [annotation, ...Object.values(annotation).filter(isFields)].map(({ end_index }) =>
    typeof end_index === 'number' ? end_index : -1,
  )
  return Math.max(...ends)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
