/** Plays beats at their pace into a response body, and stops the moment nobody listens. */
import type { Beat } from './beats.ts'

/** Waits, or rejects with the signal's reason as soon as it fires. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

/** @param pace factor on every beat's pause; @param write what the protocol makes of a beat, and `null` for the last word; empty where it
 * waits for more. */
export function played(
  beats: Iterator<Beat>,
  pace: number,
  signal: AbortSignal,
  write: (beat: Beat | null) => string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const left = new AbortController()
  const gone = AbortSignal.any([signal, left.signal])
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          for (let text = '', over = false; text === '' && !over; ) {
            const { value, done } = beats.next()
            if (!done && pace > 0) await pause(value.wait * pace, gone)
            gone.throwIfAborted()
            text = write(done ? null : value)
            over = done === true
            if (text !== '') controller.enqueue(encoder.encode(text))
            if (over) controller.close()
          }
        } catch (error) {
          controller.error(error)
        }
      },
      cancel() {
        left.abort('the stream was cancelled')
      },
    },
    // Nothing is said before somebody listens.
    { highWaterMark: 0 },
  )
}
