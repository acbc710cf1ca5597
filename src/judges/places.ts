/** Bounds how many questions one isolate has open at a judge, over all its exchanges; the others wait for their turn. */
import type { AskJudge } from '../terms/judge.ts'
import type { Clock } from './clock.ts'

/** Milliseconds beyond its time after which a question is taken for gone. */
const grace = 1000

/**
 * A question keeps its place until it is answered or its time is over: a platform may drop a request with all that waits in it,
 * and a place that is never given back must not be lost for ever.
 *
 * @param timeout_ms how long a question may take, in milliseconds.
 */
export function placed(ask: AskJudge, most_open: number, timeout_ms: number, clock: Clock): AskJudge {
  const taken = new Map<object, number>()
  const waiting = new Map<object, () => void>()
  const admit = (): void => {
    const now = clock.now()
    for (const [place, until] of taken) if (until <= now) taken.delete(place)
    for (const [place, begin] of waiting) {
      if (taken.size >= most_open) return
      waiting.delete(place)
      taken.set(place, now + timeout_ms + grace)
      begin()
    }
  }
  return async (question, signal) => {
    const place = {}
    await new Promise<void>((resolve) => {
      waiting.set(place, resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      admit()
    })
    const isIn = !waiting.delete(place)
    try {
      if (!isIn || signal.aborted)
        return { kind: 'fault', fault: 'busy', detail: `${most_open} questions were open, and stayed so`, calls: 0 }
      return await ask(question, signal)
    } finally {
      taken.delete(place)
      admit()
    }
  }
}
