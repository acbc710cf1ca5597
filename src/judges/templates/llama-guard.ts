/** Llama Guard 3 and 4: "safe", or "unsafe" and on a second line the categories violated. */
import type { Opinion } from '../../terms/judge.ts'
import { unreadable } from '../unfit.ts'

/** S1 to S14 of the model cards: Violent Crimes … S11 Suicide & Self-Harm … S14 Code Interpreter Abuse. */
export const llamaGuardCategories: readonly string[] = Array.from({ length: 14 }, (_, index) => `S${index + 1}`)

/**
 * Reads an answer (Meta's "Model Cards & Prompt formats": first line safe or unsafe, second line comma-separated categories).
 *
 * @param categories those the model may name.
 * @param score the probability of "unsafe", where the server told it.
 * @throws Unfit `unreadable`
 */
export function llamaGuardOpinions(answer: string, categories = llamaGuardCategories, score?: number): readonly Opinion[] {
  const [verdict, named, ...more] = answer.trim().split(/\s*\n\s*/)
  if (verdict === 'safe' && named === undefined) return []
  if (verdict !== 'unsafe' || named === undefined || more.length > 0)
    throw unreadable('answered neither safe nor unsafe with categories')
  return categoriesIn(named.split(/\s*,\s*/), categories, score)
}

export function categoriesIn(named: readonly string[], known: readonly string[], score?: number): readonly Opinion[] {
  if (named.some((category) => !known.includes(category))) throw unreadable('named a category that there is not')
  return [...new Set(named)].map((category) => ({ category, ...(score !== undefined && { score }) }))
}
