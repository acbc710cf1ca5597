/** A choice, candidate or message: the channels that end together. */
import type { Watch } from './watch.ts'

export class Scope {
  readonly name: string
  readonly watches = new Map<string, Watch>()
  isCut = false
  /** Every channel has said all it will. */
  ended = false
  /** What the cut left has been sent, and the scope's ending after it. */
  over = false

  constructor(name: string) {
    this.name = name
  }
}
