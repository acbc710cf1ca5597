/** Writes branches as plain numbers and reads them back, so that they can be compared at once and kept in little space. */
import { type Branch, noRun, type Place } from './branch.ts'
import type { Branches } from './branches.ts'

export interface Numbered {
  /** The same for branches that go on alike: all that they are, with places numbered in their order. */
  readonly numbers: Int32Array
  /** The places, ascending. */
  readonly places: readonly Place[]
}

const flags = { waiting: 1, rough: 2, squeezed: 4, first: 8 } as const

export function numbersOf({ plain, others, halves, halfStart, end }: Branches): Numbered {
  const waits = others.some(({ waiting }) => waiting)
  const found = new Set<Place>()
  for (const { starts, run } of [plain, ...others, ...halves]) {
    for (const start of starts) found.add(start)
    for (const start of run.first?.starts ?? []) found.add(start)
  }
  if (halves.length > 0) found.add(halfStart)
  if (waits) found.add(end)
  const places = [...found].sort((one, other) => one - other)
  const numbers: number[] = []
  const place = (wanted: Place) => numbers.push(places.indexOf(wanted))
  const write = ({ state, starts, run, reach, digits, sign, markUp, passed, waiting, rough }: Branch): void => {
    const told = (waiting ? flags.waiting : 0) | (rough ? flags.rough : 0) | (run.squeezed ? flags.squeezed : 0)
    numbers.push(told | (run.first === undefined ? 0 : flags.first))
    numbers.push(state, reach, digits, sign, markUp, passed, run.symbol, run.length, run.form, starts.length)
    for (const start of starts) place(start)
    if (run.first !== undefined) write(run.first)
  }
  write(plain)
  for (const all of [others, halves]) {
    numbers.push(all.length)
    for (const branch of [...all].sort(inOrder)) write(branch)
  }
  if (halves.length > 0) place(halfStart)
  if (waits) place(end)
  return { numbers: Int32Array.from(numbers), places }
}

/** @param places what the numbers of places stand for. */
export function branchesOf(numbers: Int32Array, places: readonly Place[]): Branches {
  let at = 0
  const next = () => numbers[at++] as number
  const place = () => places[next()] as Place
  const several = <Item>(read: () => Item): Item[] => Array.from({ length: next() }, read)
  const read = (): Branch => {
    const told = next()
    const [state, reach, digits, sign, markUp, passed] = [next(), next(), next(), next(), next(), next()]
    const [symbol, length, form] = [next(), next(), next()]
    const starts = several(place)
    const first = told & flags.first ? read() : undefined
    const run = symbol < 0 ? noRun : { symbol, length, form, first, squeezed: (told & flags.squeezed) !== 0 }
    const waiting = (told & flags.waiting) !== 0
    return { state, starts, run, reach, digits, sign, markUp, passed, waiting, rough: (told & flags.rough) !== 0 }
  }
  const plain = read()
  const others = several(read)
  const halves = several(read)
  const halfStart = halves.length > 0 ? place() : 0
  return { plain, others, halves, halfStart, end: others.some(({ waiting }) => waiting) ? place() : 0 }
}

/** Any order will do, as long as the same branches are always in the same one. */
function inOrder(one: Branch, other: Branch): number {
  return (
    one.state - other.state ||
    one.run.symbol - other.run.symbol ||
    one.run.length - other.run.length ||
    Number(one.run.squeezed) - Number(other.run.squeezed) ||
    one.passed - other.passed ||
    one.digits - other.digits ||
    one.sign - other.sign ||
    one.reach - other.reach ||
    one.markUp - other.markUp ||
    Number(one.waiting) - Number(other.waiting)
  )
}
