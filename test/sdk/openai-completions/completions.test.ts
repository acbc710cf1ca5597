/** Plain completions, read by everybody who still speaks them. */
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { OpenAI as LangchainOpenAI } from '@langchain/openai'
import type OpenAI from 'openai'
import { aiReaders } from '../ai.ts'
import { type Generation, generations } from '../openai.ts'
import { describeTable, type Journey, type Reader } from '../table.ts'
import { table } from './table.ts'
import { openaiCompletions } from './wire.ts'

function openaiReaders({ name, at }: Generation): Reader[] {
  const asked = ({ told }: Journey, stream: boolean): never => openaiCompletions.request(told.prompt, 'text', stream) as never
  return [
    {
      name: `${name} raw`,
      stream: true,
      async read(journey, telling) {
        const { url, signal } = journey
        const stream = (await at(url).completions.create(asked(journey, true), {
          signal,
        })) as unknown as AsyncIterable<OpenAI.Completion>
        for await (const { choices } of stream) {
          for (const choice of choices) {
            telling.says(choice.text)
            telling.ends(choice.finish_reason)
          }
        }
      },
    },
    {
      name: `${name} create`,
      stream: false,
      async read(journey, telling) {
        const { url, signal } = journey
        const { choices } = (await at(url).completions.create(asked(journey, false), { signal })) as OpenAI.Completion
        telling.says(choices[0]?.text)
        telling.ends(choices[0]?.finish_reason)
      },
    },
  ]
}

/** LangChain's models of plain text tell no reason for the end but in what they report of a whole generation. */
function langchainReaders(): Reader[] {
  const at = ({ url, retries }: Journey): LangchainOpenAI =>
    new LangchainOpenAI({
      model: 'm',
      apiKey: 'key',
      configuration: { baseURL: `${url}/v1` },
      ...(!retries && { maxRetries: 0 }),
    })
  return [
    {
      name: 'langchain openai stream',
      stream: true,
      // It asks for usage in whole answers only.
      usual: false,
      async read(journey, telling) {
        for await (const text of await at(journey).stream(journey.told.prompt, { signal: journey.signal })) telling.says(text)
      },
    },
    {
      name: 'langchain openai invoke',
      stream: false,
      async read(journey, telling) {
        const { generations: all } = await at(journey).generate([journey.told.prompt], { signal: journey.signal })
        const [generation] = all[0] ?? []
        telling.says(generation?.text)
        telling.ends(generation?.generationInfo?.['finishReason'] as string | undefined)
      },
    },
  ]
}

const readers: readonly Reader[] = [
  ...generations.flatMap(openaiReaders),
  ...aiReaders('openai', (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'key' }).completion('m')),
  ...aiReaders('compatible', (url) =>
    createOpenAICompatible({ name: 'sluice', baseURL: `${url}/v1`, apiKey: 'key', includeUsage: true }).completionModel('m'),
  ),
  ...langchainReaders(),
]

describeTable(openaiCompletions, readers, table)
