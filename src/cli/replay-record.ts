/** What a replay says of one channel of one input: the object that tests, console and benchmark read as well. */
import type { Action, Verdict } from '../terms/action.ts'
import type { Held, HeldSummary } from './held.ts'

export interface ReplayFinding {
  readonly rule: string
  /** UTF-16 units from the start of the channel's text as received. */
  readonly start: number
  readonly end: number
  readonly action: Action
}

/** In the order in which it is printed; fields carried through from the input come after these. */
export interface ReplayRecord {
  readonly id: unknown
  readonly input: string
  readonly channel: string
  readonly verdict: Verdict
  /** Ids of the rules that decided. */
  readonly by: readonly string[]
  /** What the reader gets, replacements included, notices not. */
  readonly released: string
  readonly findings: readonly ReplayFinding[]
  /** Where the released text ends, in units of the text as received; null where nothing was cut. */
  readonly cut_at: number | null
  readonly held: HeldSummary
  readonly inquiries: number
  readonly faults: readonly string[]
  /** The finish reason the reader's stream ends with. */
  readonly terminal: string | null
}

export interface Replayed {
  readonly record: ReplayRecord
  readonly held: Held
}

/** Who asked: the input's name, its id, and what else it said of itself. */
export interface Origin {
  readonly id: unknown
  readonly input: string
  readonly carried: Readonly<Record<string, unknown>>
}

/** One line of JSON. What is carried through never replaces what the replay says. */
export function recordLine(record: ReplayRecord, { carried }: Origin): string {
  return JSON.stringify({
    ...record,
    ...Object.fromEntries(Object.entries(carried).filter(([key]) => !Object.hasOwn(record, key))),
  })
}

/** What differs between two verdicts on the same text; how long text was held is not part of a verdict. */
export function flips(one: ReplayRecord, other: ReplayRecord): string[] {
  const compared = ['verdict', 'by', 'released', 'findings', 'cut_at', 'faults', 'terminal'] as const
  return compared.filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]))
}
