/** How much of a text may wait before a cap decides. */
import type { Channel } from '../terms/channel.ts'
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

/**
 * The name of the cap that a channel is beyond.
 *
 * @param room UTF-16 units that may still be said where what is said is restated.
 */
export function capPassed(caps: Caps, { atomic }: Channel, received: number, held: number, room = 0): keyof Caps | undefined {
  if (atomic && received > caps.tool_most_chars) return 'tool_most_chars'
  if (!atomic && held > caps.most_chars) return 'most_chars'
  return room < 0 ? 'answer_most_chars' : undefined
}
