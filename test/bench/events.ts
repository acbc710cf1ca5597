/** A streamed chat completion as it comes over the wire: one event of about 300 bytes for each piece of text. */

/** The JSON of one event. */
export function eventData(piece: string, index: number): string {
  return JSON.stringify({
    id: 'chatcmpl-CqX9bT2mVfE4hUo7ZsKpRw1LdYaNj',
    object: 'chat.completion.chunk',
    created: 1795219200,
    model: 'gpt-4o-mini-2024-07-18',
    service_tier: 'default',
    system_fingerprint: 'fp_06737a9306',
    choices: [{ index: 0, delta: { content: piece }, logprobs: null, finish_reason: null }],
    // Padding against guesses by length, as the wire has it: as many letters as make all events alike.
    obfuscation: 'q7TzPa0RkW'.slice(0, 3 + ((index * 7) % 8)),
  })
}

/** The last two events: the finish reason, and the word that ends the stream. */
const closing = [
  JSON.stringify({
    id: 'chatcmpl-CqX9bT2mVfE4hUo7ZsKpRw1LdYaNj',
    object: 'chat.completion.chunk',
    created: 1795219200,
    model: 'gpt-4o-mini-2024-07-18',
    service_tier: 'default',
    system_fingerprint: 'fp_06737a9306',
    choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }],
  }),
  '[DONE]',
]

const encoder = new TextEncoder()

/** The bytes of each event of one stream, in order. */
export function streamOf(pieces: readonly string[]): Uint8Array[] {
  return [...pieces.map(eventData), ...closing].map((data) => encoder.encode(`data: ${data}\n\n`))
}
