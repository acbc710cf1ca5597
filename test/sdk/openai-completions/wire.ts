/** Plain completions as OpenAI's servers write them: text, and nothing beside it. */
import type { Step } from '../cases.ts'
import { counted, isPlain, summed, type Wire } from '../dialect.ts'

const envelope = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm', system_fingerprint: 'fp_1' }
const usage = {
  prompt_tokens: counted.input,
  completion_tokens: counted.output,
  total_tokens: counted.input + counted.output,
}

function event(fields: object): string {
  return `data: ${JSON.stringify({ ...envelope, ...fields })}\n\n`
}

function chunk(text: string, finish: string | null = null): string {
  return event({ choices: [{ text, index: 0, logprobs: null, finish_reason: finish }], usage: null })
}

export const openaiCompletions: Wire = {
  name: 'openai-completions',
  tells: isPlain,
  path: () => '/v1/completions',
  request: (prompt, _, stream) => ({
    model: 'm',
    prompt,
    ...(stream && { stream: true, stream_options: { include_usage: true } }),
  }),
  streamType: 'text/event-stream; charset=utf-8',
  garbage: 'data: {"id":"cmpl-1","choices":[{\n\n',
  refusal: { error: { message: 'Rate limit reached.', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
  frames: (script: readonly Step[]) =>
    script.flatMap((step) => {
      if (step === 'finish') return [chunk('', 'stop'), event({ choices: [], usage }), 'data: [DONE]\n\n']
      return typeof step !== 'string' && 'say' in step ? [chunk(step.say)] : []
    }),
  whole: (script: readonly Step[]) => ({
    ...envelope,
    choices: [{ text: summed(script).text, index: 0, logprobs: null, finish_reason: 'stop' }],
    usage,
  }),
}
