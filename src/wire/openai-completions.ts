/** OpenAI's plain completions (`/v1/completions`): the first of its APIs, still spoken by every server for local models. */
import type { Dialect } from '../terms/dialect.ts'
import { TextChoiceEditor } from './openai-completions-edit.ts'
import { cutCompletion, declinedCompletion, object } from './openai-completions-endings.ts'
import { readCompletionRequest } from './openai-completions-request.ts'
import { completions } from './openai-completions-shape.ts'
import { errorReply } from './openai-endings.ts'
import { type CompletionsApi, CompletionsLens } from './openai-lens.ts'

const api: CompletionsApi = {
  object,
  shape: completions,
  repeats: () => true,
  editorOf: (parts) => new TextChoiceEditor(parts),
  cutText: (envelope, index, how, _introduced, json) => cutCompletion(envelope, index, how, json),
}

export const openaiCompletions = {
  name: 'openai-completions',
  request: readCompletionRequest,
  stream: (facts) => new CompletionsLens(api, facts, false),
  body: (facts) => new CompletionsLens(api, facts, true),
  error: (status, code, message, retry) => errorReply(status, code, message, retry, 'prompt'),
  refusal: declinedCompletion,
} satisfies Dialect
