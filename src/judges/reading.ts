/** Reads answers that may be anything: each step either finds what belongs there, or the whole answer is unreadable. */
import { unreadable } from './unfit.ts'

export type Fields = Readonly<Record<string, unknown>>

/** @param what as the message names it; fixed words, never the answer's. */
export function fieldsIn(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(`${what} is no object`)
  return value as Fields
}

export function listIn(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable(`${what} is no list`)
  return value
}

export function textIn(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw unreadable(`${what} is no text`)
  return value
}

export function numberIn(value: unknown, what: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw unreadable(`${what} is no number from ${least} to ${most}`)
  return value
}

export function countIn(value: unknown, what: string, most = Number.MAX_SAFE_INTEGER): number {
  const count = numberIn(value, what, 0, most)
  if (!Number.isInteger(count)) throw unreadable(`${what} is no whole number`)
  return count
}

/** Tokens are good to know; nothing hangs on them. */
export function tokensIn(usage: unknown): number | undefined {
  const total = (usage as { total_tokens?: unknown } | null | undefined)?.total_tokens
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 ? total : undefined
}
