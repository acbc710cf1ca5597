/** Whole messages that some servers repeat on the chunks of a stream: what was said in deltas is not said again. */
import { scopeOf } from './openai-chat-shape.ts'
import type { JsonRecord } from './shape.ts'

/**
 * Choices that repeat in `message` what their deltas say or said (Perplexity sends its text so far). A copy that grows
 * with every chunk cannot be forwarded piece by piece, and no client of a stream needs it.
 *
 * @param spoke whether a scope said anything in an earlier frame.
 */
export function restated(chunk: JsonRecord, spoke: (scope: string) => boolean): ReadonlySet<string> | undefined {
  const choices = chunk['choices']
  if (!Array.isArray(choices)) return undefined
  let scopes: Set<string> | undefined
  for (const [position, choice] of choices.entries()) {
    if (typeof choice?.message !== 'object' || choice.message === null) continue
    const scope = scopeOf(choice, position)
    if (choice.delta || spoke(scope)) scopes = (scopes ?? new Set()).add(scope)
  }
  return scopes
}

export function withoutRestated(chunk: JsonRecord, scopes: ReadonlySet<string>): void {
  for (const [position, choice] of (chunk['choices'] as JsonRecord[]).entries()) {
    if (choice && scopes.has(scopeOf(choice, position))) delete choice['message']
  }
}
