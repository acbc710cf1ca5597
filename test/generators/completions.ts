/** Chat streams told as plain completions: the same things said, in the envelope and the probabilities of the older API. */
import type { ChatScript } from './chat.ts'

type Fields = Record<string, unknown>

/** What plain completions can say of it: no refusal, no tools. */
export function asCompletion(chat: ChatScript): ChatScript {
  const chunks = chat.chunks
    .map((chunk) => chunk.filter(({ field }) => ['reasoning', 'content', 'mystery', 'finish'].includes(field)))
    .filter((chunk) => chunk.length > 0)
  return { ...chat, chunks }
}

/** A chat's event or body as that of a completion. */
export function completionOf(data: Fields): Fields {
  const choices = data['choices']
  return { ...data, object: 'text_completion', ...(Array.isArray(choices) && { choices: choices.map(choiceOf) }) }
}

function choiceOf(choice: unknown): unknown {
  // Two secrets can meet in a list that is no choice; what bytes in numbers spell there, nobody looks for.
  if (Array.isArray(choice)) return choice.filter((member) => !Array.isArray((member as Fields | null)?.['content']))
  if (typeof choice !== 'object' || choice === null) return choice
  const { delta, message, logprobs, ...rest } = choice as Fields
  const { role: _role, content, ...said } = (delta ?? message ?? {}) as Fields
  return { text: content ?? '', ...rest, ...said, logprobs: parallel(logprobs) }
}

interface Entry {
  readonly token: string
  readonly bytes: readonly number[]
  readonly top_logprobs: readonly { readonly token: string }[]
}

/** Entries as lists, one member a token; a token that is no character is told by its bytes. */
function parallel(logprobs: unknown): unknown {
  const entries = (logprobs as { content?: Entry[] } | null)?.content
  if (!Array.isArray(entries) || !entries.every((entry) => Array.isArray(entry?.top_logprobs))) return logprobs
  return {
    tokens: entries.map(({ token, bytes }) =>
      token.includes('\ufffd') ? `bytes:${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}` : token,
    ),
    token_logprobs: entries.map(() => -0.5),
    top_logprobs: entries.map(({ token, top_logprobs }) =>
      Object.fromEntries([token, ...top_logprobs.map((other) => other?.token ?? String(other))].map((name) => [name, -1])),
    ),
    text_offset: entries.map((_, index) => index),
  }
}
