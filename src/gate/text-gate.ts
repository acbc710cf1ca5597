/** The gate for plain text: one channel, no frames; what is pushed in comes out as soon as it is clear. */
import { SluiceError } from '../errors.ts'
import type { Channel } from '../terms/channel.ts'
import type { Answer, Inquiry } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'
import { Court } from './court.ts'
import type { Docket } from './docket.ts'
import { Watch } from './watch.ts'

const answer: Channel = { name: 'answer', scope: '0', kind: 'answer' }

export class TextGate {
  /** The channel's watch: findings, cut, clear line. */
  readonly watch: Watch
  readonly #court: Court | undefined
  readonly #docket: Docket | undefined
  /** Came while a judge had to answer first. */
  #unread = ''
  #over = false
  /** A judge has to answer before anything more can be decided. */
  waits = false
  /** Clear text is taken from here: what was pushed and has not been released. */
  #waiting = ''
  #released = 0

  /**
   * @param judges `hear`: whoever pushes also puts the inquiries and brings the answers.
   * @throws SluiceError `configuration` where the plan has judges for the channel that nobody waits for.
   */
  constructor(plan: Plan, channel: Channel = answer, judges: 'refuse' | 'hear' = 'refuse') {
    const holding = plan.seats[channel.kind].filter(({ holds }) => holds).map(({ judge }) => judge.name)
    if (judges === 'refuse' && holding.length > 0)
      throw new SluiceError(
        'configuration',
        `a plain text stream cannot wait for a judge (${holding.join(', ')}); guard a response`,
      )
    if (judges === 'hear' && plan.seats[channel.kind].length > 0) this.#court = new Court(plan)
    this.#docket = this.#court?.docket(channel)
    this.watch = new Watch(plan, channel, undefined, undefined, this.#docket)
  }

  /** Text was cut: nothing more is read or released. */
  get isCut(): boolean {
    return this.watch.cut !== undefined
  }

  /** UTF-16 units that came and are not free to be sent. */
  get held(): number {
    return this.#waiting.length
  }

  /** @returns what is free to be sent now, masks applied. */
  push(text: string): string {
    if (this.isCut) return ''
    this.#waiting += text
    if (this.#docket === undefined) this.watch.read(text)
    else {
      this.#docket.hear(text)
      this.#unread += text
      this.#proceed()
    }
    return this.#release()
  }

  /** The text is over. @returns the rest that is free to be sent, unless a judge has to answer first. */
  end(): string {
    this.#over = true
    if (!this.isCut) this.#docket?.close()
    this.#proceed()
    return this.#release()
  }

  /** The questions to judges that have come up since the last call. */
  inquiries(): readonly Inquiry[] {
    return this.#court?.take((inquiry) => this.needs(inquiry)) ?? []
  }

  /** Whether the answer still matters: after a cut, for the record. */
  needs(inquiry: Inquiry): boolean {
    return !this.isCut || this.watch.isForRecord(inquiry)
  }

  /** A judge has answered, in whatever order. @returns what is free to be sent now. */
  settle(id: number, given: Answer): string {
    this.#court?.answer(id, given)
    this.#proceed()
    return this.#release()
  }

  #proceed(): void {
    if (this.#unread !== '') this.#unread = this.#unread.slice(this.watch.read(this.#unread))
    const decided = this.watch.hearJudges() && this.#unread === '' && (!this.#over || this.watch.end())
    this.waits = !decided && !this.isCut
  }

  #release(): string {
    const units = this.watch.clear - this.#released
    if (units === 0) return ''
    const all = units === this.#waiting.length
    const text = this.watch.masks.apply(this.#released, all ? this.#waiting : this.#waiting.slice(0, units))
    this.#waiting = all ? '' : this.#waiting.slice(units)
    this.#released = this.watch.clear
    this.watch.left(this.#released, units, text)
    return text
  }
}
