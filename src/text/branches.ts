/** All the ways in which a text may be read at once, and what one more character makes of them. */
import { noClass } from './automaton.ts'
import {
  type Branch,
  dormant,
  formOf,
  matters,
  never,
  noRun,
  type Place,
  passBranch,
  type Step,
  type Tell,
  tellBranch,
} from './branch.ts'
import type { Onward } from './onward.ts'
import { type Letters, waysOn } from './ways.ts'

export interface Branches {
  /** Plain reading, which makes no choice and so tells nothing here; here it is what others branch off from. */
  readonly plain: Branch
  readonly others: readonly Branch[]
  /** Where the last symbol is the first half of a letter made of two: the branches before it, and where it stands. */
  readonly halves: readonly Branch[]
  readonly halfStart: Place
  /** Where the last symbol ends. */
  readonly end: Place
}

/** What it takes to read on. */
export interface Reader extends Letters {
  readonly onward: Onward
  readonly isWord: Uint8Array
  /** Class of the letter that two halves make, 0 where no term holds it. */
  readonly joined: number
}

/** What may still become an occurrence: the last of its symbols stand at `starts`. */
export interface Candidate {
  readonly state: number
  readonly starts: readonly Place[]
  /** Signs of mark-up passed over since the last of them. */
  readonly passed?: number
}

/** Branches that are followed each by itself; where a text asks for more, those that end alike are followed as one. */
const mostBranches = 256
/** Mark-up signs passed over in a row. */
const mostPassed = 3

/** `l3` and `|3` are a `b`. */
export function isHalf(codePoint: number): boolean {
  return codePoint === 0x6c || codePoint === 0x4c || codePoint === 0x7c
}

export const otherHalf = 0x33

/**
 * Plain reading, as a branch that has made no choice yet.
 *
 * @param symbol the class of the last letter, -1 where it is none that a stretched word repeats.
 */
export function plainBranch(state: number, starts: readonly Place[], read: number, symbol: number, form: number): Branch {
  // Where nothing has begun there is nothing to be repeated.
  const run = symbol < 0 || starts.length === 0 ? noRun : { ...noRun, symbol, form: formOf(form) }
  const digits = Math.min(read, starts.length + 1)
  return { state, starts, run, reach: never, digits, sign: digits, markUp: 3, passed: 0, waiting: false, rough: false }
}

export function onlyPlain(plain: Branch): Branches {
  return { plain, others: [], halves: [], halfStart: 0, end: 0 }
}

/** @param seconds how else the character may be read; `noClass` where it may be passed over. */
export function readOn(reader: Reader, from: Branches, step: Step, seconds: readonly number[], tell: Tell): Branches {
  const { automaton, joined } = reader
  const word = reader.isWord[step.symbol] === 1
  const next: Branch[] = []
  const choose = (branch: Branch) => {
    for (const symbol of seconds) {
      if (symbol !== noClass) next.push(...waysOn(reader, branch, { ...step, symbol, chosen: true }, tell))
      else if (branch.starts.length > 0 && branch.passed < mostPassed) next.push(passBranch(branch))
    }
  }
  for (const branch of from.others) {
    if (branch.waiting && !word) tellBranch(automaton, branch, 1, from.end, tell)
    next.push(...waysOn(reader, branch, step, tell))
    choose(branch)
  }
  const [plain = from.plain, ...stretched] = waysOn(reader, from.plain, step, tell)
  next.push(...stretched)
  choose(from.plain)
  if (step.form === otherHalf) {
    const whole = { ...step, symbol: joined, digit: false, chosen: true, start: from.halfStart }
    for (const branch of from.halves) next.push(...waysOn(reader, branch, whole, tell))
  }
  const followed = next.filter((branch) => matters(automaton, branch))
  return {
    plain,
    others: reduced(followed, followed.length > mostBranches ? isNear : alike),
    halves: isHalf(step.form) ? halvesOf(reader, from) : [],
    halfStart: step.start,
    end: step.end,
  }
}

/** The branches that a letter made of two would lead on from, with nothing but what that depends on. */
function halvesOf(reader: Reader, { plain, others }: Branches): Branch[] {
  const led = [plain, ...others].filter(({ state, run }) => run.symbol === reader.joined || joins(reader, state, run.symbol))
  const bare = (branch: Branch): Branch => ({
    ...branch,
    run: branch.run.symbol === reader.joined ? branch.run : noRun,
    passed: 0,
    waiting: false,
  })
  return reduced(led.map(bare), alike)
}

