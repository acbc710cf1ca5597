/** Runs the properties that compare engines and gate with their definitions 20,000 times each: `npm run test:long`. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The engines of words (folds none and case; loose) and of patterns (with caches of two states, too), and the laws over texts. */
const files = [
  'test/checks/words.test.ts',
  'test/checks/words-loose.test.ts',
  'test/text/pattern/automaton.test.ts',
  'test/laws/law-1-nothing-leaks.test.ts',
  'test/laws/law-2-splits.test.ts',
  'test/laws/law-3-least-hold.test.ts',
  'test/laws/metamorphic.test.ts',
  'test/gate/sentence-units.test.ts',
]

const { SLUICE_LEAST = '20000', SLUICE_SEED = String(Date.now() % 2 ** 31) } = process.env
const given = process.argv.slice(2)
const named = given.some((argument) => argument.startsWith('test/'))

console.log(`every property at least ${SLUICE_LEAST} times, SLUICE_SEED=${SLUICE_SEED}`)

const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
const config = fileURLToPath(new URL('../vitest.config.ts', import.meta.url))
const run = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', config, '--project', 'node', '--reporter', 'verbose', ...(named ? [] : files), ...given],
  { stdio: 'inherit', env: { ...process.env, SLUICE_LEAST, SLUICE_SEED } },
)
process.exit(run.status ?? 1)
