/**
 * What each client must make of each case of Gemini.
 *
 * LangChain, through @google/generative-ai, knows no errors within a stream: it sees the reason that comes with ours, and of
 * a block nothing, as with Google's own. A chat of @google/genai forgets a turn that was blocked or that failed, and
 * remembers one that was cut.
 */
import type { Table } from '../table.ts'

export const table: Table = {
  clean: {
    all: 'says ‹The sky is blue.›; ends STOP',
    chat: 'says ‹The sky is blue.›; remembers; ends STOP',
    ai: 'says ‹The sky is blue.›; ends stop',
  },
  'clean, with reasoning': {
    all: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends STOP',
    chat: 'thinks ‹Light scatters.›; says ‹It is blue.›; remembers; ends STOP',
    ai: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends stop',
  },
  'clean, with a tool call': {
    all: 'says ‹Let me look.›; calls weather {"city":"Bern"}; ends STOP',
    chat: 'says ‹Let me look.›; calls weather {"city":"Bern"}; remembers; ends STOP',
    ai: 'says ‹Let me look. It is sunny.›; calls weather {"city":"Bern"}; runs weather {"city":"Bern"}; ends stop; 2 requests',
  },
  'clean, as JSON': {
    all: 'says ‹{"note":"all well"}›; ends STOP',
    chat: 'says ‹{"note":"all well"}›; remembers; ends STOP',
    ai: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends stop',
  },
  'clean, with silences': {
    all: 'says ‹The sky is blue.›; ends STOP',
    chat: 'says ‹The sky is blue.›; remembers; ends STOP',
    ai: 'says ‹The sky is blue.›; ends stop',
  },
  mask: {
    all: 'says ‹The *** is loud.›; ends STOP',
    chat: 'says ‹The *** is loud.›; remembers; ends STOP',
    ai: 'says ‹The *** is loud.›; ends stop',
  },
  'mask in a tool call': {
    all: 'calls weather {"city":"*** \\"Bern\\""}; ends STOP',
    chat: 'calls weather {"city":"*** \\"Bern\\""}; remembers; ends STOP',
    ai: 'says ‹It is sunny.›; calls weather {"city":"*** \\"Bern\\""}; runs weather {"city":"*** \\"Bern\\""}; ends stop; 2 requests',
  },
  'mask in JSON': {
    all: 'says ‹{"note":"a ***"}›; ends STOP',
    chat: 'says ‹{"note":"a ***"}›; remembers; ends STOP',
    ai: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends stop',
  },
  cut: {
    all: 'says ‹The key is ›; ends SAFETY',
    chat: 'says ‹The key is ›; remembers; ends SAFETY',
    ai: 'says ‹The key is ›; ends content_filter',
  },
  'cut, with a notice': {
    all: 'says ‹The key is I cannot go on with that.›; ends SAFETY',
    chat: 'says ‹The key is I cannot go on with that.›; remembers; ends SAFETY',
    ai: 'says ‹The key is I cannot go on with that.›; ends content_filter',
  },
  'cut, as a refusal': {
    all: 'says ‹The key is I cannot go on with that.›; ends STOP',
    chat: 'says ‹The key is I cannot go on with that.›; remembers; ends STOP',
    ai: 'says ‹The key is I cannot go on with that.›; ends stop',
  },
  'cut, as a stop': {
    all: 'says ‹The key is ›; ends STOP',
    chat: 'says ‹The key is ›; remembers; ends STOP',
    ai: 'says ‹The key is ›; ends stop',
  },
  'cut, as an error': {
    all: 'says ‹The key is ›; ends SAFETY',
    'models whole': 'fails ApiError 400',
    'models stream': 'says ‹The key is ›; fails ApiError 400',
    'chat whole': 'forgets; fails ApiError 400',
    'chat stream': 'says ‹The key is ›; forgets; fails ApiError 400',
    'langchain whole': 'fails GoogleGenerativeAIFetchError 400',
    'ai whole': 'fails AI_APICallError 400',
    'ai stream': 'says ‹The key is ›; ends error; fails AI_StreamProviderError 400',
  },
  'cut at once': {
    all: 'ends SAFETY',
    chat: 'remembers; ends SAFETY',
    ai: 'ends content_filter',
  },
  'cut in a tool call': {
    all: 'says ‹Let me look.›; ends SAFETY',
    chat: 'says ‹Let me look.›; remembers; ends SAFETY',
    ai: 'says ‹Let me look.›; ends content_filter',
  },
  'cut in a second tool call': {
    all: 'calls weather {"city":"Bern"}; ends SAFETY',
    chat: 'calls weather {"city":"Bern"}; remembers; ends SAFETY',
    ai: 'calls weather {"city":"Bern"}; ends content_filter',
  },
  'cut in reasoning': {
    all: 'thinks ‹They want ›; ends SAFETY',
    chat: 'thinks ‹They want ›; remembers; ends SAFETY',
    ai: 'thinks ‹They want ›; ends content_filter',
  },
  'cut in JSON': {
    all: 'says ‹{"note":"it is ›; ends SAFETY',
    chat: 'says ‹{"note":"it is ›; remembers; ends SAFETY',
    streamText: 'says ‹{"note":"it is ›; ends content_filter; fails AI_NoObjectGeneratedError',
    generateText: 'fails AI_NoObjectGeneratedError',
  },
  block: {
    all: 'ends PROHIBITED_CONTENT',
    chat: 'forgets; ends PROHIBITED_CONTENT',
    ai: 'ends content_filter',
    'langchain stream': '',
    invoke: 'fails EmptyContentError',
  },
  'block, as an answer': {
    all: 'says ‹I cannot go on with that.›; ends SAFETY',
    chat: 'says ‹I cannot go on with that.›; remembers; ends SAFETY',
    ai: 'says ‹I cannot go on with that.›; ends content_filter',
  },
  'block of JSON, as an answer': {
    all: 'ends SAFETY',
    chat: 'remembers; ends SAFETY',
    streamText: 'ends content_filter; fails AI_NoObjectGeneratedError',
    generateText: 'ends content_filter; fails AI_NoOutputGeneratedError',
  },
  'upstream out of reach': {
    all: 'fails ApiError 502',
    langchain: 'fails GoogleGenerativeAIFetchError 502',
    chat: 'forgets; fails ApiError 502',
    ai: 'fails AI_APICallError 502',
  },
  'upstream refuses': {
    all: 'fails ApiError 429',
    langchain: 'fails RateLimitCapacityError 429',
    chat: 'forgets; fails ApiError 429',
    ai: 'fails AI_APICallError 429',
  },
  'upstream breaks off at once': {
    all: 'fails ApiError 503',
    'langchain stream': 'ends OTHER',
    'chat stream': 'forgets; fails ApiError 503',
    streamText: 'ends error; fails AI_StreamProviderError 503',
    'models whole': 'fails ApiError 502',
    invoke: 'fails GoogleGenerativeAIFetchError 502',
    'chat whole': 'forgets; fails ApiError 502',
    generateText: 'fails AI_APICallError 502',
  },
  'upstream breaks off': {
    all: 'fails ApiError 502',
    invoke: 'fails GoogleGenerativeAIFetchError 502',
    'chat whole': 'forgets; fails ApiError 502',
    generateText: 'fails AI_APICallError 502',
    'models stream': 'says ‹The sky is blue›; fails ApiError 503',
    'langchain stream': 'says ‹The sky is blue›; ends OTHER',
    'chat stream': 'says ‹The sky is blue›; forgets; fails ApiError 503',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 503',
  },
  'upstream breaks off in a tool call': {
    all: 'fails GoogleGenerativeAIFetchError 502',
    'models whole': 'fails ApiError 502',
    'chat whole': 'forgets; fails ApiError 502',
    generateText: 'fails AI_APICallError 502',
    'langchain stream': 'says ‹Let me look.›; ends OTHER',
    'models stream': 'says ‹Let me look.›; fails ApiError 503',
    'chat stream': 'says ‹Let me look.›; forgets; fails ApiError 503',
    streamText: 'says ‹Let me look.›; ends error; fails AI_StreamProviderError 503',
  },
  'check fault': {
    all: 'fails ApiError 502',
    invoke: 'fails GoogleGenerativeAIFetchError 502',
    'chat whole': 'forgets; fails ApiError 502',
    generateText: 'fails AI_APICallError 502',
    'models stream': 'says ‹The sky is blue›; fails ApiError 503',
    'langchain stream': 'says ‹The sky is blue›; ends OTHER',
    'chat stream': 'says ‹The sky is blue›; forgets; fails ApiError 503',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 503',
  },
  'client leaves': {
    all: 'fails AbortError 20',
    langchain: 'says ‹The sky›; fails AbortError 20',
    'models stream': 'says ‹The sky›; fails AbortError 20',
    'chat whole': 'forgets; fails AbortError 20',
    'chat stream': 'says ‹The sky›; forgets; fails AbortError 20',
    streamText: 'says ‹The sky›; ends abort',
  },
}

