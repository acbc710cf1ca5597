/** How a channel stands after a prefix of its text: what is found, what cuts, and up to which line it may be read. */
import { type Fates, fates, readable } from './fates.ts'
import { type Mask, type MaskMatch, retreat, union } from './masks.ts'
import { inForce, type Match, type OraclePolicy, type OracleRule } from './policy.ts'

export interface Found extends Match {
  readonly rule: OracleRule
  /** The rule's place in the policy. */
  readonly order: number
}

export interface Standing {
  /** Everything certain, shadows and flags included. */
  readonly found: readonly Found[]
  /** What cuts. */
  readonly cutting: readonly Found[]
  readonly masks: readonly Mask[]
  /** Nothing before it can still change. */
  readonly line: number
}

/** The kind of text a channel carries, as far as it changes what rules may do to it. */
export interface Nature {
  readonly kind: string
  /** Cannot be masked: a mask finding cuts. */
  readonly fixed?: boolean
}

/** The rules that look at a channel; unknown text is looked at by every rule for what the model answers. */
export function rulesFor(policy: OraclePolicy, kind: string): { rule: OracleRule; order: number }[] {
  const answerSide = ['answer', 'reasoning', 'refusal', 'tool_input']
  return policy.rules
    .map((rule, order) => ({ rule, order }))
    .filter(({ rule }) => {
      const channels: readonly string[] = rule.channels ?? answerSide
      return kind === 'unknown' ? channels.some((name) => answerSide.includes(name)) : channels.includes(kind)
    })
}

/** @param from what lies before it has left for good, whatever was open on it. */
export function standing(policy: OraclePolicy, nature: Nature, prefix: string, ended: boolean, from = 0): Standing {
  const looks = rulesFor(policy, nature.kind).map((rule) => ({ ...rule, ...fates(rule.rule, prefix, ended) }))
  const found = looks.flatMap(({ rule, order, certain }) => certain.map((match) => ({ ...match, rule, order })))
  const acting = looks.filter(({ rule }) => inForce(policy, rule))
  const masking: MaskMatch[] = []
  const cutting: Found[] = []
  for (const finding of found) {
    if (!inForce(policy, finding.rule)) continue
    if (finding.rule.action === 'cut' || nature.fixed === true) cutting.push(finding)
    else if (finding.end > from) masking.push({ ...finding, written: finding.rule.with ?? '' })
  }
  const masks = union(masking).map((mask) => ({ ...mask, start: Math.max(mask.start, from) }))
  const safe = ended || acting.length === 0 ? prefix.length : safeTo(prefix, acting)
  const line = retreat(Math.min(safe, ...cutting.map(({ start }) => start)), masks)
  return { found, cutting, masks, line: Math.max(line, from) }
}

function safeTo(prefix: string, looks: readonly Fates[]): number {
  return Math.min(readable(prefix).length, ...looks.flatMap(({ live }) => live ?? []))
}

/** Findings as they are told: those of one rule that share a unit are one. */
export function told(found: readonly Found[]): { rule: string; start: number; end: number }[] {
  const out: { rule: string; order: number; start: number; end: number }[] = []
  for (const { rule, order, start, end } of [...found].sort((a, b) => a.order - b.order || a.start - b.start || b.end - a.end)) {
    const last = out.at(-1)
    if (last?.order === order && start < last.end) last.end = Math.max(last.end, end)
    else out.push({ rule: rule.id, order, start, end })
  }
  return out
    .sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order)
    .map(({ order: _order, ...finding }) => finding)
}
