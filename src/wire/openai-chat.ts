/** OpenAI's chat completions, and everybody else's: the dialect most of the world speaks. */
import type { Dialect } from '../terms/dialect.ts'
import { ChatChoiceEditor } from './openai-chat-edit.ts'
import { callsWithoutIndex, chat } from './openai-chat-shape.ts'
import { cutText, errorReply, refusalReply } from './openai-endings.ts'
import { type CompletionsApi, CompletionsLens } from './openai-lens.ts'
import { readChatRequest } from './openai-request.ts'

const api: CompletionsApi = {
  object: 'chat.completion.chunk',
  shape: chat,
  repeats: (chunk) => !callsWithoutIndex(chunk),
  editorOf: (parts) => new ChatChoiceEditor(parts),
  cutText,
}

export const openaiChat = {
  name: 'openai-chat',
  request: readChatRequest,
  stream: (facts) => new CompletionsLens(api, facts, false),
  body: (facts) => new CompletionsLens(api, facts, true),
  error: (status, code, message, retry) => errorReply(status, code, message, retry, 'messages'),
  refusal: refusalReply,
} satisfies Dialect
