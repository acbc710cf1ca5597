/** Runs the same suites in Node and in workerd, so that neither runtime can drift from the other. */
import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

// The runtime's look-up of request metadata would leave the machine, and fail noisily where it cannot.
process.env['CLOUDFLARE_CF_FETCH_ENABLED'] ??= 'false'
process.env['WRANGLER_SEND_METRICS'] ??= 'false'
process.env['WRANGLER_LOG_PATH'] ??= '.wrangler/logs'
process.env['X_LOCAL_OBSERVABILITY'] ??= 'false'

const root = fileURLToPath(new URL('..', import.meta.url))
const rooms = ['terms', 'text', 'checks', 'judges', 'policy', 'gate', 'wire', 'flow', 'gateway', 'oracle', 'laws']
const everywhere = rooms.map((room) => `test/${room}/**/*.test.ts`)

// workerd sees none of the shell's variables; those that steer tests (a seed, a number of runs) go in by name.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SLUICE_')))

export default defineConfig({
  root,
  // A package's source map that points nowhere is worth no line.
  logLevel: 'error',
  test: {
    // What a test that passes writes is nobody's reading.
    silent: 'passed-only',
    projects: [
      {
        root,
        test: { name: 'node', env, setupFiles: ['test/generators/seed.ts'], include: [...everywhere, 'test/node/**/*.test.ts'] },
      },
      {
        root,
        logLevel: 'error',
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: fileURLToPath(new URL('../wrangler.toml', import.meta.url)) },
            miniflare: {
              bindings: {
                OPENAI_BASE_URL: `${inject<string>('provider')}/v1`,
                POLICY_CACHE_SECONDS: 0,
                IDLE_MS: 1500,
                ESTIMATE_TOKENS: false,
              },
            },
          })),
        ],
        test: {
          name: 'workerd',
          env,
          globalSetup: 'test/node/worker-setup.ts',
          setupFiles: ['test/generators/seed.ts'],
          include: [...everywhere, 'test/worker/**/*.test.ts'],
        },
      },
    ],
  },
})
