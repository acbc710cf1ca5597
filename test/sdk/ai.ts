/** The `ai` package: one way of reading for all protocols, whatever provider is below it. */
import { generateText, jsonSchema, type LanguageModel, Output, stepCountIs, streamText, type ToolSet, tool } from 'ai'
import type { Journey, Reader } from './table.ts'
import type { Telling } from './telling.ts'

const note = jsonSchema<{ note: string }>({
  type: 'object',
  properties: { note: { type: 'string' } },
  required: ['note'],
  additionalProperties: false,
})

const city = jsonSchema<{ city: string }>({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
})

function settings(model: LanguageModel, { told, signal, retries }: Journey, telling: Telling) {
  const weather = tool({
    inputSchema: city,
    execute: (input) => {
      telling.runs('weather', input)
      return 'sunny'
    },
  })
  const tools: ToolSet = told.asks === 'tools' ? { weather } : {}
  return {
    model,
    prompt: told.prompt,
    abortSignal: signal,
    stopWhen: stepCountIs(2),
    tools,
    ...(!retries && { maxRetries: 0 }),
    ...(told.asks === 'json' && { output: Output.object({ schema: note }) }),
  }
}

export function aiReaders(name: string, modelAt: (url: string) => LanguageModel): Reader[] {
  return [
    {
      name: `ai ${name} streamText`,
      stream: true,
      async read(journey, telling) {
        let failure: unknown
        const result = streamText({ ...settings(modelAt(journey.url), journey, telling), onError: () => {} })
        for await (const part of result.fullStream) {
          if (part.type === 'text-delta') telling.says(part.text)
          else if (part.type === 'reasoning-delta') telling.thinks(part.text)
          else if (part.type === 'tool-call' && part.invalid)
            telling.broken.push(`${part.toolName} ${JSON.stringify(part.input)}`)
          else if (part.type === 'tool-call') telling.finds(part.toolName, part.input)
          else if (part.type === 'finish') telling.ends(part.finishReason)
          else if (part.type === 'abort') telling.ends('abort')
          else if (part.type === 'error') failure ??= part.error
        }
        if (failure !== undefined) throw failure
        if (journey.told.asks === 'json') telling.parsed = await result.output
      },
    },
    {
      name: `ai ${name} generateText`,
      stream: false,
      async read(journey, telling) {
        const result = await generateText(settings(modelAt(journey.url), journey, telling))
        for (const step of result.steps) {
          telling.says(step.text)
          telling.thinks(step.reasoningText)
          for (const call of step.toolCalls) {
            if (call.invalid) telling.broken.push(`${call.toolName} ${JSON.stringify(call.input)}`)
            else telling.finds(call.toolName, call.input)
          }
        }
        telling.ends(result.finishReason)
        if (journey.told.asks === 'json') telling.parsed = result.output
      },
    },
  ]
}
