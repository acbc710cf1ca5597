/** Chat completions as the four generations of the `openai` package read them. */
import type OpenAI from 'openai'
import { type Generation, generations } from '../openai.ts'
import type { Journey, Reader } from '../table.ts'
import type { Telling } from '../telling.ts'
import { openaiChat } from './wire.ts'

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

function readersOf({ name, at, chat: helpers, format }: Generation): Reader[] {
  const client = ({ url }: Journey): OpenAI => at(url)
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
