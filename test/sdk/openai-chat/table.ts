/**
 * What each client must make of each case of chat completions.
 *
 * Worth knowing: openai 4 to 6 run a call that had left whole before the answer was cut, and so does every program that looks at
 * calls before it looks at the finish reason; of a call that was cut there is nothing to look at. LangChain shows no refusal,
 * `ai` shows one as text. @ai-sdk/openai knows no reasoning in this protocol, and openai's helpers keep only its last piece.
 */
import type { Table } from '../table.ts'

export const table: Table = {
  clean: {
    all: 'says ‹The sky is blue.›; ends stop',
  },
  'clean, with reasoning': {
    all: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends stop',
    runTools: 'says ‹It is blue.›; ends stop',
    helper: 'says ‹It is blue.›; ends stop',
    'ai openai': 'says ‹It is blue.›; ends stop',
  },
  'clean, with a tool call': {
    all: 'says ‹Let me look.›; calls weather {"city":"Bern"}; ends tool_calls',
    runTools: 'says ‹Let me look. It is sunny.›; runs weather {"city":"Bern"}; ends stop; 2 requests',
    ai: 'says ‹Let me look. It is sunny.›; calls weather {"city":"Bern"}; runs weather {"city":"Bern"}; ends stop; 2 requests',
  },
  'clean, as JSON': {
    all: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends stop',
    create: 'says ‹{"note":"all well"}›; ends stop',
    raw: 'says ‹{"note":"all well"}›; ends stop',
  },
  'clean, with silences': {
    all: 'says ‹The sky is blue.›; ends stop',
  },
  mask: {
    all: 'says ‹The *** is loud.›; ends stop',
  },
  'mask in a tool call': {
    all: 'calls weather {"city":"*** \\"Bern\\""}; ends tool_calls',
    runTools: 'says ‹It is sunny.›; runs weather {"city":"*** \\"Bern\\""}; ends stop; 2 requests',
    ai: 'says ‹It is sunny.›; calls weather {"city":"*** \\"Bern\\""}; runs weather {"city":"*** \\"Bern\\""}; ends stop; 2 requests',
  },
  'mask in JSON': {
    all: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends stop',
    create: 'says ‹{"note":"a ***"}›; ends stop',
    raw: 'says ‹{"note":"a ***"}›; ends stop',
  },
  cut: {
    all: 'says ‹The key is ›; ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    'runTools whole': 'fails ContentFilterFinishReasonError',
    'openai-7 runTools stream': 'says ‹The key is ›; fails ContentFilterFinishReasonError',
  },
  'cut, with a notice': {
    all: 'says ‹The key is I cannot go on with that.›; ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    'runTools whole': 'fails ContentFilterFinishReasonError',
    'openai-7 runTools stream': 'says ‹The key is I cannot go on with that.›; fails ContentFilterFinishReasonError',
  },
  'cut, as a refusal': {
    all: 'says ‹The key is ›; refuses ‹I cannot go on with that.›; ends stop',
    ai: 'says ‹The key is I cannot go on with that.›; ends content_filter',
    langchain: 'says ‹The key is ›; ends stop',
  },
  'cut, as a stop': {
    all: 'says ‹The key is ›; ends stop',
  },
  'cut, as an error': {
    all: 'says ‹The key is ›; fails APIError content_filter',
    whole: 'fails BadRequestError 400 content_filter',
    'ai whole': 'fails AI_APICallError 400 content_filter',
    'ai openai stream': 'says ‹The key is ›; ends error; fails AI_StreamProviderError 400 content_filter',
    'ai compatible stream': 'says ‹The key is ›; ends error; fails AI_StreamProviderError content_filter',
  },
  'cut at once': {
    all: 'ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    'runTools whole': 'fails ContentFilterFinishReasonError',
    'openai-7 runTools': 'fails ContentFilterFinishReasonError',
  },
  'cut in a tool call': {
    all: 'says ‹Let me look.›; ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    'runTools whole': 'fails ContentFilterFinishReasonError',
    'openai-7 runTools stream': 'says ‹Let me look.›; fails ContentFilterFinishReasonError',
  },
  'cut in a second tool call': {
    all: 'calls weather {"city":"Bern"}; ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    'runTools whole': 'fails ContentFilterFinishReasonError',
    'openai-7 runTools': 'fails ContentFilterFinishReasonError',
    'openai-4 runTools stream': 'says ‹It is sunny.›; runs weather {"city":"Bern"}; ends stop; 2 requests',
    'openai-5 runTools stream': 'says ‹It is sunny.›; runs weather {"city":"Bern"}; ends stop; 2 requests',
    'openai-6 runTools stream': 'says ‹It is sunny.›; runs weather {"city":"Bern"}; ends stop; 2 requests',
  },
  'cut in reasoning': {
    all: 'thinks ‹They want ›; ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    'runTools whole': 'fails ContentFilterFinishReasonError',
    'openai-7 runTools': 'fails ContentFilterFinishReasonError',
    helper: 'ends content_filter',
    'ai openai': 'ends content_filter',
    'openai-4 runTools stream': 'ends content_filter',
    'openai-5 runTools stream': 'ends content_filter',
    'openai-6 runTools stream': 'ends content_filter',
  },
  'cut in JSON': {
    all: 'says ‹{"note":"it is ›; ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    helper: 'says ‹{"note":"it is ›; fails ContentFilterFinishReasonError',
    generateText: 'fails AI_NoObjectGeneratedError',
    streamText: 'says ‹{"note":"it is ›; ends content_filter; fails AI_NoObjectGeneratedError',
  },
  block: {
    all: 'fails BadRequestError 400 content_filter',
    ai: 'fails AI_APICallError 400 content_filter',
  },
  'block, as an answer': {
    all: 'says ‹I cannot go on with that.›; ends content_filter',
    parse: 'fails ContentFilterFinishReasonError',
    'runTools whole': 'fails ContentFilterFinishReasonError',
    'openai-7 runTools stream': 'says ‹I cannot go on with that.›; fails ContentFilterFinishReasonError',
  },
  'block of JSON, as an answer': {
    all: 'refuses ‹I cannot go on with that.›; ends stop',
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
    'runTools whole': 'fails InternalServerError 502 upstream_failed',
    invoke: 'fails InternalServerError 502 upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
    'ai openai stream': 'fails AI_APICallError 500',
    'ai compatible stream': 'ends error; fails AI_StreamProviderError upstream_failed',
  },
  'upstream breaks off': {
    all: 'fails InternalServerError 502 upstream_failed',
    helper: 'says ‹The sky is blue›; fails APIError upstream_failed',
    raw: 'says ‹The sky is blue›; fails APIError upstream_failed',
    'runTools stream': 'says ‹The sky is blue›; fails APIError upstream_failed',
    'langchain stream': 'says ‹The sky is blue›; fails APIError upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
    'ai openai stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 upstream_failed',
    'ai compatible stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError upstream_failed',
  },
  'upstream breaks off in a tool call': {
    all: 'fails InternalServerError 502 upstream_failed',
    helper: 'says ‹Let me look.›; fails APIError upstream_failed',
    raw: 'says ‹Let me look.›; fails APIError upstream_failed',
    'runTools stream': 'says ‹Let me look.›; fails APIError upstream_failed',
    'langchain stream': 'says ‹Let me look.›; fails APIError upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
    'ai openai stream': 'says ‹Let me look.›; ends error; fails AI_StreamProviderError 500 upstream_failed',
    'ai compatible stream': 'says ‹Let me look.›; ends error; fails AI_StreamProviderError upstream_failed',
  },
  'check fault': {
    all: 'fails InternalServerError 502 moderation_unavailable',
    helper: 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    raw: 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    'runTools stream': 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    'langchain stream': 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    generateText: 'fails AI_APICallError 502 moderation_unavailable',
    'ai openai stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 moderation_unavailable',
    'ai compatible stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError moderation_unavailable',
  },
  'client leaves': {
    all: 'fails APIUserAbortError',
    helper: 'says ‹The sky›; fails APIUserAbortError',
    'runTools stream': 'says ‹The sky›; fails APIUserAbortError',
    raw: 'says ‹The sky›',
    streamText: 'says ‹The sky›; ends abort',
    generateText: 'fails AbortError 20',
    'langchain stream': 'says ‹The sky›; fails AbortError 20',
    invoke: 'fails AbortError',
  },
}
