/** What must be known of a request for a plain completion: how many texts will come, and the prompts. */
import type { RequestReading } from '../terms/dialect.ts'
import type { Segment } from '../terms/frame.ts'
import { jsonText } from './encode.ts'
import { factsOf, mostChoices } from './openai-request.ts'
import { invalid, isAbsent } from './request.ts'
import { isRecord, type JsonRecord } from './shape.ts'

interface PromptText {
  readonly segment: Segment
  readonly field: 'prompt' | 'suffix'
  /** Which of several prompts; undefined where the field is one string. */
  readonly index: number | undefined
}

/**
 * Reads a request whose `prompt` is a string, a list of strings, the numbers of tokens, or a list of such lists. A list of
 * prompts is answered by `n` choices for each. Numbers cannot be read here, they are words of one model's vocabulary, and
 * `prompt_embeds` (vLLM) are not even that: the reading says so, for policies that look at prompts.
 *
 * @throws SluiceError `request_invalid`, naming the field.
 */
export function readCompletionRequest(body: unknown): RequestReading {
  if (!isRecord(body)) throw invalid('the body must be a JSON object')
  const facts = factsOf(body)
  const { prompt, suffix, prompt_embeds: embeds } = body
  if (!isAbsent(suffix) && typeof suffix !== 'string') throw invalid('suffix must be a string')
  const texts = [...promptsOf(prompt), ...(suffix ? [{ field: 'suffix' as const, index: undefined, text: suffix }] : [])].map(
    ({ text, ...place }, slot): PromptText => {
      const channel = { name: `prompt/${slot}`, scope: '0', kind: 'prompt' } as const
      return { ...place, segment: { kind: 'text', channel, text, relation: 'adds', slot, fresh: true } }
    },
  )
  const scopes = facts.scopes * countOf(prompt)
  if (scopes > mostChoices) throw invalid(`n times the number of prompts must be at most ${mostChoices}`)
  const unread = hasNumbers(prompt) ? 'prompt (the numbers of tokens)' : isAbsent(embeds) ? undefined : 'prompt_embeds'
  return {
    facts: { ...facts, scopes },
    prompts: texts.map(({ segment }) => segment),
    ...(unread !== undefined && { unread }),
    write: (changed) => jsonText(rewritten(body, texts, changed)),
  }
}

type Found = { readonly text: string; readonly field: 'prompt'; readonly index: number | undefined }

function promptsOf(prompt: unknown): Found[] {
  if (typeof prompt === 'string') return [{ text: prompt, field: 'prompt', index: undefined }]
  if (isAbsent(prompt)) return []
  if (!Array.isArray(prompt)) throw invalid('prompt must be a string, a list of strings, or tokens')
  return prompt.flatMap((member: unknown, index): Found[] => {
    if (typeof member === 'string') return [{ text: member, field: 'prompt', index }]
    if (typeof member === 'number' || (Array.isArray(member) && member.every((token) => typeof token === 'number'))) return []
    throw invalid(`prompt[${index}] must be a string, a token, or a list of tokens`)
  })
}

/** A list of numbers is one prompt. */
function countOf(prompt: unknown): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1
}

function hasNumbers(prompt: unknown): boolean {
  return Array.isArray(prompt) && prompt.some((member) => typeof member !== 'string')
}

function rewritten(body: JsonRecord, texts: readonly PromptText[], changed: ReadonlyMap<number, string>): JsonRecord {
  const copy: JsonRecord = { ...body }
  if (Array.isArray(copy['prompt'])) copy['prompt'] = [...copy['prompt']]
  for (const { segment, field, index } of texts) {
    const text = changed.get(segment.slot)
    if (text === undefined) continue
    if (index === undefined) copy[field] = text
    else (copy[field] as unknown[])[index] = text
  }
  return copy
}
