/** LangChain: one way of reading for all protocols, whatever provider is below it. */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import type { Journey, Reader } from './table.ts'
import type { Telling } from './telling.ts'

const weather = {
  name: 'weather',
  description: 'The weather in a city.',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

type Open = (journey: Journey) => BaseChatModel

function tells(message: AIMessage | AIMessageChunk, telling: Telling): void {
  for (const { name, args } of message.tool_calls ?? []) telling.finds(name, args)
  for (const { name, args } of message.invalid_tool_calls ?? []) telling.broken.push(`${name} ${args}`)
  const told = { ...message.additional_kwargs, ...message.response_metadata } as Record<string, string | undefined>
  const { reason } = (message.response_metadata['incomplete_details'] ?? {}) as { reason?: string }
  telling.refuses(message.additional_kwargs['refusal'] as string | undefined)
  telling.ends(told['finish_reason'] ?? told['stop_reason'] ?? told['finishReason'] ?? reason ?? told['status'])
}

function thoughtOf({ additional_kwargs, content }: AIMessage | AIMessageChunk): string {
  const said = additional_kwargs['reasoning_content']
  if (typeof said === 'string') return said
  const { summary } = (additional_kwargs['reasoning'] ?? {}) as { summary?: { text: string }[] }
  if (summary !== undefined) return summary.map(({ text }) => text).join('')
  if (typeof content === 'string') return ''
  return content.map((part) => (part.type === 'thinking' ? String(part['thinking'] ?? '') : '')).join('')
}

/** @param stays whether whole answers go on whatever the signal says. */
export function langchainReaders(name: string, open: Open, stays = false): Reader[] {
  const asking = (journey: Journey) => {
    const model = open(journey)
    return journey.told.asks === 'tools' ? (model.bindTools?.([weather]) ?? model) : model
  }
  return [
    {
      name: `langchain ${name} stream`,
      stream: true,
      asks: ['text', 'tools'],
      async read(journey, telling) {
        const stream = (await asking(journey).stream(journey.told.prompt, {
          signal: journey.signal,
        })) as AsyncIterable<AIMessageChunk>
        let whole: AIMessageChunk | undefined
        for await (const chunk of stream) {
          telling.thinks(thoughtOf(chunk))
          telling.says(chunk.text)
          whole = whole === undefined ? chunk : (whole.concat(chunk) as AIMessageChunk)
        }
        if (whole !== undefined) tells(whole, telling)
      },
    },
    {
      name: `langchain ${name} invoke`,
      stream: false,
      stays,
      asks: ['text', 'tools'],
      async read(journey, telling) {
        const message = (await asking(journey).invoke(journey.told.prompt, { signal: journey.signal })) as AIMessage
        telling.thinks(thoughtOf(message))
        telling.says(message.text)
        tells(message, telling)
      },
    },
  ]
}