/** A letter made of two would lead on from a state, or be one more of the letter before it. */
export function joins({ automaton, joined }: Reader, state: number, last: number): boolean {
  if (joined < 2) return false
  const target = automaton.step(state, joined)
  return automaton.depth(target < 0 ? ~target : target) > 0 || (last === joined && automaton.depth(state) > 0)
}

/** Nothing but plain reading, and no letter that is being repeated: plain reading goes on by itself. */
export function isOnlyPlain({ plain, others, halves }: Branches): boolean {
  return others.length === 0 && halves.length === 0 && plain.run.length === 1
}

/** Where what may become an occurrence of a rule that holds starts at the earliest, for each candidate. */
export function startsHeld(reader: Reader, branches: Branches): Place[] {
  const held = new Set<Place>()
  for (const { state, starts, passed = 0 } of candidates(reader, branches)) {
    // What is complete before mark-up can neither be stretched nor wait for a border any more.
    const depth = passed > 0 ? reader.onward.held(state) : reader.automaton.held(state)
    if (depth > 0) held.add(starts[starts.length - depth] as Place)
  }
  return [...held]
}

/** What of the branches may still become an occurrence. */
export function* candidates(reader: Reader, { plain, others, halves, halfStart }: Branches): Generator<Candidate> {
  for (const branch of [plain, ...others]) {
    if (branch !== plain) yield branch
    const asleep = dormant(branch)
    if (asleep !== undefined) yield asleep
  }
  for (const from of halves) {
    const target = reader.automaton.step(from.state, reader.joined)
    const state = target < 0 ? ~target : target
    yield { state, starts: [...from.starts, halfStart] }
    // Made whole it may repeat the letter before it.
    if (from.run.symbol !== reader.joined) continue
    yield from
    const asleep = dormant(from)
    if (asleep !== undefined) yield asleep
  }
}

/** Branches that are alike are one, which began where the earliest of them did: no more than that is ever told of them. */
function reduced(branches: readonly Branch[], same: typeof alike): Branch[] {
  const kept: Branch[] = []
  /** Indexes into `kept`. */
  const byState = new Map<number, number[]>()
  for (const one of branches) {
    const known = byState.get(one.state)
    const index = known?.find((place) => same(kept[place] as Branch, one))
    if (index !== undefined) {
      kept[index] = joint(kept[index] as Branch, one)
      continue
    }
    if (known === undefined) byState.set(one.state, [kept.length])
    else known.push(kept.length)
    kept.push(one)
  }
  return kept
}

/** Of two branches of one state: what follows leads them to one state again. */
function isNear(one: Branch, other: Branch): boolean {
  return (
    one.waiting === other.waiting &&
    one.passed === other.passed &&
    one.run.symbol === other.run.symbol &&
    one.run.form === other.run.form &&
    one.run.length === other.run.length &&
    one.run.squeezed === other.run.squeezed &&
    one.run.first?.state === other.run.first?.state
  )
}

/** They differ in nothing but where they began. */
function alike(one: Branch, other: Branch): boolean {
  const first = one.run.first
  const second = other.run.first
  return (
    one.digits === other.digits &&
    one.sign === other.sign &&
    one.markUp === other.markUp &&
    one.reach === other.reach &&
    one.rough === other.rough &&
    isNear(one, other) &&
    (first === undefined || second === undefined || alike(first, second))
  )
}

/** Tells what either of two would. */
function joint(one: Branch, other: Branch): Branch {
  const first = one.run.first && other.run.first && joint(one.run.first, other.run.first)
  const digits = Math.min(one.digits, other.digits)
  return {
    ...one,
    starts: one.starts.map((start, index) => Math.min(start, other.starts[index] as Place)),
    run: { ...one.run, first },
    reach: Math.min(one.reach, other.reach),
    digits,
    sign: Math.min(digits, Math.max(one.sign, other.sign)),
    markUp: Math.max(one.markUp, other.markUp),
    rough: one.rough || other.rough || !alike(one, other),
  }
}
