/** The dialects whose recordings are read; each joins with one entry. */
import { recordedMessages } from './anthropic-messages.ts'
import { recordedGemini } from './gemini.ts'
import { recordedChat } from './openai-chat.ts'
import { recordedCompletions } from './openai-completions.ts'
import { recordedResponses } from './openai-responses.ts'
import type { RecordedDialect } from './recorded.ts'

export const recordedDialects: readonly RecordedDialect[] = [
  recordedChat,
  recordedCompletions,
  recordedMessages,
  recordedResponses,
  ...recordedGemini,
]
