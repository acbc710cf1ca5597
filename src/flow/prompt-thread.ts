/** All text of a kind that a request asks: what matchers alone say of it, and what comes of it with the judges. */
import { wholeTextCaps } from '../gate/caps.ts'
import { Court } from '../gate/court.ts'
import type { Suspect } from '../gate/docket.ts'
import { Unasked } from '../gate/unasked.ts'
import { Watch } from '../gate/watch.ts'
import type { Channel } from '../terms/channel.ts'
import type { Segment } from '../terms/frame.ts'
import type { Plan } from '../terms/plan.ts'
import { hearOut } from './hearing.ts'
import type { Ledger } from './ledger.ts'
import type { GuardOptions } from './limits.ts'
import type { Topic } from './topic.ts'

/** A part of the thread, read by itself after the thread was: a border between parts is one for whole words and anchors too. */
export interface Part {
  readonly segment: Segment
  /** Masked, where something masks it. */
  readonly text: string
  readonly watch: Watch
  /** What it found alone belongs into the record beside the thread's own findings. */
  readonly matters: boolean
}

export class PromptThread {
  readonly hasJudges: boolean
  readonly #plan: Plan
  readonly #channel: Channel
  readonly #text: string
  /** What judges decide about: by place, and by the words themselves, for places move where something is masked. */
  readonly #asked = new Set<string>()
  /** Of matchers alone until the judges were heard. */
  watch: Watch

  constructor(plan: Plan, channel: Channel, text: string) {
    this.#plan = plan
    this.#channel = channel
    this.#text = text
    this.hasJudges = channel.kind !== 'unknown' && plan.seats[channel.kind].length > 0
    const unasked = this.hasJudges ? new Unasked(channel, () => true) : undefined
    this.watch = new Watch(plan, channel, wholeTextCaps, undefined, unasked)
    this.watch.read(text)
    this.watch.end()
    for (const suspect of unasked?.suspects ?? []) {
      this.#asked.add(placeOf(suspect, 0))
      this.#asked.add(wordsOf(suspect, text))
    }
  }

  /** Asks the judges; at once where there are none. @throws SluiceError `internal` where the reader leaves before they answer. */
  async hearJudges(options: GuardOptions, ledger: Ledger, topic: Topic): Promise<void> {
    if (!this.hasJudges) return
    const text = this.#text
    const court = new Court(this.#plan)
    const docket = court.docket(this.#channel)
    docket?.hear(text)
    docket?.close()
    const watch = new Watch(this.#plan, this.#channel, wholeTextCaps, undefined, docket)
    let read = 0
    await hearOut(options, ledger, topic, {
      waits: () => {
        read = watch.read(text, read)
        return watch.cut === undefined && (read < text.length || !watch.end())
      },
      inquiries: () => court.take(() => watch.cut === undefined),
      // It is blocked: what more judges would say is said about nothing.
      needs: () => watch.cut === undefined,
      settle: (id, answer) => void court.answer(id, answer),
    })
    this.watch = watch
  }

  /** @param start where the part begins in the thread. */
  part(segment: Segment, start: number): Part {
    const joined = this.watch.masks.apply(start, segment.text)
    const isAsked = (suspect: Suspect): boolean =>
      this.#asked.has(joined === segment.text ? placeOf(suspect, start) : wordsOf(suspect, joined))
    const docket = this.hasJudges ? new Unasked(segment.channel, isAsked) : undefined
    const watch = new Watch(this.#plan, segment.channel, wholeTextCaps, undefined, docket)
    watch.read(joined)
    watch.end()
    const text = watch.masks.apply(0, joined)
    return { segment, text, watch, matters: text !== joined || (watch.cut !== undefined && this.watch.cut === undefined) }
  }
}

function placeOf({ rule, start, end }: Suspect, from: number): string {
  return `${rule}@${start + from}-${end + from}`
}

function wordsOf({ rule, start, end }: Suspect, text: string): string {
  return `${rule}=${text.slice(start, end)}`
}
