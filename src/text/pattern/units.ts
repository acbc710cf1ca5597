/** Text arrives in UTF-16 units but patterns speak of code points: the sets of both, and the way from one to the other. */

/** Inclusive ranges of UTF-16 units, flat (from, to, from, to …), ascending and apart. */
export type UnitSet = readonly number[]

export interface CodePointRange {
  readonly min: number
  readonly max: number
}

/** A set of code points as text spells it. */
export interface Spelling {
  /** Code points of one unit, unpaired low surrogates among them. */
  readonly single: UnitSet
  /** Unpaired high surrogates; they end where no low surrogate follows. */
  readonly unpaired: UnitSet
  readonly pairs: readonly { readonly high: UnitSet; readonly low: UnitSet }[]
}

export const everyUnit: UnitSet = [0, 0xffff]
export const highSurrogates: UnitSet = [0xd800, 0xdbff]
export const lowSurrogates: UnitSet = [0xdc00, 0xdfff]
export const lineEnds: UnitSet = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029]
const wordUnits: UnitSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]
/** With `i`, `\w` and `\b` also take the long s and the Kelvin sign, whose folds are `s` and `k`. */
const foldedWordUnits: UnitSet = [...wordUnits, 0x17f, 0x17f, 0x212a, 0x212a]

export const wordSet = (ignoreCase: boolean): UnitSet => (ignoreCase ? foldedWordUnits : wordUnits)

export function meets(one: UnitSet, other: UnitSet): boolean {
  for (let i = 0; i < one.length; i += 2)
    for (let j = 0; j < other.length; j += 2)
      if ((one[i] as number) <= (other[j + 1] as number) && (other[j] as number) <= (one[i + 1] as number)) return true
  return false
}

/** @returns how the code points of `ranges` (ascending, apart) are written in units. */
export function spell(ranges: readonly CodePointRange[]): Spelling {
  const single: number[] = []
  const unpaired: number[] = []
  const lowsOf = new Map<number, number[]>()
  const clip = (into: number[], range: CodePointRange, from: number, to: number) => {
    const low = Math.max(range.min, from)
    const high = Math.min(range.max, to)
    if (low <= high) append(into, low, high)
  }
  for (const range of ranges) {
    clip(single, range, 0, 0xd7ff)
    clip(unpaired, range, 0xd800, 0xdbff)
    clip(single, range, 0xdc00, 0xffff)
    for (let at = Math.max(range.min, 0x10000); at <= range.max; ) {
      const last = Math.min(range.max, at | 0x3ff)
      const high = 0xd800 + ((at - 0x10000) >> 10)
      const lows = lowsOf.get(high) ?? []
      append(lows, 0xdc00 + (at & 0x3ff), 0xdc00 + (last & 0x3ff))
      lowsOf.set(high, lows)
      at = last + 1
    }
  }
  const highsOf = new Map<string, number[]>()
  for (const [high, lows] of [...lowsOf].sort((a, b) => a[0] - b[0])) {
    const key = lows.join()
    const highs = highsOf.get(key) ?? []
    append(highs, high, high)
    highsOf.set(key, highs)
  }
  return { single, unpaired, pairs: [...highsOf].map(([key, high]) => ({ high, low: key.split(',').map(Number) })) }
}

function append(into: number[], from: number, to: number): void {
  if (into.length > 0 && (into.at(-1) as number) + 1 >= from) into[into.length - 1] = Math.max(to, into.at(-1) as number)
  else into.push(from, to)
}

/** The units cut into classes that no set in hand tells apart. */
export interface UnitClasses {
  readonly count: number
  /** First unit of each run of units of one class; ascending, the first is 0. */
  readonly runs: readonly number[]
  /** Class of each run. */
  readonly ofRun: readonly number[]
  /** Classes of each set, ascending. */
  readonly ofSet: readonly (readonly number[])[]
}

export function classify(sets: readonly UnitSet[]): UnitClasses {
  const opens = new Map<number, number[]>()
  const closes = new Map<number, number[]>()
  const note = (where: Map<number, number[]>, unit: number, set: number) => {
    const list = where.get(unit)
    if (list) list.push(set)
    else where.set(unit, [set])
  }
  sets.forEach((set, index) => {
    for (let i = 0; i < set.length; i += 2) {
      note(opens, set[i] as number, index)
      note(closes, (set[i + 1] as number) + 1, index)
    }
  })
  const borders = [...new Set([0, ...opens.keys(), ...closes.keys()])].filter((unit) => unit <= 0xffff).sort((a, b) => a - b)
  const live = new Set<number>()
  const classes = new Map<string, number>()
  const ofSet: number[][] = sets.map(() => [])
  const runs: number[] = []
  const ofRun: number[] = []
  for (const border of borders) {
    for (const set of closes.get(border) ?? []) live.delete(set)
    for (const set of opens.get(border) ?? []) live.add(set)
    const members = [...live].sort((a, b) => a - b)
    const key = members.join()
    let found = classes.get(key)
    if (found === undefined) {
      found = classes.size
      classes.set(key, found)
      for (const set of members) (ofSet[set] as number[]).push(found)
    }
    if (ofRun.at(-1) === found) continue
    runs.push(border)
    ofRun.push(found)
  }
  return { count: classes.size, runs, ofRun, ofSet }
}

/** @returns the class of each of the 65,536 units. */
export function classTable(classes: { readonly runs: ArrayLike<number>; readonly ofRun: ArrayLike<number> }): Uint16Array {
  const table = new Uint16Array(0x10000)
  for (let run = 0; run < classes.runs.length; run++)
    table.fill(classes.ofRun[run] as number, classes.runs[run], classes.runs[run + 1] ?? 0x10000)
  return table
}
