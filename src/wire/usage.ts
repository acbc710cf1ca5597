/** Where a protocol tells what a response cost: figures the trail keeps, under each provider's own names. */
import { codes, type JsonRecord, type Shape } from './shape.ts'

/**
 * A record of counts, of which these fields together are what was read and what was written. It may have more, and the first
 * such record of a frame counts: those inside it are parts of it.
 */
function usage(input: readonly string[], output: readonly string[]): Shape {
  return {
    ...codes,
    enter: (walk, counts) => {
      if (walk.usage !== undefined) return
      const [read, written] = [sumOf(counts, input), sumOf(counts, output)]
      if (read === undefined && written === undefined) return
      walk.usage = { ...(read !== undefined && { input: read }), ...(written !== undefined && { output: written }) }
    },
  }
}

/** OpenAI's completions, and Groq's own place for the same. */
export const completionUsage = usage(['prompt_tokens'], ['completion_tokens'])

export const responseUsage = usage(['input_tokens'], ['output_tokens'])

/** What was read from a cache, or written into one, is counted beside the rest. */
export const messageUsage = usage(['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'], ['output_tokens'])

/** Thoughts are counted beside the candidates, what tools said beside the prompt. */
export const geminiUsage = usage(['promptTokenCount', 'toolUsePromptTokenCount'], ['candidatesTokenCount', 'thoughtsTokenCount'])

/** Undefined where none of the fields is there. */
function sumOf(counts: JsonRecord, fields: readonly string[]): number | undefined {
  const found = fields.map((field) => counts[field]).filter((count) => typeof count === 'number')
  return found.length === 0 ? undefined : found.reduce((sum, count) => sum + count, 0)
}
