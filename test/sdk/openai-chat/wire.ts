/** Chat completions as OpenAI's servers write them. */
import type { Asks, Step } from '../cases.ts'
import { counted, summed, type Wire } from '../dialect.ts'

const tool = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}
const schema = {
  name: 'note',
  strict: true,
  schema: { type: 'object', properties: { note: { type: 'string' } }, required: ['note'], additionalProperties: false },
}

const envelope = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', system_fingerprint: 'fp_1' }
const usage = {
  prompt_tokens: counted.input,
  completion_tokens: counted.output,
  total_tokens: counted.input + counted.output,
}

function event(fields: object): string {
  return `data: ${JSON.stringify({ ...envelope, ...fields })}\n\n`
}

function chunk(delta: object, finish: string | null = null): string {
  return event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], usage: null })
}

export const openaiChat: Wire = {
  name: 'openai-chat',
  path: () => '/v1/chat/completions',
  request(prompt: string, asks: Asks, stream: boolean) {
    return {
      model: 'm',
      messages: [{ role: 'user', content: prompt }],
      ...(stream && { stream: true, stream_options: { include_usage: true } }),
      ...(asks === 'tools' && { tools: [tool] }),
      ...(asks === 'json' && { response_format: { type: 'json_schema', json_schema: schema } }),
    }
  },
  streamType: 'text/event-stream; charset=utf-8',
  garbage: 'data: {"id":"chatcmpl-1","choices":[{\n\n',
  refusal: {
    error: { message: 'Rate limit reached.', type: 'requests', param: null, code: 'rate_limit_exceeded' },
  },
  frames(script: readonly Step[]): string[] {
    let calls = 0
    const frames = [chunk({ role: 'assistant', content: '', refusal: null })]
    for (const step of script) {
      if (step === 'finish') {
        frames.push(chunk({}, calls > 0 ? 'tool_calls' : 'stop'), event({ choices: [], usage }), 'data: [DONE]\n\n')
      } else if (typeof step === 'string') continue
      else if ('say' in step) frames.push(chunk({ content: step.say }))
      else if ('think' in step) frames.push(chunk({ reasoning_content: step.think }))
      else {
        const index = calls++
        const opening = { index, id: `call_${index}`, type: 'function', function: { name: step.call, arguments: '' } }
        frames.push(chunk({ tool_calls: [opening] }))
        for (const piece of step.input) frames.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }))
      }
    }
    return frames
  },
  whole(script: readonly Step[]): object {
    const { text, thought, calls } = summed(script)
    const message = {
      role: 'assistant',
      content: text === '' ? null : text,
      refusal: null,
      ...(thought !== '' && { reasoning_content: thought }),
      ...(calls.length > 0 && {
        tool_calls: calls.map(({ name, input }, index) => ({
          id: `call_${index}`,
          type: 'function',
          function: { name, arguments: input },
        })),
      }),
    }
    const finish_reason = calls.length > 0 ? 'tool_calls' : 'stop'
    return { ...envelope, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason }], usage }
  },
}
