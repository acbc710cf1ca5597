/** What frames of our own repeat of a response in OpenAI's Responses protocol: the client's own words, codes and figures. */
import { isCode } from './code.ts'
import { isRecord } from './shape.ts'

/** The client's own words, which every response repeats. */
const echoed = new Set([
  ...['instructions', 'tools', 'tool_choice', 'metadata', 'user', 'safety_identifier', 'prompt', 'prompt_cache_key'],
])

/** Codes and figures; a field nobody knows is not repeated, for its very name may have been masked. */
const figures = new Set([
  ...[
    'service_tier',
    'previous_response_id',
    'truncation',
    'prompt_cache_retention',
    'background',
    'store',
    'parallel_tool_calls',
  ],
  ...['temperature', 'top_p', 'top_logprobs', 'frequency_penalty', 'presence_penalty', 'max_output_tokens', 'max_tool_calls'],
  ...['conversation', 'reasoning'],
])

function isFigure(value: unknown): boolean {
  if (!isRecord(value)) return value === null || typeof value === 'number' || typeof value === 'boolean' || isCode(value)
  return Object.entries(value).every(([name, member]) => isCode(name) && !isRecord(member) && isFigure(member))
}

export function isRepeated([name, value]: [string, unknown]): boolean {
  if (echoed.has(name)) return true
  if (name === 'text' && isRecord(value)) {
    return Object.entries(value).every(([field, member]) => field === 'format' || (field === 'verbosity' && isFigure(member)))
  }
  return figures.has(name) && isFigure(value)
}
