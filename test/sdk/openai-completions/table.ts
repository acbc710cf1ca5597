/**
 * What each client must make of each case of plain completions. LangChain's model of plain text streams strings, so it has no
 * place for the reason an answer ended.
 */
import type { Table } from '../table.ts'

export const table: Table = {
  clean: {
    all: 'says ‹The sky is blue.›; ends stop',
    'langchain stream': 'says ‹The sky is blue.›',
  },
  'clean, with silences': {
    all: 'says ‹The sky is blue.›; ends stop',
    'langchain stream': 'says ‹The sky is blue.›',
  },
  mask: {
    all: 'says ‹The *** is loud.›; ends stop',
    'langchain stream': 'says ‹The *** is loud.›',
  },
  cut: {
    all: 'says ‹The key is ›; ends content_filter',
    'langchain stream': 'says ‹The key is ›',
  },
  'cut, with a notice': {
    all: 'says ‹The key is I cannot go on with that.›; ends content_filter',
    'langchain stream': 'says ‹The key is I cannot go on with that.›',
  },
  'cut, as a refusal': {
    all: 'says ‹The key is I cannot go on with that.›; ends stop',
    'langchain stream': 'says ‹The key is I cannot go on with that.›',
  },
  'cut, as a stop': {
    all: 'says ‹The key is ›; ends stop',
    'langchain stream': 'says ‹The key is ›',
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
    'langchain stream': '',
  },
  block: {
    all: 'fails BadRequestError 400 content_filter',
    ai: 'fails AI_APICallError 400 content_filter',
  },
  'block, as an answer': {
    all: 'says ‹I cannot go on with that.›; ends content_filter',
    'langchain stream': 'says ‹I cannot go on with that.›',
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
    invoke: 'fails InternalServerError 502 upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
    'ai openai stream': 'fails AI_APICallError 500',
    'ai compatible stream': 'ends error; fails AI_StreamProviderError upstream_failed',
  },
  'upstream breaks off': {
    all: 'fails InternalServerError 502 upstream_failed',
    raw: 'says ‹The sky is blue›; fails APIError upstream_failed',
    'langchain stream': 'says ‹The sky is blue›; fails APIError upstream_failed',
    generateText: 'fails AI_APICallError 502 upstream_failed',
    'ai openai stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 upstream_failed',
    'ai compatible stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError upstream_failed',
  },
  'check fault': {
    all: 'fails InternalServerError 502 moderation_unavailable',
    raw: 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    'langchain stream': 'says ‹The sky is blue›; fails APIError moderation_unavailable',
    generateText: 'fails AI_APICallError 502 moderation_unavailable',
    'ai openai stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError 500 moderation_unavailable',
    'ai compatible stream': 'says ‹The sky is blue›; ends error; fails AI_StreamProviderError moderation_unavailable',
  },
  'client leaves': {
    all: 'says ‹The sky›',
    create: 'fails APIUserAbortError',
    generateText: 'fails AbortError 20',
    streamText: 'says ‹The sky›; ends abort',
    'langchain stream': 'says ‹The sky›; fails AbortError 20',
    invoke: 'fails AbortError',
  },
}
