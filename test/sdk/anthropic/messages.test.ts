/** Messages, read by everybody who speaks them. */
import { createAnthropic } from '@ai-sdk/anthropic'
import { ChatAnthropic } from '@langchain/anthropic'
import { aiReaders } from '../ai.ts'
import { langchainReaders } from '../langchain.ts'
import { describeTable, type Reader } from '../table.ts'
import { anthropicReaders } from './client.ts'
import { table } from './table.ts'
import { anthropicMessages, model } from './wire.ts'

const readers: readonly Reader[] = [
  ...anthropicReaders,
  ...aiReaders('anthropic', (url) => createAnthropic({ baseURL: `${url}/v1`, apiKey: 'key' })(model)),
  ...langchainReaders(
    'anthropic',
    ({ url, retries }) => new ChatAnthropic({ model, apiKey: 'key', anthropicApiUrl: url, ...(!retries && { maxRetries: 0 }) }),
  ),
]

describeTable(anthropicMessages, readers, table)
