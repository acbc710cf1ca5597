/** Time, as those see it who ask judges: what they wait for is theirs to inject. */

export interface Clock {
  /** Milliseconds from some fixed point. */
  now(): number
  /** Resolves after so many milliseconds, or when the signal fires. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve()
        return
      }
      const over = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', over)
        resolve()
      }
      const timer = setTimeout(over, ms)
      signal.addEventListener('abort', over, { once: true })
    }),
}
