/** Reads a chat stream the way a client does that trusts nobody: every field of every choice, and how each ended. */

export interface ChatReading {
  /** By choice and field (`0/content`, `1/arguments/0`). */
  readonly said: ReadonlyMap<string, string>
  /** Finish reasons by choice. */
  readonly finishes: ReadonlyMap<string, readonly string[]>
  readonly dones: number
  readonly errors: readonly unknown[]
  /** Everything after the last word. */
  readonly afterDone: number
  readonly comments: readonly string[]
  /** The data of each event, parsed. */
  readonly events: readonly unknown[]
}

type Fields = Record<string, unknown>

const deltaOf = (choice: Fields): Fields => (choice['delta'] ?? {}) as Fields

/** @param speakerOf where a choice says what it says. */
export function readChat(bytes: Uint8Array, speakerOf = deltaOf): ChatReading {
  const said = new Map<string, string>()
  const finishes = new Map<string, string[]>()
  const errors: unknown[] = []
  const comments: string[] = []
  const events: unknown[] = []
  let dones = 0
  let afterDone = 0
  const add = (name: string, text: unknown): void => {
    if (typeof text === 'string') said.set(name, (said.get(name) ?? '') + text)
  }
  for (const block of blocksOf(bytes)) {
    comments.push(...block.filter((line) => line.startsWith(':')))
    const data = block
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).replace(/^ /, ''))
      .join('\n')
    if (data === '') continue
    if (dones > 0) afterDone++
    if (data.trim() === '[DONE]') {
      dones++
      continue
    }
    const value = JSON.parse(data) as Fields
    events.push(value)
    if (value['error'] !== undefined) errors.push(value['error'])
    for (const choice of (value['choices'] ?? []) as Fields[]) {
      const index = choice['index']
      const delta = speakerOf(choice)
      for (const field of ['reasoning', 'content', 'refusal', 'mystery']) add(`${index}/${field}`, delta[field])
      for (const call of (delta['tool_calls'] ?? []) as Fields[]) {
        const called = call['function'] as Fields | undefined
        for (const field of ['name', 'arguments']) add(`${index}/${field}/${call['index']}`, called?.[field])
      }
      if (typeof choice['finish_reason'] === 'string') {
        const list = finishes.get(`${index}`) ?? []
        finishes.set(`${index}`, [...list, choice['finish_reason']])
      }
    }
  }
  return { said, finishes, dones, errors, afterDone, comments, events }
}

/** A whole body in the same terms. */
export function readBody(bytes: Uint8Array): Pick<ChatReading, 'said' | 'finishes'> {
  const said = new Map<string, string>()
  const finishes = new Map<string, string[]>()
  const { choices = [] } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as { choices?: Fields[] }
  for (const { index, message, finish_reason } of choices as { index: number; message: Fields; finish_reason: string }[]) {
    for (const field of ['reasoning', 'content', 'refusal', 'mystery']) {
      if (typeof message[field] === 'string') said.set(`${index}/${field}`, message[field])
    }
    for (const { id, function: called } of (message['tool_calls'] ?? []) as { id: string; function: Fields }[]) {
      const tool = id.replace('call_', '')
      for (const field of ['name', 'arguments'])
        if (typeof called[field] === 'string') said.set(`${index}/${field}/${tool}`, called[field])
    }
    finishes.set(`${index}`, [finish_reason])
  }
  return { said, finishes }
}

function blocksOf(bytes: Uint8Array): string[][] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const blocks: string[][] = [[]]
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') blocks.push([])
    else blocks.at(-1)?.push(line)
  }
  return blocks
}
