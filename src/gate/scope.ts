/** A choice, candidate or message: the channels that end together. */
import { SluiceError } from '../errors.ts'
import type { Segment } from '../terms/frame.ts'
import type { Restated } from './recital.ts'
import type { Watch } from './watch.ts'

export class Scope {
  readonly name: string
  readonly watches = new Map<string, Watch>()
  readonly restated: Restated = { read: 0, sent: 0 }
  /** The parts of each tool call, which leave together or not at all. */
  readonly #calls = new Map<string, Watch[]>()
  #speaking: Watch | undefined
  /** The rules by which signed text was taken out: what relies on it must not follow. */
  readonly dropped = new Set<string>()
  isCut = false
  /** Every channel has said all it will. */
  ended = false
  /** What the cut left has been sent, and the scope's ending after it. */
  over = false

  constructor(name: string) {
    this.name = name
  }

  /** The watch's channel speaks now. @throws SluiceError `text_after_end`, `unreadable_frame` where it cannot go on so. */
  hear(watch: Watch, { channel, text }: Segment): void {
    if (text === '') return
    const { name, json } = watch.channel
    if (watch.ended || this.ended) throw new SluiceError('text_after_end', `text for channel ${name} came after its end`)
    // A watch reads JSON from its first unit on or never: one that does not is blind to what escapes hide.
    if (Boolean(json) !== Boolean(channel.json))
      throw new SluiceError('unreadable_frame', `the text of channel ${name} became another kind of text`)
    if (watch === this.#speaking) return
    this.#speaking?.pause()
    this.#speaking = watch
  }

  add(watch: Watch): void {
    const { name, atomic, call } = watch.channel
    this.watches.set(name, watch)
    if (!atomic || call === undefined) return
    const parts = this.#calls.get(call)
    if (parts === undefined) this.#calls.set(call, [watch])
    else parts.push(watch)
  }

  /** What was sent of each channel that is restated, as far as it is kept. */
  get released(): ReadonlyMap<string, string> {
    const released = new Map<string, string>()
    for (const { channel, sent } of this.watches.values())
      if (channel.restated && sent !== undefined) released.set(channel.name, sent)
    return released
  }

  /**
   * Lets the call go that the watch is part of, if all its parts have ended without a cut.
   *
   * @param last nothing more will come: until then a call that has no input yet may still get it.
   */
  letCallGo({ channel: { atomic, call } }: Watch, last: boolean): void {
    const parts = atomic && call !== undefined ? (this.#calls.get(call) ?? []) : []
    if (!last && !parts.some((part) => !part.channel.fixed && part.received > 0)) return
    if (parts.every((part) => part.decided && part.cut === undefined)) for (const part of parts) part.letGo()
  }
}
