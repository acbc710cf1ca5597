/** `@google/genai`: streams, whole answers, and chats with what they remember. */
import { type GenerateContentParameters, type GenerateContentResponse, GoogleGenAI } from '@google/genai'
import type { Journey, Reader } from '../table.ts'
import type { Telling } from '../telling.ts'
import { gemini, geminiArray, jsonConfig, tools } from './wire.ts'

type Config = NonNullable<GenerateContentParameters['config']>

function client({ url }: Journey): GoogleGenAI {
  return new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: url } })
}

function configOf({ told, signal }: Journey): Config {
  return { abortSignal: signal, ...(told.asks === 'tools' && { tools }), ...(told.asks === 'json' && jsonConfig) }
}

function tells({ candidates, promptFeedback }: GenerateContentResponse, telling: Telling): void {
  telling.ends(promptFeedback?.blockReason)
  for (const { content, finishReason, finishMessage } of candidates ?? []) {
    for (const { text, thought, functionCall } of content?.parts ?? []) {
      if (thought) telling.thinks(text)
      else telling.says(text)
      if (functionCall !== undefined) telling.finds(functionCall.name ?? '', functionCall.args)
    }
    telling.refuses(finishMessage)
    telling.ends(finishReason)
  }
}

export const genaiReaders: readonly Reader[] = [
  {
    name: 'genai models',
    stream: true,
    async read(journey, telling) {
      const { prompt } = journey.told
      const parameters = { model: 'm', contents: prompt, config: configOf(journey) }
      for await (const chunk of await client(journey).models.generateContentStream(parameters)) tells(chunk, telling)
    },
  },
  {
    name: 'genai models',
    stream: false,
    async read(journey, telling) {
      const { prompt } = journey.told
      tells(await client(journey).models.generateContent({ model: 'm', contents: prompt, config: configOf(journey) }), telling)
    },
  },
  {
    name: 'genai chat',
    stream: true,
    async read(journey, telling) {
      const chat = client(journey).chats.create({ model: 'm', config: configOf(journey) })
      try {
        for await (const chunk of await chat.sendMessageStream({ message: journey.told.prompt })) tells(chunk, telling)
      } finally {
        telling.remembers = chat.getHistory(true).length > 0
      }
    },
  },
  {
    name: 'genai chat',
    stream: false,
    async read(journey, telling) {
      const chat = client(journey).chats.create({ model: 'm', config: configOf(journey) })
      try {
        tells(await chat.sendMessage({ message: journey.told.prompt }), telling)
      } finally {
        telling.remembers = chat.getHistory(true).length > 0
      }
    },
  },
]

/** What curl and programs without a client do: take all of it for one JSON document. */
export const arrayReader: Reader = {
  name: 'by hand',
  stream: true,
  async read({ url, told, signal }, telling) {
    const response = await fetch(url + geminiArray.path(true), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(gemini.request(told.prompt, told.asks, true)),
      signal,
    })
    let text = ''
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece
      if (told.leaves) telling.says('The sky')
    }
    const value = JSON.parse(text) as GenerateContentResponse | GenerateContentResponse[]
    for (const message of Array.isArray(value) ? value : [value]) {
      const { error } = message as { error?: { code: number; status: string } }
      if (error !== undefined) throw Object.assign(new Error(error.status), { status: error.code, code: error.status })
      tells(message, telling)
    }
  },
}
