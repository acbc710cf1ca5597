/** Frames on their way through the gate: one that has to wait for a judge keeps waiting all that came after it. */
import type { Frame, Reading, Step } from '../terms/frame.ts'
import type { Watch } from './watch.ts'

/** A frame being decided. What came after it could not leave before it, so nothing is lost by waiting. */
export interface Turn {
  /** Undefined for the end of the text. */
  readonly frame: Frame | undefined
  readonly reading: Reading
  /** Steps taken. */
  step: number
  /** The text of the step that is being taken, and how much of it was read. */
  text: { readonly watch: Watch; read: number } | undefined
  begun: boolean
}

/** Each tells whether it could be done: false where a judge has to answer first. Then it is tried again, and goes on. */
export interface TurnTaker {
  begin(frame: Frame, reading: Reading): void
  take(step: Step, turn: Turn): boolean
  /** After the last step. */
  finish(turn: Turn): boolean
  /** Nothing that waits matters any more. */
  isOver(): boolean
}

export class Turns {
  readonly #taker: TurnTaker
  #waiting: Turn[] = []
  /** Bytes of the frames that were not begun. */
  bytes = 0

  constructor(taker: TurnTaker) {
    this.#taker = taker
  }

  get waits(): boolean {
    return this.#waiting.length > 0
  }

  add(frame: Frame | undefined, reading: Reading): void {
    const turn: Turn = { frame, reading, step: 0, text: undefined, begun: false }
    if (this.#waiting.length > 0) this.bytes += frame?.bytes.length ?? 0
    else if (this.#take(turn)) return
    this.#waiting.push(turn)
  }

  /** An answer has come: goes on as far as it can. */
  proceed(): void {
    for (let turn = this.#waiting[0]; turn !== undefined; turn = this.#waiting[0]) {
      if (this.#taker.isOver()) {
        // Of a frame that was begun, what was not read must be taken out.
        if (turn.begun) this.#take(turn)
        this.#waiting = []
        this.bytes = 0
        return
      }
      if (!turn.begun) this.bytes -= turn.frame?.bytes.length ?? 0
      if (!this.#take(turn)) return
      this.#waiting.shift()
    }
  }

  #take(turn: Turn): boolean {
    const { frame, reading } = turn
    if (!turn.begun && frame !== undefined) this.#taker.begin(frame, reading)
    turn.begun = true
    for (; turn.step < reading.steps.length; turn.step++) {
      if (!this.#taker.take(reading.steps[turn.step] as Step, turn)) return false
      turn.text = undefined
    }
    return this.#taker.finish(turn)
  }
}
