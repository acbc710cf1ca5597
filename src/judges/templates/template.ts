/** What a template knows: how its model is asked about a stretch, and what its answers mean. */
import type { Opinion, Question } from '../../terms/judge.ts'
import type { Turn } from './conversation.ts'

/** One request to the model. */
export interface Prompt {
  readonly messages: readonly Turn[]
  /** Further fields of the request. */
  readonly extra: Readonly<Record<string, unknown>>
  /** Only the first word is asked for: an answer that was broken off for its length is whole. */
  readonly firstWord?: boolean
  /**
   * @param answer the message's content.
   * @param logprobs as the server told them, if it did.
   * @throws Unfit `unreadable` where the answer does not fit the published grammar.
   */
  opinions(answer: string, logprobs: unknown): readonly Opinion[]
}

/** Several requests where the model answers one question at a time. */
export type Template = (question: Question) => readonly Prompt[]

/** The opinion of a model that says yes or no to one category; a score comes with a no as well. */
export function yesOrNo(category: string, said: boolean, score: number | undefined): readonly Opinion[] {
  if (score !== undefined) return [{ category, score, flagged: said }]
  return said ? [{ category }] : []
}
