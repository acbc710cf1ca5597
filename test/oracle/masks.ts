/** What masks make of a text: the union of all matches, each part written once. */
import type { JudgedRule, Match, OracleRule } from './policy.ts'

export interface MaskMatch extends Match {
  /** The match itself, where the mask had to grow to cover whole escapes. */
  readonly match: Match
  readonly rule: OracleRule | JudgedRule
  /** The rule's place in the policy. */
  readonly order: number
  /** What is to be written; the rule's own text unless the channel needs it otherwise. */
  readonly written: string
}

export interface Mask extends Match {
  readonly written: string
}

/** Earliest start, then longest, then earlier rule. */
const byRank = (a: MaskMatch, b: MaskMatch): number =>
  a.match.start - b.match.start || b.match.end - a.match.end || a.order - b.order

/** Matches that share a unit merge, adjacent ones stay apart; the first by rank gives its words. */
export function union(found: readonly MaskMatch[]): Mask[] {
  const groups: { start: number; end: number; members: MaskMatch[] }[] = []
  for (const member of [...found].sort((a, b) => a.start - b.start)) {
    const last = groups.at(-1)
    if (last === undefined || member.start >= last.end) groups.push({ start: member.start, end: member.end, members: [member] })
    else {
      last.end = Math.max(last.end, member.end)
      last.members.push(member)
    }
  }
  return groups.map(({ start, end, members }) => ({ start, end, written: (members.sort(byRank)[0] as MaskMatch).written }))
}

/** Marks, joiners, selectors and tags belong to the character before them. */
const follows = /^[\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200d]$/u
const longestTail = 32

/** The end of the mask with what follows it, never into the next one. */
function endWithTail(text: string, end: number, limit: number): number {
  let reached = end
  for (const character of text.slice(end, limit)) {
    if (!follows.test(character) || reached + character.length - end > longestTail) break
    reached += character.length
  }
  return reached
}

/**
 * The text up to `line`, with every mask that ends there written.
 *
 * @param clear up to where the text is clear: a character that lies across the line may belong to the mask before it.
 */
export function written(text: string, line: number, masks: readonly Mask[], from = 0, clear = line): string {
  let out = ''
  let at = from
  const whole = masks.filter(({ start, end }) => start >= from && end <= line)
  for (const [index, mask] of whole.entries()) {
    out += text.slice(at, mask.start) + mask.written
    at = endWithTail(text, mask.end, whole[index + 1]?.start ?? Math.max(line, clear))
  }
  return out + text.slice(at, line)
}

/** The line moved before every mask that lies across it. */
export function retreat(line: number, masks: readonly Mask[]): number {
  return masks.find(({ start, end }) => start < line && line < end)?.start ?? line
}
