/** The `openai` package, in the four generations that are in use. */
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import OpenAI4 from 'openai-4'
import { zodResponseFormat as zodResponseFormat4 } from 'openai-4/helpers/zod'
import OpenAI5 from 'openai-5'
import { zodResponseFormat as zodResponseFormat5 } from 'openai-5/helpers/zod'
import OpenAI6 from 'openai-6'
import { zodResponseFormat as zodResponseFormat6 } from 'openai-6/helpers/zod'
import { z } from 'zod'
import type { Journey, Reader } from '../table.ts'
import type { Telling } from '../telling.ts'
import { openaiChat } from './wire.ts'

type Completions = OpenAI['chat']['completions']
type Format = ReturnType<typeof zodResponseFormat<z.ZodType>>

interface Generation {
  readonly name: string
  readonly open: (options: ConstructorParameters<typeof OpenAI>[0]) => OpenAI
  /** Where it keeps `stream`, `parse` and `runTools`. */
  readonly helpers: (client: OpenAI) => Completions
  readonly format: () => Format
}

const note = z.object({ note: z.string() })

// Each generation declares the same calls by types of its own.
const generations: readonly Generation[] = [
  {
    name: 'openai-4',
    open: (options) => new OpenAI4(options as never) as unknown as OpenAI,
    helpers: (client) => (client as unknown as OpenAI4).beta.chat.completions as unknown as Completions,
    format: () => zodResponseFormat4(note, 'note') as unknown as Format,
  },
  {
    name: 'openai-5',
    open: (options) => new OpenAI5(options as never) as unknown as OpenAI,
    helpers: (client) => client.chat.completions,
    format: () => zodResponseFormat5(note as never, 'note') as unknown as Format,
  },
  {
    name: 'openai-6',
    open: (options) => new OpenAI6(options as never) as unknown as OpenAI,
    helpers: (client) => client.chat.completions,
    format: () => zodResponseFormat6(note as never, 'note') as unknown as Format,
  },
  {
    name: 'openai-7',
    open: (options) => new OpenAI(options),
    helpers: (client) => client.chat.completions,
    format: () => zodResponseFormat(note, 'note'),
  },
]

function requestOf({ told }: Journey, stream: boolean): Record<string, unknown> {
  return openaiChat.request(told.prompt, told.asks, stream) as Record<string, unknown>
}

function tellsWhole(completion: OpenAI.ChatCompletion, telling: Telling): void {
  const { message, finish_reason } = completion.choices[0]!
  telling.says(message.content)
  telling.thinks((message as { reasoning_content?: string }).reasoning_content)
  tellsBut(completion, telling)
  telling.ends(finish_reason)
}

/** Everything but the text, which was told while it came; of fields it does not know the helper keeps only the last piece. */
function tellsBut({ choices }: OpenAI.ChatCompletion, telling: Telling): void {
  const { message, finish_reason } = choices[0]!
  telling.refuses(message.refusal)
  for (const call of message.tool_calls ?? []) {
    if (call.type === 'function') telling.finds(call.function.name, call.function.arguments)
  }
  const { parsed } = message as { parsed?: unknown }
  if (parsed) telling.parsed = parsed
  telling.ends(finish_reason)
}

/** `parse` takes no tools but those that are strict. */
function strictly(request: { tools?: { function: object }[] }): never {
  const tools = request.tools?.map((tool) => ({ ...tool, function: { ...tool.function, strict: true } }))
  return { ...request, ...(tools && { tools }) } as never
}

function readersOf({ name, open, helpers, format }: Generation): Reader[] {
  const client = ({ url }: Journey): OpenAI => open({ apiKey: 'key', baseURL: `${url}/v1`, logLevel: 'off' })
  const asked = (journey: Journey, stream: boolean): never => {
    const request = requestOf(journey, stream)
    if (journey.told.asks === 'json') request['response_format'] = format()
    return request as never
  }
  const runnable = (journey: Journey, telling: Telling, stream: boolean): never => {
    const request = requestOf(journey, stream)
    const [tool] = openaiChat.request('', 'tools', stream)['tools' as never] as { function: object }[]
    const run = (input: unknown): string => {
      telling.runs('weather', input)
      return 'sunny'
    }
    request['tools'] = [{ type: 'function', function: { ...tool?.function, parse: JSON.parse, function: run } }]
    return request as never
  }
  return [
    {
      name: `${name} raw`,
      stream: true,
      async read(journey, telling) {
        const stream = (await client(journey).chat.completions.create(requestOf(journey, true) as never, {
          signal: journey.signal,
        })) as unknown as AsyncIterable<OpenAI.ChatCompletionChunk>
        const calls: { name: string; input: string }[] = []
        for await (const { choices } of stream) {
          for (const { delta, finish_reason } of choices) {
            telling.says(delta.content)
            telling.thinks((delta as { reasoning_content?: string }).reasoning_content)
            telling.refuses(delta.refusal)
            for (const { index, function: said } of delta.tool_calls ?? []) {
              calls[index] ??= { name: '', input: '' }
              calls[index].name += said?.name ?? ''
              calls[index].input += said?.arguments ?? ''
            }
            telling.ends(finish_reason)
          }
        }
        // A program that collects the pieces itself believes a call once the stream is over.
        for (const call of calls) telling.finds(call.name, call.input)
      },
    },
    {
      name: `${name} helper`,
      stream: true,
      async read(journey, telling) {
        const stream = helpers(client(journey)).stream(asked(journey, true), { signal: journey.signal })
        stream.on('content', (delta) => telling.says(delta))
        tellsBut(await stream.finalChatCompletion(), telling)
      },
    },
    {
      name: `${name} runTools`,
      stream: true,
      asks: ['text', 'tools'],
      async read(journey, telling) {
        const runner = helpers(client(journey)).runTools(runnable(journey, telling, true), { signal: journey.signal })
        ;(runner as unknown as { on(event: 'content', heard: (delta: string) => void): void }).on('content', (delta) =>
          telling.says(delta),
        )
        tellsBut(await runner.finalChatCompletion(), telling)
      },
    },
    {
      name: `${name} create`,
      stream: false,
      async read(journey, telling) {
        const { signal } = journey
        tellsWhole(await client(journey).chat.completions.create(requestOf(journey, false) as never, { signal }), telling)
      },
    },
    {
      name: `${name} parse`,
      stream: false,
      async read(journey, telling) {
        const { signal } = journey
        tellsWhole(await helpers(client(journey)).parse(strictly(asked(journey, false)), { signal }), telling)
      },
    },
    {
      name: `${name} runTools`,
      stream: false,
      asks: ['text', 'tools'],
      async read(journey, telling) {
        const runner = helpers(client(journey)).runTools(runnable(journey, telling, false), { signal: journey.signal })
        const said = (runner as unknown as { on(event: 'content', heard: (text: string) => void): void }).on.bind(runner)
        said('content', (text) => telling.says(text))
        tellsBut(await runner.finalChatCompletion(), telling)
      },
    },
  ]
}

export const openaiReaders: readonly Reader[] = generations.flatMap(readersOf)
