/** The meaning of a policy on one text, and how much of it must wait after every unit. */
import { counts } from '../../src/terms/judge.ts'
import { ChannelReader, type Found, idsOf, type Nature, told } from './channel.ts'
import type { OracleJudge } from './judges.ts'
import { written } from './masks.ts'
import { inForce, type JudgedRule, type OraclePolicy } from './policy.ts'
import { type OracleStretch, stretchesOf } from './sentences.ts'

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
  const bench = new JudgedText(policy, text, channel)
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

/** Judges that answer at once about a text that is known whole. */
class JudgedText {
  readonly #policy: OraclePolicy
  readonly #text: string
  readonly #channel: ChannelReader
  readonly #stretches: ReadonlyMap<OracleJudge, readonly OracleStretch[]>

  constructor(policy: OraclePolicy, text: string, channel: ChannelReader) {
    this.#policy = policy
    this.#text = text
    this.#channel = channel
    this.#stretches = new Map((policy.judges ?? []).map((judge) => [judge, stretchesOf(text, judge)]))
    this.#wait(0)
  }

  /** Where a stretch ends, and where the last finding about one became certain that ended before. */
  decide(): void {
    this.#decide(false)
    if (this.#channel.cutting.length === 0) this.#decide(true)
  }

  /** @param late those stretches of which only what follows tells that they ended: what is known is decided before. */
  #decide(late: boolean): void {
    const read = this.#channel.text.length
    const found: Found[] = []
    const settled = new Set<Found>()
    for (const [judge, stretches] of this.#stretches) {
      for (const { start, end, last, late: told } of stretches) {
        if ((last && !this.#channel.ended) || (told && end === read) !== late) continue
        const about = this.#channel.suspects.filter(
          ({ found: { rule, ...span }, certain }) =>
            rule.ask?.judge === judge.name && start < span.end && span.end <= end && Math.max(certain, end) === read,
        )
        const looks = end === read ? this.#judged(judge) : []
        if (about.length + looks.length === 0) continue
        const opinions = judge.says(this.#text.slice(start, end), this.#text.slice(Math.max(0, start - judge.context), start))
        for (const [order, rule] of looks) {
          for (const opinion of opinions) {
            const span = opinion.span ?? { start: 0, end: end - start }
            if (counts(opinion, rule.where)) found.push({ rule, order, start: start + span.start, end: start + span.end })
          }
        }
        for (const { found: suspect } of about) {
          settled.add(suspect)
          if (opinions.some((opinion) => counts(opinion, suspect.rule.ask?.where))) found.push(suspect)
        }
      }
    }
    this.#wait(read, late)
    if (found.length + settled.size > 0 || this.#stretches.size > 0) this.#channel.judged(found, settled)
  }

  #judged(judge: OracleJudge): [number, JudgedRule][] {
    const rules = (this.#policy.judged ?? []).map((rule, index): [number, JudgedRule] => [
      this.#policy.rules.length + index,
      rule,
    ])
    return rules.filter(([, rule]) => rule.judge === judge.name)
  }

  /** Of a judge that looks at everything, the stretch that is being written is held. */
  #wait(read: number, late = true): void {
    const open = [...this.#stretches].flatMap(([judge, stretches]) => {
      const holds = this.#judged(judge).some(([, rule]) => inForce(this.#policy, rule))
      const stretch = stretches.find(
        ({ end, last, late: told }) => end > read || (last && !this.#channel.ended) || (told && end === read && !late),
      )
      return holds && stretch !== undefined ? [stretch.start] : []
    })
    this.#channel.unjudged = Math.min(Number.POSITIVE_INFINITY, ...open)
  }
}
