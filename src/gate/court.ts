/** All that judges are asked about one response: a docket for each channel, filled as text arrives. */
import type { Channel } from '../terms/channel.ts'
import type { Reading, Segment } from '../terms/frame.ts'
import type { Answer, Inquiry } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'
import { Docket } from './docket.ts'

export class Court {
  readonly #seats: Plan['seats']
  readonly #dockets = new Map<string, Docket>()
  /** Channels that were asked about, by the inquiry's number. */
  readonly #asked = new Map<number, Channel>()
  #inquiries: Inquiry[] = []
  #next = 0

  constructor({ seats }: Plan) {
    this.#seats = seats
  }

  /** What a frame says has arrived; the gate may come to it much later. */
  hear({ steps, terminal }: Reading): void {
    for (const step of steps) {
      if (step.kind === 'text') this.#hearText(step)
      else if (step.kind === 'scope-end') this.#close((channel) => channel.scope === step.scope)
      else if (step.last) this.#close((channel) => channel.name === step.channel)
    }
    if (terminal) this.#close(() => true)
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

  /** The questions that have come up since the last call. */
  take(): readonly Inquiry[] {
    const inquiries = this.#inquiries
    if (inquiries.length > 0) this.#inquiries = []
    return inquiries
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

  #close(of: (channel: Channel) => boolean): void {
    for (const docket of this.#dockets.values()) if (of(docket.channel)) docket.close()
  }

  #ask(inquiry: Omit<Inquiry, 'id'>): number {
    const id = this.#next++
    this.#inquiries.push({ id, ...inquiry })
    this.#asked.set(id, inquiry.channel)
    return id
  }
}
