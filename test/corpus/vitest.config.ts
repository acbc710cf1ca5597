/** The corpus suite stands apart from `npm test`: its recordings come from outside, and reading them all takes minutes. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { name: 'corpus', include: ['test/corpus/**/*.test.ts'], testTimeout: 120_000 },
})
