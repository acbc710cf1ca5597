/** What a replay says of one channel of one input: the object that tests, console and benchmark read as well. */
import type { Action, Verdict } from '../../terms/action.ts'
import type { Plan } from '../../terms/plan.ts'
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

/**
 * The verdict on a channel and who decided it.
 *
 * @param found ids of the rules that found something.
 * A judge that failed makes it a fault, whatever came of it, as in the trail; so does a stream that broke where nothing was cut before.
 */
export function ruling(
  plan: Plan,
  found: readonly string[],
  cutBy: readonly string[] | undefined,
  faults: { readonly broken: readonly string[]; readonly judged: readonly string[] },
): { verdict: Verdict; by: readonly string[] } {
  const { broken, judged } = faults
  const masks = plan.rules
    .filter(({ id, mode, action, agreed }) => found.includes(id) && mode === 'enforce' && (agreed ?? action) === 'mask')
    .map(({ id }) => id)
  if (judged.length > 0) return { verdict: 'fault', by: cutBy ?? masks }
  if (cutBy !== undefined) return { verdict: 'cut', by: cutBy }
  if (broken.length > 0) return { verdict: 'fault', by: [] }
  return { verdict: masks.length > 0 ? 'mask' : 'clear', by: masks }
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

/** The first unit of the text as received that has another fate, where that can be told from findings and cuts. */
export function flipsAt(one: ReplayRecord, other: ReplayRecord): number | null {
  const key = (finding: ReplayFinding) => JSON.stringify(finding)
  const [mine, theirs] = [new Set(one.findings.map(key)), new Set(other.findings.map(key))]
  const starts = [
    ...one.findings.filter((finding) => !theirs.has(key(finding))),
    ...other.findings.filter((finding) => !mine.has(key(finding))),
  ].map(({ start }) => start)
  const cuts = one.cut_at === other.cut_at ? [] : [one.cut_at, other.cut_at].filter((at) => at !== null)
  return starts.length + cuts.length === 0 ? null : Math.min(...starts, ...cuts)
}
