/** Stands apart from `npm test`: what it looks at the package with is installed in this folder only. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  logLevel: 'error',
  test: {
    name: 'package',
    include: ['test/package/**/*.test.ts'],
    exclude: ['test/package/node_modules/**'],
    // Each starts programs, on machines that may be busy.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
