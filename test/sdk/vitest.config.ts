/** Stands apart from `npm test`: the clients it drives are installed in this folder only. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

process.env['WRANGLER_SEND_METRICS'] ??= 'false'
process.env['WRANGLER_LOG_PATH'] ??= '.wrangler/logs'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  logLevel: 'error',
  test: {
    name: 'sdk',
    silent: 'passed-only',
    include: ['test/sdk/**/*.test.ts'],
    exclude: ['test/sdk/node_modules/**'],
    // A client that waits for ever is a failure; the slowest honest cell takes a second.
    testTimeout: 10_000,
    // When its reader leaves, @google/generative-ai rejects a promise that LangChain has not taken: their defect, our noise.
    onUnhandledError: ({ message }) => !/GoogleGenerativeAI Error\]: (Error reading|Request aborted)/.test(message),
    maxConcurrency: 8,
    // LangChain reports to its maker unless told not to; nothing here may leave the machine.
    env: { LANGSMITH_TRACING: 'false', LANGCHAIN_TRACING_V2: 'false', AI_SDK_LOG_WARNINGS: 'false' },
  },
})
