/** Chat completions, read by everybody who speaks them. */
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { aiReaders } from '../ai.ts'
import { langchainReaders } from '../langchain.ts'
import { describeTable, type Reader } from '../table.ts'
import { openaiReaders } from './openai.ts'
import { table } from './table.ts'
import { openaiChat } from './wire.ts'

const readers: readonly Reader[] = [
  ...openaiReaders,
  ...aiReaders('openai', (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'key' }).chat('m')),
  ...aiReaders('compatible', (url) =>
    createOpenAICompatible({
      name: 'sluice',
      baseURL: `${url}/v1`,
      apiKey: 'key',
      includeUsage: true,
      supportsStructuredOutputs: true,
    })('m'),
  ),
  ...langchainReaders(
    'openai',
    ({ url, retries }) =>
      new ChatOpenAI({ model: 'm', apiKey: 'key', configuration: { baseURL: `${url}/v1` }, ...(!retries && { maxRetries: 0 }) }),
  ),
]

describeTable(openaiChat, readers, table)
