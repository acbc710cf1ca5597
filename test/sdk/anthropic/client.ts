/** `@anthropic-ai/sdk`: raw events, the stream helper, whole messages, and the runner of tools. */
import Anthropic from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema'
import type { Journey, Reader } from '../table.ts'
import type { Telling } from '../telling.ts'
import { anthropicMessages, city, note } from './wire.ts'

type MessageStream = ReturnType<typeof Anthropic.prototype.messages.stream>

type Message = Anthropic.Message & { readonly parsed_output?: unknown }

function client({ url }: Journey): Anthropic {
  return new Anthropic({ apiKey: 'key', baseURL: url, logLevel: 'off' })
}

function asked({ told }: Journey, stream: boolean): never {
  return anthropicMessages.request(told.prompt, told.asks, stream) as never
}

/** The same request, with the format in the package's own form, which makes it parse. */
function parsing(journey: Journey): never {
  const request = asked(journey, false) as object
  return { ...request, ...(journey.told.asks === 'json' && { output_config: { format: jsonSchemaOutputFormat(note) } }) } as never
}

function tellsWhole(message: Message, telling: Telling): void {
  for (const block of message.content) {
    if (block.type === 'text') telling.says(block.text)
    else if (block.type === 'thinking') telling.thinks(block.thinking)
  }
  tellsBut(message, telling)
}

/** Everything but the text, which was told while it came. */
function tellsBut({ content, stop_reason, stop_details, parsed_output }: Message, telling: Telling): void {
  for (const block of content) if (block.type === 'tool_use') telling.finds(block.name, block.input)
  telling.refuses(stop_details?.explanation)
  if (parsed_output) telling.parsed = parsed_output
  telling.ends(stop_reason)
}

function toolFor(telling: Telling) {
  return betaTool({
    name: 'weather',
    description: 'The weather in a city.',
    inputSchema: city,
    run: (input) => {
      telling.runs('weather', input)
      return 'sunny'
    },
  })
}

export const anthropicReaders: readonly Reader[] = [
  {
    name: 'anthropic raw',
    stream: true,
    async read(journey, telling) {
      const stream = (await client(journey).messages.create(asked(journey, true), {
        signal: journey.signal,
      })) as unknown as AsyncIterable<Anthropic.MessageStreamEvent>
      const calls: { name: string; input: string }[] = []
      for await (const event of stream) {
        if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
          calls.push({ name: event.content_block.name, input: '' })
        } else if (event.type === 'content_block_delta') {
          const { delta } = event
          if (delta.type === 'text_delta') telling.says(delta.text)
          else if (delta.type === 'thinking_delta') telling.thinks(delta.thinking)
          else if (delta.type === 'input_json_delta') calls.at(-1)!.input += delta.partial_json
        } else if (event.type === 'message_delta') {
          telling.refuses(event.delta.stop_details?.explanation)
          telling.ends(event.delta.stop_reason)
        }
      }
      // A program that collects the pieces itself believes a call once the stream is over.
      for (const call of calls) telling.finds(call.name, call.input)
    },
  },
  {
    name: 'anthropic helper',
    stream: true,
    async read(journey, telling) {
      const stream = client(journey).messages.stream(parsing(journey), { signal: journey.signal })
      stream.on('text', (delta) => telling.says(delta))
      stream.on('thinking', (delta) => telling.thinks(delta))
      tellsBut((await stream.finalMessage()) as Message, telling)
    },
  },
  {
    name: 'anthropic finalText',
    stream: true,
    async read(journey, telling) {
      telling.says(await client(journey).messages.stream(asked(journey, true), { signal: journey.signal }).finalText())
    },
    // It says nothing before all is said, so that it never hears a text to leave at.
    stays: true,
  },
  {
    name: 'anthropic runner',
    stream: true,
    asks: ['text', 'tools'],
    async read(journey, telling) {
      const runner = client(journey).beta.messages.toolRunner(
        { ...(asked(journey, true) as object), tools: [toolFor(telling)], stream: true } as never,
        { signal: journey.signal },
      ) as unknown as AsyncIterable<MessageStream>
      for await (const stream of runner) {
        stream.on('text', (delta: string) => telling.says(delta))
        stream.on('thinking', (delta: string) => telling.thinks(delta))
        telling.ends((await stream.finalMessage()).stop_reason)
      }
    },
  },
  {
    name: 'anthropic create',
    stream: false,
    async read(journey, telling) {
      const { signal } = journey
      tellsWhole((await client(journey).messages.create(asked(journey, false), { signal })) as Message, telling)
    },
  },
  {
    name: 'anthropic parse',
    stream: false,
    async read(journey, telling) {
      const { signal } = journey
      tellsWhole((await client(journey).messages.parse(parsing(journey), { signal })) as Message, telling)
    },
  },
  {
    name: 'anthropic runner',
    stream: false,
    asks: ['text', 'tools'],
    async read(journey, telling) {
      const runner = client(journey).beta.messages.toolRunner(
        { ...(asked(journey, false) as object), tools: [toolFor(telling)] } as never,
        { signal: journey.signal },
      ) as unknown as AsyncIterable<Message>
      for await (const message of runner) {
        for (const block of message.content) {
          if (block.type === 'text') telling.says(block.text)
          else if (block.type === 'thinking') telling.thinks(block.thinking)
        }
        telling.ends(message.stop_reason)
      }
    },
  },
]
