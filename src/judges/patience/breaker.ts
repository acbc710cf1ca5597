/** Leaves a judge alone that does not answer: each question would wait out its time in vain, and keep the judge down. */
import type { Answer, AskJudge, Breaker } from '../../terms/judge.ts'
import type { Clock } from './clock.ts'

type Outcome = 'answered' | 'out' | 'nobody waited'

/**
 * Closed, it asks. After so many faults in a row it is open for `open_ms`: each question is the fault `busy` at once. Then one
 * question goes through on trial; what comes of it closes the breaker, or opens it again.
 *
 * Only silence and `busy` count. What a judge refuses, or answers in a form that cannot be read, may be the text's doing, and a
 * text must not be able to have the judge left alone.
 *
 * @param trial_ms how long a trial may take: the platform may drop one along with its request, and nobody would hear of it.
 * @param onTurn told when it opens, after how many faults in a row, and with 0 when it closes.
 */
export function breaking(
  ask: AskJudge,
  { faults, open_ms }: Breaker,
  trial_ms: number,
  clock: Clock,
  onTurn: (faults: number) => void = () => {},
): AskJudge {
  let inARow = 0
  let openUntil = Number.NEGATIVE_INFINITY
  let triedUntil = Number.NEGATIVE_INFINITY
  return async (question, signal) => {
    const now = clock.now()
    let onTrial = false
    if (inARow >= faults) {
      if (now < openUntil || now < triedUntil) return leftAlone(inARow)
      triedUntil = now + trial_ms
      onTrial = true
    }
    let noted = false
    const note = (outcome: Outcome): void => {
      if (noted) return
      noted = true
      // Where nobody waited for the trial, the next question is it instead.
      if (onTrial || outcome !== 'nobody waited') triedUntil = Number.NEGATIVE_INFINITY
      if (outcome === 'answered') {
        if (inARow >= faults) onTurn(0)
        inARow = 0
      }
      if (outcome === 'out' && ++inARow >= faults) {
        openUntil = clock.now() + open_ms
        onTurn(inARow)
      }
    }
    const over = (): void => note(timeIsOver(signal) ? 'out' : 'nobody waited')
    signal.addEventListener('abort', over, { once: true })
    try {
      const answer = await ask(question, signal)
      note(isOut(answer) ? 'out' : 'answered')
      return answer
    } catch (error) {
      note(error instanceof SyntaxError ? 'answered' : 'out')
      throw error
    } finally {
      signal.removeEventListener('abort', over)
    }
  }
}

function leftAlone(faults: number): Answer {
  return { kind: 'fault', fault: 'busy', detail: `left alone after ${faults} faults in a row`, calls: 0 }
}

function isOut(answer: Answer): boolean {
  return answer.kind === 'fault' && (answer.fault === 'busy' || answer.fault === 'timeout')
}

/** As the platform's own signals say it. */
function timeIsOver({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}