export const arrayTable: Table = {
  clean: {
    all: 'says ‹The sky is blue.›; ends STOP',
  },
  'clean, with reasoning': {
    all: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends STOP',
  },
  'clean, with a tool call': {
    all: 'says ‹Let me look.›; calls weather {"city":"Bern"}; ends STOP',
  },
  'clean, as JSON': {
    all: 'says ‹{"note":"all well"}›; ends STOP',
  },
  'clean, with silences': {
    all: 'says ‹The sky is blue.›; ends STOP',
  },
  mask: {
    all: 'says ‹The *** is loud.›; ends STOP',
  },
  'mask in a tool call': {
    all: 'calls weather {"city":"*** \\"Bern\\""}; ends STOP',
  },
  'mask in JSON': {
    all: 'says ‹{"note":"a ***"}›; ends STOP',
  },
  cut: {
    all: 'says ‹The key is ›; ends SAFETY',
  },
  'cut, with a notice': {
    all: 'says ‹The key is I cannot go on with that.›; ends SAFETY',
  },
  'cut, as a refusal': {
    all: 'says ‹The key is I cannot go on with that.›; ends STOP',
  },
  'cut, as a stop': {
    all: 'says ‹The key is ›; ends STOP',
  },
  'cut, as an error': {
    all: 'says ‹The key is ›; fails Error 400 INVALID_ARGUMENT',
  },
  'cut at once': {
    all: 'ends SAFETY',
  },
  'cut in a tool call': {
    all: 'says ‹Let me look.›; ends SAFETY',
  },
  'cut in a second tool call': {
    all: 'calls weather {"city":"Bern"}; ends SAFETY',
  },
  'cut in reasoning': {
    all: 'thinks ‹They want ›; ends SAFETY',
  },
  'cut in JSON': {
    all: 'says ‹{"note":"it is ›; ends SAFETY',
  },
  block: {
    all: 'ends PROHIBITED_CONTENT',
  },
  'block, as an answer': {
    all: 'says ‹I cannot go on with that.›; ends SAFETY',
  },
  'block of JSON, as an answer': {
    all: 'refuses ‹I cannot go on with that.›; ends SAFETY',
  },
  'upstream out of reach': {
    all: 'fails Error 502 UNAVAILABLE',
  },
  'upstream refuses': {
    all: 'fails Error 429 RESOURCE_EXHAUSTED',
  },
  'upstream breaks off at once': {
    all: 'fails Error 503 UNAVAILABLE',
  },
  'upstream breaks off': {
    all: 'says ‹The sky is blue›; fails Error 503 UNAVAILABLE',
  },
  'upstream breaks off in a tool call': {
    all: 'says ‹Let me look.›; fails Error 503 UNAVAILABLE',
  },
  'check fault': {
    all: 'says ‹The sky is blue›; fails Error 503 UNAVAILABLE',
  },
  'client leaves': {
    all: 'says ‹The sky›; fails AbortError 20',
  },
}
