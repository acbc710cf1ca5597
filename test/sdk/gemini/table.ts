/**
 * What each client must make of each case of Gemini.
 *
 * LangChain, through @google/generative-ai, knows no errors within a stream: it sees the reason that comes with ours, and of
 * a block nothing, as with Google's own. A chat of @google/genai forgets a turn that was blocked or that failed, and
 * remembers one that was cut; it counts each chunk as a turn.
 */
import type { Table } from '../table.ts'

export const table: Table = {
  clean: {
    all: 'says ‹The sky is blue.›; ends STOP',
    ai: 'says ‹The sky is blue.›; ends stop',
    'chat whole': 'says ‹The sky is blue.›; remembers 2 turns; ends STOP',
    'chat stream': 'says ‹The sky is blue.›; remembers 4 turns; ends STOP',
  },
  'clean, with reasoning': {
    all: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends STOP',
    ai: 'thinks ‹Light scatters.›; says ‹It is blue.›; ends stop',
    'chat whole': 'thinks ‹Light scatters.›; says ‹It is blue.›; remembers 2 turns; ends STOP',
    'chat stream': 'thinks ‹Light scatters.›; says ‹It is blue.›; remembers 5 turns; ends STOP',
  },
  'clean, with a tool call': {
    all: 'says ‹Let me look.›; calls weather {"city":"Bern"}; ends STOP',
    ai: 'says ‹Let me look. It is sunny.›; calls weather {"city":"Bern"}; runs weather {"city":"Bern"}; ends stop; 2 requests',
    'chat whole': 'says ‹Let me look.›; calls weather {"city":"Bern"}; remembers 2 turns; ends STOP',
    'chat stream': 'says ‹Let me look.›; calls weather {"city":"Bern"}; remembers 4 turns; ends STOP',
  },
  'clean, as JSON': {
    all: 'says ‹{"note":"all well"}›; ends STOP',
    ai: 'says ‹{"note":"all well"}›; parses {"note":"all well"}; ends stop',
    'chat whole': 'says ‹{"note":"all well"}›; remembers 2 turns; ends STOP',
    'chat stream': 'says ‹{"note":"all well"}›; remembers 4 turns; ends STOP',
  },
  mask: {
    all: 'says ‹The *** is loud.›; ends STOP',
    ai: 'says ‹The *** is loud.›; ends stop',
    'chat whole': 'says ‹The *** is loud.›; remembers 2 turns; ends STOP',
    'chat stream': 'says ‹The *** is loud.›; remembers 4 turns; ends STOP',
  },
  'mask in a tool call': {
    all: 'calls weather {"city":"*** \\"Bern\\""}; ends STOP',
    ai: 'says ‹It is sunny.›; calls weather {"city":"*** \\"Bern\\""}; runs weather {"city":"*** \\"Bern\\""}; ends stop; 2 requests',
    'chat whole': 'calls weather {"city":"*** \\"Bern\\""}; remembers 2 turns; ends STOP',
    'chat stream': 'calls weather {"city":"*** \\"Bern\\""}; remembers 3 turns; ends STOP',
  },
  'mask in JSON': {
    all: 'says ‹{"note":"a ***"}›; ends STOP',
    ai: 'says ‹{"note":"a ***"}›; parses {"note":"a ***"}; ends stop',
    'chat whole': 'says ‹{"note":"a ***"}›; remembers 2 turns; ends STOP',
    'chat stream': 'says ‹{"note":"a ***"}›; remembers 4 turns; ends STOP',
  },
  cut: {
    all: 'says ‹The key is ›; ends SAFETY',
    ai: 'says ‹The key is ›; ends content_filter',
    'chat whole': 'says ‹The key is ›; remembers 2 turns; ends SAFETY',
    'chat stream': 'says ‹The key is ›; remembers 4 turns; ends SAFETY',
  },
  'cut, with a notice': {
    all: 'says ‹The key is I cannot go on with that.›; ends SAFETY',
    ai: 'says ‹The key is I cannot go on with that.›; ends content_filter',
    'chat whole': 'says ‹The key is I cannot go on with that.›; remembers 2 turns; ends SAFETY',
    'chat stream': 'says ‹The key is I cannot go on with that.›; remembers 4 turns; ends SAFETY',
  },
  'cut, as a refusal': {
    all: 'says ‹The key is I cannot go on with that.›; ends STOP',
    ai: 'says ‹The key is I cannot go on with that.›; ends stop',
    'chat whole': 'says ‹The key is I cannot go on with that.›; remembers 2 turns; ends STOP',
    'chat stream': 'says ‹The key is I cannot go on with that.›; remembers 4 turns; ends STOP',
  },
  'cut, as a stop': {
    all: 'says ‹The key is ›; ends STOP',
    ai: 'says ‹The key is ›; ends stop',
    'chat whole': 'says ‹The key is ›; remembers 2 turns; ends STOP',
    'chat stream': 'says ‹The key is ›; remembers 4 turns; ends STOP',
  },
  'cut, as an error': {
    all: 'says ‹The key is ›; ends SAFETY',
    'chat whole': 'says ‹The key is ›; remembers 2 turns; ends SAFETY',
    generateText: 'says ‹The key is ›; ends content_filter',
    'models stream': 'says ‹The key is ›; fails ApiError 400',
    'chat stream': 'says ‹The key is ›; remembers 0 turns; fails ApiError 400',
    streamText: 'says ‹The key is ›; ends error; fails AI_StreamProviderError 400',
  },
  'cut at once': {
    all: 'ends SAFETY',
    chat: 'remembers 2 turns; ends SAFETY',
    ai: 'ends content_filter',
  },
  'cut in a tool call': {
    all: 'says ‹Let me look.›; ends SAFETY',
    ai: 'says ‹Let me look.›; ends content_filter',
    'chat stream': 'says ‹Let me look.›; remembers 3 turns; ends SAFETY',
    'chat whole': 'says ‹Let me look.›; remembers 2 turns; ends SAFETY',
  },
  'cut in a second tool call': {
    all: 'calls weather {"city":"Bern"}; ends SAFETY',
    ai: 'calls weather {"city":"Bern"}; ends content_filter',
    'chat stream': 'calls weather {"city":"Bern"}; remembers 3 turns; ends SAFETY',
    'chat whole': 'calls weather {"city":"Bern"}; remembers 2 turns; ends SAFETY',
  },
  'cut in reasoning': {
    all: 'thinks ‹They want ›; ends SAFETY',
    ai: 'thinks ‹They want ›; ends content_filter',
    'chat stream': 'thinks ‹They want ›; remembers 3 turns; ends SAFETY',
    'chat whole': 'thinks ‹They want ›; remembers 2 turns; ends SAFETY',
  },
  'cut in JSON': {
    all: 'says ‹{"note":"it is ›; ends SAFETY',
    'chat stream': 'says ‹{"note":"it is ›; remembers 3 turns; ends SAFETY',
    'chat whole': 'says ‹{"note":"it is ›; remembers 2 turns; ends SAFETY',
    streamText: 'says ‹{"note":"it is ›; ends content_filter; fails AI_NoObjectGeneratedError',
    generateText: 'fails AI_NoObjectGeneratedError',
  },
  block: {
    all: 'ends PROHIBITED_CONTENT',
    chat: 'remembers 0 turns; ends PROHIBITED_CONTENT',
    ai: 'ends content_filter',
    'langchain stream': '',
    invoke: 'fails EmptyContentError',
  },
  'block, as an answer': {
    all: 'says ‹I cannot go on with that.›; ends SAFETY',
    chat: 'says ‹I cannot go on with that.›; remembers 2 turns; ends SAFETY',
    ai: 'says ‹I cannot go on with that.›; ends content_filter',
  },
  'block of JSON, as an answer': {
    all: 'ends SAFETY',
    chat: 'remembers 2 turns; ends SAFETY',
    streamText: 'ends content_filter; fails AI_NoObjectGeneratedError',
    generateText: 'ends content_filter; fails AI_NoOutputGeneratedError',
  },
  'upstream out of reach': {
    all: 'fails ApiError 502',
    langchain: 'fails GoogleGenerativeAIFetchError 502',
    chat: 'remembers 0 turns; fails ApiError 502',
    ai: 'fails AI_APICallError 502',
  },
  'upstream refuses': {
    all: 'fails ApiError 429',
    langchain: 'fails RateLimitCapacityError 429',
    chat: 'remembers 0 turns; fails ApiError 429',
    ai: 'fails AI_APICallError 429',
  },
  'upstream breaks off': {
    all: 'fails ApiError 502',
    invoke: 'fails GoogleGenerativeAIFetchError 502',
    'chat whole': 'remembers 0 turns; fails ApiError 502',
    generateText: 'fails AI_APICallError 502',
    'models stream': 'says ‹The sky is blue›; fails ApiError 503',
    'langchain stream': 'says ‹The sky is blue›; ends OTHER',
    'chat stream': 'says ‹The sky is blue›; remembers 0 turns; fails ApiError 503',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 503',
  },
  'upstream breaks off in a tool call': {
    all: 'fails GoogleGenerativeAIFetchError 502',
    'models whole': 'fails ApiError 502',
    'chat whole': 'remembers 0 turns; fails ApiError 502',
    generateText: 'fails AI_APICallError 502',
    'langchain stream': 'says ‹Let me look.›; ends OTHER',
    'models stream': 'says ‹Let me look.›; fails ApiError 503',
    'chat stream': 'says ‹Let me look.›; remembers 0 turns; fails ApiError 503',
    streamText: 'says ‹Let me look.›; ends error; fails AI_StreamProviderError 503',
  },
  'check fault': {
    all: 'fails ApiError 502',
    invoke: 'fails GoogleGenerativeAIFetchError 502',
    'chat whole': 'remembers 0 turns; fails ApiError 502',
    generateText: 'fails AI_APICallError 502',
    'models stream': 'says ‹The sky is blue›; fails ApiError 503',
    'langchain stream': 'says ‹The sky is blue›; ends OTHER',
    'chat stream': 'says ‹The sky is blue›; remembers 0 turns; fails ApiError 503',
    streamText: 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 503',
  },
  'client leaves': {
    all: 'fails AbortError 20',
    langchain: 'says ‹The sky›; fails AbortError 20',
    'models stream': 'says ‹The sky›; fails AbortError 20',
    'chat stream': 'says ‹The sky›; remembers 0 turns; fails AbortError 20',
    streamText: 'says ‹The sky›; ends abort',
    'chat whole': 'remembers 0 turns; fails AbortError 20',
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
