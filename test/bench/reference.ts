/** What is really in a text: found slowly and plainly, so that no contender is measured at work it does not do. */

export interface Occurrence {
  readonly start: number
  readonly end: number
  readonly term: string
}

/** Every occurrence of every term, overlapping ones too, by start and then by end. */
export function occurrences(text: string, terms: readonly string[]): Occurrence[] {
  const known = new Set(terms)
  const lengths = [...new Set(terms.map((term) => term.length))].sort((one, other) => one - other)
  const found: Occurrence[] = []
  for (let start = 0; start < text.length; start++) {
    for (const length of lengths) {
      if (start + length > text.length) break
      const term = text.slice(start, start + length)
      if (known.has(term)) found.push({ start, end: start + length, term })
    }
  }
  return found
}

/** Leftmost, of those the longest, none overlapping: what an alternation finds that is sorted by length. */
export function leftmostLongest(found: readonly Occurrence[]): Occurrence[] {
  const chosen: Occurrence[] = []
  let free = 0
  for (const [index, occurrence] of found.entries()) {
    if (occurrence.start < free || found[index + 1]?.start === occurrence.start) continue
    chosen.push(occurrence)
    free = occurrence.end
  }
  return chosen
}

/** How a contender counts; each count can be told from all occurrences. */
export type Counting =
  /** Every occurrence. */
  | 'occurrences'
  /** Places where one ends. */
  | 'ends'
  /** Leftmost-longest. */
  | 'leftmost-longest'
  /** Distinct terms that occur. */
  | 'terms'
  /** For each term by itself, those that do not overlap. */
  | 'each term'

export function count(found: readonly Occurrence[], counting: Counting): number {
  switch (counting) {
    case 'occurrences':
      return found.length
    case 'ends':
      return new Set(found.map(({ end }) => end)).size
    case 'leftmost-longest':
      return leftmostLongest(found).length
    case 'terms':
      return new Set(found.map(({ term }) => term)).size
    case 'each term': {
      const free = new Map<string, number>()
      return found.filter(({ term, start, end }) => {
        if (start < (free.get(term) ?? 0)) return false
        free.set(term, end)
        return true
      }).length
    }
  }
}
