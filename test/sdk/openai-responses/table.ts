/**
 * What each client must make of each case of responses.
 *
 * The stream helpers of openai 4 and 5 know no end but `response.completed`: of a cut they say that the response is still in
 * progress. The ending `refusal` is the one that all of them take for an end.
 */
import type { Table } from '../table.ts'

export const table: Table = {
  clean: {
    all: 'says ‹The sky is blue.›; ends completed',
    ai: 'says ‹The sky is blue.›; ends stop',
  },
  'clean, with reasoning': {
    all: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends completed',
    ai: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends stop',
  },
  'clean, with a tool call': {
    all: 'says ‹Let me look.›; calls weather {"city":"Bern"}; ends completed',
    ai: 'says ‹Let me look. It is sunny.›; calls weather {"city":"Bern"}; runs weather {"city":"Bern"}; ends stop; 2 requests',
  },
  'clean, as JSON': {
    all: 'says ‹{"note":"all well"}›; ends completed',
    helper: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends completed',
    parse: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends completed',
    ai: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends stop',
  },
  'clean, with silences': {
    all: 'says ‹The sky is blue.›; ends completed',
    ai: 'says ‹The sky is blue.›; ends stop',
  },
  mask: {
    all: 'says ‹The *** is loud.›; ends completed',
    ai: 'says ‹The *** is loud.›; ends stop',
  },
  'mask in a tool call': {
    all: 'calls weather {"city":"*** \\"Bern\\""}; ends completed',
    ai: 'says ‹It is sunny.›; calls weather {"city":"*** \\"Bern\\""}; runs weather {"city":"*** \\"Bern\\""}; ends stop; 2 requests',
  },
  'mask in JSON': {
    all: 'says ‹{"note":"a ***"}›; ends completed',
    helper: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends completed',
    parse: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends completed',
    ai: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends stop',
  },
  cut: {
    all: 'says ‹The key is ›; ends incomplete content_filter',
    ai: 'says ‹The key is ›; ends content_filter',
    langchain: 'says ‹The key is ›; ends content_filter',
    'openai-4 helper': 'says ‹The key is ›; ends in_progress',
    'openai-5 helper': 'says ‹The key is ›; ends in_progress',
  },
  'cut, with a notice': {
    all: 'says ‹The key is I cannot go on with that.›; ends incomplete content_filter',
    ai: 'says ‹The key is I cannot go on with that.›; ends content_filter',
    langchain: 'says ‹The key is I cannot go on with that.›; ends content_filter',
    'openai-4 helper': 'says ‹The key is I cannot go on with that.›; ends in_progress',
    'openai-5 helper': 'says ‹The key is I cannot go on with that.›; ends in_progress',
  },
  'cut, as a refusal': {
    all: 'says ‹The key is ›; refuses ‹I cannot go on with that.›; ends completed',
    ai: 'says ‹The key is I cannot go on with that.›; ends content_filter',
  },
  'cut, as a stop': {
    all: 'says ‹The key is ›; ends completed',
    ai: 'says ‹The key is ›; ends stop',
  },
  'cut, as an error': {
    all: 'says ‹The key is ›; fails APIError content_filter',
    whole: 'fails BadRequestError 400 content_filter',
    'ai whole': 'fails AI_APICallError 400 content_filter',
    'ai stream': 'says ‹The key is ›; ends error; fails AI_StreamProviderError 400 content_filter',
  },
  'cut at once': {
    all: 'ends incomplete content_filter',
    ai: 'ends content_filter',
    langchain: 'ends content_filter',
    'openai-4 helper': 'ends in_progress',
    'openai-5 helper': 'ends in_progress',
  },
  'cut in a tool call': {
    all: 'says ‹Let me look.›; ends incomplete content_filter',
    ai: 'says ‹Let me look.›; ends content_filter',
    langchain: 'says ‹Let me look.›; ends content_filter',
    'openai-4 helper': 'says ‹Let me look.›; ends in_progress',
    'openai-5 helper': 'says ‹Let me look.›; ends in_progress',
  },
  'cut in a second tool call': {
    all: 'calls weather {"city":"Bern"}; ends incomplete content_filter',
    ai: 'calls weather {"city":"Bern"}; ends content_filter',
    langchain: 'calls weather {"city":"Bern"}; ends content_filter',
    'openai-4 helper': 'calls weather {"city":"Bern"}; ends in_progress',
    'openai-5 helper': 'calls weather {"city":"Bern"}; ends in_progress',
  },
  'cut in reasoning': {
    all: 'thinks ‹They want ›; ends incomplete content_filter',
    ai: 'thinks ‹They want ›; ends content_filter',
    langchain: 'thinks ‹They want ›; ends content_filter',
    'openai-4 helper': 'thinks ‹They want ›; ends in_progress',
    'openai-5 helper': 'thinks ‹They want ›; ends in_progress',
  },
  'cut in JSON': {
    all: 'says ‹{"note":"it is ›; ends incomplete content_filter',
    'openai-4 parse': 'fails SyntaxError ‹Unterminated string in JSON›',
    'openai-5 parse': 'fails SyntaxError ‹Unterminated string in JSON›',
    'openai-4 helper': 'says ‹{"note":"it is ›; fails OpenAIError ‹Unterminated string in JSON›',
    'openai-5 helper': 'says ‹{"note":"it is ›; fails OpenAIError ‹Unterminated string in JSON›',
    generateText: 'fails AI_NoObjectGeneratedError',
    streamText: 'says ‹{"note":"it is ›; ends content_filter; fails AI_NoObjectGeneratedError',
  },
  block: {
    all: 'fails BadRequestError 400 content_filter',
    ai: 'fails AI_APICallError 400 content_filter',
  },
  'block, as an answer': {
    all: 'refuses ‹I cannot go on with that.›; ends completed',
    ai: 'says ‹I cannot go on with that.›; ends content_filter',
  },
  'block of JSON, as an answer': {
    all: 'refuses ‹I cannot go on with that.›; ends completed',
    streamText: 'says ‹I cannot go on with that.›; ends content_filter; fails AI_NoObjectGeneratedError',
    generateText: 'fails AI_NoObjectGeneratedError',
  },
  'upstream out of reach': {
    all: 'fails InternalServerError 502 upstream_failed',
    ai: 'fails AI_APICallError 502 upstream_failed',
  },
  'upstream refuses': {
    all: 'fails RateLimitError 429 rate_limit_exceeded; 3 requests',
    ai: 'fails AI_APICallError 429 rate_limit_exceeded',
    langchain: 'fails RateLimitError 429 rate_limit_exceeded',
  },
  'upstream breaks off at once': {
    all: 'fails APIError upstream_failed',
    create: 'fails InternalServerError 502 upstream_failed',
    parse: 'fails InternalServerError 502 upstream_failed',
    invoke: 'fails InternalServerError 502 upstream_failed',
    streamText: 'fails AI_APICallError 500 upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
  },
  'upstream breaks off': {
    all: 'fails InternalServerError 502 upstream_failed',
    helper: 'says ‹The sky is blue›; fails APIError upstream_failed',
    raw: 'says ‹The sky is blue›; fails APIError upstream_failed',
    'langchain stream': 'says ‹The sky is blue›; fails APIError upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 upstream_failed',
  },
  'upstream breaks off in a tool call': {
    all: 'fails InternalServerError 502 upstream_failed',
    helper: 'says ‹Let me look.›; fails APIError upstream_failed',
    raw: 'says ‹Let me look.›; fails APIError upstream_failed',
    'langchain stream': 'says ‹Let me look.›; fails APIError upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
    streamText: 'says ‹Let me look.›; ends error; fails AI_StreamProviderError 500 upstream_failed',
  },
  'check fault': {
    all: 'fails InternalServerError 502 moderation_unavailable',
    helper: 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    raw: 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    'langchain stream': 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    generateText: 'fails AI_APICallError 502 moderation_unavailable',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 moderation_unavailable',
  },
  'client leaves': {
    all: 'fails APIUserAbortError',
    raw: 'says ‹The sky›',
    helper: 'says ‹The sky›; fails APIUserAbortError',
    generateText: 'fails AbortError 20',
    invoke: 'fails AbortError',
    streamText: 'says ‹The sky›; ends abort',
    'langchain stream': 'says ‹The sky›; fails AbortError 20',
  },
}
