/** Recorded plain completions, and what OpenAI's client makes of them. */
import OpenAI from 'openai'
import { factsOf } from '../laws/guard-chat.ts'
import { raises, recordedChat } from './openai-chat.ts'
import type { Fields, RecordedDialect } from './recorded.ts'
import { eventsOf } from './walker.ts'

async function iterated(send: typeof fetch): Promise<string> {
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://upstream.example/v1', maxRetries: 0, fetch: send })
  let chunks = 0
  try {
    for await (const _chunk of await client.completions.create({ model: 'm', prompt: 'hi', stream: true })) chunks++
    return `ok n=${chunks}`
  } catch (error) {
    return raises(error)
  }
}

export const recordedCompletions: RecordedDialect = {
  ...recordedChat,
  protocol: 'openai.completions',
  url: 'http://upstream.example/v1/completions',
  facts: () => factsOf({ choices: 1, json: false }),
  outcomes: { raw: iterated },
  isSaid: (path) => /\.text$/.test(path),
  streamOf: (recording, path, pieces) => {
    const template = eventsOf(recording)[0] as Fields
    const chunk = (text: string, finish_reason: string | null) =>
      JSON.stringify({ ...template, choices: [{ text, index: 0, logprobs: null, finish_reason }] })
    const chunks = [...pieces.map((piece) => chunk(piece, null)), chunk('', 'stop')]
    return { bytes: new TextEncoder().encode(recordedChat.framed(chunks)), path }
  },
}
