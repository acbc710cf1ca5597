/** Responses as the four generations of the `openai` package read them. */
import type OpenAI from 'openai'
import { type Generation, generations } from '../openai.ts'
import type { Journey, Reader } from '../table.ts'
import type { Telling } from '../telling.ts'
import { openaiResponses } from './wire.ts'

type Response = OpenAI.Responses.Response & { readonly output_parsed?: unknown }
type Event = OpenAI.Responses.ResponseStreamEvent

/** How it ended; and where it failed without an error being raised, as what. */
function ends({ status, incomplete_details, error }: Response, telling: Telling): void {
  telling.ends([status, incomplete_details?.reason, error?.code].filter(Boolean).join(' '))
}

function tellsWhole(response: Response, telling: Telling): void {
  for (const item of response.output) {
    if (item.type === 'message') {
      for (const part of item.content) if (part.type === 'output_text') telling.says(part.text)
    } else if (item.type === 'reasoning') telling.thinks(item.summary.map(({ text }) => text).join(''))
  }
  tellsBut(response, telling)
}

/** Everything but the text, which was told while it came. */
function tellsBut(response: Response, telling: Telling): void {
  for (const item of response.output) {
    if (item.type === 'function_call') {
      // A program that looks at the calls of a response may look at their state; who does not gets JSON that cannot be read.
      if (item.status === 'incomplete') telling.broken.push(`${item.name} ${item.arguments}`)
      else telling.finds(item.name, item.arguments)
    } else if (item.type === 'message') {
      for (const part of item.content) if (part.type === 'refusal') telling.refuses(part.refusal)
    }
  }
  if (response.output_parsed) telling.parsed = response.output_parsed
  ends(response, telling)
}

function readersOf({ name, at, textFormat }: Generation): Reader[] {
  const asked = ({ told }: Journey, stream: boolean): never => openaiResponses.request(told.prompt, told.asks, stream) as never
  const parsing = (journey: Journey): never => {
    const request = asked(journey, false) as object
    return { ...request, ...(journey.told.asks === 'json' && { text: { format: textFormat() } }) } as never
  }
  return [
    {
      name: `${name} raw`,
      stream: true,
      async read(journey, telling) {
        const { url, signal } = journey
        const stream = (await at(url).responses.create(asked(journey, true), { signal })) as unknown as AsyncIterable<Event>
        for await (const event of stream) {
          if (event.type === 'response.output_text.delta') telling.says(event.delta)
          else if (event.type === 'response.refusal.delta') telling.refuses(event.delta)
          else if (event.type === 'response.reasoning_summary_text.delta') telling.thinks(event.delta)
          else if (event.type === 'response.output_item.done' && event.item.type === 'function_call') {
            if (event.item.status === 'incomplete') telling.broken.push(`${event.item.name} ${event.item.arguments}`)
            else telling.finds(event.item.name, event.item.arguments)
          } else if ('response' in event && event.type !== 'response.created' && event.type !== 'response.in_progress') {
            ends(event.response, telling)
            if (event.response.output_text) telling.broken.push('output_text')
          }
        }
      },
    },
    {
      name: `${name} helper`,
      stream: true,
      async read(journey, telling) {
        const { url, signal } = journey
        const stream = at(url).responses.stream(parsing(journey), { signal })
        stream.on('response.output_text.delta', ({ delta }) => telling.says(delta))
        stream.on('response.reasoning_summary_text.delta', ({ delta }) => telling.thinks(delta))
        const response = (await stream.finalResponse()) as Response
        // What a UI keeps is what came in pieces; what a program takes is the last word. They must not differ.
        if (response.output_text && response.output_text !== telling.text) telling.broken.push(`text ${response.output_text}`)
        tellsBut(response, telling)
      },
    },
    {
      name: `${name} create`,
      stream: false,
      async read(journey, telling) {
        const { url, signal } = journey
        tellsWhole((await at(url).responses.create(asked(journey, false), { signal })) as Response, telling)
      },
    },
    {
      name: `${name} parse`,
      stream: false,
      async read(journey, telling) {
        const { url, signal } = journey
        tellsWhole((await at(url).responses.parse(parsing(journey), { signal })) as Response, telling)
      },
    },
  ]
}

export const openaiReaders: readonly Reader[] = generations.flatMap(readersOf)
