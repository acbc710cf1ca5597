/** The `openai` package, in the four generations that are in use. */
import OpenAI from 'openai'
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import OpenAI4 from 'openai-4'
import { zodResponseFormat as zodResponseFormat4, zodTextFormat as zodTextFormat4 } from 'openai-4/helpers/zod'
import OpenAI5 from 'openai-5'
import { zodResponseFormat as zodResponseFormat5, zodTextFormat as zodTextFormat5 } from 'openai-5/helpers/zod'
import OpenAI6 from 'openai-6'
import { zodResponseFormat as zodResponseFormat6, zodTextFormat as zodTextFormat6 } from 'openai-6/helpers/zod'
import { z } from 'zod'

type Completions = OpenAI['chat']['completions']
type Format = ReturnType<typeof zodResponseFormat<z.ZodType>>
type TextFormat = ReturnType<typeof zodTextFormat<z.ZodType>>

export interface Generation {
  readonly name: string
  readonly at: (url: string) => OpenAI
  /** Where it keeps `stream`, `parse` and `runTools` of chat completions. */
  readonly chat: (client: OpenAI) => Completions
  /** What is asked for by a schema: in chat completions, in responses. */
  readonly format: () => Format
  readonly textFormat: () => TextFormat
}

const note = z.object({ note: z.string() })

const options = (url: string) => ({ apiKey: 'key', baseURL: `${url}/v1`, logLevel: 'off' }) as const

// Each generation declares the same calls by types of its own.
export const generations: readonly Generation[] = [
  {
    name: 'openai-4',
    at: (url) => new OpenAI4(options(url)) as unknown as OpenAI,
    chat: (client) => (client as unknown as OpenAI4).beta.chat.completions as unknown as Completions,
    format: () => zodResponseFormat4(note, 'note') as unknown as Format,
    textFormat: () => zodTextFormat4(note, 'note') as unknown as TextFormat,
  },
  {
    name: 'openai-5',
    at: (url) => new OpenAI5(options(url)) as unknown as OpenAI,
    chat: (client) => client.chat.completions,
    format: () => zodResponseFormat5(note, 'note') as unknown as Format,
    textFormat: () => zodTextFormat5(note, 'note') as unknown as TextFormat,
  },
  {
    name: 'openai-6',
    at: (url) => new OpenAI6(options(url)) as unknown as OpenAI,
    chat: (client) => client.chat.completions,
    format: () => zodResponseFormat6(note, 'note') as unknown as Format,
    textFormat: () => zodTextFormat6(note, 'note') as unknown as TextFormat,
  },
  {
    name: 'openai-7',
    at: (url) => new OpenAI(options(url)),
    chat: (client) => client.chat.completions,
    format: () => zodResponseFormat(note, 'note'),
    textFormat: () => zodTextFormat(note, 'note'),
  },
]
