/** All that judges are asked about one response: a docket for each channel, filled as text arrives. */
import type { Channel } from '../terms/channel.ts'
import type { Reading, Segment } from '../terms/frame.ts'
import type { Answer, Inquiry } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'
import { Docket } from './docket.ts'

const none: readonly Inquiry[] = []

export class Court {
  readonly #seats: Plan['seats']
  readonly #dockets = new Map<string, Docket>()
  /** Channels that were asked about, by the inquiry's number. */
  readonly #asked = new Map<number, Channel>()
  /** Questions that nobody has taken. */
  #inquiries: Inquiry[] = []
  #next = 0

  constructor({ seats }: Plan) {
    this.#seats = seats
  }

  /**
   * What a frame says has arrived; the gate may come to it much later.
   *
   * @param isCut nothing more of the scope is read.
   */
  hear({ steps, terminal }: Reading, isCut: (scope: string) => boolean): void {
    const close = (of: (channel: Channel) => boolean): void => {
      for (const docket of this.#dockets.values()) if (!isCut(docket.channel.scope) && of(docket.channel)) docket.close()
    }
    for (const step of steps) {
      if (step.kind === 'text') {
        if (!isCut(step.channel.scope)) this.#hearText(step)
      } else if (step.kind === 'scope-end') close((channel) => channel.scope === step.scope)
      else if (step.last) close((channel) => channel.name === step.channel)
    }
    if (terminal) close(() => true)
  }

  docket(channel: Channel): Docket | undefined {
    const seats = this.#seats[channel.kind]
    if (seats.length === 0) return undefined
    let docket = this.#dockets.get(channel.name)
    if (docket === undefined) {
      docket = new Docket(channel, seats, (inquiry) => this.#ask(inquiry))
      this.#dockets.set(channel.name, docket)
    }
    return docket
  }

  /**
   * The questions that have come up since the last call.
   *
   * @param needs whether the answer matters: where a text was cut, what could only be asked beyond that is not asked at all.
   */
  take(needs: (inquiry: Inquiry) => boolean): readonly Inquiry[] {
    if (this.#inquiries.length === 0) return none
    const inquiries = this.#inquiries
    this.#inquiries = []
    return inquiries.filter(needs)
  }

  /** @returns the channel that the answer is about; undefined where nobody asked. */
  answer(id: number, answer: Answer): Channel | undefined {
    const channel = this.#asked.get(id)
    if (channel === undefined) return undefined
    this.#asked.delete(id)
    this.#dockets.get(channel.name)?.answer(id, answer)
    return channel
  }

  #hearText({ channel, text, relation }: Segment): void {
    if (relation === 'adds' && text !== '') this.docket(channel)?.hear(text)
  }

  #ask(inquiry: Omit<Inquiry, 'id'>): number {
    const id = this.#next++
    this.#inquiries.push({ id, ...inquiry })
    this.#asked.set(id, inquiry.channel)
    return id
  }
}
