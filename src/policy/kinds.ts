/** The kinds of channel that rules may look at, and who looks at each. */
import { answerSide, type ChannelKind, channelKinds } from '../terms/channel.ts'
import type { MatchedKind } from './artifact.ts'

export const matchedKinds: readonly MatchedKind[] = [...channelKinds, 'unknown']

/** `unknown` text may be any of the answer's, so that whoever looks at one of those looks at it. */
export function looksAt(channels: readonly ChannelKind[], kind: MatchedKind): boolean {
  return kind === 'unknown' ? answerSide.some((side) => channels.includes(side)) : channels.includes(kind)
}
