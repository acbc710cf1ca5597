/** Stands in for a docket where no judge is asked: what matchers find for judges is noted instead. */
import type { Channel } from '../terms/channel.ts'
import { Docket, type Suspect } from './docket.ts'

export class Unasked extends Docket {
  /** All that matchers found for a judge to decide about. */
  readonly suspects: Suspect[] = []
  readonly #isAsked: (suspect: Suspect) => boolean

  /** @param isAsked a judge decides about it elsewhere; what nobody is asked about is taken for what it may be. */
  constructor(channel: Channel, isAsked: (suspect: Suspect) => boolean) {
    super(channel, [], () => {
      throw new Error('no judge sits here')
    })
    this.#isAsked = isAsked
  }

  override suspect(finding: Suspect): boolean {
    this.suspects.push(finding)
    return this.#isAsked(finding)
  }
}
