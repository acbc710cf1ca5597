/** Stands apart from `npm test`: the clients it drives are installed in this folder only. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

process.env['WRANGLER_SEND_METRICS'] ??= 'false'
process.env['WRANGLER_LOG_PATH'] ??= '.wrangler/logs'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  logLevel: 'error',
  test: {
    name: 'clients',
    silent: 'passed-only',
    include: ['test/clients/**/*.test.ts'],
    exclude: ['test/clients/node_modules/**', 'test/clients/.cache/**'],
    globalSetup: 'test/clients/setup.ts',
    // A client that waits for ever is a failure; loading the slowest takes seconds.
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
