/** The same things said as a whole body instead of a stream: one message a choice, its fields in the order they are read. */
import { type ChatScript, type Chunk, spell, type Utterance } from './chat.ts'

/** Fields of a message are read in this order. */
const order: readonly Utterance['field'][] = ['reasoning', 'content', 'refusal', 'name', 'arguments', 'mystery']

/** What each choice says, every field in one piece, as one chunk. */
export function asMessages({ choices, chunks }: ChatScript): Chunk {
  const said = chunks.flat()
  return Array.from({ length: choices }, (_, choice) => choice).flatMap((choice) => {
    const own = said.filter((part): part is Utterance => part.choice === choice && part.field !== 'finish')
    const threads = new Map<string, Utterance>()
    for (const part of own) {
      const name = `${part.field} ${part.tool}`
      threads.set(name, { ...part, text: (threads.get(name)?.text ?? '') + part.text })
    }
    const spoken = [...threads.values()].sort((a, b) => orderOf(a) - orderOf(b))
    return [...spoken, { choice, field: 'finish' as const }]
  })
}

/** Calls come one after the other, each its name first. */
function orderOf({ field, tool }: Utterance): number {
  const call = field === 'name' ? tool * 2 : field === 'arguments' ? tool * 2 + 1 : 0
  return (field === 'arguments' ? order.indexOf('name') : order.indexOf(field)) * 100 + call
}

/** The body as an object. */
export function bodyOf(messages: Chunk): Record<string, unknown> {
  const choices = [...new Set(messages.map(({ choice }) => choice))].map((index) => {
    const own = messages.filter((part): part is Utterance => part.choice === index && part.field !== 'finish')
    const message: Record<string, unknown> = { role: 'assistant' }
    const calls = new Map<number, Record<string, unknown>>()
    for (const { field, tool, text } of own) {
      if (field !== 'name' && field !== 'arguments') message[field] = text
      else calls.set(tool, { ...calls.get(tool), [field]: text })
    }
    if (calls.size > 0) {
      message['tool_calls'] = [...calls].map(([tool, called]) => ({ id: `call_${tool}`, type: 'function', function: called }))
    }
    return { index, message, logprobs: null, finish_reason: 'stop' }
  })
  const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 }
  return { id: 'chatcmpl-9', object: 'chat.completion', created: 1_700_000_000, model: 'm-9', choices, usage }
}

export function spellBody(body: unknown, escaped: boolean): Uint8Array {
  return new TextEncoder().encode(spell(body, escaped))
}
