/** What the readers of requests share: how they refuse, and which turns are history. */
import { SluiceError } from '../errors.ts'
import { isRecord } from './shape.ts'

export function invalid(message: string): SluiceError {
  return new SluiceError('request_invalid', message)
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/**
 * The index of the model's last turn that somebody replied to, or -1. Turns of the model at the very end are the beginning of
 * the answer that is asked for: adding one must not turn the question into history.
 */
export function lastAnswered(turns: readonly unknown[], isModels: (turn: unknown) => boolean): number {
  let last = turns.length - 1
  while (last >= 0 && isModels(turns[last])) last--
  while (last >= 0 && !isModels(turns[last])) last--
  return last
}

export function isAssistants(message: unknown): boolean {
  return isRecord(message) && message['role'] === 'assistant'
}
