/** Time that passes only when nothing is left to do: seconds of waiting cost microseconds, and every run is the same. */

interface Timer {
  readonly at: number
  /** Of two for the same time, the one that was set first. */
  readonly order: number
  readonly fire: () => void
  readonly every: number | undefined
}

type Handler = (...given: unknown[]) => void

/** The real one, for letting everything finish that waits for no time. */
const { setImmediate: realImmediate } = globalThis

export class VirtualTime {
  /** Milliseconds since the beginning. */
  now = 0
  #order = 0
  readonly #timers = new Map<number, Timer>()

  /** In so many milliseconds. @returns a number to cancel it by. */
  after(ms: number, fire: () => void, every?: number): number {
    const order = ++this.#order
    this.#timers.set(order, { at: this.now + ms, order, fire, every })
    return order
  }

  cancel(timer: number): void {
    this.#timers.delete(timer)
  }

  /**
   * Runs `work` with the platform's timers and `Date.now` in this time, until it is over. It must not read from outside the
   * process: that takes real time, in which this one runs away.
   *
   * @throws Error where it waits for something that no timer brings.
   */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis
    const dateNow = Date.now
    const cancel = (timer: unknown): void => this.cancel(timer as number)
    Object.assign(globalThis, {
      setTimeout: (fire: Handler, ms = 0, ...given: unknown[]) => this.after(ms, () => fire(...given)),
      setInterval: (fire: Handler, ms: number, ...given: unknown[]) => this.after(ms, () => fire(...given), ms),
      clearTimeout: cancel,
      clearInterval: cancel,
    })
    Date.now = () => this.now
    try {
      const outcome: { value?: Value; error?: unknown; over: boolean } = { over: false }
      work().then(
        (value) => Object.assign(outcome, { value, over: true }),
        (error: unknown) => Object.assign(outcome, { error, over: true }),
      )
      for (;;) {
        await new Promise((resolve) => realImmediate(resolve))
        if (outcome.over) break
        this.#pass()
      }
      if ('error' in outcome) throw outcome.error
      return outcome.value as Value
    } finally {
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval })
      Date.now = dateNow
    }
  }

  /** To the next timer, which fires. */
  #pass(): void {
    let next: Timer | undefined
    for (const timer of this.#timers.values())
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer
    if (next === undefined) throw new Error('nothing will ever happen')
    this.now = Math.max(this.now, next.at)
    if (next.every === undefined) this.#timers.delete(next.order)
    else this.#timers.set(next.order, { ...next, at: this.now + next.every })
    next.fire()
  }
}
