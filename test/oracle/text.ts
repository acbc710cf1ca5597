/** The meaning of a policy on one text, and how much of it must wait after every unit. */
import { written } from './masks.ts'
import type { OraclePolicy } from './policy.ts'
import { type Found, type Nature, type Standing, standing, told } from './standing.ts'

export interface TextOutcome {
  readonly verdict: 'clear' | 'mask' | 'cut'
  /** What the reader gets. */
  readonly released: string
  readonly findings: readonly { rule: string; start: number; end: number }[]
  readonly cut: TextCut | undefined
  /** Units that left although something was open on them. */
  readonly leaked: number
}

export interface TextCut {
  /** Where the released text ends, in units of the text as received. */
  readonly at: number
  /** The prefix with which it became certain. */
  readonly decided: number
  readonly by: readonly string[]
}

export interface TextStory extends TextOutcome {
  /** Units held after each unit read, `held[0]` after none; it stops where nothing more is read. */
  readonly held: readonly number[]
  /** What was released after each unit read, `releasedAfter[0]` after none. */
  readonly releasedAfter: readonly string[]
}

const answer: Nature = { kind: 'answer' }

const idsOf = (found: readonly Found[]): string[] =>
  [...new Map(found.map(({ rule, order }) => [order, rule.id]))].sort(([a], [b]) => a - b).map(([, id]) => id)

/** Reads the text unit by unit and asks, after each, what every continuation agrees upon. */
export function tellText(policy: OraclePolicy, text: string, nature = answer): TextStory {
  const most = policy.hold?.most_chars ?? 4000
  const held = [0]
  const releasedAfter = ['']
  let forwarded = 0
  let before = ''
  let leaked = 0
  const read = (prefix: string, { line, masks }: Standing): string => before + written(prefix, line, masks, forwarded)
  const finish = (prefix: string, state: Standing, by: readonly string[]): TextStory => {
    const cut = by.length === 0 ? undefined : { at: state.line, decided: prefix.length, by }
    const verdict = cut !== undefined ? 'cut' : state.masks.length > 0 ? 'mask' : 'clear'
    return { verdict, released: read(prefix, state), findings: told(state.found), cut, leaked, held, releasedAfter }
  }
  for (let length = 1; length <= text.length; length++) {
    const prefix = text.slice(0, length)
    const state = standing(policy, nature, prefix, false, forwarded)
    if (state.cutting.length > 0) return finish(prefix, state, idsOf(state.cutting))
    const isOver = length - state.line > most
    if (isOver && policy.hold?.at_cap !== 'forward') return finish(prefix, state, ['most_chars'])
    if (isOver) {
      before = read(prefix, { ...state, line: length, masks: state.masks.filter(({ end }) => end <= state.line) })
      leaked += length - state.line
      forwarded = length
    }
    held.push(isOver ? 0 : length - state.line)
    releasedAfter.push(isOver ? before : read(prefix, state))
  }
  const state = standing(policy, nature, text, true, forwarded)
  return finish(text, state, idsOf(state.cutting))
}
