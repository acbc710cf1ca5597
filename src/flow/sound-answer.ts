/** Reads what an asker hands back as if it came from outside: what is no answer is a fault, never a pass. */
import { type Answer, faultKinds, type Opinion } from '../terms/judge.ts'

/**
 * The answer, if it is one; else the fault `unreadable`.
 *
 * @param units UTF-16 units of the text that was asked about: an opinion about anything beyond is about nothing.
 */
export function soundAnswer(given: unknown, units: number): Answer {
  if (isRecord(given)) {
    const { kind, opinions, fault, detail } = given
    if (kind === 'fault' && faultKinds.some((known) => known === fault) && typeof detail === 'string') return given as Answer
    if (kind === 'opinions' && Array.isArray(opinions) && opinions.every((opinion) => isOpinion(opinion, units)))
      return given as Answer
  }
  return { kind: 'fault', fault: 'unreadable', detail: 'what came back is no answer' }
}

function isOpinion(given: unknown, units: number): given is Opinion {
  if (!isRecord(given)) return false
  const { category, score, severity, span } = given
  return typeof category === 'string' && isFigure(score) && isFigure(severity) && isSpan(span, units)
}

function isFigure(value: unknown): boolean {
  return value === undefined || Number.isFinite(value)
}

function isSpan(span: unknown, units: number): boolean {
  if (span === undefined) return true
  if (!isRecord(span)) return false
  const { start, end } = span
  return (
    Number.isInteger(start) &&
    Number.isInteger(end) &&
    (start as number) >= 0 &&
    Number(start) < Number(end) &&
    Number(end) <= units
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
