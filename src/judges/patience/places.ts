/** Bounds how many questions one isolate has open at a judge, over all its exchanges; the others wait for their turn. */
import type { AskJudge } from '../../terms/judge.ts'
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
    const leave = (): void => {
      const begin = waiting.get(place)
      waiting.delete(place)
      if (taken.delete(place)) admit()
      begin?.()
    }
    // At once, not when the question has come to its end: a request that is over takes along whatever still waits in it.
    signal.addEventListener('abort', leave, { once: true })
    await new Promise<void>((resolve) => {
      waiting.set(place, resolve)
      if (signal.aborted) leave()
      else admit()
    })
    try {
      if (!signal.aborted) return await ask(question, signal)
      return { kind: 'fault', fault: 'busy', detail: `${most_open} questions were open, and stayed so`, calls: 0 }
    } finally {
      signal.removeEventListener('abort', leave)
      leave()
    }
  }
}
