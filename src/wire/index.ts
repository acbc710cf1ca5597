/** The protocols Sluice speaks, and which of them a request is in. */
import type { Dialect } from '../terms/dialect.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { gemini } from './gemini.ts'
import { geminiPath } from './gemini-request.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiCompletions } from './openai-completions.ts'
import { openaiResponses } from './openai-responses.ts'

interface Route {
  readonly dialect: Dialect
  readonly pathname: RegExp
}

/** Providers put the same endpoint under bases of their own (`/openai/v1`, Azure's `/openai/deployments/{name}`): the end tells. */
const routes: readonly Route[] = [
  { dialect: openaiChat, pathname: /\/chat\/completions\/?$/ },
  { dialect: anthropicMessages, pathname: /\/v1\/messages\/?$/ },
  { dialect: gemini, pathname: geminiPath },
  { dialect: openaiCompletions, pathname: /\/completions\/?$/ },
  { dialect: openaiResponses, pathname: /\/responses\/?$/ },
]

export const dialects: readonly Dialect[] = [...new Set(routes.map(({ dialect }) => dialect))]

/** The dialect of an endpoint that answers with generated text; undefined where none is known, which is to be refused. */
export function dialectFor(method: string, pathname: string): Dialect | undefined {
  return method === 'POST' ? routes.find((route) => route.pathname.test(pathname))?.dialect : undefined
}
