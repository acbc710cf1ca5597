/**
 * Where the text is in OpenAI's plain completions, in the spellings of the servers that still speak them (vLLM, llama.cpp,
 * SGLang, OpenRouter, Azure). `echo: true` makes the server say the prompt first: it is read as answer, as everything that
 * goes to the reader is.
 */
import type { SpellingVoices } from './logprobs.ts'
import { error, leaveChoice, ofEveryAnswer, pins, scopeOf } from './openai-chat-shape.ts'
import { readLegacyLogprobs } from './openai-completions-logprobs.ts'
import { choiceFields, filterResults, serverFields } from './openai-server-fields.ts'
import { codes, copies, type Hook, list, metadata, prepared, record, type Shape, says, speech, voice, whole } from './shape.ts'
import { completionUsage } from './usage.ts'

const answer = voice('answer', { json: 'asked' })
const reasoning = voice('reasoning')

const spelling: SpellingVoices = {
  of: answer,
  otherwise: voice('answer', { tail: 'logprobs/tokens' }),
  bytes: voice('answer', { tail: 'logprobs/bytes' }),
  alternatives: voice('answer', { tail: 'logprobs/alternatives' }),
}

const logprobs: Shape = { read: (walk, value, holder, key) => readLegacyLogprobs(walk, value, holder, key, spelling) }

/** What stopped the text: the words the client gave (vLLM's `stop_reason`, SGLang's `matched_stop`), or a token's number. */
const stopper = whole(voice('answer', { tail: 'stop_reason' }))

const enterChoice: Hook = (walk, choice, position) => {
  walk.enterScope(scopeOf(choice, position))
  if (pins(choice)) walk.describe()
}

const choice: Shape = {
  ...speech({
    index: metadata,
    finish_reason: metadata,
    native_finish_reason: metadata,
    stop_reason: stopper,
    matched_stop: stopper,
    reasoning: says(reasoning),
    reasoning_content: copies(reasoning, voice('reasoning', { tail: 'content' })),
    text: says(answer),
    // A server for local models ends with `{"delta":{},"finish_reason":"stop"}`, as a chat does, and without an index.
    delta: speech({ role: metadata, content: copies(answer, voice('answer', { tail: 'delta' })) }),
    logprobs,
    error,
    content_filter_results: filterResults,
    content_filter_offsets: codes,
    content_filter_raw: filterResults,
    ...choiceFields,
  }),
  scope: true,
  enter: enterChoice,
  leave: leaveChoice,
}

/** A chunk of a stream or a whole answer. */
export const completions = prepared(
  record({
    ...ofEveryAnswer,
    choices: list(choice),
    usage: completionUsage,
    prompt_filter_results: filterResults,
    prompt_annotations: filterResults,
    error,
    request_id: metadata,
    ...serverFields,
  }),
)
