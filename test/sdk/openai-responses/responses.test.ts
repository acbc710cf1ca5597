/** Responses, read by everybody who speaks them. */
import { createOpenAI } from '@ai-sdk/openai'
import { ChatOpenAI } from '@langchain/openai'
import { aiReaders } from '../ai.ts'
import { langchainReaders } from '../langchain.ts'
import { describeTable, type Reader } from '../table.ts'
import { openaiReaders } from './openai.ts'
import { table } from './table.ts'
import { openaiResponses } from './wire.ts'

const readers: readonly Reader[] = [
  ...openaiReaders,
  ...aiReaders('openai', (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'key' }).responses('m')),
  ...langchainReaders(
    'openai',
    ({ url, retries }) =>
      new ChatOpenAI({
        model: 'm',
        apiKey: 'key',
        useResponsesApi: true,
        configuration: { baseURL: `${url}/v1` },
        ...(!retries && { maxRetries: 0 }),
      }),
  ),
]

describeTable(openaiResponses, readers, table)
