/** Finds many terms in growing text by following every candidate by itself: slow, and plain enough to be believed. */
import { isWordCharacter } from '../../src/text/boundary.ts'
import { type Fold, foldMap, foldText } from '../../src/text/fold.ts'

/** Where a rule's term was found: UTF-16 units, half-open. */
export interface Hit {
  readonly rule: number
  readonly start: number
  readonly end: number
}

/** A term or an exception of a rule, folded. */
export interface Sought {
  readonly rule: number
  readonly effect: { readonly holds: boolean; readonly stops: boolean }
  readonly exception: boolean
  readonly symbols: readonly number[]
  /** Whole words only. */
  readonly word: boolean
}

/** Terms of one fold by the first symbol they begin with. */
export type SoughtByFirst = ReadonlyMap<number, readonly Sought[]>

export interface Search {
  readonly fold: Fold
  readonly byFirst: SoughtByFirst
  readonly holds: boolean
}

interface Candidate {
  readonly sought: Sought
  readonly start: number
  /** Symbols seen; all of them where only the border at the end is open. */
  readonly seen: number
}

interface Occurrence {
  readonly sought: Sought
  readonly start: number
  readonly end: number
}

function left(candidate: Candidate): number {
  return candidate.sought.symbols.length - candidate.seen
}

/** Both need exactly the same symbols to be complete. */
function endsWith(one: Candidate, other: Candidate): boolean {
  if (left(one) !== left(other)) return false
  for (let back = 1; back <= left(one); back += 1)
    if (one.sought.symbols.at(-back) !== other.sought.symbols.at(-back)) return false
  return true
}

export class CandidateRun {
  readonly #search: Search
  readonly #stopAt: 'stops' | 'holds'
  #read = 0
  /** A high surrogate that waits for its partner: half a character has not been read. */
  #half = 0
  #afterWord = false
  /** End of the last character. */
  #at = 0
  #candidates: Candidate[] = []
  /** Findings that a live exception may still cover. */
  #open: Occurrence[] = []
  #found: Hit[] = []
  #ended = false

  constructor(search: Search, stopAt: 'stops' | 'holds') {
    this.#search = search
    this.#stopAt = stopAt
  }

