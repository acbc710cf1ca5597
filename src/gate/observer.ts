/** Who looks on while a response passes the gate. */
import type { Channel } from '../terms/channel.ts'
import type { Frame, Reading } from '../terms/frame.ts'
import type { Watch } from './watch.ts'

/** What may be asked about a response while it passes. */
export interface GateObserver {
  /** What a frame says, as it comes: before anything is decided about it. */
  frame?(reading: Reading, frame: Frame): void
  /** After each text that was read. */
  read?(watch: Watch): void
  /** What leaves of a channel, masks applied, and how many units of the text as received it stands for. */
  released?(channel: Channel, text: string, units: number): void
}
