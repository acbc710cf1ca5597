/** Gemini, read by everybody who speaks it; its array, which no official client asks for, by whoever reads JSON. */
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { aiReaders } from '../ai.ts'
import { langchainReaders } from '../langchain.ts'
import { describeTable, type Reader } from '../table.ts'
import { arrayReader, genaiReaders } from './genai.ts'
import { arrayTable, table } from './table.ts'
import { gemini, geminiArray } from './wire.ts'

const readers: readonly Reader[] = [
  ...genaiReaders,
  ...aiReaders('google', (url) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'key' })('m')),
  ...langchainReaders(
    'google',
    ({ url, retries }) =>
      new ChatGoogleGenerativeAI({ model: 'm', apiKey: 'key', baseUrl: url, ...(!retries && { maxRetries: 0 }) }),
    // `_generate` asks without its options.
    true,
  ),
]

describeTable(gemini, readers, table)
describeTable(geminiArray, [arrayReader], arrayTable)
