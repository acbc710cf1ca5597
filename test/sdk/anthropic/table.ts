/**
 * What each client must make of each case of messages.
 *
 * `finalText` raises where a message has no text block, as it does with the vendor's own refusals. The runner of tools runs a
 * call only where the message ended for it, so one that had left whole before a cut is not run.
 */
import type { Table } from '../table.ts'

export const table: Table = {
  clean: {
    all: 'says ‹The sky is blue.›; ends end_turn',
    ai: 'says ‹The sky is blue.›; ends stop',
    finalText: 'says ‹The sky is blue.›',
  },
  'clean, with reasoning': {
    all: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends end_turn',
    ai: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends stop',
    finalText: 'says ‹It is blue.›',
  },
  'clean, with a tool call': {
    all: 'says ‹Let me look.›; calls weather {"city":"Bern"}; ends tool_use',
    runner: 'says ‹Let me look. It is sunny.›; runs weather {"city":"Bern"}; ends end_turn; 2 requests',
    ai: 'says ‹Let me look. It is sunny.›; calls weather {"city":"Bern"}; runs weather {"city":"Bern"}; ends stop; 2 requests',
    finalText: 'says ‹Let me look.›',
  },
  'clean, as JSON': {
    all: 'says ‹{"note":"all well"}›; ends end_turn',
    helper: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends end_turn',
    parse: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends end_turn',
    ai: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends stop',
    finalText: 'says ‹{"note":"all well"}›',
  },
  'clean, with silences': {
    all: 'says ‹The sky is blue.›; ends end_turn',
    ai: 'says ‹The sky is blue.›; ends stop',
    finalText: 'says ‹The sky is blue.›',
  },
  mask: {
    all: 'says ‹The *** is loud.›; ends end_turn',
    ai: 'says ‹The *** is loud.›; ends stop',
    finalText: 'says ‹The *** is loud.›',
  },
  'mask in a tool call': {
    all: 'calls weather {"city":"*** \\"Bern\\""}; ends tool_use',
    runner: 'says ‹It is sunny.›; runs weather {"city":"*** \\"Bern\\""}; ends end_turn; 2 requests',
    ai: 'says ‹It is sunny.›; calls weather {"city":"*** \\"Bern\\""}; runs weather {"city":"*** \\"Bern\\""}; ends stop; 2 requests',
    finalText: 'fails AnthropicError ‹stream ended without producing a content block with type=text›',
  },
  'mask in JSON': {
    all: 'says ‹{"note":"a ***"}›; ends end_turn',
    helper: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends end_turn',
    parse: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends end_turn',
    ai: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends stop',
    finalText: 'says ‹{"note":"a ***"}›',
  },
  cut: {
    all: 'says ‹The key is ›; ends refusal',
    ai: 'says ‹The key is ›; ends content_filter',
    finalText: 'says ‹The key is ›',
  },
  'cut, with a notice': {
    all: 'says ‹The key is I cannot go on with that.›; ends refusal',
    ai: 'says ‹The key is I cannot go on with that.›; ends content_filter',
    finalText: 'says ‹The key is I cannot go on with that.›',
  },
  'cut, as a refusal': {
    all: 'says ‹The key is ›; refuses ‹I cannot go on with that.›; ends refusal',
    runner: 'says ‹The key is ›; ends refusal',
    langchain: 'says ‹The key is ›; ends refusal',
    ai: 'says ‹The key is ›; ends content_filter',
    finalText: 'says ‹The key is ›',
  },
  'cut, as a stop': {
    all: 'says ‹The key is ›; ends end_turn',
    ai: 'says ‹The key is ›; ends stop',
    finalText: 'says ‹The key is ›',
  },
  'cut, as an error': {
    all: 'says ‹The key is ›; fails APIError invalid_request_error',
    whole: 'fails BadRequestError 400 invalid_request_error',
    'ai whole': 'fails AI_APICallError 400',
    finalText: 'fails APIError invalid_request_error',
    'ai stream': 'says ‹The key is ›; ends error; fails AI_StreamProviderError 400 content_filter',
  },
  'cut at once': {
    all: 'ends refusal',
    ai: 'ends content_filter',
    finalText: '',
  },
  'cut in a tool call': {
    all: 'says ‹Let me look.›; ends refusal',
    ai: 'says ‹Let me look.›; ends content_filter',
    finalText: 'says ‹Let me look.›',
  },
  'cut in a second tool call': {
    all: 'calls weather {"city":"Bern"}; ends refusal',
    runner: 'ends refusal',
    ai: 'calls weather {"city":"Bern"}; ends content_filter',
    finalText: 'fails AnthropicError ‹stream ended without producing a content block with type=text›',
  },
  'cut in reasoning': {
    all: 'thinks ‹They want ›; ends refusal',
    ai: 'thinks ‹They want ›; ends content_filter',
    finalText: 'fails AnthropicError ‹stream ended without producing a content block with type=text›',
  },
  'cut in JSON': {
    all: 'says ‹{"note":"it is ›; ends refusal',
    parse: 'fails AnthropicError ‹Failed to parse structured output›',
    generateText: 'fails AI_NoObjectGeneratedError',
    helper: 'says ‹{"note":"it is ›; fails AnthropicError ‹Failed to parse structured output›',
    finalText: 'says ‹{"note":"it is ›',
    streamText: 'says ‹{"note":"it is ›; ends content_filter; fails AI_NoObjectGeneratedError',
  },
  block: {
    all: 'fails BadRequestError 400 invalid_request_error',
    ai: 'fails AI_APICallError 400',
  },
  'block, as an answer': {
    all: 'says ‹I cannot go on with that.›; ends refusal',
    ai: 'says ‹I cannot go on with that.›; ends content_filter',
    finalText: 'says ‹I cannot go on with that.›',
  },
  'block of JSON, as an answer': {
    all: 'says ‹I cannot go on with that.›; refuses ‹I cannot go on with that.›; ends refusal',
    helper: 'says ‹I cannot go on with that.›; fails AnthropicError ‹Failed to parse structured output›',
    finalText: 'says ‹I cannot go on with that.›',
    parse: 'fails AnthropicError ‹Failed to parse structured output›',
    streamText: 'says ‹I cannot go on with that.›; ends content_filter; fails AI_NoObjectGeneratedError',
    generateText: 'fails AI_NoObjectGeneratedError',
  },
  'upstream out of reach': {
    all: 'fails InternalServerError 502 api_error',
    ai: 'fails AI_APICallError 502',
  },
  'upstream refuses': {
    all: 'fails RateLimitError 429 rate_limit_error; 3 requests',
    ai: 'fails AI_APICallError 429',
    langchain: 'fails RateLimitError 429 rate_limit_error',
  },
  'upstream breaks off at once': {
    all: 'fails APIError api_error',
    create: 'fails InternalServerError 502 api_error',
    parse: 'fails InternalServerError 502 api_error',
    invoke: 'fails InternalServerError 502 api_error',
    'runner whole': 'fails InternalServerError 502 api_error',
    streamText: 'fails AI_APICallError 500',
    generateText: 'fails AI_APICallError 502',
  },
  'upstream breaks off': {
    all: 'fails InternalServerError 502 api_error',
    helper: 'says ‹The sky is blue›; fails APIError api_error',
    raw: 'says ‹The sky is blue›; fails APIError api_error',
    'runner stream': 'says ‹The sky is blue›; fails APIError api_error',
    'langchain stream': 'says ‹The sky is blue›; fails APIError api_error',
    finalText: 'fails APIError api_error',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 upstream_failed',
    generateText: 'fails AI_APICallError 502',
  },
  'upstream breaks off in a tool call': {
    all: 'fails InternalServerError 502 api_error',
    helper: 'says ‹Let me look.›; fails APIError api_error',
    raw: 'says ‹Let me look.›; fails APIError api_error',
    'runner stream': 'says ‹Let me look.›; fails APIError api_error',
    'langchain stream': 'says ‹Let me look.›; fails APIError api_error',
    generateText: 'fails AI_APICallError 502',
    finalText: 'fails APIError api_error',
    streamText: 'says ‹Let me look.›; ends error; fails AI_StreamProviderError 500 upstream_failed',
  },
  'check fault': {
    all: 'fails InternalServerError 502 api_error',
    helper: 'says ‹The sky is blue›; fails APIError api_error',
    raw: 'says ‹The sky is blue›; fails APIError api_error',
    'runner stream': 'says ‹The sky is blue›; fails APIError api_error',
    'langchain stream': 'says ‹The sky is blue›; fails APIError api_error',
    finalText: 'fails APIError api_error',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 moderation_unavailable',
    generateText: 'fails AI_APICallError 502',
  },
  'client leaves': {
    all: 'fails APIUserAbortError',
    generateText: 'fails AbortError 20',
    invoke: 'fails AbortError 20',
    helper: 'says ‹The sky›; fails APIUserAbortError',
    'runner stream': 'says ‹The sky›; fails APIUserAbortError',
    streamText: 'says ‹The sky›; ends abort',
    raw: 'says ‹The sky›',
    'langchain stream': 'says ‹The sky›; fails AbortError 20',
  },
}
