/** The judges of one channel: what is due where the text stands, decided once everyone has answered who has to. */
import { counts } from '../../src/terms/judge.ts'
import type { ChannelReader, Found } from './channel.ts'
import type { Answered, OracleJudge } from './judges.ts'
import { inForce, type JudgedRule, looksAt, type OraclePolicy } from './policy.ts'
import { type OracleStretch, stretchesOf } from './sentences.ts'

const atOnce: Answered = () => true

export class Bench {
  readonly #policy: OraclePolicy
  readonly #text: string
  readonly #channel: ChannelReader
  readonly #answered: Answered
  readonly #stretches: ReadonlyMap<OracleJudge, readonly OracleStretch[]>
  /** Stretches that were decided, so that standing at an offset twice decides nothing twice. */
  readonly #decided = new Set<string>()

  /** @param text all that the channel will ever say. @param atomic half of it means nothing: it is one stretch. */
  constructor(policy: OraclePolicy, text: string, channel: ChannelReader, atomic = false, answered = atOnce) {
    this.#policy = policy
    this.#text = text
    this.#channel = channel
    this.#answered = answered
    const whole = { first: Number.POSITIVE_INFINITY, growTo: Number.POSITIVE_INFINITY }
    const sitting = (policy.judges ?? []).filter((judge) => this.#judged(judge).length > 0 || this.#asks(judge))
    this.#stretches = new Map(sitting.map((judge) => [judge, stretchesOf(text, atomic ? whole : judge)]))
    this.#wait(0)
  }

  /**
   * Where a stretch ends, and where the last finding about one became certain that ended before.
   *
   * @param goesOn more has come, or the end: those stretches have ended too of which only that tells.
   * @returns whether all is decided.
   */
  decide(goesOn = true): boolean {
    if (!this.#decide(false)) return false
    return !goesOn || this.#channel.cutting.length > 0 || this.#decide(true)
  }

  /** @param late those stretches of which only what follows tells that they ended: what is known is decided before. */
  #decide(late: boolean): boolean {
    const read = this.#channel.text.length
    const questions = [...this.#stretches].flatMap(([judge, stretches]) =>
      stretches
        .filter(({ end, last, late: told }) => !(last && !this.#channel.ended) && (told && end === read) === late)
        .map((stretch) => this.#question(judge, stretch)),
    )
    const due = questions.filter(({ about, looks, name }) => about.length > 0 || (looks.length > 0 && !this.#decided.has(name)))
    const isAnswered = ({ judge, text, context }: (typeof due)[number]) => this.#answered(judge.name, text, context)
    if (due.some((question) => question.holds && !isAnswered(question))) return false
    const found: Found[] = []
    const settled = new Set<Found>()
    for (const question of due.filter(isAnswered)) {
      const { judge, stretch, about, looks, text, context, holds, name } = question
      const said = judge.says(text, context)
      this.#decided.add(name)
      for (const { found: suspect } of about) settled.add(suspect)
      if (typeof said === 'string') {
        const waiting = about.filter(({ found: { rule } }) => inForce(this.#policy, rule)).map(({ found }) => found.start)
        const start = this.#holds(judge) ? stretch.start : Math.min(...waiting)
        if ((judge.onFault ?? 'cut') === 'cut' && holds) this.#channel.cutting.push(failed(judge, start, stretch.end))
        continue
      }
      for (const [order, rule] of looks) {
        for (const opinion of said) {
          const span = opinion.span ?? { start: 0, end: stretch.end - stretch.start }
          if (counts(opinion, rule.where))
            found.push({ rule, order, start: stretch.start + span.start, end: stretch.start + span.end })
        }
      }
      for (const { found: suspect } of about)
        if (said.some((opinion) => counts(opinion, suspect.rule.ask?.where))) found.push(suspect)
    }
    this.#wait(read, late)
    if (this.#stretches.size > 0) this.#channel.judged(found, settled)
    return true
  }

  #question(judge: OracleJudge, stretch: OracleStretch) {
    const { start, end } = stretch
    const read = this.#channel.text.length
    const about = this.#channel.suspects.filter(
      ({ found: { rule, ...span }, certain }) =>
        rule.ask?.judge === judge.name && start < span.end && span.end <= end && Math.max(certain, end) === read,
    )
    const looks = end === read ? this.#judged(judge) : []
    const holds = this.#holds(judge) || about.some(({ found: { rule } }) => inForce(this.#policy, rule))
    const text = this.#text.slice(start, end)
    const context = this.#text.slice(Math.max(0, start - judge.context), start)
    return { judge, stretch, about, looks, holds, text, context, name: `${judge.name} ${start}` }
  }

  #judged(judge: OracleJudge): [number, JudgedRule][] {
    const rules = (this.#policy.judged ?? []).map((rule, index): [number, JudgedRule] => [
      this.#policy.rules.length + index,
      rule,
    ])
    return rules.filter(([, rule]) => rule.judge === judge.name && looksAt(rule, this.#channel.nature.kind))
  }

  #holds(judge: OracleJudge): boolean {
    return this.#judged(judge).some(([, rule]) => inForce(this.#policy, rule))
  }

  #asks(judge: OracleJudge): boolean {
    return this.#policy.rules.some((rule) => rule.ask?.judge === judge.name && looksAt(rule, this.#channel.nature.kind))
  }

  /** Of a judge that looks at everything, the stretch that is being written is held. */
  #wait(read: number, late = true): void {
    const open = [...this.#stretches].flatMap(([judge, stretches]) => {
      const stretch = stretches.find(
        ({ end, last, late: told }) => end > read || (last && !this.#channel.ended) || (told && end === read && !late),
      )
      return this.#holds(judge) && stretch !== undefined ? [stretch.start] : []
    })
    this.#channel.unjudged = Math.min(Number.POSITIVE_INFINITY, ...open)
  }
}

/** What nobody has judged is cut, in the name of the judge. */
function failed({ name }: OracleJudge, start: number, end: number): Found {
  return { rule: { id: name, action: 'cut', judge: name }, order: Number.MAX_SAFE_INTEGER, start, end }
}
