/** The meaning of a policy on one text, and how much of it must wait after every unit. */
import { Bench } from './bench.ts'
import { ChannelReader, idsOf, type Nature, told } from './channel.ts'
import { written } from './masks.ts'
import { inForce, type OraclePolicy } from './policy.ts'

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

/** Reads the text unit by unit and asks, after each, what every continuation agrees upon. */
export function tellText(policy: OraclePolicy, text: string, nature = answer): TextStory {
  const most = policy.hold?.most_chars ?? 4000
  const held = [0]
  const releasedAfter = ['']
  const channel = new ChannelReader(policy, nature)
  let before = ''
  let leaked = 0
  const released = (): string => before + written(channel.text, channel.line, channel.masks, channel.forwarded)
  const finish = (by: readonly string[]): TextStory => {
    const cut = by.length === 0 ? undefined : { at: channel.line, decided: channel.text.length, by }
    const masks = channel.found.some(({ rule }) => rule.action === 'mask' && inForce(policy, rule))
    const verdict = cut !== undefined ? 'cut' : masks ? 'mask' : 'clear'
    return { verdict, released: released(), findings: told(channel.found), cut, leaked, held, releasedAfter }
  }
  const bench = new Bench(policy, text, channel, nature.atomic === true)
  for (const unit of text.split('')) {
    channel.read(unit)
    if (channel.cutting.length > 0) return finish(idsOf(channel.cutting))
    bench.decide()
    if (channel.cutting.length > 0) return finish(idsOf(channel.cutting))
    if (channel.open > most) {
      if (policy.hold?.at_cap !== 'forward') return finish(['most_chars'])
      leaked += channel.open
      const whole = channel.masks.filter(({ end }) => end <= channel.safe)
      before += written(channel.text, channel.text.length, whole, channel.forwarded)
      channel.forward()
    }
    held.push(channel.held)
    releasedAfter.push(released())
  }
  channel.end()
  if (channel.cutting.length === 0) bench.decide()
  return finish(idsOf(channel.cutting))
}
