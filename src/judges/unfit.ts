/** What a judge could not say, as one error: its words are ours, never the judge's, for a judge may quote what it was asked about. */
import type { Answer, AskJudge, FaultKind, Opinion, Question } from '../terms/judge.ts'

export class Unfit extends Error {
  override readonly name = 'Unfit'
  readonly fault: FaultKind
  readonly retryAfterMs: number | undefined

  /** @param message of words that are fixed, or numbers: it goes into the trail. */
  constructor(fault: FaultKind, message: string, retryAfterMs?: number) {
    super(message)
    this.fault = fault
    this.retryAfterMs = retryAfterMs
  }
}

export function unreadable(message: string): Unfit {
  return new Unfit('unreadable', message)
}

/** What a kind of judge makes of a question. */
export interface Said {
  readonly opinions: readonly Opinion[]
  readonly tokens?: number | undefined
}

/** A judge's asker: whatever goes wrong in `ask` is told as a fault, without a word of what was thrown. */
export function asker(ask: (question: Question, signal: AbortSignal) => Promise<Said>): AskJudge {
  return async (question, signal): Promise<Answer> => {
    try {
      const { opinions, tokens } = await ask(question, signal)
      return { kind: 'opinions', opinions, ...(tokens !== undefined && { tokens }) }
    } catch (error) {
      if (signal.aborted) return { kind: 'fault', fault: 'timeout', detail: 'nobody waits for the answer any more' }
      if (!(error instanceof Unfit)) return { kind: 'fault', fault: 'busy', detail: `asking failed: ${nameOf(error)}` }
      const { fault, message, retryAfterMs } = error
      return { kind: 'fault', fault, detail: message, ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }) }
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'unknown error'
}
