/** How much of a text may wait before a cap decides. */
import type { HoldLimits } from '../terms/plan.ts'

/** How much a channel may hold before the cap decides. */
export type Caps = Pick<HoldLimits, 'most_chars' | 'tool_most_chars' | 'answer_most_chars' | 'at_cap'>

/** Whole bodies and prompts are bounded by the body's limit already. */
export const wholeTextCaps: Caps = {
  most_chars: Number.POSITIVE_INFINITY,
  tool_most_chars: Number.POSITIVE_INFINITY,
  answer_most_chars: Number.POSITIVE_INFINITY,
  at_cap: 'cut',
}
