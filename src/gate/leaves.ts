/** Looks inside the strings of a JSON text as they read unescaped, and tells findings in the text as it is written. */
import type { Finding, Matcher, MatcherRun } from '../terms/matcher.ts'
import type { Plan } from '../terms/plan.ts'
import type { Span } from '../terms/span.ts'
import { JsonText } from '../text/json-text.ts'
import { firstIndex } from '../text/search.ts'
import { Allowances } from './allowances.ts'

/**
 * Where a span lies: inside one string value, in the structure, or in text that is not JSON. A span in a value is grown to
 * whole escapes; `grows` where the escape at its end is still being written.
 */
export type JsonPlace =
  | { readonly kind: 'text' }
  | { readonly kind: 'structure' }
  | ({ readonly kind: 'value'; readonly grows: boolean } & Span)

interface Leaf {
  readonly kind: 'key' | 'value'
  /** Of the leaf's inside, in raw units. */
  readonly start: number
  end: number | undefined
}

/** Whether any rule of the matcher keeps text back; where one does, half a character waits for its partner. */
function keepsBack(matcher: Matcher): boolean {
  const run = matcher.open()
  run.push('\ud800')
  return run.safeTo === 0
}

/** Every matcher of a channel over every string leaf; each leaf is a text of its own, with its own start and end. */
export class LeafRun implements MatcherRun {
  readonly #plan: Plan
  readonly #matchers: readonly Matcher[]
  readonly #holds: (rule: number) => boolean
  /** Somebody keeps text back: half an escape has to wait. */
  readonly #waits: boolean
  readonly #json = new JsonText()
  #leaf: Leaf | undefined
  /** Leaves that findings may still be asked about. */
  #leaves: Leaf[] = []
  /** Escapes in them: raw spans longer than the unit they stand for. */
  #escapes: Span[] = []
  #runs: MatcherRun[] = []
  #allowances: Allowances | undefined
  /** Raw start and end of each unit of the open leaf, from `#base` on. */
  #starts: number[] = []
  #ends: number[] = []
  #base = 0
  #found: Finding[] = []
  #halt = false
  #read = 0

  /** @param judged judges keep text back. */
  constructor(plan: Plan, matchers: readonly Matcher[], holds: (rule: number) => boolean, judged: boolean) {
    this.#plan = plan
    this.#matchers = matchers
    this.#holds = holds
    this.#waits = judged || matchers.some(keepsBack)
  }

