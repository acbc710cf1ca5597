/** What becomes of a response that was cut, as the policy asks: of a stream by its last events, of a whole body where it stands. */
import type { OnCut } from '../terms/plan.ts'
import type { JsonRecord } from './shape.ts'

export type Outcome =
  | { readonly status: 'completed' }
  | { readonly status: 'incomplete' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string }

/** What a notice is told as. */
export type Said = { readonly text: string } | { readonly refusal: string }

/** How a cut ends, as the policy asks. */
export function outcomeOf({ ending, notice }: OnCut): Outcome {
  if (ending === 'error') return { status: 'failed', code: 'invalid_prompt', message: notice }
  return { status: ending === 'native' ? 'incomplete' : 'completed' }
}

/** Where the notice goes: a refusal is made of it, JSON has no room for it, an error says it itself. */
export function noticeOf(how: OnCut, json: boolean): Said | undefined {
  if (how.ending === 'error') return undefined
  if (how.ending === 'refusal') return { refusal: how.notice }
  if (how.notice === '' || how.notice_in === 'none') return undefined
  return how.notice_in === 'refusal' || json ? { refusal: how.notice } : { text: how.notice }
}

/** What changes in a response that ends so. */
export function endedBy(outcome: Outcome): JsonRecord {
  return {
    status: outcome.status,
    error: outcome.status === 'failed' ? { code: outcome.code, message: outcome.message } : null,
    incomplete_details: outcome.status === 'incomplete' ? { reason: 'content_filter' } : null,
  }
}

export const textPart = (text: string): JsonRecord => ({ type: 'output_text', text, annotations: [], logprobs: [] })

export const refusalPart = (refusal: string): JsonRecord => ({ type: 'refusal', refusal })