  push(text: string, from = 0, to = text.length): number {
    for (let index = from; index < to; index += 1) if (this.#take(text.charCodeAt(index))) return index + 1
    return to
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#half !== 0) this.#character(this.#half, 1)
    const done = this.#border(false)
    this.#candidates = []
    this.#judge(done)
    this.#at = this.#read
  }

  take(): readonly Hit[] {
    const found = this.#found
    this.#found = []
    return found
  }

  get safeTo(): number {
    if (!this.#search.holds || this.#ended) return this.#read
    let safe = this.#at
    for (const { sought, start } of this.#open) if (sought.effect.holds) safe = Math.min(safe, start)
    for (const candidate of this.#candidates) {
      if (candidate.sought.effect.holds && !candidate.sought.exception && !this.#doomed(candidate))
        safe = Math.min(safe, candidate.start)
    }
    return safe
  }

  /** None of its rules allows anything. */
  begunFrom(): number {
    return Number.POSITIVE_INFINITY
  }

  fork(): CandidateRun {
    const copy = new CandidateRun(this.#search, this.#stopAt)
    copy.#read = this.#read
    copy.#half = this.#half
    copy.#afterWord = this.#afterWord
    copy.#at = this.#at
    copy.#candidates = this.#candidates
    copy.#open = this.#open
    copy.#found = [...this.#found]
    copy.#ended = this.#ended
    return copy
  }

  #take(unit: number): boolean {
    const half = this.#half
    this.#half = 0
    this.#read += 1
    let stops = false
    if (half !== 0 && unit >= 0xdc00 && unit < 0xe000)
      return this.#character(0x10000 + ((half - 0xd800) << 10) + unit - 0xdc00, 2)
    if (half !== 0) stops = this.#character(half, 1)
    if (unit >= 0xd800 && unit < 0xdc00) this.#half = unit
    else stops = this.#character(unit, 1) || stops
    return stops
  }

  #character(codePoint: number, units: number): boolean {
    const start = this.#at
    const end = start + units
    this.#at = end
    const done: Occurrence[] = []
    for (const symbol of foldMap(this.#search.fold).get(codePoint) ?? [codePoint]) {
      const word = isWordCharacter(symbol)
      done.push(...this.#border(word, start))
      const began = this.#search.byFirst.get(symbol) ?? []
      const fresh = began
        .filter((sought) => !(sought.word && word && this.#afterWord))
        .map((sought) => ({ sought, start, seen: 0 }))
      const going = [...this.#candidates, ...fresh].filter(({ sought, seen }) => sought.symbols[seen] === symbol)
      this.#candidates = []
      for (const candidate of going) {
        const next = { ...candidate, seen: candidate.seen + 1 }
        if (left(next) > 0 || (next.sought.word && word)) this.#candidates.push(next)
        else done.push({ sought: next.sought, start: next.start, end })
      }
      this.#afterWord = word
    }
    return this.#judge(done)
  }

  /** What a border before a symbol completes; without one, what waited for it is no more. */
  #border(word: boolean, at = this.#at): Occurrence[] {
    const waiting = this.#candidates.filter((candidate) => left(candidate) === 0)
    this.#candidates = this.#candidates.filter((candidate) => left(candidate) > 0)
    return word ? [] : waiting.map(({ sought, start }) => ({ sought, start, end: at }))
  }

  /** Settles what is certain now; tells whether the run stops. */
  #judge(done: readonly Occurrence[]): boolean {
    const lifted = done.filter(({ sought }) => sought.exception)
    const inside = (one: Occurrence) =>
      lifted.some((other) => other.sought.rule === one.sought.rule && other.start <= one.start && one.end <= other.end)
    const standing = [...this.#open, ...done.filter(({ sought }) => !sought.exception)].filter((one) => !inside(one))
    const couldLie = (one: Occurrence) =>
      this.#candidates.some(({ sought, start }) => sought.exception && sought.rule === one.sought.rule && start <= one.start)
    this.#open = standing.filter(couldLie)
    const earliest = new Map<string, Occurrence>()
    for (const one of standing) {
      const name = `${one.sought.rule} ${one.end}`
      const known = earliest.get(name)
      if (known === undefined || one.start < known.start) earliest.set(name, one)
    }
    const certain = [...earliest.values()].filter((one) => !couldLie(one))
    this.#open = this.#open.filter((one) => earliest.get(`${one.sought.rule} ${one.end}`) === one)
    certain.sort((one, other) => one.end - other.end || one.start - other.start || one.sought.rule - other.sought.rule)
    this.#found.push(...certain.map(({ sought, start, end }) => ({ rule: sought.rule, start, end })))
    return certain.some(({ sought }) => sought.effect[this.#stopAt])
  }

  /** However the text goes on, an exception that began no later is complete together with the candidate. */
  #doomed(candidate: Candidate): boolean {
    return this.#candidates.some(
      (other) =>
        other.sought.exception &&
        other.sought.rule === candidate.sought.rule &&
        other.start <= candidate.start &&
        endsWith(candidate, other),
    )
  }
}

/** The search for rules of one fold. */
export function searchOf(
  rules: readonly {
    readonly rule: number
    readonly effect: { readonly holds: boolean; readonly stops: boolean }
    readonly spec: { readonly terms: readonly string[]; readonly except: readonly string[]; readonly boundary: 'none' | 'word' }
  }[],
  fold: Fold,
): Search {
  const byFirst = new Map<number, Sought[]>()
  for (const { rule, effect, spec } of rules) {
    for (const [index, term] of [...spec.terms, ...spec.except].entries()) {
      const symbols = foldText(fold, term)
      const first = symbols[0] as number
      const sought = { rule, effect, exception: index >= spec.terms.length, symbols, word: spec.boundary === 'word' }
      byFirst.set(first, [...(byFirst.get(first) ?? []), sought])
    }
  }
  return { fold, byFirst, holds: rules.some(({ effect }) => effect.holds) }
}