  push(text: string, from = 0, to = text.length): number {
    for (let at = from; at < to; at++) {
      this.#halt = false
      // Where the text stops being JSON its open string is over; `{"a":"b` and a line feed would otherwise wait for ever.
      if (this.#json.push(text, at, at + 1, this) === at && this.#leaf !== undefined) this.close(this.#read)
      this.#read++
      if (this.#halt) return at + 1
    }
    return to
  }

  end(): void {
    if (this.#leaf !== undefined) this.close(this.#read)
  }

  take(): readonly Finding[] {
    const found = this.#found
    if (found.length > 0) this.#found = []
    return found
  }

  get safeTo(): number {
    if (this.#leaf === undefined) return this.#read
    let safe = this.#read
    const open = this.#openFrom
    if (open < this.#units) safe = Math.min(safe, this.#starts[open - this.#base] as number)
    // An escape that is being written may turn out to be any unit.
    return this.#waits ? Math.min(safe, this.#spelled(this.#leaf)) : safe
  }

  /** Units of the open leaf. */
  get #units(): number {
    return this.#base + this.#starts.length
  }

  /** The unit of the open leaf before which nothing can be found any more that keeps text back. */
  get #openFrom(): number {
    let open = this.#allowances?.openFrom ?? Number.POSITIVE_INFINITY
    for (const run of this.#runs) open = Math.min(open, run.safeTo)
    return open
  }

  /** Up to where the open leaf's units are written whole. */
  #spelled(leaf: Leaf): number {
    return this.#ends.at(-1) ?? leaf.start
  }

  /** `offset`, or where the escape begins that it lies inside of: a mask may still have to cover that whole. */
  beforeEscape(offset: number): number {
    return this.#json.state === 'invalid' ? offset : (this.#escapeAt(offset)?.start ?? offset)
  }

  /** What is allowed in a leaf is its own affair. */
  begunFrom(): number {
    return Number.POSITIVE_INFINITY
  }

  fork(): MatcherRun {
    throw new Error('a leaf run is read last and never again')
  }

  get documentState(): JsonText['state'] {
    return this.#json.state
  }

  place(start: number, end: number): JsonPlace {
    if (this.#json.state === 'invalid') return { kind: 'text' }
    const leaf = this.#leaves[firstIndex(this.#leaves, (each) => each.start > start) - 1]
    if (leaf === undefined || leaf.kind === 'key' || end > (leaf.end ?? this.#read)) return { kind: 'structure' }
    const grows = leaf.end === undefined && this.#spelled(leaf) < end
    const open = grows ? this.#spelled(leaf) : start
    return {
      kind: 'value',
      start: Math.min(this.#escapeAt(start)?.start ?? start, open),
      end: this.#escapeAt(end)?.end ?? end,
      grows,
    }
  }

  /** The escape that `offset` lies inside of. */
  #escapeAt(offset: number): Span | undefined {
    const escape = this.#escapes[firstIndex(this.#escapes, (each) => each.end > offset)]
    return escape !== undefined && escape.start < offset ? escape : undefined
  }

  /** Forgets what lies before `offset`, which is clear. */
  forget(offset: number): void {
    this.#leaves.splice(
      0,
      firstIndex(this.#leaves, (leaf) => (leaf.end ?? Number.POSITIVE_INFINITY) > offset),
    )
    this.#escapes.splice(
      0,
      firstIndex(this.#escapes, (escape) => escape.end > offset),
    )
  }

  open(kind: 'key' | 'value', rawAt: number): void {
    this.#leaf = { kind, start: rawAt + 1, end: undefined }
    this.#leaves.push(this.#leaf)
    this.#runs = this.#matchers.map((matcher) => matcher.open('holds'))
    this.#allowances = Allowances.of(this.#plan, 'holds')
    this.#starts = []
    this.#ends = []
    this.#base = 0
  }

  unit(code: number, rawStart: number, rawEnd: number): void {
    this.#starts.push(rawStart)
    this.#ends.push(rawEnd)
    if (rawEnd - rawStart > 1) this.#escapes.push({ start: rawStart, end: rawEnd })
    const text = String.fromCharCode(code)
    for (const run of this.#runs) run.push(text)
    this.#collect()
    this.#prune()
  }

  close(rawAt: number): void {
    for (const run of this.#runs) run.end()
    this.#collect()
    if (this.#leaf !== undefined) this.#leaf.end = rawAt
    this.#leaf = undefined
  }

  #collect(): void {
    let certain: readonly Finding[] = []
    for (const run of this.#runs) {
      const more = run.take()
      if (more.length > 0) certain = [...certain, ...more]
    }
    const final = this.#allowances?.sift(certain, this.#runs, this.#units) ?? certain
    for (const { rule, start, end } of final) {
      // A flag holds nothing, so the map of where its finding began may be gone: then it is told from where the map begins.
      const rawStart = this.#starts[Math.max(0, start - this.#base)] as number
      const rawEnd = this.#ends[end - 1 - this.#base] as number
      this.#found.push({ rule, start: rawStart, end: rawEnd })
      if (this.#holds(rule)) this.#halt = true
    }
  }

  /** Keeps the map of raw offsets as short as what can still be found. */
  #prune(): void {
    if (this.#starts.length < 4096) return
    const done = Math.min(this.#openFrom - this.#base, this.#starts.length - 1)
    if (done < 2048) return
    this.#starts = this.#starts.slice(done)
    this.#ends = this.#ends.slice(done)
    this.#base += done
  }
}
