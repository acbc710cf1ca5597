/** Asks a judge once more, where that is safe: it could not be reached, or asked for patience that there is. */
import { failureDetail } from '../../errors.ts'
import type { Answer, AskJudge } from '../../terms/judge.ts'
import type { Clock } from './clock.ts'

/** Milliseconds before the second try where the judge names none: time enough for a connection to be made anew. */
const pause = 100

/**
 * Judging twice does no harm, but it takes time: never after the time was over, and not where the pause would take up the rest.
 *
 * @param timeout_ms how long there is for both, in milliseconds.
 */
export function retrying(ask: AskJudge, timeout_ms: number, clock: Clock): AskJudge {
  return async (question, signal) => {
    const began = clock.now()
    const first = await answerOf(() => ask(question, signal))
    if (first.kind !== 'fault' || first.fault !== 'busy') return first
    const ms = first.retry_after_ms ?? pause
    if (signal.aborted || clock.now() - began + ms >= timeout_ms) return first
    await clock.wait(ms, signal)
    if (signal.aborted) return first
    const second = await answerOf(() => ask(question, signal))
    const tokens =
      first.tokens === undefined && second.tokens === undefined ? undefined : (first.tokens ?? 0) + (second.tokens ?? 0)
    return { ...second, calls: (first.calls ?? 1) + (second.calls ?? 1), ...(tokens !== undefined && { tokens }) }
  }
}

async function answerOf(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    // What came back was no JSON, and would be none again.
    const fault = error instanceof SyntaxError ? 'unreadable' : 'busy'
    return { kind: 'fault', fault, detail: failureDetail(error) }
  }
}
